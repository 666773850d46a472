"""An appeal whose fourteenth day is Christmas Day: worked out without a case, added to one, settled with a receipt.

All of it runs with JavaScript off. Every page on the way is shown to axe at both widths, and photographed on request.
"""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from casework.domain.safety.accounts import Role
from tests.factories import home, make_case
from tests.journeys.conftest import Camera
from tests.journeys.test_nine_in_the_evening import an_account, put_day

pytestmark = pytest.mark.browser
APPEAL = "Appeal to the First-tier Tribunal, person in the UK (detained or not)"


def ask_without_a_case(page: Page, camera: Camera) -> None:
    """The dates come out where nobody is sure of the part of the UK, and stand in the address."""
    page.get_by_text("Menu", exact=True).click()
    page.get_by_role("link", name="One date").click()
    camera.look(page, "one-date-choose")
    page.get_by_label("Which date do you need?").select_option(label=APPEAL)
    page.get_by_role("button", name="Go on").click()
    put_day(page, "sent", "31 11 2025")
    page.get_by_label("Not sure").check()
    page.get_by_role("button", name="Work it out").click()
    expect(page.get_by_role("alert")).to_contain_text("There is no such day: 31 11 2025")
    camera.look(page, "one-date-wrong")
    put_day(page, "sent", "11 12 2025")
    page.get_by_label("By email").check()
    page.get_by_role("button", name="Work it out").click()
    answer = page.locator(".date")
    expect(answer).to_contain_text("Aim for Wednesday 24 December 2025")
    expect(answer).to_contain_text("last moment Friday 2 January 2026, midnight")
    days = page.locator("main")
    expect(days).to_contain_text("27 to 31 December, not a working day under these rules")
    expect(days).to_contain_text("In Scotland it would be Monday 5 January 2026")
    camera.look(page, "one-date")
    page.goto(page.url)  # as from a bookmark
    expect(answer).to_contain_text("Aim for Wednesday 24 December 2025")
    page.get_by_role("link", name="Everything about this rule").click()
    camera.look(page, "rule")
    page.get_by_role("link", name="The rules").click()
    camera.look(page, "rules")


def add_to_the_case(page: Page, camera: Camera) -> None:
    """Two steps: the rule, and what it needs."""
    page.get_by_role("link", name="Add a date by its rule").click()
    camera.look(page, "new-date-choose")
    page.get_by_label("Which date").select_option(label=APPEAL)
    page.get_by_role("button", name="Go on").click()
    put_day(page, "sent", "11 12 2025")
    put_day(page, "received", "10 12 2025")
    page.get_by_role("button", name="Add the date").click()
    expect(page.get_by_role("alert")).to_contain_text("before it was sent")
    camera.look(page, "new-date")
    put_day(page, "received", "12 12 2025")
    page.get_by_role("button", name="Add the date").click()
    expect(page.locator(".date")).to_contain_text("last moment Friday 2 January 2026, midnight")
    expect(page.locator("main")).to_contain_text("This counts as in England and Wales, where they lived")
    camera.look(page, "date-added")


def settle_and_open_again(page: Page, camera: Camera, receipt: Path) -> None:
    """Met with what shows it; open again with a reason; the lawyer's day beside ours."""
    page.get_by_role("link", name="It is met, or no longer matters").click()
    expect(page.get_by_label("It was missed")).to_be_visible()
    camera.look(page, "settle")
    page.get_by_label("It is met").check()
    page.get_by_label("In a few words").fill("The lawyer sent it on Christmas Eve.")
    put_day(page, "on", "24 12 2025")
    page.get_by_label("What shows it").set_input_files(receipt)
    page.get_by_role("button", name="Settle this date").click()
    expect(page.locator(".date")).to_contain_text("Met on 24 December 2025 (Ruth Ellery)")
    expect(page.get_by_role("link", name="What shows it")).to_be_visible()
    page.get_by_role("link", name="Open it again").click()
    camera.look(page, "reopen")
    page.get_by_label("What was done was not accepted").check()
    page.get_by_role("button", name="Open it again").click()
    page.get_by_role("link", name="The letter or a lawyer gives another date").click()
    put_day(page, "stated_on", "29 12 2025")
    page.get_by_label("A lawyer or registered adviser confirmed it").check()
    page.get_by_label("Who confirmed it").fill("Ms Quill, solicitor")
    put_day(page, "stated_said_on", "15 12 2025")
    camera.look(page, "state")
    page.get_by_role("button", name="Save their date").click()
    expect(page.locator(".date")).to_contain_text(
        "Ms Quill, solicitor confirmed this day on 15 December 2025."
    )
    expect(page.locator(".date")).to_contain_text("We counted Friday 2 January 2026")
    camera.look(page, "date-stated")


def test_an_appeal_whose_fourteenth_day_is_christmas_day(
    app: object, visit: Callable[..., Page], camera: Camera, tmp_path: Path
) -> None:
    ruth = an_account("Ruth Ellery", Role.CASEWORKER)
    case = make_case(ruth, home(), name="Samira")
    paper = io.BytesIO()
    Image.new("RGB", (60, 80), "white").save(paper, "PNG")
    (tmp_path / "receipt.png").write_bytes(paper.getvalue())
    page = visit(360, of=ruth, at="/today")
    ask_without_a_case(page, camera)
    page.goto(f"/cases/{case.reference}/dates")
    add_to_the_case(page, camera)
    settle_and_open_again(page, camera, tmp_path / "receipt.png")
