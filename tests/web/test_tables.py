"""Lists as spreadsheets: the rows, columns and rights of the page, harmless in a spreadsheet, and kept in the trail."""

import csv
import io
import re
from typing import Any

import pytest

from casework.domain.campaign.calls import Outcome
from casework.domain.safety.accounts import Role
from casework.services.campaign import call_rounds, calls, plans
from casework.services.campaign.call_rounds import NewRound
from casework.services.campaign.plans import TaskFacts
from casework.services.case import cases
from casework.storage.database import db
from casework.storage.models import AuditEvent, Case, User
from tests.factories import detained_at, home, make_case, make_user
from tests.pages import Browser
from tests.supporters import campaign_of, make_supporters


def read(browser: Browser, path: str) -> list[list[str]]:
    browser.get(path)
    assert browser.last is not None
    assert browser.last.mimetype == "text/csv"
    return list(csv.reader(io.StringIO(browser.last.get_data().decode("utf-8-sig"))))


def link_on(page: str) -> str:
    found = re.search(r'<a href="([^"]+)" data-sheet="\d+" download>As a spreadsheet', page)
    assert found
    return found[1].replace("&amp;", "&")


@pytest.fixture
def case(organiser: User) -> Case:
    return make_case(organiser, home(), detained_at(), name="=Samira")


def test_a_list_goes_out_as_it_stands_on_its_page_and_harmless(
    browser: Browser, case: Case, organiser: User
) -> None:
    make_case(organiser, home(), name="Idris")
    cases.close_case(case, "She has leave to remain.", organiser)
    path = link_on(browser.get("/cases?closed=yes"))
    rows = read(browser, path)
    assert rows[0] == ["Name", "Where", "Closed", "Reference"]
    assert [row[0] for row in rows[1:]] == ["'=Samira"], "the filter holds, and no cell is a formula"
    assert rows[1][3] == case.reference
    assert browser.last is not None
    assert browser.last.headers["Content-Disposition"] == 'attachment; filename="cases.csv"'
    [line] = db.session.query(AuditEvent).filter_by(action="table taken out").all()
    assert line.facts == {"page": "cases.index", "rows": 1}
    assert "table taken out" in browser.get("/trail")


def test_what_is_pressed_and_what_heads_a_part_is_no_row_and_no_column_and_days_are_days(
    browser: Browser, case: Case, organiser: User
) -> None:
    page = browser.get("/dates")
    rows = read(browser, link_on(page))
    assert rows[0] == ["Person", "What", "When", "How near", "Taken care of by"]
    assert len(rows) - 1 == page.count('<tr class="date ') >= 1
    assert all(row[0] == "'=Samira" for row in rows[1:])
    assert not any("I take" in cell or "This week" in cell for row in rows for cell in row)
    places = read(browser, link_on(browser.get(f"/cases/{case.reference}/places")))
    assert any("2026-03-03" in cell for row in places for cell in row)
    [line] = db.session.query(AuditEvent).filter(
        AuditEvent.action == "table taken out", AuditEvent.case_id == case.id
    )
    assert "table taken out (page:" in browser.get(f"/cases/{case.reference}/trail")
    plans.save_task(case, TaskFacts("Ring", organiser.id), organiser)
    rows = read(browser, link_on(browser.get("/who-has-what")))
    assert rows[0] == ["Who", "In hand", "Nearest day", "Overdue"]
    assert line.facts["rows"] == len(places) - 1


def test_who_may_not_see_a_list_or_not_take_it_out_gets_none(
    browser: Browser, sign_in: Any, case: Case, organiser: User
) -> None:
    campaign = campaign_of(organiser)
    [row] = make_supporters(campaign, 1, reached_by=["call"])
    row.supporter.phone = "07700 900001"
    evening = call_rounds.make(campaign, NewRound("Hello."), organiser)
    call = calls.take(evening, organiser)
    assert call
    calls.tick(evening, call.id, Outcome.SPOKE, None, None, organiser)
    path = f"/cases/{campaign.reference}/calls/{evening.id}"
    assert any(row.supporter.name in cell[0] for cell in read(browser, link_on(browser.get(path))))
    vera = make_user(Role.VOLUNTEER, "Vera Long")
    cases.add_to_team(campaign, vera.id, organiser)
    theirs = sign_in(vera)
    assert row.supporter.name in theirs.get(path)
    assert "data-sheet" not in theirs.get(path)
    for address in (f"{path}?sheet=1", f"/cases/{campaign.reference}/supporters?sheet=1"):
        theirs.get(address)
        assert theirs.last.mimetype == "text/html"
    theirs.get("/trail?sheet=1", 403)
    sign_in(make_user(Role.ORGANISER, "Grace Obi")).get(f"/cases/{case.reference}/places?sheet=1", 404)
    hostile = browser.get("/cases?_scheme=javascript&_external=1&endpoint=x&reference=y&odd=%22%3E%3Cb")
    assert link_on(hostile).startswith("/cases?_scheme=javascript&")
    assert '"><b' not in hostile
    for odd in ("2", "-1", "x", "1e9"):
        browser.get(f"/cases?sheet={odd}")
        assert browser.last is not None
        assert browser.last.mimetype == "text/html"
