"""A hall of three hundred: from a volunteer's spreadsheet to the heaps of letters, watched while they are made.

All of it runs with JavaScript off. Every page on the way is shown to axe at both widths, and photographed on request.
"""

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from casework.domain.safety.accounts import Role
from casework.services.campaign import batches, work
from casework.services.campaign.batch_choice import Choice
from tests.journeys.conftest import Camera
from tests.journeys.test_nine_in_the_evening import an_account, texts_of
from tests.supporters import TO_OWN_MP, campaign_of, make_supporters

pytestmark = pytest.mark.browser

LIST = Path(__file__).parents[1] / "data" / "sheets" / "three-hundred.csv"


def number_in(text: str, after: str) -> int:
    """The first number that follows these words."""
    return int(re.search(rf"{after}\D*([\d,]+)", text)[1].replace(",", ""))


def test_from_a_spreadsheet_to_a_heap_for_each_mp(
    app: Flask, visit: Callable[..., Page], camera: Camera
) -> None:
    ruth = an_account("Ruth Ellery", Role.ORGANISER)
    case = campaign_of(ruth)
    page = visit(of=ruth, at="/today")

    # The list comes in: what is wrong is mended, who is there twice is kept once.
    page.goto(f"/cases/{case.reference}")
    page.get_by_role("link", name="from a spreadsheet").click()
    camera.look(page, "hall-1-upload")
    page.locator("[name=sheet]").set_input_files(LIST)
    page.get_by_role("button", name="Read the list").click()
    camera.look(page, "hall-2-columns")
    page.get_by_label("Everybody on this list said that they will write").check()
    page.get_by_role("button", name="Read the rows").click()
    camera.look(page, "hall-3-rows")
    expect(page.get_by_role("heading", name="rows need you")).to_be_visible()
    page.wait_for_load_state()
    for box in page.locator("input[aria-invalid=true]").all():
        box.fill("Wanda Found" if "name" in (box.get_attribute("id") or "") else "LS11 0ES")
    page.get_by_role("button", name=re.compile(r"Save these \d+ rows")).click()
    expect(page.get_by_role("heading", name=re.compile("may be there twice"))).to_be_visible()
    page.locator("[name=told_on-day]").fill("today")
    add = page.get_by_role("button", name=re.compile(r"Add \d+ supporters"))
    added = number_in(add.inner_text(), "Add")
    assert added >= 299
    add.click()
    page.get_by_role("link", name="See the supporters").click()

    # A letter for each: three are looked at, and the rest is watched while it is made.
    page.get_by_role("link", name="Letters for many").click()
    page.get_by_role("link", name="Make letters for many").first.click()
    page.locator("[name=order][value=table]").check()
    page.locator("[name=room]").check()
    page.get_by_role("button", name="See who is ready").click()
    make = page.get_by_role("button", name=re.compile(r"Make \d+ letters"))
    wanted = number_in(make.inner_text(), "Make")
    assert wanted > 280
    expect(page.locator(".thirds img")).to_have_count(3)
    page.wait_for_load_state()
    camera.look(page, "hall-4-preview")
    if page.locator("[name=because]").count():
        page.locator("[name=because]").fill("The vote is on Monday.")
    make.click()
    where = page.url
    seen = []

    def watch(outcome: work.Outcome) -> None:
        if outcome.letter_id % 100 == 0:
            page.goto(where)
            seen.append(page.title())

    page.get_by_role("button", name="Pause").click()
    assert work.work() == 0
    page.get_by_role("button", name="Go on").click()
    assert work.work(after_each=watch) == wanted
    assert seen
    assert all(re.match(rf"\d+ of {wanted}", title) for title in seen), seen
    page = page.context.new_page()  # the old one is about to load itself again
    page.goto(where)
    expect(page.get_by_role("heading", name=re.compile("needs? you"))).to_have_count(0)
    camera.look(page, "hall-5-made")

    # One file to print: every signer's own letter once, at their table, with a sheet before each heap.
    with page.expect_download() as begun:
        page.get_by_role("link", name=re.compile("All letters, one PDF.*table")).click()
    content = Path(begun.value.path()).read_bytes()
    texts = texts_of(content)
    letters = [text for text in texts if "I am your constituent" in text]
    assert len(letters) == wanted
    sheets = [text for text in texts if "I am your constituent" not in text]
    assert len(sheets) == 15
    with pikepdf.open(BytesIO(content)) as pdf:
        assert pdf.Root.MarkInfo.Marked
    assert len(content) < 4_000 * wanted

    # Counted out and in, and one heap handed over: the file of the case and the reach know of it.
    page.get_by_role("link", name=re.compile("Count them")).click()
    for step in ("printed", "signed", "handed over"):
        page.get_by_role("link", name=re.compile(f"^Count those {step} for")).first.click()
        page.locator("[name=number]").fill("1")
        page.get_by_role("button", name="Write it down").click()
    page.goto(f"/cases/{case.reference}/reach?map=even")
    expect(page.get_by_text(re.compile(rf"{wanted} letters made"))).to_be_visible()
    expect(page.locator("caption")).to_contain_text("1 letter handed over")


def test_the_smaller_rooms_on_the_way_are_for_everybody(
    app: Flask, visit: Callable[..., Page], camera: Camera
) -> None:
    ruth = an_account("Ruth Ellery", Role.ORGANISER)
    case = campaign_of(ruth)
    make_supporters(case, 4)
    batch = batches.start_batch(case, Choice(TO_OWN_MP), ruth)
    work.work()
    page = visit(of=ruth, at="/today")
    here = f"/cases/{case.reference}"
    for name, room in {
        "supporters": "supporters",
        "count": f"batches/{batch.id}/hand-over",
        "reach": "reach?map=even",
    }.items():
        camera.look(page, f"hall-{name}", at=f"{here}/{room}")
