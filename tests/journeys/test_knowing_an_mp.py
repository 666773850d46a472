"""In one evening a volunteer learns an MP and hands the office on; then the group plans six meetings in one month."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from casework import clock
from casework.domain.parliament.meetings import month_words
from casework.domain.safety.accounts import Role
from casework.domain.timing.counting import add_months
from tests.journeys.conftest import Camera
from tests.journeys.test_nine_in_the_evening import an_account, texts_of

pytestmark = pytest.mark.browser


def test_an_mp_is_learned_handed_on_and_six_meetings_are_planned(
    visit: Callable[..., Page], camera: Camera
) -> None:
    mina = an_account("Mina Castellan", Role.VOLUNTEER)
    idris = an_account("Idris Vane", Role.CASEWORKER)
    page = visit(360, of=mina, at="/mps/E14001323")
    page.get_by_role("link", name="Add what you learned").click()
    page.get_by_label("What did you learn?").select_option("Telephone")
    page.get_by_label("In words").fill("ring them")
    page.get_by_role("button", name="Keep this").click()
    expect(page.get_by_role("alert")).to_contain_text("is not a phone number")
    page.get_by_label("In words").fill("0113 496 0000")
    page.get_by_role("button", name="Keep this").click()
    page.get_by_role("link", name="Add what you learned").click()
    page.get_by_label("What did you learn?").select_option("Wants a signed form")
    page.get_by_label("Day", exact=True).fill("3/3/2026")
    page.get_by_role("button", name="Keep this").click()
    page.get_by_role("link", name="Add a note").click()
    expect(page.get_by_text("An MP may ask for a copy")).to_be_visible()
    page.get_by_label("In your words").fill("Schools and young people")
    page.get_by_role("button", name="Keep this note").click()

    other = visit(1280, of=idris, at="/mps/E14001323")
    expect(other.get_by_text("more than six months ago: ask again")).to_be_visible()
    camera.look(other, "member")
    other.get_by_role("button", name="Still so today: Wants a signed form").click()
    expect(other.get_by_text("by Idris Vane")).to_be_visible()
    paper = _printed(other)
    assert "0113 496 0000" in paper[0]
    assert "Schools and young people" not in " ".join(paper)
    _plan_six(other, camera)


def _plan_six(page: Page, camera: Camera) -> None:
    month = add_months(clock.today().replace(day=1), 1)
    page.goto("/mps/find")
    page.get_by_label("What is known of them").select_option(
        label="New in Parliament (first elected on 4 July 2024 or since)"
    )
    page.get_by_label("Region or nation").select_option("Yorkshire and The Humber")
    page.get_by_role("button", name="Find them").click()
    for number in range(6):
        page.locator("[name=mp]").nth(number).check()
    page.get_by_role("button", name="Keep those I ticked for a plan").click()
    page.get_by_label("What do you call this plan?").fill("First visits")
    page.get_by_label("In which month").select_option(month_words(month))
    page.get_by_role("button", name="Keep the plan").click()
    expect(page.get_by_text("6 meetings have nobody who goes yet.")).to_be_visible()
    for place in range(6):
        page.get_by_role("link", name="Plan it").nth(5 if place else 0).click()
        page.get_by_label("Who goes").fill(f"Pair {place + 1}")
        page.get_by_label("How far is it?").select_option("The day is fixed")
        page.get_by_label("Day", exact=True).fill(f"{28 - place * 3}/{month.month}/{month.year}")
        page.locator("[name=held_at]").fill("Library")
        page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("6 meetings: 6 have a day.")).to_be_visible()
    expect(page.locator(".missing")).to_have_count(0)
    camera.look(page, "plan")
    page.get_by_role("link", name="The plan on one page").click()
    page.wait_for_url("**/sheet")
    (sheet,) = _printed(page)
    assert all(f"Pair {number}" in sheet for number in range(1, 7))
    page.get_by_role("link", name="Back to the plan").click()
    page.get_by_role("link", name="All briefs, to print").click()
    page.wait_for_url("**/briefs")
    briefs = _printed(page)
    assert len(briefs) == 6
    assert "Pair" not in " ".join(briefs)


def _printed(page: Page) -> list[str]:
    """The text of each sheet of paper on which this page is printed, once all of it has come."""
    page.wait_for_load_state()
    return texts_of(page.pdf(prefer_css_page_size=True))
