"""Consent at level 1, a line for the press refused, level raised to 3, made, taken back, and what went out asked back.

All of it runs with JavaScript off. Every page on the way is shown to axe at both widths, and photographed on request.
"""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from casework.domain.consent.campaign_consent import RISKS
from casework.domain.safety.accounts import Role
from tests.factories import detained_at, home, make_case
from tests.journeys.conftest import Camera
from tests.journeys.test_nine_in_the_evening import an_account, download, text_of

pytestmark = pytest.mark.browser


def record_consent(page: Page, reference: str, level: int, items: tuple[str, ...] = ()) -> None:
    """Copy a signed paper into the form; everything that it has to say from level 3 on as well."""
    page.goto(f"/cases/{reference}/agreed")
    page.get_by_role("link", name=re.compile("Record a (signed one|change)")).click()
    page.locator("[name=given_on-day]").fill("today")
    page.locator(f"[name=level][value='{level}']").check()
    for item in items:
        page.locator(f"[name=items][value='{item}']").check()
    if level >= 3:
        for risk in RISKS:
            page.locator(f"[name=risks][value={risk}]").check()
        page.locator("[name=changed_name]").fill("Leila")
        page.locator("[name=lawyer_asked_on-day]").fill("today")
        page.locator("[name=anonymity_order][value=no]").check()
    page.locator("[name=explained_by]").fill("Ruth Ellery")
    page.locator("[name=language]").fill("Dari")
    page.locator("[name=to_ring]").fill("Idris Vane, 07700 900123")
    page.locator("[name=how_given][value=signature]").check()


def draft_press_line(page: Page, reference: str) -> None:
    """A line for a journalist from the case, with every gap written in."""
    page.goto(f"/cases/{reference}/letters/new?template=press-line")
    page.get_by_role("button", name="Draft it from the case").click()
    expect(page.locator("[name=avoid]")).to_be_visible()
    page.wait_for_load_state()
    for box in page.locator("main textarea").all():
        text = box.input_value()
        if "[" in text:
            box.fill(re.sub(r"\[[^\]]*\]", "she sings in a choir", text))
    page.get_by_role("button", name="Update the preview").click()


def test_a_line_for_the_press_waits_for_level_3_and_is_asked_back_when_it_is_taken_back(
    app: object, visit: Callable[..., Page], camera: Camera
) -> None:
    ruth = an_account("Ruth Ellery", Role.ORGANISER)
    case = make_case(
        ruth, home(), detained_at(), name="Samira", official_name="Samira Ahmadi", pronouns="she"
    )
    reference = case.reference
    page = visit(of=ruth, at=f"/cases/{reference}/agreed")
    camera.look(page, "agreed-nothing")
    record_consent(page, reference, 1)
    camera.look(page, "campaign-consent-new")
    page.get_by_role("button", name="Put it on record").click()
    expect(page.get_by_text("Level 1. Also my MP’s office and the Home Office.")).to_be_visible()

    draft_press_line(page, reference)
    expect(page.get_by_text("There is no consent to say this.")).to_be_visible()
    expect(page.get_by_text("needs their yes to level 3")).to_be_visible()
    camera.look(page, "press-line-refused")
    page.get_by_role("button", name="Make the PDF").click()
    expect(page.get_by_text("There is no consent to say this.")).to_be_visible()
    expect(page.get_by_role("button", name="Make the PDF")).to_have_count(0)

    record_consent(page, reference, 3, ("children",))
    page.get_by_role("button", name="Put it on record").click()
    expect(page.get_by_text("Level 3. The public, with a changed name")).to_be_visible()

    draft_press_line(page, reference)
    expect(page.get_by_text("There is no consent to say this.")).to_have_count(0)
    page.get_by_role("button", name="Make the PDF").click()
    expect(page.get_by_text("has not read these words")).to_be_visible()
    page.locator("[name=because]").fill("She heard it on the phone.")
    page.get_by_role("button", name="Make the PDF").click()
    printed = text_of(download(page))
    assert "Leila" in printed
    assert "Samira" not in printed
    assert "Yarl" not in printed
    line = page.url
    page.get_by_role("link", name="Say how it was given out").click()
    page.locator("[name=sent_how][value=email]").check()
    page.get_by_role("button", name="Keep it").click()

    page.goto(f"/cases/{reference}/agreed")
    page.get_by_role("link", name="They take it back").click()
    page.locator("[name=withdrawn_on-day]").fill("today")
    page.locator("[name=how]").fill("On the phone to Ruth")
    camera.look(page, "take-back")
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_role("heading", level=1, name="This is what will stop")).to_be_visible()
    expect(page.get_by_text("the press and the public")).to_be_visible()
    camera.look(page, "what-stops", posted=True)
    page.get_by_role("button", name="Save it").click()
    expect(page.get_by_role("heading", level=1, name="What went out beyond their consent")).to_be_visible()
    expect(page.get_by_role("heading", name="What cannot be called back")).to_be_visible()
    camera.look(page, "gone-out")

    page.goto(line)
    expect(page.get_by_text("Send no other copy of this")).to_be_visible()
    assert page.context.request.get(f"{line}.pdf").status == 422
    page.goto(f"/cases/{reference}/gone-out")
    page.get_by_role("link", name="letter asking for it back").click()
    page.wait_for_load_state()
    words = " ".join(box.input_value() for box in page.locator("main textarea").all())
    assert "stop using what we sent you" in words
    assert "Samira" not in words
    assert "Leila" not in words
    camera.look(page, "recall")

    page.goto(f"/cases/{reference}/agreed")
    expect(page.get_by_text("Taken back on").first).to_be_visible()
    page.get_by_role("link", name="What Samira can see of all that is held").click()
    page.locator("[name=days][value='3']").check()
    camera.look(page, "own-view")
    page.get_by_role("button", name="Make a link").click()
    link = page.locator("#address").input_value()
    theirs = visit(360)
    theirs.goto(link)
    theirs.get_by_role("button", name="Open").click()
    expect(theirs.get_by_text("Line for a journalist")).to_be_visible()
    expect(theirs.get_by_text("On the phone to Ruth")).to_have_count(0)
    camera.look(theirs, "own-view-by-link")
