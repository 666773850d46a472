"""On a phone without a script: an answer is read beside our letter, and what it left open is asked again."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from casework import clock
from casework.domain.letters.correspondence import Kind, ResponseKind
from casework.domain.safety.accounts import Role
from casework.services.letters import correspondence
from casework.services.letters.correspondence import NewPaper
from tests.factories import make_case_that_keeps_health_private
from tests.full_case import LEEDS_SOUTH
from tests.journeys.conftest import Camera
from tests.journeys.test_nine_in_the_evening import an_account

pytestmark = pytest.mark.browser
ASKED = "Why is she held? Has the new report been read? May her friends visit her?"


def test_an_answer_is_mapped_and_chased(app: Flask, visit: Callable[..., Page], camera: Camera) -> None:
    ruth, today = an_account("Ruth Ellery", Role.CASEWORKER), clock.today()
    case = make_case_that_keeps_health_private(ruth)
    sent, came = today - timedelta(days=50), today - timedelta(days=8)
    mps = NewPaper(Kind.MEMBER_TO_HOME_OFFICE, gss_code=LEEDS_SOUTH, dated=sent, summary=ASKED)
    theirs = NewPaper(
        Kind.HOME_OFFICE_RESPONSE, response=ResponseKind.SUBSTANTIVE, sender="Home Office", dated=came,
        received_on=came, answers_id=correspondence.record_paper(case, mps, ruth).id,
    )  # fmt: skip
    correspondence.record_paper(case, theirs, ruth)

    page = visit(360, of=ruth, at=f"/cases/{case.reference}/letters-and-answers")
    page.get_by_role("link", name="A letter from the Home Office: answer").first.click()
    page.get_by_role("link", name="Read it beside our letter").click()
    page.get_by_role("link", name="Begin").click()
    expect(page.get_by_label("What our letter asked")).to_have_value(ASKED.replace("? ", "?\n"))
    page.get_by_label("Final: this is their answer").check()
    page.get_by_label("Who signed it?").select_option("An official of the Home Office")
    page.get_by_label("The words of the answer").fill("No report has come. We will tell you about visits.")
    page.get_by_role("button", name="Begin with the first question").click()

    expect(page.get_by_role("heading", name="Why is she held?")).to_be_visible()
    page.get_by_label("Dodged").check()
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_role("heading", name="Has the new report been read?")).to_be_visible()
    page.get_by_label("Wrong in fact").check()
    page.get_by_label("The answer’s own words").fill("No report has come.")
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_text("Say what is right, and how you know.").first).to_be_visible()
    camera.look(page, "answer-question", posted=True)
    page.get_by_label("what is right, and how do you know?").fill("It went on 2 November and was signed for.")
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_label("Promised").check()
    page.get_by_label("If it promises").fill("To tell us about visits")
    for part, words in zip(("Day", "Month", "Year"), (came.day, came.month, came.year), strict=True):
        page.get_by_label(part, exact=True).fill(str(words))
    page.get_by_role("button", name="Save and go on").click()

    expect(page.get_by_text("1 dodged, 1 wrong in fact, 1 promised.")).to_be_visible()
    camera.look(page, "answer-map")
    page.get_by_role("link", name="Write the letter that asks again").click()
    page.get_by_role("button", name="Draft the letter").click()
    words = page.get_by_label("What we asked, and what the answer says").input_value()
    for sentence in (
        "We asked: “Why is she held?” We find nothing to this in the answer.",
        "The answer says: “No report has come”. That is not so. It went on 2 November and was signed for.",
        "The answer promised: To tell us about visits.",
    ):
        assert sentence in words

    page.goto(f"/mps/{LEEDS_SOUTH}")
    expect(
        page.get_by_text("The Home Office answered them: 1 dodged, 1 wrong in fact, 1 promised.")
    ).to_be_visible()
    page.get_by_role("link", name="How long answers take").click()
    expect(page.get_by_role("img", name="Working days until an answer")).to_be_visible()
    camera.look(page, "response-times")
