"""The room of forms of authority, through the browser."""

import re
from datetime import timedelta
from io import BytesIO

import pytest

from casework import clock
from casework.domain.safety.accounts import Role
from casework.pdf import make_pdf
from casework.services.consent import consent
from casework.storage.models import Case
from tests.factories import home, make_case, make_user, on_team
from tests.pages import day

NO_PAPER = b"MZ not a paper"


@pytest.fixture
def case(app, organiser) -> Case:
    """Samira's case."""
    return make_case(organiser, home(), name="Samira")


def boxes(name: str, days_ago: int) -> dict[str, str]:
    """A date some days ago in its three boxes."""
    when = clock.today() - timedelta(days_ago)
    return day(name, f"{when.day} {when.month} {when.year}")


def record(browser, case, status=303, **changes) -> str:
    """Send the form for a signed paper."""
    fields = {
        **boxes("signed_on", 3),
        "how_given": "paper",
        "mps": "any",
        "scope": ["ask", "replies"],
        **changes,
    }
    return browser.post(f"/cases/{case.reference}/authority/new", status=status, **fields)


def test_a_signed_paper_goes_on_record_with_its_scan_which_comes_back_byte_for_byte(browser, case):
    paper = make_pdf('<html lang="en"><title>x</title><p>signed</html>')
    record(browser, case, scan=(BytesIO(paper), "Samira Ahmadi signed.pdf"), withheld=["health"])
    page = browser.get(browser.location)
    assert "In force today" in page
    assert "ask the Home Office about them; be told" in page
    assert "health" in page
    row = consent.list_authorities(case)[0]
    browser.get(f"/cases/{case.reference}/authority/{row.id}/scan")
    assert browser.last.data == paper
    assert "Samira" not in browser.last.headers["Content-Disposition"]


def test_every_box_of_the_form_starts_empty(browser, case):
    page = browser.get(f"/cases/{case.reference}/authority/new")
    # but the one that has nothing to do with the paper: what a phone writes into a photo is left out
    assert page.count(" checked") == 1
    assert re.search(r'name="forget_where"[^>]* checked', page)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"scope": None}, "Tick what the person ticked"),
        ({"mps": None}, "Tick the MP whom the paper names"),
        ({"how_given": "mark"}, "A mark needs the name of whoever saw it"),
        ({"scan": NO_PAPER}, "neither a PDF nor a picture"),
        (boxes("ends_on", 30), "ends before it was signed"),
        (boxes("signed_on", -2), "has not come yet"),
    ],
)
def test_what_cannot_be_right_is_said_at_the_field_and_nothing_is_kept(browser, case, changes, words):
    if changes.get("scan") == NO_PAPER:  # a file is read once, and this is asked on each database
        changes = {"scan": (BytesIO(NO_PAPER), "paper.pdf")}
    assert words in record(browser, case, status=200, **changes)
    assert consent.list_authorities(case) == []


def test_taking_it_back_works_at_once(browser, case):
    record(browser, case)
    row = consent.list_authorities(case)[0]
    address = f"/cases/{case.reference}/authority/{row.id}/withdraw"
    browser.post(address, **{"withdrawn_on-day": "today", "how": "On the phone to Ruth."})
    page = browser.get(browser.location)
    assert "Taken back on" in page
    assert "On the phone to Ruth." in page
    assert consent.in_force(case, clock.today()) is None


def test_nobody_outside_the_team_sees_or_takes_back_an_authority(browser, case, sign_in):
    record(browser, case)
    row = consent.list_authorities(case)[0]
    outsider = sign_in(make_user(Role.CASEWORKER, "Somebody else"))
    for path in ("", "/new", f"/{row.id}/withdraw", f"/{row.id}/scan"):
        outsider.get(f"/cases/{case.reference}/authority{path}", status=404)


def test_a_reader_is_shown_no_door_that_is_closed_to_them(case, organiser, sign_in):
    new = sign_in(make_user(Role.READER, "New Reader"))
    assert "Type a name" not in new.get("/cases")
    reader = sign_in(on_team(case, organiser, Role.READER, "Tom Reader"))
    page = reader.get(f"/cases/{case.reference}")
    assert "No form of authority is in force" in page
    assert f"/cases/{case.reference}/authority/new" not in page
    assert "template=form-of-authority" not in page
