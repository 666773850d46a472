"""Something happens in a case: it is chosen in plain words, seen with its dates, saved, and ends other dates.

All of it runs with JavaScript off. Every page on the way is shown to axe at both widths, and photographed on request.
"""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from casework.domain.safety.accounts import Role
from tests.factories import detained_at, home, make_case
from tests.journeys.conftest import Camera
from tests.journeys.test_nine_in_the_evening import an_account, put_day

pytestmark = pytest.mark.browser


def test_a_refusal_of_bail_starts_28_days_and_bail_ends_them(
    app: Flask, visit: Callable[..., Page], camera: Camera
) -> None:
    ruth = an_account("Ruth Ellery", Role.CASEWORKER)
    case = make_case(ruth, home(), detained_at(since=date(2026, 9, 3)), name="Samira")
    page = visit(360, of=ruth, at=f"/cases/{case.reference}")
    page.get_by_role("link", name="Something happened").click()
    camera.look(page, "happened-choose")
    page.get_by_role("link", name="A tribunal refused bail").click()
    page.get_by_role("button", name="See what will change").click()
    expect(page.get_by_role("link", name="Type the day.")).to_be_visible()
    put_day(page, "on", "3 11 2026")
    page.get_by_label("Anything to remember of it").fill("No ties, said the judge.")
    camera.look(page, "happened-new")
    page.get_by_role("button", name="See what will change").click()

    expect(page.get_by_role("heading", level=1, name="This is what will change")).to_be_visible()
    expect(page.get_by_text("1 date will start")).to_be_visible()
    expect(page.locator(".date").first).to_contain_text("From Tuesday 1 December 2026")
    camera.look(page, "happened-preview", posted=True)
    page.get_by_role("button", name="Change what I typed").click()
    expect(page.get_by_label("Anything to remember of it")).to_have_value("No ties, said the judge.")
    page.get_by_role("button", name="See what will change").click()
    page.get_by_role("button", name="Save it").click()
    expect(page.get_by_text("The dates that it started")).to_be_visible()
    camera.look(page, "happened")

    page.goto(f"/cases/{case.reference}/dates")
    expect(page.get_by_role("link", name="New bail application after refusal")).to_be_visible()
    page.get_by_role("link", name="Something happened").click()
    page.get_by_role("link", name="Bail was granted").click()
    page.locator("[name=on-day]").fill("today")
    page.get_by_role("button", name="See what will change").click()
    expect(page.get_by_label("New bail application after refusal")).to_be_checked()
    camera.look(page, "happened-preview-ends", posted=True)
    page.get_by_role("button", name="Save it").click()
    expect(page.get_by_text("The dates that it ended")).to_be_visible()
    expect(page.get_by_text("bail was granted").first).to_be_visible()

    page.get_by_role("link", name="This was recorded by mistake").click()
    camera.look(page, "happened-take-back")
    page.get_by_role("button", name="Take it back").click()
    page.goto(f"/cases/{case.reference}/dates")
    expect(page.locator(".date", has_text="New bail application after refusal")).to_contain_text("From")


def test_an_appeal_whose_fourteenth_day_is_christmas_day(
    app: Flask, visit: Callable[..., Page], camera: Camera
) -> None:
    ruth = an_account("Ruth Ellery", Role.CASEWORKER)
    case = make_case(ruth, home(), name="Yonas")
    page = visit(of=ruth, at=f"/cases/{case.reference}")
    page.get_by_role("link", name="Something happened").click()
    page.get_by_role("link", name="The Home Office refused something").click()
    page.locator("[name=response][value=refusal]").check()
    page.locator("[name=remedy][value=appeal]").check()
    put_day(page, "dated", "11 12 2025")
    put_day(page, "received_on", "12 12 2025")
    page.locator("[name=received_how]").select_option("email")
    page.get_by_role("button", name="Go on").click()

    appeal = page.locator(".date", has_text="Appeal to the First-tier Tribunal")
    expect(appeal).to_contain_text("Aim for Wednesday 24 December 2025")
    expect(appeal).to_contain_text("last moment Friday 2 January 2026, midnight")
    expect(appeal).to_contain_text("In Scotland it would be Monday 5 January 2026")
    camera.look(page, "letter-preview", posted=True)
    page.get_by_role("button", name="Keep the letter").click()
    page.get_by_role("link", name="Appeal to the First-tier Tribunal").click()
    expect(page.get_by_text("Christmas Day").first).to_be_visible()
