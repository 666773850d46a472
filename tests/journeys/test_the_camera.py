"""What the camera of these journeys refuses, however many pages it has let pass before."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.conftest import Camera

pytestmark = pytest.mark.browser
PALE = "color: #999999; background-color: white"
DARK = "color: black; background-color: white"


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    """A window into whose pages anything may be written."""
    context = chromium.new_context(bypass_csp=True)
    page = context.new_page()
    page.goto(f"{address}/sign-in")
    yield page
    context.close()


def page_of(*words: str) -> str:
    """A page on which nothing but these words could be wrong."""
    return f'<html lang="en"><title>Words</title><main><h1 style="{DARK}">Words</h1>{"".join(words)}</main></html>'


DULL = f'<p style="{DARK}">dark</p>'
LINK = '<a href="/x" style="color: #222222; text-decoration: none">led away</a>'
ALONE = f'<p style="{DARK}">{LINK}</p>'


@pytest.mark.parametrize(
    ("known", "beside", "fault"),
    [
        (DULL, f'<p style="{PALE}">pale</p>', r"color-contrast: .*pale"),
        (ALONE, f'<p style="{DARK}">They were all {LINK}.</p>', r"link-in-text-block: .*led away"),
    ],
    ids=["a pale word", "a link that colour alone tells from the words beside it"],
)
def test_what_is_hard_to_see_is_refused_each_time_beside_words_that_are_known(
    page: Page, camera: Camera, known: str, beside: str, fault: str
) -> None:
    page.set_content(page_of(known))
    camera.look(page, "known", posted=True)
    page.set_content(page_of(known, beside))
    for _ in range(2):
        with pytest.raises(AssertionError, match=fault):
            camera.look(page, "beside", posted=True)


def test_what_is_behind_a_word_counts_and_a_button_without_a_name_is_refused(
    page: Page, camera: Camera
) -> None:
    page.set_content(page_of('<p style="color: black">dark</p>'))
    camera.look(page, "on-white", posted=True)
    page.set_content(page_of('<div style="background-color: #222222"><p style="color: black">dark</p></div>'))
    with pytest.raises(AssertionError, match=r"color-contrast: .*dark"):
        camera.look(page, "on-black", posted=True)
    page.set_content(page_of("<button></button>"))
    with pytest.raises(AssertionError, match="button-name"):
        camera.look(page, "no-name", posted=True)
    page.set_content(page_of('<p style="width: 500px">wide</p>'))
    with pytest.raises(AssertionError, match="pixels wide on a screen of 360"):
        camera.look(page, "wide", posted=True)
