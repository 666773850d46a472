"""The room of letters, through the browser."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import func, select

from casework import clock
from casework.domain.safety.accounts import Role
from casework.services.campaign import supporters
from casework.services.case import cases
from casework.services.consent import consent
from casework.services.consent.consent import NewAuthority
from casework.services.letters import letters
from casework.services.parliament.directory import directory
from casework.storage.database import db
from casework.storage.models import Case, Correspondence, Letter
from tests.factories import detained_at, home, make_case, make_user, on_team
from tests.pdf.reading import text_of

FILLED = {
    "obstacle": "Ministers have not seen the report of 12 March.",
    "worth": "She runs the Saturday breakfast.",
    "sender_name": "Ruth Ellery",
    "sender_address": "22 Example Road\nLeeds",
    "sender_postcode": "LS11 8PG",
}


@pytest.fixture
def seat(app) -> str:
    """Leeds South."""
    return next(one.gss_code for one in directory().constituencies() if one.name == "Leeds South")


@pytest.fixture
def case(app, organiser) -> Case:
    """Samira, of Leeds, held at Yarl's Wood, who was asked and signed."""
    case = make_case(organiser, home(), detained_at(), name="Samira", pronouns="she")
    cases.record_asked(case, asked_on=clock.today(), agreed=True, asked_by="Ruth", actor=organiser)
    signed = NewAuthority(signed_on=clock.today() - timedelta(1), scope=("ask",), withheld=("health",))
    consent.record_authority(case, signed, organiser)
    return case


def begin(browser, case, seat, template="home-mp-urgent") -> str:
    """The address of a new draft."""
    new = f"/cases/{case.reference}/letters/new"
    browser.post(new, page=f"{new}?mp={seat}", gss_code=seat, template=template)
    return browser.location


def all_words(page: str) -> dict[str, str]:
    """Every text that stands in the form of a draft."""
    found = re.findall(r'<textarea[^>]*name="(\w+)"[^>]*>(.*?)</textarea>', page, re.S)
    return {name: text.strip().replace("&#39;", "'") for name, text in found}


def fill(browser, address, **changes) -> None:
    """Type into the form of a draft and save it; what is not named stays as it was."""
    browser.post(address, **{**all_words(browser.get(address)), **FILLED, **changes})


def issued(browser, case, seat) -> Letter:
    """A letter that went through the whole room."""
    address = begin(browser, case, seat)
    fill(browser, address, then="issue")
    browser.post(f"{address}/issue")
    return letters.list_letters(case)[0]


def test_from_an_mp_to_a_letter_in_the_hand(browser, case, seat):
    new = browser.get(f"/cases/{case.reference}/letters/new?mp={seat}")
    assert re.search(r'value="home-mp-urgent" checked', new)
    address = begin(browser, case, seat)
    page = browser.get(address)
    assert "2 things are still missing" not in page
    assert "Still missing: what the Home Office has not seen or weighed yet" in page
    assert "never extends a legal deadline" in page
    assert "does not want this told: health" in page
    fill(browser, address, then="issue")
    assert browser.location.endswith("/issue")
    assert "signed a form of authority" in browser.get(browser.location)
    browser.post(f"{address}/issue")
    page = browser.get(browser.location)
    assert "will not change any more" in page
    assert "Make a corrected letter" in page
    browser.get(f"{address}.pdf")
    assert browser.last.mimetype == "application/pdf"
    assert "She runs the Saturday breakfast." in text_of(browser.last.data)
    assert browser.last.headers["Content-Disposition"] == 'attachment; filename="letter-1.pdf"'


def test_the_page_of_the_case_leads_on_to_the_draft_for_an_mp_and_after_it_to_a_new_letter(
    browser, case, seat
):
    page = f"/cases/{case.reference}"
    assert "Go on with the draft" not in browser.get(page)
    address = begin(browser, case, seat)
    assert (
        f'<a class="button" href="{address.removeprefix("http://localhost")}">Go on with the draft</a>'
        in (browser.get(page))
    )
    assert "Go on with the draft" not in browser.get(f"{page}/who-can-act")
    fill(browser, address, then="issue")
    browser.post(f"{address}/issue")
    assert "Go on with the draft" not in browser.get(page)


def test_the_same_bytes_come_down_each_time(browser, case, seat):
    letter = issued(browser, case, seat)
    address = f"/cases/{case.reference}/letters/{letter.id}.pdf"
    browser.get(address)
    first = browser.last.data
    cases.change_person(case, {"name_used": "Sam"}, {}, case.version, letter.drafted_by)
    browser.get(address)
    assert browser.last.data == first


def test_the_real_pages_stand_beside_the_form_and_follow_what_is_typed(browser, case, seat):
    address = begin(browser, case, seat)
    page = browser.get(address)
    picture = re.search(r'<img src="([^"]+)"', page)[1]
    browser.get(picture)
    assert browser.last.mimetype == "image/png"
    before = browser.last.data
    assert Image.open(BytesIO(before)).size == (953, 1348)
    fill(browser, address, subject="Quite another heading")
    browser.get(picture)
    assert browser.last.data != before
    browser.get(picture.replace("pages/1.png", "pages/9.png"), status=404)


def test_check_it_leads_back_to_each_gap_with_the_same_words_above_and_at_the_field(browser, case, seat):
    address = begin(browser, case, seat)
    words = all_words(browser.get(address))
    browser.post(address, **words, sender_name="Ruth", then="issue")
    browser.get(f"{address}/issue", status=303)
    page = browser.get(browser.location)
    assert page.count("Still missing under “What stands in the way”: what the Home Office has not seen") == 2
    assert 'href="#obstacle"' in page
    assert "<title>Error: " in page


def test_without_an_authority_a_reason_is_asked_for(browser, organiser, seat):
    case = make_case(organiser, home(), name="Tesfay")
    cases.record_asked(case, asked_on=clock.today(), agreed=True, asked_by="Ruth", actor=organiser)
    address = begin(browser, case, seat)
    fill(browser, address, then="issue")
    page = browser.get(f"{address}/issue")
    assert "There is no signed form of authority on record" in page
    assert "Say why this letter has to go now" in browser.post(f"{address}/issue", status=200)
    browser.post(f"{address}/issue", because="His flight is tonight.")
    assert "His flight is tonight." in browser.get(address)


def test_of_somebody_who_was_not_asked_nothing_is_told_whatever_the_reason(browser, organiser, seat):
    case = make_case(organiser, home(), name="Tesfay")
    address = begin(browser, case, seat)
    fill(browser, address, then="issue")
    assert "There is no consent to say this" in browser.get(address)
    page = browser.post(f"{address}/issue", status=200, because="His flight is tonight.")
    assert "There is no consent to say this" in page


def test_sending_the_form_twice_makes_one_letter(browser, case, seat):
    address = begin(browser, case, seat)
    fill(browser, address, then="issue")
    once = re.search(r'name="once"[^>]*value="([^"]*)"', browser.get(f"{address}/issue"))[1]
    browser.post(f"{address}/issue", once=once)
    browser.post(f"{address}/issue", page=address, once=once)
    assert db.session.scalar(select(func.count()).select_from(Correspondence)) == 1


def test_two_people_at_one_draft_lose_nothing(browser, case, seat, sign_in, organiser):
    address = begin(browser, case, seat)
    page = browser.get(address)
    old_version = re.search(r'name="version"[^>]*value="(\d+)"', page)[1]
    fill(browser, address, worth="Theirs, saved first.")
    answer = browser.post(
        address,
        status=200,
        **{**all_words(page), **FILLED, "worth": "Mine, typed meanwhile.", "version": old_version},
    )
    assert "Somebody else saved this letter" in answer
    assert "Theirs, saved first." in answer
    assert "Mine, typed meanwhile." in answer


def test_a_supporter_in_another_constituency_is_stopped_at_the_field(browser, case, seat, organiser):
    friend = supporters.add_supporter(case, organiser, name="Grace", postcode="UB7 0EQ")
    new = f"/cases/{case.reference}/letters/new"
    page = browser.post(
        new,
        page=f"{new}?mp={seat}",
        status=200,
        gss_code=seat,
        template="supporter-to-own-mp",
        supporter=friend.id,
    )
    assert "Choose Grace’s own MP" in page


def test_what_somebody_types_is_escaped_on_the_page_and_printed_as_typed(browser, case, seat):
    address = begin(browser, case, seat)
    hostile = "<script>alert(1)</script> {{ config }} \u202eلسلام 😀"
    fill(browser, address, worth=hostile)
    page = browser.get(address)
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page
    letter = letters.list_letters(case)[0]
    assert letter.blocks["worth"] == hostile.replace("\u202e", "")  # what turns the line round is not kept


def test_ten_thousand_characters_are_kept_and_more_are_refused_kindly(browser, case, seat):
    address = begin(browser, case, seat)
    fill(browser, address, worth="w " * 4999)
    words = {**all_words(browser.get(address)), **FILLED, "worth": "w" * 10_001}
    assert "10,000 characters at most" in browser.post(address, status=200, **words)


def test_a_form_of_authority_and_a_brief_are_made_in_the_same_room(browser, case, seat):
    for template, words in (
        ("form-of-authority", "Form of authority"),
        ("surgery-brief", "Surgery visit for Samira"),
    ):
        address = begin(browser, case, seat, template)
        fields = {
            name: text.replace("[", "(").replace("]", ")")
            for name, text in all_words(browser.get(address)).items()
        }
        browser.post(address, **fields, then="issue")
        browser.post(f"{address}/issue")
        browser.get(f"{address}.pdf")
        assert words in text_of(browser.last.data)


def test_a_corrected_letter_is_a_new_draft_and_the_first_stays(browser, case, seat):
    letter = issued(browser, case, seat)
    shown = f"/cases/{case.reference}/letters/{letter.id}"
    browser.post(f"{shown}/correct", page=shown)
    assert browser.location != shown
    assert "in place of" in browser.get(browser.location)
    assert "Download the PDF" in browser.get(shown)


def test_a_draft_can_be_thrown_away_and_an_issued_letter_cannot_be_changed(browser, case, seat):
    address = begin(browser, case, seat)
    browser.post(f"{address}/discard", page=address)
    browser.get(address, status=404)
    letter = issued(browser, case, seat)
    shown = f"/cases/{case.reference}/letters/{letter.id}"
    browser.post(shown, status=409, subject="x", version="1")
    browser.post(f"{shown}/discard", page=shown, status=409)


def test_letters_of_a_case_are_not_there_for_somebody_who_does_not_work_on_it(
    browser, case, seat, sign_in, stranger
):
    letter = issued(browser, case, seat)
    outsider = sign_in(make_user(Role.VOLUNTEER, "Somebody else"))
    base = f"/cases/{case.reference}/letters"
    for path in (
        base,
        f"{base}/new",
        f"{base}/{letter.id}",
        f"{base}/{letter.id}.pdf",
        f"{base}/{letter.id}/pages/1.png",
    ):
        outsider.get(path, status=404)
        stranger.get(path, status=302)


def test_whoever_may_not_see_the_home_is_told_whom_to_ask_and_not_to_begin_with_its_mp(
    browser, sign_in, case, organiser
):
    theirs = make_user(Role.VOLUNTEER, "Tom Helper")
    cases.add_to_team(case, theirs.id, organiser)
    paths = f"/cases/{case.reference}", f"/cases/{case.reference}/letters"
    assert all("Start with the home MP" in sign_in(theirs).get(path) for path in paths)
    next(place for place in case.places if place.kind != "detention").hidden = "address"
    db.session.commit()
    for path in paths:
        page = sign_in(theirs).get(path)
        assert "Start with the home MP" not in page
        assert "Ask somebody on the team who sees it to begin with that MP." in page
    assert "Start with the home MP" in browser.get(paths[1])


def test_the_list_says_what_is_draft_and_what_is_issued(browser, case, seat):
    empty = browser.get(f"/cases/{case.reference}/letters")
    assert "Start with the home MP" in empty
    issued(browser, case, seat)
    begin(browser, case, seat)
    page = browser.get(f"/cases/{case.reference}/letters")
    assert "draft, saved" in page
    assert "issued " in page


def test_the_same_letter_to_the_same_mp_is_asked_about_before_it_goes_twice(browser, case, seat):
    issued(browser, case, seat)
    again = begin(browser, case, seat)
    fill(browser, again, then="issue")
    assert "went to this MP before" in browser.get(f"{again}/issue")


def test_a_form_of_authority_is_made_without_choosing_among_letters(browser, organiser):
    case = make_case(organiser, home())
    path = f"/cases/{case.reference}/letters/new?template=form-of-authority"
    page = browser.get(path)
    assert "<h1>Make a form of authority</h1>" in page
    assert '<option selected value="E14001323">' in page
    assert 'type="radio"' not in page
    browser.post(path, template="form-of-authority", gss_code="E14001323")
    assert "Form of authority" in browser.get(browser.location)


def test_a_volunteer_with_a_draft_reads_who_can_put_down_the_yes_and_is_led_to_no_shut_door(
    sign_in, organiser, seat
):
    case = make_case(organiser, home(), name="Samira")
    browser = sign_in(on_team(case, organiser, Role.VOLUNTEER, "Mina Castellan"))
    address = begin(browser, case, seat)
    fill(browser, address)
    for path in (address, f"{address}/issue"):
        page = browser.get(path)
        assert "Nobody has asked them yet." in page
        assert "level 0" not in page
        assert "Ring one of this case: Ruth Ellery." in page
        assert "say why" not in page, "there is no field for it"
        doors = set(re.findall(rf'href="(/cases/{case.reference}/[^"#]*)', page))
        assert [door for door in doors if browser.client.get(door).status_code == 403] == []
    cases.record_asked(case, asked_on=clock.today(), agreed=True, asked_by="Ruth", actor=organiser)
    page = browser.get(f"{address}/issue")
    assert page.count("If the letter cannot wait, say why.") == 1
    assert 'name="because"' in page


def test_of_a_paper_that_was_taken_back_no_page_says_that_nobody_asked(browser, organiser, seat):
    case = make_case(organiser, home(), name="Samira")
    signed = consent.record_authority(case, NewAuthority(signed_on=clock.today(), scope=("ask",)), organiser)
    consent.withdraw_authority(case, signed.id, clock.today(), None, organiser)
    assert "Nobody has asked them" not in browser.get(begin(browser, case, seat))
