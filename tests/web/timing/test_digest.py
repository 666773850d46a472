"""The page of the morning, and asking for its mail."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from casework import clock
from casework.domain.timing.settling import StatedFrom
from casework.services.case import cases
from casework.services.parliament import surgeries
from casework.services.parliament.surgeries import VisitFacts
from casework.services.timing import deadlines, settling
from casework.storage.database import db
from casework.storage.models import AuditEvent, DeadlineMove, FollowUp
from tests.conftest import settings_for
from tests.factories import home, make_case, make_user
from tests.running_dates import limit, window


def headings(page: str) -> list[str]:
    """The parts of the page, but for the doors of a first hour, which stand on it for whoever may begin one."""
    return re.findall(r'<h2 id="(?!first-hour)[^>]*>([^<]+)</h2>', page)


@pytest.fixture
def case(organiser):
    return make_case(organiser, home(), name="Samira")


def stated(case, actor, on):
    row = deadlines.record_deadline(case, "ftt_appeal_in_uk", min(on, clock.today()), None, actor)
    return settling.state(case, row.id, on, "the lawyer", actor)


def test_each_date_stands_once_under_what_it_asks_for(browser, organiser, case):
    today = clock.today()
    stated(case, organiser, today - timedelta(days=1))
    stated(case, organiser, today)
    stated(case, organiser, today + timedelta(days=2))
    db.session.add(FollowUp(case=case, what="To write to the Home Office", due_on=today))
    surgeries.plan_visit(case, VisitFacts(case.places[0].gss_code), organiser)
    deadlines.record_deadline(case, "ftt_appeal_in_uk", date(2028, 12, 20), None, organiser)
    page = browser.get("/today")
    assert headings(page) == ["Overdue", "Due today", "To chase", "Visits", "This week", "To work out"]
    assert "3 dates need you today." in page
    assert page.count(f'href="/cases/{case.reference}/dates/') == 4
    assert "Samira" in page


def test_a_date_that_is_settled_or_far_away_is_not_there(browser, organiser, case):
    settling.settle(case, stated(case, organiser, clock.today()).id, "Sent", clock.today(), organiser)
    deadlines.record_deadline(case, "sar", clock.today(), None, organiser)
    page = browser.get("/today")
    assert headings(page) == []
    assert "No date needs you today." in page
    assert "Nothing comes within a week either." in page


def test_nobody_sees_a_date_of_a_case_of_others(browser, organiser, case, sign_in):
    stated(case, organiser, clock.today())
    page = sign_in(make_user(name="Idris")).get("/today")
    assert "Samira" not in page
    assert "No date needs you today." in page


def test_after_5_pm_a_limit_of_the_upper_tribunal_is_overdue_everywhere(
    sign_in, organiser, case, monkeypatch
):
    today = clock.today()
    row = deadlines.record_deadline(case, "ut_pta_direct", today, "in_uk", organiser)
    settling.state(case, row.id, today, "Ms Quill", organiser, stated_from=StatedFrom.LAWYER)
    at = datetime.combine(today, time(17, 30), clock.LONDON).astimezone(UTC)
    monkeypatch.setattr(clock, "now", lambda: at)
    browser = sign_in(organiser)
    assert headings(browser.get("/today")) == ["Overdue"]
    for address in ("/today", "/dates", "/dates?when=overdue", "/cases", f"/cases/{case.reference}"):
        page = browser.get(address)
        assert "5 pm has passed: show a lawyer now" in page, address
        assert "due today" not in page, address


def test_a_window_that_is_over_stands_apart_from_what_is_due_and_what_is_possible_has_its_own_place(
    browser, organiser, case
):
    window(case, -170, -157), window(case, -10, 10)
    limit(case, 5, 6)
    page = browser.get("/today")
    assert headings(page) == ["Possible now", "This week", "Ended"]
    assert "No date needs you today. In 1 case something may happen at any time." in page
    assert "ended 157 days ago" in page
    nearest = re.findall(r'<p class="next">.*?</p>', browser.get(f"/cases/{case.reference}"), re.S)
    for said in (browser.get("/cases"), *nearest):
        assert "possible now" in said
        assert "ended 157 days ago" not in said


def test_a_long_list_is_cut_and_leads_to_all_dates(browser, organiser, case):
    for _ in range(23):
        stated(case, organiser, clock.today())
    page = browser.get("/today")
    assert "23 dates need you today." in page
    assert '<a href="/dates">3 more stand among all dates</a>' in page


def move(row, at):
    moved = {"was": {"last": "2026-06-03"}, "now": {"last": "2026-06-04"}}
    db.session.add(DeadlineMove(deadline=row, at=at, because="3 June became a bank holiday", **moved))
    db.session.commit()


def test_what_moved_since_yesterday_says_from_when_to_when_and_why(browser, organiser, case):
    row = deadlines.record_deadline(case, "sar", clock.today(), None, organiser)
    move(row, clock.now() - timedelta(days=1))
    page = browser.get("/today")
    assert headings(page) == ["Moved since yesterday"]
    assert "now Thursday 4 June 2026, because 3 June became a bank holiday." in page


def test_older_moves_and_those_of_settled_dates_of_closed_cases_and_of_others_are_not_there(
    browser, organiser, case
):
    old, settled = (deadlines.record_deadline(case, "sar", clock.today(), None, organiser) for _ in range(2))
    move(old, clock.now() - timedelta(days=2))
    move(settled, clock.now())
    settling.settle(case, settled.id, "Answered", clock.today(), organiser)
    closed = make_case(organiser, home(), name="Idris")
    move(deadlines.record_deadline(closed, "sar", clock.today(), None, organiser), clock.now())
    cases.close_case(closed, "He is home", organiser)
    theirs = make_case(make_user(name="Ada"), home(), name="Nadia")
    cases.remove_from_team(theirs, organiser.id, organiser)
    move(deadlines.record_deadline(theirs, "sar", clock.today(), None, organiser), clock.now())
    assert headings(browser.get("/today")) == []


def test_a_group_that_shows_initials_shows_them_here_too(app, instance, browser, organiser):
    case = make_case(organiser, home(), name="Samira Ahmadi")
    move(stated(case, organiser, clock.today()), clock.now())
    assert browser.get("/today").count("Samira Ahmadi</a>") == 2
    settings = settings_for(instance, board_names="initials")
    app.extensions["casework"] = replace(app.extensions["casework"], settings=settings)
    page = browser.get("/today")
    assert page.count("S. A.</a>") == 2
    assert "Samira" not in page


@pytest.fixture
def mail(app, instance):
    """A mail server is set."""
    told = {
        "smtp_host": "127.0.0.1",
        "mail_from": "casework@group.example",
        "base_url": "https://casework.group.example",
    }
    app.extensions["casework"] = replace(app.extensions["casework"], settings=settings_for(instance, **told))


def test_mail_is_offered_only_where_it_can_be_sent(browser):
    assert "/you/mail" not in browser.get("/you")
    browser.get("/you/mail", 404)


def test_somebody_asks_for_the_mail_and_stops_it_again(browser, mail, organiser):
    assert 'href="/you/mail"' in browser.get("/you")
    browser.post("/you/mail", address=" ruth@example.org ")
    assert organiser.digest_to == "ruth@example.org"
    assert 'value="ruth@example.org"' in browser.get("/you/mail")
    browser.post("/you/mail", address="")
    assert organiser.digest_to is None
    trail = AuditEvent.query.order_by(AuditEvent.id)
    lines = [(row.action, row.facts) for row in trail if "mail" in row.action]
    assert lines == [("morning mail asked for", {}), ("morning mail stopped", {})]


@pytest.mark.parametrize(
    "typed", ["ruth", "a@example.org,b@example.org", "x" * 5000, "<script>alert(1)</script>@x.y"]
)
def test_what_is_no_address_is_explained_beside_the_field_and_kept_there(browser, mail, organiser, typed):
    page = browser.post("/you/mail", 200, address=typed)
    assert 'class="error" id="address-error"' in page
    assert typed[:4].replace("<", "&lt;") in page
    assert organiser.digest_to is None


def test_the_addresses_of_a_calendar_and_of_its_board_follow_the_settings(
    browser, stranger, mail, organiser, case
):
    stated(case, organiser, clock.today())
    page = browser.post("/you/calendar", 200)
    path = re.search(r'value="https://casework\.group\.example(/calendar/[\w-]+\.ics)"', page)[1]
    assert "https://casework.group.example/dates" in stranger.get(path).replace("\r\n ", "")
