"""The pages on which a pack is made, looked at and downloaded."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from casework import clock
from casework.domain.letters.correspondence import Kind as PaperKind
from casework.pdf import make_pdf
from casework.services.case import cases
from casework.services.consent import consent
from casework.services.consent.consent import NewAuthority
from casework.services.letters import correspondence, letters
from casework.services.letters.correspondence import NewPaper
from casework.services.letters.scans import keep_scan
from casework.storage.database import db
from casework.storage.models import Case, Letter, Pack, User
from tests.factories import detained_at, home, make_case
from tests.pages import Browser
from tests.pdf.reading import text_of


@pytest.fixture
def case(organiser: User) -> Case:
    """Samira, who signed a form of authority."""
    case = make_case(organiser, home(), detained_at(), name="Samira", pronouns="she")
    cases.record_asked(case, asked_on=clock.today(), agreed=True, asked_by="Ruth", actor=organiser)
    signed = NewAuthority(signed_on=clock.today() - timedelta(1), scope=("ask",))
    consent.record_authority(case, signed, organiser)
    return case


@pytest.fixture
def letter(case: Case, organiser: User) -> Letter:
    """A form of authority, made."""
    return letters.issue_letter(letters.draft_letter(case, "form-of-authority", organiser), organiser)


def new(case: Case, kind: str = "pack", whom: str = "lawyer") -> str:
    return f"/cases/{case.reference}/packs/new?kind={kind}&for={whom}"


def test_a_pack_is_made_as_the_page_offers_it_and_downloaded(
    browser: Browser, case: Case, letter: Letter
) -> None:
    page = browser.get(f"/cases/{case.reference}/packs")
    assert new(case, "evidence", "office").replace("&", "&amp;") in page
    page = browser.get(new(case))
    offered = {
        re.search(r'name="(\w+)"', tag)[1]: (re.search(r'value="(\d*)"', tag) or ["", ""])[1]
        for tag in re.findall(r'<input[^>]*inputmode="numeric"[^>]*>', page)
    }
    assert offered == {f"letter_{letter.id}": "", "papers": "1", "contacts": "2"}
    browser.post(new(case), title="For Friday", **{f"letter_{letter.id}": "3"}, papers="", contacts="1")
    row = db.session.scalar(select(Pack))
    assert [one["key"] for one in row.contents] == ["contacts", f"letter_{letter.id}"]
    shown = browser.get(browser.location)
    assert row.sha256 in shown
    browser.get(f"/cases/{case.reference}/packs/{row.id}.pdf")
    assert browser.last is not None
    assert browser.last.headers["Content-Disposition"] == 'attachment; filename="pack-1.pdf"'
    assert "For Friday" in text_of(browser.last.data)
    assert "For Friday" in browser.get(f"/cases/{case.reference}/packs")


def test_what_is_wrong_stands_at_its_paper_and_nothing_is_made(
    browser: Browser, case: Case, letter: Letter
) -> None:
    nothing = {f"letter_{letter.id}": "", "papers": "", "contacts": ""}
    assert "Type a number, or leave it empty." in browser.post(new(case), 200, title="x", papers="one")
    assert "at least one paper" in browser.post(new(case), 200, title="x", **nothing)
    assert "Give it a title." in browser.post(new(case), 200, title="", papers="1")
    supporters = new(case, "pack", "supporters")
    page = browser.get(supporters)
    assert "needs their yes to level 2" in page
    assert "Make the pack</button>" not in page
    assert browser.post(supporters, 200, title="x", contacts="1").count("needs their yes to level 2") == 1
    assert db.session.scalar(select(Pack)) is None


def test_originals_for_an_office_ask_to_be_looked_through(
    browser: Browser, case: Case, organiser: User
) -> None:
    scan = keep_scan(case, make_pdf('<html lang="en"><head><title>x</title></head><p>x</p></html>'))
    paper = NewPaper(PaperKind.OTHER_IN, sender="Home Office", received_on=clock.today(), scan=scan)
    row = correspondence.record_paper(case, paper, organiser)
    here = new(case, "evidence", "office")
    page = browser.get(here)
    assert "I looked through each original" in page
    assert "attached whole, as it came" in page
    typed = {"title": "Evidence", f"scan_{row.id}": "1"}
    assert "Look through each original first" in browser.post(here, 200, **typed)
    browser.post(here, **typed, looked="y")
    browser.get(browser.location)


def test_there_are_no_other_packs(browser: Browser, case: Case) -> None:
    for kind, whom in (
        ("pack", "public"),
        ("evidence", "supporters"),
        ("x", "lawyer"),
        ("pack", "person"),
        ("pack", ""),
    ):
        browser.get(new(case, kind, whom), 404)


def test_once_the_person_agrees_to_less_the_page_says_so_and_the_download_stops(
    browser: Browser, case: Case, letter: Letter, organiser: User
) -> None:
    browser.post(new(case, "pack", "office"), title="For the office", papers="1")
    here = browser.location
    consent.withdraw_authority(case, consent.list_authorities(case)[0].id, clock.today(), None, organiser)
    cases.record_asked(case, asked_on=clock.today(), agreed=False, asked_by="Ruth", actor=organiser)
    assert "Do not hand this out" in browser.get(here)
    assert here in browser.get(f"/cases/{case.reference}/gone-out")
    assert browser.client.get(f"{here}.pdf").mimetype == "text/html"


def test_an_issued_paper_is_offered_in_large_print(browser: Browser, case: Case, letter: Letter) -> None:
    here = f"/cases/{case.reference}/letters/{letter.id}"
    assert f"{here}.pdf?size=16" in browser.get(here)
    browser.get(f"{here}.pdf?size=20")
    assert browser.last is not None
    assert "Large print copy of the paper made on" in text_of(browser.last.data)
    assert "20pt" in browser.last.headers["Content-Disposition"]
    assert 400 <= browser.client.get(f"{here}.pdf?size=7").status_code < 500
