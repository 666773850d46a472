"""The page of what the person agreed to, and the papers of a campaign consent, through the browser."""

import re
from io import BytesIO

import pytest

from casework import clock
from casework.domain.consent.campaign_consent import RISKS
from casework.domain.safety.accounts import Role
from casework.pdf import make_pdf
from casework.services.campaign import supporters
from casework.services.case import cases
from casework.services.consent import campaign_consent, consent
from casework.services.consent.consent import NewAuthority
from casework.services.letters import letter_life, letters
from casework.storage.models import Case
from tests.factories import home, make_case, make_user
from tests.supporters import signed_up
from tests.web.consent.test_consent import boxes

NO_PAPER = b"MZ not a paper"


@pytest.fixture
def case(app, organiser) -> Case:
    """Samira's case, with a friend."""
    case = make_case(organiser, home(), name="Samira")
    supporters.add_supporter(
        case, organiser, name="Łukasz Hughes", address="2 Row\nSheffield", postcode="S1 2HH"
    )
    return case


def record(browser, case, status=303, **changes) -> str:
    """Send the form for a signed paper."""
    fields = {
        **boxes("given_on", 3),
        "level": "2",
        "items": ["name", "health"],
        "explained_by": "Ruth Ellery",
        "language": "Dari",
        "how_given": "signature",
        **changes,
    }
    return browser.post(f"/cases/{case.reference}/campaign-consent/new", status=status, **fields)


def issue(browser, case, organiser, *, sent=True):
    """A friend's letter that tells the name, issued and sent."""
    friend = signed_up(case)[0].supporter
    letter = letters.draft_letter(
        case, "supporter-to-own-mp", organiser, gss_code=friend.gss_code, supporter_id=friend.id
    )
    blocks = {
        name: "She sings with us in the choir." if "[" in text else text
        for name, text in letter.blocks.items()
    }
    letters.save_draft(letter, blocks, letter.facts, letter.version, organiser)
    letters.issue_letter(letter, organiser, because="She asked.")
    return letter_life.mark_sent(letter, "post", clock.today(), organiser) if sent else letter


def test_the_three_papers_stand_side_by_side_and_none_is_taken_for_another(browser, case):
    page = browser.get(f"/cases/{case.reference}/agreed")
    assert page.index("A. Form of authority") < page.index("B. Campaign consent")
    assert "None is in force. Nothing is told to supporters or in public" in page
    assert "0 of 1 supporter was given one" in page


def test_every_box_of_the_form_starts_empty_after_an_earlier_paper_too(browser, case):
    record(browser, case)
    page = browser.get(f"/cases/{case.reference}/campaign-consent/new")
    # Only the tick that takes the place out of a photo stands from the start.
    assert re.findall(r"id=\"([^\"]*)\"[^>]* checked", page) == ["forget_where"]
    assert "Ruth Ellery" not in page.partition("<form")[2].partition("</form>")[0]


def test_a_signed_paper_goes_on_record_in_words_with_its_scan(browser, case):
    paper = make_pdf('<html lang="en"><title>x</title><p>signed</html>')
    record(browser, case, scan=(BytesIO(paper), "Samira signed.pdf"), to_ring="Idris, 07700 900123")
    page = browser.get(browser.location)
    assert "Level 2. Also supporters we know, with no name online." in page
    assert "name; health" in page
    assert "Idris, 07700 900123" in page
    assert "In force today" in page
    row = campaign_consent.papers(case)[0]
    browser.get(f"/cases/{case.reference}/campaign-consent/{row.id}/scan")
    assert browser.last.data == paper
    assert "Samira" not in browser.last.headers["Content-Disposition"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"level": None}, "Choose the level that they ticked"),
        ({"explained_by": ""}, "Name whoever explained it"),
        ({"how_given": "call"}, "Name whoever saw or heard it"),
        ({"level": "3"}, "go through every risk"),
        ({"level": "5", "risks": list(RISKS)}, "Ask the lawyer first"),
        ({"level": "5", "risks": list(RISKS), "anonymity_order": "yes"}, "contempt of court"),
        (
            {"level": "4", "risks": list(RISKS), "anonymity_order": "no", "items": ["name", "face"]},
            "but not both",
        ),
        ({"scan": NO_PAPER}, "neither a PDF nor a picture"),
        (boxes("ends_on", 30), "ends before it was given"),
        (boxes("given_on", -2), "has not come yet"),
    ],
)
def test_what_cannot_be_right_is_said_at_the_field_and_nothing_is_kept(browser, case, changes, words):
    if changes.get("scan") == NO_PAPER:  # a file is read once, and this is asked on each database
        changes = {"scan": (BytesIO(NO_PAPER), "paper.pdf")}
    assert words in record(browser, case, status=200, **changes)
    assert campaign_consent.papers(case) == []


def test_agreeing_to_less_shows_what_stops_first_and_then_drafts_the_letters_that_ask_back(
    browser, case, organiser
):
    record(browser, case)
    issue(browser, case, organiser)
    page = record(browser, case, status=200, level="0", items=None, **boxes("given_on", 0))
    assert "This is what will stop" in page
    assert "Łukasz Hughes, supporter who signed it" in page
    assert "What cannot be called back" in page
    assert len(campaign_consent.papers(case)) == 1  # nothing is saved yet
    browser.save(f"/cases/{case.reference}/campaign-consent/new")
    page = browser.get(browser.location)
    assert "2 letters that ask papers back are drafted" in page
    assert page.count("letter asking for it back") == 2
    assert [row.level for row in campaign_consent.papers(case)] == [0, 2]


def test_a_letter_of_which_nobody_said_that_it_was_sent_is_asked_back_once_somebody_says_so(
    browser, case, organiser
):
    record(browser, case)
    letter = issue(browser, case, organiser, sent=False)
    page = record(browser, case, status=200, level="0", items=None, **boxes("given_on", 0))
    assert "Made, but nobody said that it was sent" in page
    assert "Once this is saved, say of each whether it went." in page
    assert "a letter that asks for the papers back is drafted" not in page
    browser.save(f"/cases/{case.reference}/campaign-consent/new")
    there = browser.location
    page = browser.get(there)
    assert "letters that ask papers back" not in page
    assert "Draft the letters that ask for them back" not in page
    assert f'/letters/{letter.id}/void">Make it void</a>' in page
    cases.record_asked(case, asked_on=clock.today(), agreed=False, asked_by="Ruth", actor=organiser)
    assert "nobody said that it was sent" in browser.get(f"/cases/{case.reference}/agreed")

    say = f"/cases/{case.reference}/letters/{letter.id}/sent"
    assert f'{say}">Say that it was sent</a>' in page
    assert "Fill this in only if it has gone already." in browser.get(say)
    browser.post(say, sent_how="post", **{"sent_on-day": "today"})
    assert "1 paper has gone out already" in browser.get(there)
    browser.post(f"{there}/recall", page=there)
    assert browser.get(there).count("letter asking for it back") == 2


def test_whoever_wants_to_change_what_they_typed_finds_it_as_it_was(browser, case, organiser):
    record(browser, case)
    issue(browser, case, organiser)
    record(browser, case, status=200, level="0", items=None, to_ring="Idris", **boxes("given_on", 0))
    page = browser.save(f"/cases/{case.reference}/campaign-consent/new", 200, step="change")
    assert 'value="Idris"' in page
    assert len(campaign_consent.papers(case)) == 1


def test_taking_it_back_works_at_once_and_no_copy_of_what_went_out_is_handed_out(browser, case, organiser):
    record(browser, case)
    letter = issue(browser, case, organiser, sent=False)
    here = f"/cases/{case.reference}"
    browser.get(f"{here}/letters/{letter.id}.pdf")
    row = campaign_consent.papers(case)[0]
    address = f"{here}/campaign-consent/{row.id}/take-back"
    shown = browser.post(address, 200, **{"withdrawn_on-day": "today", "how": "On the phone to Ruth."})
    assert "takes back the campaign consent" in shown
    browser.save(address)
    assert campaign_consent.in_force(case, clock.today()) is None
    assert "agreed to less" in browser.get(f"{here}/letters/{letter.id}.pdf", 422)
    shown = browser.get(f"{here}/letters/{letter.id}")
    assert "Do not send this." in shown
    assert "post or hand it in" not in shown
    assert "ask for it back" not in shown
    page = browser.get(f"{here}/agreed")
    assert "Taken back on" in page
    assert "On the phone to Ruth." in page
    assert "It was taken back on" in browser.get(address)


def test_after_a_form_is_taken_back_no_office_is_told_of_a_letter_that_may_not_have_gone(
    browser, case, organiser
):
    form = consent.record_authority(case, NewAuthority(signed_on=clock.today(), scope=("ask",)), organiser)
    record(browser, case)
    letter = issue(browser, case, organiser, sent=False)
    address = f"/cases/{case.reference}/authority/{form.id}/withdraw"
    assert "gone out under it" not in browser.get(address)
    browser.post(address, **{"withdrawn_on-day": "today"})
    there = browser.location
    page = browser.get(there)
    assert "Tell no office of them yet." in page
    assert "gone out under it" not in page
    letter_life.mark_sent(letter, "post", clock.today(), organiser)
    page = browser.get(there)
    assert "Tell no office of them yet." not in page
    assert "These letters had gone out under it" in page


def test_it_is_kept_who_was_given_the_notice_for_supporters(browser, case):
    here = f"/cases/{case.reference}"
    browser.post(f"{here}/supporters/{signed_up(case)[0].supporter.id}/notice", page=f"{here}/agreed")
    page = browser.get(browser.location.partition("#")[0])
    assert "1 of 1 supporter was given one" in page


@pytest.mark.parametrize("key", ["campaign-consent", "supporters-notice"])
def test_the_papers_to_sign_and_to_give_are_made_from_the_page(browser, case, key):
    here = f"/cases/{case.reference}"
    browser.post(f"{here}/agreed/papers/{key}", page=f"{here}/agreed")
    browser.get(browser.location)
    letter = letters.list_letters(case)[0]
    browser.post(f"{here}/letters/{letter.id}/issue")
    browser.get(f"{here}/letters/{letter.id}.pdf")
    assert browser.last.data.startswith(b"%PDF")


def test_no_other_paper_is_made_by_that_door(browser, case):
    here = f"/cases/{case.reference}"
    browser.post(f"{here}/agreed/papers/home-mp-urgent", 404, page=f"{here}/agreed")


def test_nobody_outside_the_team_sees_or_changes_what_was_agreed(browser, case, sign_in):
    record(browser, case)
    row = campaign_consent.papers(case)[0]
    outsider = sign_in(make_user(Role.CASEWORKER, "Somebody else"))
    for path in ("agreed", "gone-out", "campaign-consent/new", f"campaign-consent/{row.id}/take-back"):
        outsider.get(f"/cases/{case.reference}/{path}", status=404)


def test_what_a_form_forbids_is_said_where_it_is_ticked(browser, case, organiser):
    signed = NewAuthority(signed_on=clock.today(), scope=("ask",), withheld=("health",))
    consent.record_authority(case, signed, organiser)
    record(browser, case)
    page = browser.get(browser.location)
    assert "The form of authority forbids to tell: health." in page
    assert "asks nobody to tell: health" in page


def test_after_it_is_taken_back_the_page_says_by_what_the_offices_may_still_be_told(browser, case, organiser):
    cases.record_asked(case, asked_on=clock.today(), agreed=True, asked_by="Ruth", actor=organiser)
    page = browser.get(f"/cases/{case.reference}/agreed")
    assert "Level 1 holds" in page
    assert "to writing to MPs" in page
    letter = letters.draft_letter(case, "press-line", organiser)
    page = browser.get(f"/cases/{case.reference}/letters/{letter.id}")
    assert "to writing to MPs." in page


def test_of_two_forms_the_page_says_what_holds(browser, case, organiser):
    for withheld in (("hiv",), ("health",)):
        consent.record_authority(
            case, NewAuthority(signed_on=clock.today(), scope=("ask",), withheld=withheld), organiser
        )
    page = browser.get(f"/cases/{case.reference}/authority")
    assert "2 forms are in force." in page
    assert "Nobody may tell: health; HIV." in page
    assert "Nobody may tell: health; HIV." in browser.get(f"/cases/{case.reference}")


def test_a_paper_without_consent_has_no_button_that_makes_it(browser, case, organiser):
    letter = letters.draft_letter(case, "press-line", organiser)
    words = dict.fromkeys(letter.blocks, "We want our neighbour home.")
    letters.save_draft(
        letter, words, {"sender_name": "Ruth", "sender_address": "1 Row"}, letter.version, organiser
    )
    page = browser.get(f"/cases/{case.reference}/letters/{letter.id}/issue")
    assert "There is no consent to say this." in page
    assert "Make the PDF</button>" not in page
