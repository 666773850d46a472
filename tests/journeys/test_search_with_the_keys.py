"""Search with the keys alone: as somebody types, by the button without script, and single keys switched off."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from casework.domain.safety.accounts import Role
from tests.factories import add_note, home, make_case
from tests.journeys.conftest import Camera
from tests.journeys.test_nine_in_the_evening import an_account

pytestmark = pytest.mark.browser


def test_somebody_is_found_with_the_keys_alone(visit: Callable[..., Page], camera: Camera) -> None:
    ruth = an_account("Ruth Ellery", Role.ORGANISER)
    case = make_case(ruth, home(), name="Kovalenko A.")
    make_case(ruth, home(), name="Kowalenko B.")
    add_note(case, "He keeps a <b>xylophone</b>", ruth)
    page = visit(script=True, of=ruth, at="/today")
    page.wait_for_load_state()  # keys lead somewhere from then on
    page.keyboard.press("/")
    expect(page.locator("#search-box")).to_be_focused()
    page.keyboard.type("kovalenk")
    found = page.locator("[data-found] a")
    expect(found).to_have_count(2)
    expect(page.locator("[data-counted]")).to_have_text("2 found. Press the down arrow to go through them.")
    assert page.url.endswith("/today"), "the page is the same, and so is its address"
    camera.look(page, "search-as-typed", posted=True)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    expect(found.first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#search-box")).to_be_focused()
    expect(found).to_have_count(0)
    page.keyboard.press("Control+a")
    page.keyboard.type("xylo")
    expect(found).to_have_text(["Note Kovalenko A. · " + case.reference + "He keeps a <b>xylophone</b>"])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/cases/{case.reference}#notes$"))
    single_keys(page)
    without_script(visit(of=ruth, at="/today"))


def single_keys(page: Page) -> None:
    """They lead somewhere, until they are switched off. A key does so once its page is there."""
    page.wait_for_load_state()
    page.keyboard.press("g")
    page.keyboard.press("d")
    expect(page).to_have_url(re.compile("/dates$"))
    page.wait_for_load_state()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Single keys")).to_be_visible()
    page.get_by_role("link", name="Switch them off").press("Enter")
    page.get_by_role("button", name="Switch single keys off").press("Enter")
    expect(page.get_by_text("Single keys are off.").first).to_be_visible()
    page.wait_for_load_state()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") != "search-box"


def without_script(page: Page) -> None:
    """The button does the same."""
    page.locator("#search-box").fill("xylo")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("heading", level=1, name="Search")).to_be_visible()
    assert page.url.endswith("/search")
    expect(page.locator("mark")).to_have_text("xylophone")
