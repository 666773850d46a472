"""A bank holiday is proclaimed: an organiser adds it, sees what would move, and then every page says so."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from casework import clock
from casework.domain.dates import spoken
from casework.domain.safety.accounts import Role
from casework.reference.rule_book import rule_book
from casework.services.timing import deadlines, rule_changes
from tests.factories import home, make_case
from tests.journeys.conftest import Camera
from tests.journeys.test_nine_in_the_evening import an_account, put_day

pytestmark = pytest.mark.browser
NAME = "Appeal to the First-tier Tribunal, person in the UK (detained or not)"


def working_day(day: date) -> date:
    """This day, or the first after it on which the tribunal works."""
    return rule_book().working_calendar("ftt_iac").on_or_after(day)


def test_a_changed_holiday(visit: Callable[..., Page], camera: Camera) -> None:
    ruth = an_account("Ruth Ellery", Role.ORGANISER)
    case = make_case(ruth, home(), name="Samira")
    sent = next(day for n in range(9) if (day := clock.today() - timedelta(n)) and working_day(day) == day)
    row = deadlines.record_deadline(case, "ftt_appeal_in_uk", sent, None, ruth)
    was = row.last_on
    assert was
    now = working_day(was + timedelta(1))

    page = visit(of=ruth, at="/today")
    page.get_by_role("link", name="You", exact=True).click()
    page.get_by_role("link", name="Changes of rules and bank holidays").click()
    page.get_by_role("link", name="Add a bank holiday").click()
    page.get_by_role("button", name="See what would move").click()
    expect(page.get_by_role("alert")).to_contain_text("Type the day.")
    camera.look(page, "holiday-form")
    put_day(page, "date", f"{was.day} {was.month} {was.year}")
    page.get_by_label("England and Wales").check()
    page.get_by_label("What it is called").fill("Day of thanks")
    page.get_by_label("Where you read it").fill("gov.uk/bank-holidays")
    page.get_by_label("Why", exact=True).fill("Proclaimed today")
    page.get_by_role("button", name="See what would move").click()

    expect(page.get_by_role("heading", level=1, name="What would move")).to_be_visible()
    moves = f"Was {spoken(was, weekday=True, year=was.year != now.year)}, now {spoken(now, weekday=True)}"
    expect(page.get_by_role("row", name=re.compile("Samira"))).to_contain_text(moves)
    assert rule_changes.list_changes() == []
    page.get_by_role("button", name="Go back and change it").click()
    expect(page.get_by_label("What it is called")).to_have_value("Day of thanks")
    page.get_by_role("button", name="See what would move").click()
    page.get_by_role("button", name="Save: it counts from now on").click()

    expect(page.get_by_role("heading", level=1, name="Dates that moved")).to_be_visible()
    camera.look(page, "dates-moved")
    page.get_by_role("link", name=NAME).click()
    block = page.locator(".date")
    expect(block).to_contain_text(f"last moment {spoken(now, weekday=True)}")
    expect(block).to_contain_text(moves)
    because = f"because {spoken(was, weekday=True)} is a bank holiday in England and Wales (Day of thanks)"
    expect(block).to_contain_text(f"{because}: Proclaimed today.")
    expect(page.get_by_text("Day of thanks, added by this group").first).to_be_visible()
    camera.look(page, "date-that-moved")

    page.goto("/changes")
    page.get_by_role("link", name=re.compile("See what that would move")).click()
    camera.look(page, "change-to-take-back")
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_role("status")).to_contain_text("1 open date moved.")
    page.goto(f"/cases/{case.reference}/dates/{row.id}")
    expect(page.locator(".date")).to_contain_text(f"last moment {spoken(was, weekday=True)}")
    page.get_by_text("How this date moved before").click()
    expect(page.get_by_text("Proclaimed today")).to_be_visible()
    camera.look(page, "date-that-moved-back")
