"""Pages that run from right to left, in words longer than ours: nothing is cut, nothing is on its wrong side."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from casework.domain.safety.accounts import Role
from casework.services.consent import own_view_links
from casework.storage.database import db
from tests import pseudo
from tests.factories import detained_at, home, make_case
from tests.journeys.conftest import Camera
from tests.journeys.test_nine_in_the_evening import PASSWORD, an_account
from tests.running_dates import limit

pytestmark = pytest.mark.browser

# What is cut off at its edge, and whether the page begins on the right.
CUT = """[...document.querySelectorAll('main *, header *')].filter(one => {
  const style = getComputedStyle(one);
  return style.overflowX === 'hidden' && !one.matches('.unseen, .unseen *') && one.scrollWidth > one.clientWidth + 1;
}).map(one => one.outerHTML.slice(0, 120))"""
SIDES = """[getComputedStyle(document.querySelector('main')).direction,
  getComputedStyle(document.querySelector('h1')).textAlign,
  document.querySelector('.top .name').getBoundingClientRect().right > innerWidth / 2]"""


@pytest.fixture
def instance(instance: Path) -> Path:
    """The instance, with two languages of its own that nobody speaks."""
    pseudo.speak_it(instance)
    return instance


def looks_right(page: Page, camera: Camera, name: str) -> None:
    camera.look(page, name)
    page.set_viewport_size({"width": 1280, "height": 900})
    assert page.evaluate(SIDES) == ["rtl", "start", True]
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(CUT) == []


def test_pages_turn_round_and_nothing_is_cut(visit: Callable[..., Page], camera: Camera) -> None:
    ruth = an_account("Ruth Ellery", Role.ORGANISER)
    case = make_case(ruth, home(), detained_at(), name="Samira", languages="Farsi")
    limit(case, 2, 3)
    token, reference = own_view_links.make(case, 3, ruth), case.reference
    ruth.language = pseudo.MIRRORED.code
    db.session.commit()
    page = visit(1280, script=True)
    for path, name in ((f"/yours/{token}?lang=art", "own-view"), ("/sign-in?lang=art", "sign-in")):
        page.goto(path)
        if name == "own-view":
            page.locator("main form button").click()
            page.wait_for_load_state()
        looks_right(page, camera, f"right-to-left-{name}")
    page.locator("[name=sign_in_name]").fill(ruth.sign_in_name)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form button").first.click()
    for path, name in ((f"/cases/{reference}", "case"), ("/dates", "dates")):
        page.goto(path)
        looks_right(page, camera, f"right-to-left-{name}")
    assert pseudo.english_in(what_scripts_say(page), {"samira", "case", "casework"}) == []


def what_scripts_say(page: Page) -> str:
    """What is on the page only because of a script: what was found, and what each key does."""
    page.locator("#search-box").fill("Samira")
    page.locator("[data-found] h2").first.wait_for()
    found = page.locator("[data-counted]").inner_html() + page.locator("[data-found] h2").first.inner_html()
    page.locator("#search-box").fill("")
    page.locator("h1").first.click()
    page.keyboard.press("?")
    return found + page.locator("dialog.keys").inner_html()
