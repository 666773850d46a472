"""From draft to answer, through the browser: who read it, how it went, void, and thirty seconds to undo."""

import re
from datetime import timedelta

import pytest

from casework import clock
from casework.domain.consent.publicity import Kind, Level
from casework.domain.safety.accounts import Role
from casework.services.case import cases
from casework.services.consent import campaign_consent
from casework.services.consent.campaign_consent import NewCampaignConsent
from casework.services.letters import letters
from casework.storage.database import db
from casework.storage.models import Case, Letter
from tests.factories import home, make_case, make_user, on_team


@pytest.fixture
def case(app, organiser) -> Case:
    """Samira, of Leeds, who writes to her own MP."""
    case = make_case(organiser, home(), name="Samira", pronouns="she", representative_name="Imran Qureshi")
    cases.record_asked(case, asked_on=clock.today(), agreed=True, asked_by="Ruth", actor=organiser)
    return case


@pytest.fixture
def draft(case, organiser) -> Letter:
    """Her first letter, with every gap filled in."""
    letter = letters.draft_letter(case, "home-mp-first-contact", organiser, gss_code=case.places[0].gss_code)
    words = {name: text.replace("[", "").replace("]", "") for name, text in letter.blocks.items()}
    letters.save_draft(letter, words, {"sender_address": "1 Row\nLeeds"}, letter.version, organiser)
    return letter


@pytest.fixture
def here(case, draft) -> str:
    """Where it stands."""
    return f"/cases/{case.reference}/letters/{draft.id}"


def undo_form(page: str) -> tuple[str, str]:
    """Where the button in the message leads, and the offer that it carries."""
    found = re.search(r'<div class="undo">.*?action="([^"]+)".*?name="offer" value="([^"]+)"', page, re.S)
    assert found, "no undo is offered"
    return found[1], found[2]


def issue(browser, here) -> str:
    """Issue the letter; the page that says so."""
    browser.post(f"{here}/issue")
    return browser.get(browser.location)


def test_the_steps_of_a_letter_stand_on_its_page_from_draft_to_void(browser, case, draft, here):
    page = browser.get(here)
    assert page.count('<li class="open') == 4
    assert "Neither Samira nor a lawyer has read these words" in browser.get(f"{here}/issue")
    assert 'value="Imran Qureshi"' in browser.get(f"{here}/read")
    browser.post(f"{here}/read", **{"who": "lawyer", "name": "Imran Qureshi", "read_on-day": "today"})
    assert "Imran Qureshi, their lawyer or registered adviser, on" in browser.get(browser.location)
    assert "has read these words" not in browser.get(f"{here}/issue")
    issue(browser, here)
    browser.post(f"{here}/sent", **{"sent_how": "post", "sent_on-day": "today"})
    page = browser.get(browser.location)
    assert "by post" in page
    assert "have it signed" not in page
    answer = re.search(r'href="([^"]+answers=[^"]+)">It has come: record it', page)[1].replace("&amp;", "&")
    assert "selected" in browser.get(answer)
    assert "does not call it back" in browser.get(f"{here}/void")
    browser.post(f"{here}/void", because="The date is wrong.")
    page = browser.get(browser.location)
    assert "This letter is void" in page
    assert "The date is wrong." in page
    assert "Do not use it" in page
    browser.get(f"{here}/sent", status=303)
    browser.get(f"{here}/read", status=303)
    assert "<strong>void</strong>" in browser.get(f"/cases/{case.reference}/letters")
    assert "(void)" in browser.get(f"/cases/{case.reference}/letters-and-answers")
    paper = letters.paper_of(draft)
    assert f'href="{here}"' in browser.get(f"/cases/{case.reference}/letters-and-answers/{paper.id}")


def test_what_cannot_be_is_said_at_its_field(browser, draft, here):
    assert "Write the lawyer’s name." in browser.post(
        f"{here}/read", 200, **{"who": "lawyer", "name": "", "read_on-day": "today"}
    )
    issue(browser, here)
    page = browser.post(f"{here}/sent", 200, **{"sent_how": "post", "sent_on-day": "yesterday"})
    assert "cannot have gone before it was issued" in page
    assert "Say why this letter is void" in browser.post(f"{here}/void", 200, because="")


def test_an_issue_can_be_undone_by_the_button_in_the_message(browser, draft, here):
    path, offer = undo_form(issue(browser, here))
    browser.post(path, page=here, offer=offer)
    page = browser.get(browser.location)
    assert "Undone" in page
    assert "Check it and issue it" in page
    undo_form(issue(browser, here))


def test_a_draft_that_was_thrown_away_is_brought_back_within_thirty_seconds(browser, draft, here):
    browser.post(f"{here}/discard", page=here)
    path, offer = undo_form(browser.get(browser.location))
    browser.post(path, page="/you", offer=offer)
    assert "Undone" in browser.get(here)


def test_after_thirty_seconds_it_is_too_late(browser, draft, here, monkeypatch):
    path, offer = undo_form(issue(browser, here))
    then = clock.now() + timedelta(seconds=31)
    monkeypatch.setattr(clock, "now", lambda: then)
    browser.post(path, page=here, offer=offer)
    assert "it could be for thirty seconds" in browser.get(browser.location)
    assert "Make it void" in browser.get(here)


def test_what_is_on_paper_already_is_not_undone(browser, draft, here):
    path, offer = undo_form(issue(browser, here))
    browser.get(f"{here}.pdf")
    browser.post(path, page=here, offer=offer)
    assert "Make it void instead" in browser.get(browser.location)
    assert draft.issued_at


def test_an_offer_is_good_for_one_person_at_one_address(browser, case, draft, here, organiser, sign_in):
    path, offer = undo_form(issue(browser, here))
    idris = make_user(Role.VOLUNTEER, "Idris Vane")
    cases.add_to_team(case, idris.id, organiser)
    sign_in(idris).post(path, page=here, offer=offer)
    other = letters.draft_letter(case, "form-of-authority", organiser)
    browser.post(f"/cases/{case.reference}/letters/{other.id}/undo", page=here, offer=offer)
    for forged in ("", "x", f"{offer}x", "²"):
        browser.post(path, page=here, offer=forged)
        assert "it could be for thirty seconds" in browser.get(browser.location)
    db.session.refresh(draft)
    assert draft.issued_at


def test_whoever_was_given_a_paper_that_goes_to_no_mp_is_named_with_how_many_copies(browser, case, organiser):
    made = letters.draft_letter(case, "form-of-authority", organiser)
    letters.issue_letter(made, organiser)
    here = f"/cases/{case.reference}/letters/{made.id}"
    given = {"sent_how": "hand", "sent_on-day": "today", "given_to": "Alex Reporter"}
    assert "as a number" in browser.post(f"{here}/sent", 200, **given, copies="some")
    browser.post(f"{here}/sent", **given, copies="12")
    page = browser.get(here)
    assert "Alex Reporter" in page
    assert "12 copies" in page
    assert 'value="Alex Reporter"' in browser.get(f"{here}/sent")


def test_a_word_in_the_first_box_of_a_day_counts_though_the_others_are_filled(browser, draft, here):
    issue(browser, here)
    day = {"sent_on-day": "today", "sent_on-month": "1", "sent_on-year": "2020"}
    browser.post(f"{here}/sent", sent_how="email", **day)
    db.session.refresh(draft)
    assert draft.sent_on == clock.today()


def test_only_a_letter_that_argues_asks_for_what_stands_in_the_way(browser, case, organiser):
    thanks = letters.draft_letter(case, "member-thanks", organiser, gss_code=case.places[0].gss_code)
    notice = letters.draft_letter(case, "withdrawal-notice", organiser)
    for letter in (thanks, notice):
        page = browser.get(f"/cases/{case.reference}/letters/{letter.id}")
        for words in ("What stands in the way", "Say it before they do", "Why it is worth it"):
            assert words not in page
    assert "My right" in page


def test_older_drafts_are_folded_away(browser, case, organiser):
    for _ in range(5):
        letters.draft_letter(case, "form-of-authority", organiser)
    assert "2 older drafts" in browser.get(f"/cases/{case.reference}")


def test_the_page_of_a_letter_says_not_to_send_it_once_the_person_said_no(
    browser, case, draft, here, organiser, sign_in
):
    """A campaign consent lets copies be made still, and the no is said to everybody on the case."""
    agreed = NewCampaignConsent(clock.today(), Level.SUPPORTERS, "Ruth Ellery", "signature", (Kind.NAME,))
    campaign_consent.record(case, agreed, organiser)
    page = issue(browser, here)
    assert "Do not send" not in page
    assert "Download the PDF" in page
    cases.record_asked(case, asked_on=clock.today(), agreed=False, asked_by="Ruth", actor=organiser)
    for reader in (browser, sign_in(on_team(case, organiser, Role.VOLUNTEER, "Mina Castellan"))):
        page = reader.get(here)
        assert "<strong>Do not send this.</strong> Samira was asked and said no to MPs, or not yet." in page
        assert "Make it void, so that nobody sends it." in page
        assert not [
            told for told in ("Download the PDF", "post or hand it in", "Chase the MP") if told in page
        ]
        every = reader.get(f"/cases/{case.reference}/letters")
        assert "Do not send it: they said no to MPs, or not yet." in every
    assert "Do not send it:" in browser.get(f"{here}/sent")
    for where in (f"/cases/{case.reference}", "/today", "/dates", f"/cases/{case.reference}/dates"):
        page = browser.get(where)
        assert "Do not send the letter to" in page, where
        assert "Print, sign and send" not in page, where
    browser.post(f"{here}/void", because="They said no.")
    assert "Do not send" not in browser.get(here)
    assert "Do not send" not in browser.get("/today")


def test_whoever_issues_a_letter_after_a_no_is_told_at_once_not_to_send_it(browser, case, here, organiser):
    agreed = NewCampaignConsent(clock.today(), Level.SUPPORTERS, "Ruth Ellery", "signature", (Kind.NAME,))
    campaign_consent.record(case, agreed, organiser)
    cases.record_asked(case, asked_on=clock.today(), agreed=False, asked_by="Ruth", actor=organiser)
    browser.post(f"{here}/issue", because="It cannot wait.")
    page = browser.get(browser.location)
    assert "Do not send it: they said no to MPs, or not yet." in page
    assert "Print it, sign it and send it" not in page
