"""Something happened: chosen from a list, seen before it is saved, shown with its dates, and taken back."""

import re
from datetime import date

import pytest

from casework.domain.safety.accounts import Role
from casework.domain.timing.events import HAPPENINGS, Group, KeptAs
from casework.domain.timing.triggers import Told
from casework.services.case import cases
from casework.services.timing import deadlines, events
from casework.services.timing.events import NewEvent
from tests.factories import detained_at, home, make_case, make_user
from tests.pages import day

REFUSED = {**day("on", "3 11 2026")}


@pytest.fixture
def case(organiser):
    return make_case(organiser, home(), detained_at(since=date(2026, 9, 3)))


@pytest.fixture
def door(case):
    def to(name):
        return f"/cases/{case.reference}/events/new/{name}"

    return to


def test_the_case_and_its_dates_lead_to_what_may_have_happened(browser, case):
    where = f'href="/cases/{case.reference}/events/new"'
    assert where in browser.get(f"/cases/{case.reference}")
    assert where in browser.get(f"/cases/{case.reference}/dates")


def test_the_list_names_all_that_can_be_recorded_and_each_has_a_page(browser, case, door):
    page = browser.get(f"/cases/{case.reference}/events/new")
    for group in Group:
        assert f">{group.value}</h2>" in page
    for one in HAPPENINGS.values():
        if one.kept_as is KeptAs.EVENT:
            assert f'href="{door(one.name)}"' in page
            browser.get(door(one.name))
    for where in re.findall(r'<li><a href="(/[^"]+)"', page):
        browser.get(where.replace("&amp;", "&"))


def test_a_refusal_of_bail_is_seen_then_saved_and_shown_with_its_date(browser, case, door):
    page = browser.post(door("bail_refused"), 200, **REFUSED, note="No ties, said the judge.")
    assert "A tribunal refused bail: Tuesday 3 November 2026." in page
    assert "1 date will start" in page
    assert "Tuesday 1 December 2026" in page
    assert "Nothing is saved yet." in page
    assert events.list_events(case) == []
    browser.save(door("bail_refused"))
    page = browser.get(browser.location)
    assert "The dates that it started" in page
    assert "Tuesday 1 December 2026" in page
    assert "No ties, said the judge." in page
    assert "A tribunal refused bail" in browser.get(f"/cases/{case.reference}")


def test_bail_that_is_granted_ends_the_28_days_unless_somebody_says_that_they_go_on(browser, case, door):
    browser.record(door("bail_refused"), **REFUSED)
    page = browser.post(door("bail_granted"), 200, **day("on", "18 11 2026"))
    assert "1 date will end" in page
    browser.save(door("bail_granted"), ends=[])
    assert "It started no date and ended none." in browser.get(browser.location)
    browser.record(door("bail_granted"), **day("on", "18 11 2026"))
    page = browser.get(browser.location)
    assert "The dates that it ended" in page
    assert "Ended on 18 November 2026 (Ruth Ellery): bail was granted" in page


def test_what_may_also_start_opens_when_it_is_ticked(browser, case, door):
    page = browser.post(door("bail_refused"), 200, **REFUSED)
    assert "May also start: tick what fits" in page
    assert "NOT people held pending deportation" in page
    browser.save(door("bail_refused"), offers=["bail_auto_referral:"])
    assert "Automatic referral to the tribunal for bail" in browser.get(browser.location)


def test_a_form_that_is_sent_twice_is_one_event(browser, case, door):
    browser.post(door("bail_refused"), 200, **REFUSED)
    shown = browser.last
    browser.save(door("bail_refused"))
    first = browser.location
    browser.last = shown
    browser.save(door("bail_refused"))
    assert browser.location == first
    assert len(events.list_events(case)) == 1


def test_a_button_of_an_older_page_saves_nothing_unseen(browser, case, door):
    page = browser.post(door("bail_refused"), 200, **REFUSED, seen="what somebody saw long ago")
    assert "Somebody changed this case while you were looking." in page
    assert events.list_events(case) == []


def test_what_was_typed_is_still_there_for_who_wants_to_change_it(browser, door):
    browser.post(door("bail_refused"), 200, **REFUSED, note="No ties.")
    page = browser.save(door("bail_refused"), 200, step="change")
    assert 'name="on-day" value="3"' in page
    assert "No ties." in page
    assert "<h1>A tribunal refused bail</h1>" in page


@pytest.mark.parametrize(
    ("name", "typed", "says"),
    [
        ("bail_refused", {}, "Type the day."),
        ("bail_refused", day("on", "31 2 2026"), "There is no such day"),
        ("bail_refused", day("on", "1 1 2099"), "has not come yet"),
        ("support_refused", day("sent", "3 11 2026"), "Give that day."),
        ("reasons_sent", {**day("sent", "5 11 2026"), **day("received", "3 11 2026")}, "before it was sent"),
    ],
    ids=["no day", "no such day", "to come", "not received", "backwards"],
)
def test_a_slip_is_answered_beside_its_field(browser, door, name, typed, says):
    page = browser.post(door(name), 200, **typed)
    assert "error-summary" in page
    assert says in page


def test_why_a_date_does_not_start_is_said_before_it_is_saved(browser, organiser):
    free = make_case(organiser, home())
    page = browser.post(f"/cases/{free.reference}/events/new/bail_refused", 200, **REFUSED)
    assert "Will not start" in page
    assert "has no place of detention for 3 November 2026" in page
    assert "No date starts and none ends." in page


def test_an_event_that_was_a_mistake_is_taken_back_after_it_was_shown_what_that_does(browser, case, door):
    browser.record(door("bail_refused"), **REFUSED)
    where = browser.location
    page = browser.get(f"{where}/take-back")
    assert "Dates that it started are withdrawn" in page
    assert "bail_repeat_28_days" in [entry.rule_key for entry in deadlines.for_case(case)]
    browser.post(f"{where}/take-back")
    page = browser.get(where)
    assert "taken back" in page
    assert "it was recorded by mistake" in page
    assert "take-back" not in page
    browser.get(f"{where}/take-back", 409)


def test_a_release_says_that_the_stay_ends(browser, case, door):
    page = browser.post(door("release"), 200, **day("on", "18 11 2026"))
    assert "The stay at Yarl’s Wood ends on Wednesday 18 November 2026." in page.replace("&#39;", "’")
    browser.save(door("release"))
    assert "Not known to be detained." in browser.get(f"/cases/{case.reference}")


def test_the_case_of_somebody_who_left_says_since_when(browser, case, door):
    browser.record(door("departure"), **day("on", "18 11 2026"))
    assert "Outside the UK since Wednesday 18 November 2026." in browser.get(f"/cases/{case.reference}")


def test_what_is_recorded_elsewhere_has_no_page_here(browser, door):
    for name in ("transfer", "decision_sent", "a_birthday"):
        browser.get(door(name), 404)


def test_a_caseworker_on_the_case_may_record_and_nobody_else(sign_in, organiser, case, door):
    volunteer, idris = make_user(Role.VOLUNTEER, "Mina"), make_user(Role.CASEWORKER, "Idris")
    stranger = sign_in(make_user(Role.CASEWORKER, "Someone Else"))
    stranger.get(door("bail_refused"), 404)
    cases.add_to_team(case, volunteer.id, organiser)
    sign_in(volunteer).get(door("bail_refused"), 403)
    cases.add_to_team(case, idris.id, organiser)
    sign_in(idris).record(door("bail_refused"), **REFUSED)
    assert len(events.list_events(case)) == 1


def test_what_people_type_is_shown_and_never_run(browser, door):
    hostile = "<script>alert(1)</script> {{ 7*7 }} \u202e مرحبا"
    page = browser.post(door("bail_refused"), 200, **REFUSED, note=hostile)
    assert "<script>alert" not in page
    browser.save(door("bail_refused"))
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ 7*7 }}" in browser.get(browser.location)


def test_a_date_leads_to_what_started_it(browser, case, organiser):
    row = events.record_event(case, NewEvent("bail_refused", Told(on=date(2026, 11, 3))), organiser)
    (entry,) = events.started_by(row)
    page = browser.get(f"/cases/{case.reference}/dates/{entry.id}")
    assert f'href="/cases/{case.reference}/events/{row.id}"' in page
