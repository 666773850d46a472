"""In the morning: what needs somebody today, and the same dates in the calendar of their phone."""

import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from ical.calendar_stream import IcsCalendarStream
from playwright.sync_api import Page, expect

from casework import clock
from casework.domain.safety.accounts import Role
from casework.services.parliament import surgeries
from casework.services.parliament.surgeries import VisitFacts
from casework.services.timing import deadlines, settling
from casework.storage.database import db
from casework.storage.models import FollowUp
from tests.factories import home, make_case
from tests.journeys.conftest import Camera
from tests.journeys.test_nine_in_the_evening import an_account

pytestmark = pytest.mark.browser


def fetched(address: str) -> str:
    """What a calendar program gets there: it knows the address and nothing else."""
    with urllib.request.urlopen(address) as answer:
        return answer.read().decode()


def test_the_dates_of_the_morning_are_on_one_page_and_in_a_calendar(
    app: Flask, visit: Callable[..., Page], camera: Camera
) -> None:
    ruth, today = an_account("Ruth Ellery", Role.CASEWORKER), clock.today()
    case = make_case(ruth, home(), name="Samira")
    for on in (today - timedelta(days=1), today, today + timedelta(days=2)):
        row = deadlines.record_deadline(case, "ftt_appeal_in_uk", min(on, today), None, ruth)
        settling.state(case, row.id, on, "the letter", ruth)
    db.session.add(FollowUp(case=case, what="To write to the Home Office", due_on=today))
    surgeries.plan_visit(case, VisitFacts(case.places[0].gss_code or "", today + timedelta(days=3)), ruth)

    page = visit(of=ruth, at="/today")
    page.get_by_role("link", name="Today").click()
    expect(page.get_by_text("3 dates need you today.")).to_be_visible()
    camera.look(page, "today")
    page.get_by_role("link", name="Dates in your calendar").click()
    camera.look(page, "calendar")
    page.get_by_label("Where will you use it?").fill("my phone")
    page.get_by_role("button", name="Make the address").click()
    address = page.get_by_label("The address").input_value()

    days = {
        event.summary.split(" – ")[0]
        for event in IcsCalendarStream.calendar_from_ics(fetched(address)).events
    }
    assert days == {"Limit: last moment, midnight", "A promise to chase", "A visit"}
    assert "Samira" not in fetched(address)

    page.goto("/you/calendar")
    camera.look(page, "calendar-made")
    page.get_by_role("button", name="Stop this address").click()
    expect(page.get_by_text("The address is stopped for good.")).to_be_visible()
    with pytest.raises(urllib.error.HTTPError, match="404"):
        fetched(address)
