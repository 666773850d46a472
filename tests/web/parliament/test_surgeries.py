from datetime import date, timedelta

import pytest

from casework import clock
from casework.domain.safety.accounts import Role
from casework.services.case import cases
from casework.services.timing import deadlines
from tests.factories import home, make_case, make_user
from tests.pages import day

LEEDS_SOUTH = "E14001323"


@pytest.fixture
def case(organiser):
    return make_case(organiser, home())


def record(**more):
    return {"gss_code": LEEDS_SOUTH, "outcome": "met and agreed", **day("held_on", "13 11 2026"), **more}


def test_a_visit_is_planned_recorded_and_its_promises_are_in_the_list_of_dates(browser, case):
    coming = clock.today() + timedelta(days=3)
    new = f"/cases/{case.reference}/visits/new?mp={LEEDS_SOUTH}"
    assert "Hilary Benn, Leeds South" in browser.get(new)
    browser.post(new, gss_code=LEEDS_SOUTH, asked="Ask for a delay.", **day("held_on", f"{coming:%d %m %Y}"))
    visit = browser.location
    page = browser.get(visit)
    assert "What to bring" in page
    assert f'href="{visit}">Meet Hilary Benn at a surgery' in browser.get(f"/cases/{case.reference}")
    assert "Ask for a delay." in page
    promise = {"promise1_what": "Write to the minister", "promise1_who": "Mr Benn’s caseworker"}
    browser.post(f"{visit}/record", **record(**promise, **day("promise1_by", "18 11 2026")))
    page = browser.get(visit)
    assert "We met, and they agreed to act." in page
    assert "Promised by Mr Benn’s caseworker" in page
    dates = browser.get("/dates")
    assert "Write to the minister" in dates
    assert "Wednesday 18 November 2026" in dates


def test_a_visit_that_was_not_planned_is_recorded_too(browser, case):
    plan = browser.get(f"/cases/{case.reference}/visits/new?mp={LEEDS_SOUTH}")
    assert f'href="/cases/{case.reference}/visits/record?mp={LEEDS_SOUTH}"' in plan
    browser.post(f"/cases/{case.reference}/visits/record", **record(outcome="no answer"))
    assert "Nothing was promised." in browser.get(browser.location)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"gss_code": ""}, "Choose the MP."),
        ({"gss_code": "E14009999"}, "Not a valid choice"),
        ({"outcome": None}, "Choose how it ended."),
        (day("held_on", "1 1 2099"), "has not come yet"),
        ({"promise1_who": "the MP"}, "Say what was promised, too."),
        ({"promise1_what": "Ring", **day("promise1_by", "1 11 2026")}, "before the visit"),
    ],
)
def test_a_slip_is_answered_beside_its_field(browser, case, changes, says):
    page = browser.post(f"/cases/{case.reference}/visits/record", 200, **record(**changes))
    assert says in page
    assert "error-summary" in page


def test_a_promise_is_finished_or_put_off(browser, case):
    path = f"/cases/{case.reference}/visits/record"
    browser.post(path, **record(outcome="refused", promise1_what="Ring back"))
    (entry,) = deadlines.for_case(case)
    chase = f"/cases/{case.reference}/follow-ups/{entry.id}"
    assert "Type the day on which to chase it." in browser.post(chase, 200, what_now="later")
    browser.post(chase, what_now="later", note="Away", **day("due_on", "30 11 2026"))
    assert [entry.final for entry in deadlines.for_case(case)] == [date(2026, 11, 30)]
    browser.post(chase, what_now="done", note="They rang.")
    assert deadlines.for_case(case) == []
    assert "They rang." in browser.get(chase)


def test_two_people_who_change_the_same_plan_lose_nothing(browser, case):
    browser.post(f"/cases/{case.reference}/visits/new", gss_code=LEEDS_SOUTH, who_went="Ruth")
    plan = f"{browser.location}/plan"
    page = browser.post(plan, 200, version="0", gss_code=LEEDS_SOUTH, who_went="Idris")
    assert "Somebody changed this visit while you were typing." in page
    assert 'value="Idris"' in page
    browser.post(plan, gss_code=LEEDS_SOUTH, who_went="Idris")
    assert "Idris" in browser.get(browser.location)


def test_a_plan_can_be_taken_out(browser, case):
    browser.post(f"/cases/{case.reference}/visits/new", gss_code=LEEDS_SOUTH)
    visit = browser.location
    browser.post(f"{visit}/cancel", page=visit)
    browser.get(visit, 404)


def test_a_volunteer_on_the_case_records_visits_and_nobody_else_does(sign_in, stranger, organiser, case):
    path = f"/cases/{case.reference}/visits/record"
    volunteer = make_user(Role.VOLUNTEER, "Idris Vale")
    sign_in(volunteer).get(path, 404)
    stranger.get(path, 302)
    cases.add_to_team(case, volunteer.id, organiser)
    sign_in(volunteer).post(path, **record())
