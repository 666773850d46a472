"""The keys alone, on a screen enlarged to 400 %: what is in focus is seen, and everything can be hit."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from casework.domain.safety.accounts import Role
from tests.factories import home, make_case
from tests.journeys.test_nine_in_the_evening import an_account
from tests.running_dates import limit

pytestmark = pytest.mark.browser

# 1280 pixels enlarged four times.
LARGE = {"width": 320, "height": 640}
NARROWEST = "document.documentElement.scrollWidth"
SPREAD = """* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
p { margin-block-end: 2em !important }"""

FOCUS = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const box = one.getBoundingClientRect(), style = getComputedStyle(one);
  const x = Math.min(Math.max(box.left + Math.min(box.width / 2, 20), 0), innerWidth - 1);
  const y = Math.min(Math.max(box.top + box.height / 2, 0), innerHeight - 1);
  const top = document.elementFromPoint(x, y);
  return {
    what: `${one.tagName} ${one.innerText || one.name}`.slice(0, 60),
    ring: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
    seen: box.bottom > 0 && box.top < innerHeight && !!top && (one.contains(top) || top.contains(one)
      || [...(one.labels || [])].some((label) => label.contains(top))),
  };
}"""

# Smaller than 24 by 24, and so near to another that a circle of 24 around it would touch that one. Links in a
# sentence may be.
TOO_SMALL = """() => {
  const all = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
    .filter((one) => one.checkVisibility()).map((one) => [one, one.getBoundingClientRect()])
    .filter(([, box]) => box.width > 1 && box.right > 0);
  return all.filter(([one, box]) => {
    if (box.width > 23.9 && box.height > 23.9) return false;
    const line = one.closest('p, li, dd, td, th, label');
    const inline = getComputedStyle(one).display === 'inline';
    if (inline && line && line.innerText.trim().length > one.innerText.trim().length + 2) return false;
    const x = box.left + box.width / 2, y = box.top + box.height / 2;
    return all.some(([other, near]) => other !== one && Math.hypot(
      Math.max(near.left - x, 0, x - near.right), Math.max(near.top - y, 0, y - near.bottom)) < 12);
  }).map(([one]) => one.outerHTML.slice(0, 100));
}"""


def test_with_the_keys_alone_at_four_times_the_size_nothing_is_hidden_or_too_small(
    visit: Callable[..., Page],
) -> None:
    ruth = an_account("Ruth Ellery", Role.ORGANISER)
    for number in range(4):
        case = make_case(ruth, home(), name=f"Samira {'ABCD'[number]}.")
        limit(case, number, number + 3)
    page = visit(320, of=ruth, at="/today")
    page.set_viewport_size(LARGE)
    for path in ("/cases", f"/cases/{case.reference}", "/dates", "/cases/new", "/papers/data-protection"):
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        assert page.evaluate(NARROWEST) <= LARGE["width"], path
        assert page.evaluate(TOO_SMALL) == [], path
        walk(page, path)
        spread(page)
        assert page.evaluate(NARROWEST) <= LARGE["width"], f"{path} with more room between letters"


def walk(page: Page, path: str) -> None:
    """Press Tab until the page is through: each thing shows that it is in focus, and nothing lies over it."""
    page.keyboard.press("Tab")
    assert "Skip to the page" in page.evaluate(FOCUS)["what"]
    for _ in range(150):
        page.keyboard.press("Tab")
        if (focus := page.evaluate(FOCUS)) is None:
            return
        assert focus["ring"], f"{path}: {focus['what']} does not show that it is in focus"
        assert focus["seen"], f"{path}: {focus['what']} is hidden while it is in focus"
    raise AssertionError(f"{path}: Tab never came to an end")


def spread(page: Page) -> None:
    """More room between letters, words and lines, as a reader may set it."""
    page.evaluate(
        "(css) => { const one = new CSSStyleSheet(); one.replaceSync(css); document.adoptedStyleSheets = [one]; }",
        SPREAD,
    )
