"""Somebody was detained an hour ago: from a fresh sign-in to the pack in twelve pages, and before a flight in six.

All of it runs with JavaScript off. The pages are counted as the browser opens them, the page to sign in among them.
`docs/walkthroughs.md` keeps the counts.
"""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from casework.domain.safety.accounts import Role
from casework.storage.models import User
from tests.journeys.conftest import Camera
from tests.journeys.test_nine_in_the_evening import an_account, download, enter, put_day, text_of

pytestmark = pytest.mark.browser
MOST_PAGES, MOST_BEFORE_A_FLIGHT = 12, 6


class Counted:
    """A browser that counts the pages it opens, beginning with the one to sign in."""

    def __init__(self, page: Page, user: User) -> None:
        self.page = page
        self.number = 1
        page.set_default_timeout(90_000)  # the pack is laid out while the browser waits
        page.on("domcontentloaded", self._one_more)
        enter(page, user)

    def _one_more(self, *_: Any) -> None:
        self.number += 1

    def look(self, camera: Camera, *names: str) -> None:
        """Photograph this page where somebody wants to see it; axe looks at a few pages of each kind alone."""
        if camera.folder:
            camera.look(self.page, *names)

    def say(self, button: str = "Save and go on", /, **fields: str) -> None:
        """Fill in what this question asks, and press a button."""
        for name, value in fields.items():
            box, day = self.page.locator(f"[name={name}]"), self.page.locator(f"[name={name}-day]")
            expect(box.or_(day).first).to_be_attached()  # the page of this question has come
            folded = self.page.locator("main form details", has=box)
            if folded.count() and not box.first.is_visible():
                folded.locator("summary").click()
            if day.count():
                put_day(self.page, name, value) if len(value.split()) == 3 else day.fill(value)
            elif box.first.get_attribute("type") == "radio":
                self.page.locator(f"[name={name}][value='{value}']").check()
            elif box.evaluate("one => one.tagName") == "SELECT":
                box.select_option(value)
            else:
                box.fill(value)
        self.page.get_by_role("button", name=button, exact=True).click()


def test_somebody_was_detained_and_the_pack_is_there_after_twelve_pages(
    visit: Callable[..., Page], camera: Camera
) -> None:
    ruth = an_account("Ruth Ellery", Role.ORGANISER)
    here = Counted(visit(), ruth)
    page = here.page
    here.look(camera, "first-hour-doors")
    page.get_by_role("link", name="Someone has been detained").click()
    here.look(camera, "first-hour-name")
    here.say(name_used="Samira", languages="Tigrinya")
    here.look(camera, "first-hour-where")
    here.say(held_at="yarls-wood", held_since="yesterday")
    here.look(camera, "first-hour-home")
    here.say(home_postcode="ls110es", home_address="1 Invented Row\nLeeds")
    here.look(camera, "first-hour-before")
    here.say("Don’t know yet")
    camera.look(page, "first-hour-papers")
    here.say(
        response="refusal", dated="yesterday", received_on="yesterday", received_how="hand", remedy="appeal"
    )
    here.look(camera, "first-hour-lawyer")
    here.say("They have none")
    here.look(camera, "first-hour-asked")
    here.say(agreed="yes", asked_by="Ruth, by phone")
    here.look(camera, "first-hour-urgent")
    here.say(urgency="A child is with a neighbour", health="Insulin twice a day")
    here.look(camera, "first-hour-who-does-what")
    here.say("Open the case and make the pack", adviser=str(ruth.id))
    expect(page.get_by_role("heading", level=1, name="What is ready")).to_be_visible()
    assert here.number <= MOST_PAGES
    camera.look(page, "first-hour-ready")
    pack = download(page)
    words = " ".join(text_of(pack).split())
    assert "signature or mark" in words.lower()
    assert "Draft, not sent" in words
    assert "Hilary Benn" in words
    assert "Insulin" not in words, "what is kept from some goes into no pack"
    if camera.folder:
        (camera.folder / "first-hour-pack.pdf").write_bytes(pack)
    page.get_by_role("link", name="Go to the case").click()
    here.look(camera, "first-hour-case")
    page.get_by_role("link", name="Find out: where they lived before").click()
    camera.look(page, "first-hour-find-out")
    here.say("They lived nowhere else")
    expect(page.get_by_role("link", name="Find out: where they lived before")).to_be_hidden()


def test_where_nothing_is_known_the_pack_is_there_all_the_same(
    visit: Callable[..., Page], camera: Camera
) -> None:
    here = Counted(visit(360), an_account("Ruth Ellery", Role.ORGANISER))
    here.page.get_by_role("link", name="Someone has been detained").click()
    here.say("Not to be said yet")
    for words in (*("Don’t know yet",) * 5, "Nobody could ask yet", "Don’t know yet"):
        here.say(words)
    here.say("Open the case and make the pack")
    expect(here.page.get_by_role("link", name="Find out: which name we may use")).to_be_visible()
    assert here.number <= MOST_PAGES
    assert "signature or mark" in text_of(download(here.page)).lower()
    here.look(camera, "first-hour-nothing-known")


def test_before_a_flight_the_list_of_the_hours_is_there_after_six_pages(
    visit: Callable[..., Page], camera: Camera
) -> None:
    here = Counted(visit(360), an_account("Ruth Ellery", Role.ORGANISER))
    page = here.page
    page.get_by_role("link", name="Tomorrow there is a flight").click()
    here.say(name_used="Samira")
    here.say(held_at="yarls-wood", home_postcode="ls110es")
    here.look(camera, "first-hour-flight")
    here.say("Save, and open the case now", departs_on="tomorrow", departs_at="23.40", flight="XX 123")
    expect(page.locator("main h2").first).to_have_text("Before the flight, first things first")
    assert here.number <= MOST_BEFORE_A_FLIGHT
    for draft in ("Urgent letter to the home MP", "Question to the lawyer", "Airline sheet"):
        expect(page.locator("main").get_by_role("link", name=draft)).to_be_visible()
    camera.look(page, "first-hour-flight-ready")
