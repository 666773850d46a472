"""A removal notice given on the Thursday before Easter to somebody held in Scotland: the clock, the plan, the paper.

All of it runs with JavaScript off. Every page on the way is shown to axe at both widths, and photographed on request.
"""

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from casework.domain.safety.accounts import Role
from tests.journeys.conftest import Camera
from tests.journeys.test_nine_in_the_evening import an_account, put_day, text_of

pytestmark = pytest.mark.browser
A4 = (595, 842)
LONG_NAMES = (
    "Łukasz Hughes & his sister Oluwaseun Bright, after the choir on Wednesday (07700 900123)",
    "whoever of the Tuesday group has the car, ask Mina first!!",
    "سمیرا احمدی and Dr Aoife Ní Bhriain",
)


def open_case(page: Page) -> str:
    """A case of somebody held at Dungavel; its address."""
    page.get_by_role("link", name="Open a case").click()
    page.get_by_label("Name they use").fill("Samira Wilhelmina Ahmadi-Featherstonehaugh")
    page.get_by_label("Where they are held").select_option("dungavel")
    put_day(page, "held_since", "1 3 2026")
    page.get_by_role("button", name="Open the case").click()
    found = re.search(r"/cases/C-\d+", page.url)
    assert found
    return found[0]


def record_notice(page: Page, case: str, camera: Camera) -> None:
    """The notice comes into the file, and the file leads to the clock."""
    page.goto(f"{case}/responses/new")
    page.locator("[name=response][value='removal notice']").check()
    put_day(page, "dated", "2 4 2026")
    put_day(page, "received_on", "2 4 2026")
    page.locator("[name=received_how]").select_option("hand")
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Keep the letter").click()
    page.get_by_role("link", name="The removal clock", exact=True).first.click()
    expect(page.get_by_role("heading", level=1, name="The removal clock")).to_be_visible()
    first = page.locator("main h2").first
    expect(first).to_contain_text("regulated adviser, today")
    expect(page.locator(".urgent").first).to_contain_text("Saturday 11 April 2026, 00:00")
    camera.look(page, "removal-clock")


def add_flight(page: Page, camera: Camera) -> None:
    """The departure details come, with an hour that cannot be at first."""
    page.get_by_role("link", name="Change or add details").click()
    camera.look(page, "removal-details")
    put_day(page, "details_given_on", "2 4 2026")
    put_day(page, "departs_on", "14 4 2026")
    page.get_by_label("At what hour").nth(1).fill("7.65")
    page.get_by_label("Flight number").fill("XX 123")
    page.get_by_label("From which airport").fill("Glasgow")
    page.get_by_label("To which country").fill("Eritrea")
    page.get_by_role("button", name="Save the details").click()
    expect(page.get_by_role("alert")).to_contain_text("There is no such hour: 7.65")
    page.get_by_label("At what hour").nth(1).fill("7.05")
    page.get_by_role("button", name="Save the details").click()
    expect(page.locator(".urgent").nth(1)).to_contain_text("Tuesday 14 April 2026, 07:05 UK time")


def ask_about_another_destination(page: Page) -> None:
    """Another destination is asked about, and nothing is saved by looking."""
    page.get_by_role("link", name="Change or add details").click()
    page.get_by_label("To which country").fill("Rwanda")
    page.get_by_role("button", name="Save the details").click()
    expect(page.get_by_role("group", name="Is this a new notice?")).to_be_visible()
    page.get_by_role("link", name="Samira").click()
    page.get_by_role("link", name="The removal clock and the plan").click()
    expect(page.locator(".urgent").nth(1)).to_contain_text("Eritrea")


def fill_plan(page: Page, camera: Camera) -> None:
    """Names as people type them on a phone, a tick, and three steps of our own."""
    steps = page.locator(".plan > li")
    expect(steps.filter(has_text="MP’s office rung")).to_contain_text("Thursday 9 April 2026, 13:00")
    expect(steps.filter(has_text="somebody to ring after landing")).to_contain_text(
        "Monday 13 April 2026, 09:00"
    )
    airline = steps.filter(has_text="Airline sheet")
    expect(airline).to_contain_text("Not without their consent")
    expect(airline.get_by_role("button")).to_have_count(0)
    for number, words in enumerate(("MP’s office rung", "Letter to the MP", "Somebody visits")):
        steps.filter(has_text=words).locator("[name=who]").fill(LONG_NAMES[number])
        page.get_by_role("button", name=f"Save who: {words}").click()
    page.get_by_role("button", name="Done: A lawyer or regulated adviser").click()
    expect(page.locator(".plan > li.done")).to_contain_text("done, Ruth Ellery")
    for number in range(4):
        page.get_by_role("link", name="Add a step of your own").click()
        page.get_by_label("What is to be done").fill(
            f"Ask the school, the parish and the Tuesday group to write to the MP too, each with one fact ({number})"
        )
        page.get_by_label("How long before").select_option("16")
        page.get_by_label("Who does it").fill(LONG_NAMES[number % 3])
        camera.look(page, "removal-own-step")
        page.get_by_role("button", name="Add it to the plan").click()
    camera.look(page, "removal-plan")


def print_page(page: Page, chromium: Browser, address: str) -> bytes:
    """What Chromium prints of the page that is open."""
    context = chromium.new_context(base_url=address, storage_state=page.context.storage_state())
    copy = context.new_page()
    copy.goto(page.url)
    pdf = copy.pdf(prefer_css_page_size=True)
    context.close()
    return pdf


def test_a_removal_notice_given_on_a_thursday_before_easter_in_scotland(
    visit: Callable[..., Page], camera: Camera, chromium: Browser, address: str
) -> None:
    page = visit(of=an_account("Ruth Ellery", Role.ORGANISER), at="/today")
    case = open_case(page)
    record_notice(page, case, camera)
    add_flight(page, camera)
    ask_about_another_destination(page)
    fill_plan(page, camera)

    page.get_by_role("link", name="Print it on one page").click()
    camera.look(page, "removal-sheet")
    pdf = print_page(page, chromium, address)
    if camera.folder:
        Path(camera.folder, "removal-sheet.pdf").write_bytes(pdf)
    (paper,) = PdfReader(io.BytesIO(pdf)).pages
    assert (round(paper.mediabox.width), round(paper.mediabox.height)) == A4
    words = text_of(pdf)
    assert "S. W. A." in words
    assert "Samira" not in words
    assert "XX 123" in words
    assert "It is not legal advice." in words
    assert words.count("after the choir on Wednesday") == 3

    page.get_by_role("link", name="Back to the clock").click()
    page.get_by_role("link", name="It was cancelled, it failed, or they were removed").click()
    camera.look(page, "removal-end")
    page.locator("[name=ended_as][value=failed]").check()
    page.get_by_label("Why, in a few words").fill("The captain refused.")
    page.locator("[name=outside][value=yes]").check()
    put_day(page, "ended_on", "14 4 2026")
    page.get_by_role("button", name="Save how it ended").click()
    expect(page.get_by_text("This attempt has ended: failed")).to_be_visible()
    page.goto(f"{case}/dates")
    expect(page.get_by_text("Monday 4 May 2026")).to_be_visible()
    page.goto(f"{case}/removals")
    camera.look(page, "removals")
