"""The pages of a calendar's address, and what is answered there."""

import re

import pytest

from casework import clock
from casework.domain.safety.accounts import Role
from casework.services.safety import accounts
from casework.services.timing import deadlines, feeds
from casework.storage.models import AuditEvent
from tests.factories import home, make_case, make_user


@pytest.fixture
def case(organiser):
    case = make_case(organiser, home())
    deadlines.record_deadline(case, "ftt_appeal_in_uk", clock.today(), None, organiser)
    return case


def path_in(page: str) -> str:
    return re.search(r'value="http://localhost(/calendar/[\w-]{43}\.ics)"', page)[1]


def test_somebody_makes_an_address_and_their_calendar_reads_it_without_signing_in(browser, stranger, case):
    page = browser.post("/you/calendar", 200, label="my phone")
    path = path_in(page)
    text = stranger.get(path)
    assert text.startswith("BEGIN:VCALENDAR")
    assert "Limit: last moment" in text
    assert stranger.last.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert "Set-Cookie" not in stranger.last.headers


def test_the_address_is_shown_once_and_the_page_says_when_it_was_read(browser, stranger, case):
    path = path_in(browser.post("/you/calendar", 200, label="my phone"))
    page = browser.get("/you/calendar")
    assert path not in page
    assert "my phone" in page
    assert "<dt>Last read</dt><dd>never</dd>" in page
    stranger.get(path)
    assert "<dt>Last read</dt><dd>never</dd>" not in browser.get("/you/calendar")


def test_an_address_that_is_unknown_stopped_or_of_a_closed_account_is_answered_the_same(
    browser, sign_in, stranger, organiser, case
):
    stopped = path_in(browser.post("/you/calendar", 200))
    browser.post("/you/calendar/stop", page="/you/calendar")
    other = make_user(Role.VOLUNTEER, "Idris")
    closed = path_in(sign_in(other).post("/you/calendar", 200))
    accounts.switch_off(other, organiser)
    answers = []
    for path in ("/calendar/unknown.ics", "/calendar/سميرة%00.ics", stopped, closed):
        words = stranger.get(path, 404)
        answers.append((words, sorted((k, v) for k, v in stranger.last.headers.items() if k != "Date")))
    assert all(answer == answers[0] for answer in answers)
    assert answers[0][0] == "There is no calendar here."


def test_a_new_address_takes_the_place_of_the_older_one(browser, stranger, case):
    first = path_in(browser.post("/you/calendar", 200))
    assert "The one above then stops working." in browser.get("/you/calendar")
    second = path_in(browser.post("/you/calendar", 200))
    stranger.get(first, 404)
    stranger.get(second)


def test_a_label_longer_than_the_table_takes_is_explained_and_makes_no_address(browser, organiser):
    assert "100 characters at most" in browser.post("/you/calendar", 200, label="x" * 101)
    assert feeds.feed_of(organiser) is None


def test_making_and_stopping_an_address_are_in_the_trail_and_the_address_is_not(browser, case):
    path = path_in(browser.post("/you/calendar", 200, label="my phone"))
    browser.post("/you/calendar/stop", page="/you/calendar")
    lines = [
        (row.action, row.facts)
        for row in AuditEvent.query.order_by(AuditEvent.id)
        if row.action.startswith("calendar")
    ]
    assert lines == [("calendar address made", {}), ("calendar address stopped", {})]
    assert path.removesuffix(".ics")[-43:] not in str([row.facts for row in AuditEvent.query.all()])


def test_the_team_takes_the_dates_of_one_case_as_a_file_whose_name_tells_nothing(browser, case):
    page = browser.get(f"/cases/{case.reference}/dates")
    link = f"/cases/{case.reference}/dates.ics"
    assert link in page
    assert "Limit: last moment" in browser.get(link)
    assert browser.last.headers["Content-Disposition"] == 'attachment; filename="dates.ics"'
    assert "looked at the dates, as a file for a calendar" in browser.get(f"/cases/{case.reference}/trail")


def test_a_case_without_dates_offers_no_file(browser, organiser):
    bare = make_case(organiser)
    assert "dates.ics" not in browser.get(f"/cases/{bare.reference}/dates")


def test_the_page_of_the_address_is_found_from_ones_own_page(browser):
    assert 'href="/you/calendar"' in browser.get("/you")


def test_whoever_takes_a_new_password_is_told_that_an_address_made_before_still_works(
    browser, stranger, organiser, case
):
    path = path_in(browser.post("/you/calendar", 200))
    token = accounts.make_new_link(organiser, organiser)
    browser.post(f"/join/{token}", password="pebble ladder violet seven")
    assert "A calendar still reads your dates by its secret address." in browser.get("/you")
    browser.post("/you/password", old="pebble ladder violet seven", password="violet seven ladder pebble")
    assert "A calendar still reads your dates by its secret address." in browser.get(browser.location)
    assert stranger.get(path).startswith("BEGIN:VCALENDAR")
