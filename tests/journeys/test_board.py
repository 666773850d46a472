"""The group meets on a Friday, shares out the dates of the week, and pins them to the wall."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from casework.domain.safety.accounts import Role
from casework.services.case import cases
from tests.factories import home, make_case
from tests.journeys.conftest import Camera
from tests.journeys.test_nine_in_the_evening import an_account, texts_of
from tests.running_dates import chase, limit

pytestmark = pytest.mark.browser


def test_the_week_is_shared_out_and_printed(visit: Callable[..., Page], camera: Camera) -> None:
    ruth = an_account("Ruth Ellery", Role.ORGANISER)
    idris = an_account("Idris Vane", Role.CASEWORKER)
    for number in range(12):
        case = make_case(ruth, home(), name=f"Samira {'ABCDEFGHIJKL'[number]}.")
        cases.add_to_team(case, idris.id, ruth)
        limit(case, number, number + 3), chase(case, number + 1, who="The caseworker")
    limit(case, None)
    page = visit(1280, of=ruth, at="/cases")
    camera.look(page, "cases-with-dates")
    page.get_by_role("link", name="Dates", exact=True).click()
    camera.look(page, "board")

    page.get_by_role("link", name="This week").click()
    page.get_by_role("link", name="Limits and removals").click()
    expect(page.locator("tr.date")).to_have_count(8)
    page.get_by_label("I take Appeal, Samira B.").check()
    page.get_by_label("I take Appeal, Samira C.").check()
    page.get_by_role("button", name="I take these").click()
    expect(page.get_by_text("You take care of 2 dates now.")).to_be_visible()
    page.get_by_role("link", name="Mine").click()
    expect(page.locator("tr.date")).to_have_count(2)
    camera.look(page, "board-mine")

    page.goto("/dates?kind=follow-up")
    page.get_by_role("link", name="Ring them").first.click()
    page.get_by_role("link", name="Say who takes it").click()
    camera.look(page, "board-owner")
    page.get_by_label("Idris Vane").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Taken care of by: Idris Vane")).to_be_visible()

    page.goto("/dates?names=initials")
    sheets = texts_of(page.pdf(prefer_css_page_size=True))
    assert len(sheets) > 1
    for number, sheet in enumerate(sheets, 1):
        assert f"Page {number} of {len(sheets)}" in sheet
    for sheet in sheets[:-1]:
        assert "It may hold names: keep it safe" in sheet
        assert "Taken care" in sheet
        assert "Done" in sheet
    whole = " ".join(" ".join(sheets).split())
    assert "S. A." in whole
    assert "Samira" not in whole
    assert "Printed on" in whole
    assert "I take these" not in whole
