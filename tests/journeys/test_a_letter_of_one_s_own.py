"""A supporter alone on the campaign page: 360 pixels, a keyboard, no script. And words typed with a volunteer.

Every page on the way is shown to axe at both widths, and photographed on request.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from casework import clock
from casework.domain.consent.campaign_consent import RISKS
from casework.domain.consent.publicity import Level
from casework.domain.safety.accounts import Role
from casework.services.campaign import campaign_pages, supporters
from casework.services.consent import campaign_consent
from casework.services.consent.campaign_consent import NewCampaignConsent
from tests.factories import detained_at, home, make_case
from tests.journeys.conftest import Camera
from tests.journeys.test_nine_in_the_evening import an_account, text_of

pytestmark = pytest.mark.browser

BIKES = "She mends the bicycles of half our street on Sundays and takes no money for it."
YES = NewCampaignConsent(
    clock.today(), Level.CHANGED_NAME, "Ruth Ellery", "signature", changed_name="Leila", risks=tuple(RISKS),
    anonymity_order="no",
)  # fmt: skip


def tab_to(page: Page, name: str) -> None:
    """Go on with the tab key until the focus is on what has this name."""
    for _ in range(60):
        page.keyboard.press("Tab")
        focus = page.locator(":focus")
        if focus.count() and name in (focus.get_attribute("name"), focus.inner_text().strip()):
            return
    raise AssertionError(f"the tab key never comes to {name}")


def type_into(page: Page, name: str, text: str) -> None:
    tab_to(page, name)
    page.keyboard.type(text)


def press(page: Page, button: str) -> None:
    """Reach a button by the tab key and press it."""
    tab_to(page, button)
    page.keyboard.press("Enter")


def test_a_supporter_writes_to_their_own_mp_with_nothing_but_a_keyboard(
    app: object, visit: Callable[..., Page], camera: Camera
) -> None:
    ruth = an_account("Ruth Ellery", Role.ORGANISER)
    case = make_case(ruth, home(), detained_at(), name="Samira", pronouns="she")
    campaign_consent.record(case, YES, ruth)
    supporters.add_supporter(case, ruth, name="Ada", postcode="B1 1BB", own_words=BIKES)

    desk = visit(of=ruth, at=f"/cases/{case.reference}/campaign-page")
    camera.look(desk, "campaign-page-new")
    desk.locator("[name=template]").check()
    desk.locator("[name=heading]").fill("Write to your MP for Leila")
    desk.locator("[name=words]").fill(
        "Leila is our neighbour.\n\nShe was detained in March. Please ask your MP for a word."
    )
    desk.locator("[name=days][value='28']").check()
    desk.get_by_role("button", name="Open the page").click()
    address = desk.locator("#address").input_value()
    desk.goto(f"/cases/{case.reference}/campaign-page")
    camera.look(desk, "campaign-page-open")

    page = visit(360)
    page.goto(address)
    camera.look(page, "alone-1")
    type_into(page, "name", "Grace Okoro")
    type_into(page, "postcode", "s1 2hh")
    press(page, "Find my MP")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Your MP is")
    camera.look(page, "alone-2", posted=True)
    type_into(page, "address", "4 Row\nSheffield")
    press(page, "Go on to the letter")
    expect(page.get_by_text("How do you know Leila?")).to_be_visible()
    camera.look(page, "alone-3", posted=True)
    press(page, "Check my letter")
    expect(page.get_by_role("alert")).to_contain_text("One sentence of your own is enough")
    type_into(page, "how_known", BIKES)
    type_into(page, "own_words", "My mother was in hospital in May and she came every day.")
    press(page, "Check my letter")
    expect(page.get_by_role("heading", name="Please leave something out")).to_be_visible()
    expect(page.locator(".likeness")).to_contain_text("This is very like one other letter.")
    tab_to(page, "how_known")
    page.keyboard.press("Control+A")
    page.keyboard.type("We met when my chain broke on the hill, and she mended it with a hairpin.")
    tab_to(page, "about_another")
    page.keyboard.press("Space")
    press(page, "Check my letter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Your letter to")
    camera.look(page, "alone-4", posted=True)
    with page.expect_download() as handed:
        press(page, "Download the letter (PDF)")
    printed = text_of(handed.value.path().read_bytes())
    assert "hairpin" in printed
    assert "Samira" not in printed
    tab_to(page, "count")
    page.keyboard.press("Space")
    tab_to(page, "keep")
    page.keyboard.press("Space")
    type_into(page, "email", "grace@example.org")
    press(page, "Finish")
    expect(page.get_by_label("Your own link to stop it")).to_be_visible()
    camera.look(page, "alone-5", posted=True)
    assert {cookie["name"] for cookie in page.context.cookies()} <= {"casework"}

    (joined,) = (one for one in supporters.list_sign_ups(case) if one.joined_how == "page")
    desk.goto(f"/cases/{case.reference}/supporters/{joined.supporter_id}/words")
    camera.look(desk, "own-words")
    desk.locator("[name=own_words]").fill(BIKES)
    desk.get_by_role("button", name="Save and check").click()
    expect(desk.locator(".likeness")).to_contain_text("This is very like one other letter.")
    desk.get_by_role("link", name="Letters too alike").click()
    expect(desk.get_by_text("2 letters are very like another one")).to_be_visible()
    camera.look(desk, "too-alike")

    campaign_pages.close_page(case, ruth)
    page.goto(address)
    expect(page.get_by_role("heading", level=1, name="This page has ended")).to_be_visible()
    camera.look(page, "alone-ended")
