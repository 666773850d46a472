"""Two people make a plan at once and lose nothing, and a reporting day ends with a word. JavaScript is off."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from casework.domain.safety.accounts import Role
from casework.services.case import cases
from tests.factories import make_case
from tests.journeys.conftest import Camera
from tests.journeys.test_nine_in_the_evening import an_account

pytestmark = pytest.mark.browser


def test_two_people_plan_at_once_and_a_friend_waits_for_word(
    app: Flask, visit: Callable[..., Page], camera: Camera
) -> None:
    ruth, idris = an_account("Ruth Ellery", Role.CASEWORKER), an_account("Idris Vane", Role.CASEWORKER)
    case = make_case(ruth, name="Nadia")
    cases.add_to_team(case, idris.id, ruth)
    objective = f"/cases/{case.reference}/plan/parts/objective"
    page, other = visit(360, of=ruth, at=objective), visit(of=idris, at=objective)
    page.get_by_label("What stands in the plan").fill("She stays while the claim is read.")
    page.get_by_role("button", name="Save this part").click()
    other.get_by_label("What stands in the plan").fill("By Friday.")
    other.get_by_role("button", name="Save this part").click()
    expect(other.get_by_text("She stays while the claim is read.")).to_be_visible()
    other.get_by_label("What stands in the plan").fill("She stays while the claim is read. By Friday.")
    other.get_by_role("button", name="Save this part").click()
    other.get_by_role("link", name="Add a task").click()
    other.get_by_label("What is to be done?").fill("Book the hall")
    other.get_by_label("Who of the team does it").select_option("Ruth Ellery")
    other.get_by_role("button", name="Save").click()
    camera.look(other, "plan")
    other.get_by_role("link", name="Print it for the meeting").click()
    camera.look(other, "plan-sheet")

    page.goto(f"/cases/{case.reference}")
    expect(page.get_by_text("waiting for Ruth Ellery")).to_be_visible()
    camera.look(page, "case-tasks")
    page.get_by_role("link", name="Reporting days").click()
    page.get_by_role("link", name="Make the plan").click()
    page.get_by_label("Who waits for word").fill("Grace")
    page.get_by_label("By what hour word has to come").fill("23:59")
    page.locator("[name=agreed_on-day]").fill("today")
    page.get_by_label("Their name, as they use it").check()
    page.get_by_role("button", name="Save the plan").click()
    page.get_by_role("link", name="Add days").click()
    page.locator("[name=first-day]").fill("today")
    page.get_by_role("button", name="Add the days").click()
    camera.look(page, "reporting")
    page.goto("/today")
    expect(page.get_by_text("word by 23:59")).to_be_visible()
    camera.look(page, "today-reporting")
    page.get_by_role("button", name="Word came").click()
    expect(page.get_by_text("Good. Word came.")).to_be_visible()
    page.get_by_role("link", name="Print the card").click()
    camera.look(page, "card")
