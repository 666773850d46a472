"""A by-election arrives by an update while Casework runs: the case says so, the draft too, and there is a way back."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from casework import clock
from casework.domain.safety.accounts import Role
from casework.services.letters import letters
from casework.storage.models import Case, User
from tests.answers import answers, apply, by_election
from tests.factories import home, make_case
from tests.journeys.conftest import Camera
from tests.journeys.test_nine_in_the_evening import an_account

pytestmark = pytest.mark.browser
LEEDS = "E14001323"


@pytest.fixture
def ruth(app: Flask) -> User:
    return an_account("Ruth Ellery", Role.ORGANISER)


@pytest.fixture
def case(ruth: User) -> Case:
    """Samira, of Leeds, with a letter to her MP begun."""
    case = make_case(ruth, home(), name="Samira")
    letters.draft_letter(case, "home-mp-first-contact", ruth, gss_code=LEEDS)
    return case


def test_a_by_election_reaches_the_case_and_its_draft_and_a_wrong_one_is_taken_back(
    visit: Callable[..., Page], camera: Camera, ruth: User, case: Case
) -> None:
    page = visit(360, of=ruth, at=f"/cases/{case.reference}")
    expect(page.get_by_role("link", name="Rt Hon Hilary Benn MP")).to_be_visible()
    polled = clock.today() - timedelta(days=10)
    apply(answers(by_election(LEEDS, "Jo Newly", polled, polled - timedelta(days=21))))

    page.reload()
    who = page.locator("section", has=page.get_by_role("heading", name="Who can act"))
    expect(who.get_by_text("Jo Newly after Hilary Benn.")).to_be_visible()
    expect(who.get_by_role("link", name="Jo Newly MP")).to_be_visible()
    camera.look(page, "by-election-case")
    page.get_by_text("1 letter", exact=True).click()
    page.get_by_role("region", name="Papers").get_by_role("link", name="Hilary Benn").click()
    expect(page.get_by_text("This draft was begun for Hilary Benn.")).to_be_visible()

    page.goto("/you")
    page.get_by_role("link", name="The directory of MPs").click()
    expect(page.get_by_role("link", name="Jo Newly (Example Party) is the MP since")).to_be_visible()
    camera.look(page, "directory-in-use")
    page.get_by_role("button", name="Go back to before this update").click()
    expect(page.get_by_text("In use: the tables that Casework carries.")).to_be_visible()
    page.goto(f"/cases/{case.reference}")
    expect(page.get_by_role("link", name="Rt Hon Hilary Benn MP")).to_be_visible()
    expect(page.get_by_text("Jo Newly")).to_have_count(0)
