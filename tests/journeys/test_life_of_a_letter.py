"""A letter from the first word to its answer: the connection goes, the sign-in times out, and no word is lost."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from casework import clock
from casework.domain.safety.accounts import Role
from casework.services.case import cases
from casework.services.letters import letters
from casework.storage.models import Case, User
from tests.factories import home, make_case
from tests.journeys.conftest import Camera
from tests.journeys.test_nine_in_the_evening import an_account

pytestmark = pytest.mark.browser
SAVED = re.compile(r"^Saved \d\d:\d\d$")


@pytest.fixture
def ruth(app) -> User:
    return an_account("Ruth Ellery", Role.ORGANISER)


@pytest.fixture
def case(ruth) -> Case:
    """Samira, of Leeds, who writes to her own MP."""
    case = make_case(ruth, home(), name="Samira", pronouns="she", representative_name="Imran Qureshi")
    cases.record_asked(case, asked_on=clock.today(), agreed=True, asked_by="Ruth", actor=ruth)
    return case


@pytest.fixture
def draft(case, ruth) -> str:
    """The address of her first letter, with one part still to be written."""
    letter = letters.draft_letter(case, "home-mp-first-contact", ruth, gss_code=case.places[0].gss_code)
    words = {name: text.replace("[", "").replace("]", "") for name, text in letter.blocks.items()}
    letters.save_draft(letter, words, {"sender_address": "1 Row\nLeeds"}, letter.version, ruth)
    return f"/cases/{case.reference}/letters/{letter.id}"


def type_at_the_end(page: Page, words: str) -> None:
    box = page.locator("[name=worth]")
    box.focus()
    page.keyboard.press("Control+End")
    page.keyboard.type(words)


def said(page: Page):  # type: ignore[no-untyped-def]
    return page.locator("[data-said]")


def test_no_word_is_lost_without_a_connection_nor_when_the_sign_in_times_out(
    visit: Callable[..., Page], camera: Camera, ruth: User, draft: str
) -> None:
    page = visit(script=True, of=ruth, at=draft)
    type_at_the_end(page, " I sing in the choir.")
    expect(said(page)).to_have_text(SAVED)
    page.context.set_offline(True)
    type_at_the_end(page, " I teach swimming.")
    expect(said(page)).to_contain_text("No connection since")
    page.get_by_role("button", name="Update the preview").click()
    expect(page.locator("[name=worth]")).to_have_value(re.compile(r"choir\. I teach swimming\.$"))
    page.context.set_offline(False)
    expect(said(page)).to_have_text(SAVED)
    page.reload(wait_until="networkidle")
    expect(page.locator("[name=worth]")).to_have_value(re.compile(r"I teach swimming\.$"))

    page.context.clear_cookies()
    type_at_the_end(page, " People here know me.")
    expect(said(page)).to_contain_text("You were signed out")
    page.get_by_role("button", name="Update the preview").click()
    expect(page.get_by_text("What you typed is kept")).to_be_visible()
    camera.look(page, "signed-out", posted=True)
    page.locator("[name=sign_in_name]").fill(ruth.sign_in_name)
    page.locator("[name=password]").fill("a long invented pass phrase")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your words are here")
    camera.look(page, "words-are-here", posted=True)
    page.get_by_role("button", name="Go back to what I typed").click()
    expect(page.locator("[name=worth]")).to_have_value(re.compile(r"People here know me\.$"))
    camera.look(page, "given-back", posted=True)
    page.get_by_role("button", name="Update the preview").click()
    expect(page.get_by_text(re.compile(r"^Saved at \d\d:\d\d"))).to_be_visible()


def test_read_issued_undone_issued_sent_answered_and_void(
    visit: Callable[..., Page], camera: Camera, ruth: User, draft: str
) -> None:
    page = visit(of=ruth, at=draft)
    page.get_by_role("link", name="They have read it").click()
    page.locator("[name=who][value=lawyer]").check()
    camera.look(page, "draft-read-by")
    page.get_by_role("button", name="Keep who read it").click()
    expect(page.locator(".steps")).to_contain_text("Imran Qureshi, their lawyer")
    camera.look(page, "draft-read")
    for again in (False, True):
        page.get_by_role("button", name="Check it and issue it").click()
        page.get_by_role("button", name="Issue this letter").click()
        expect(page.locator(".said")).to_contain_text("will not change any more")
        expect(page.get_by_role("status").and_(page.locator(":focus"))).to_have_count(
            1
        )  # so it is read aloud
        if not again:
            page.get_by_role("button", name=re.compile("^Undo")).click()
            expect(page.locator(".said")).to_contain_text("Undone")
    page.get_by_role("link", name="Say how it went").click()
    page.locator("[name=sent_how][value=post]").check()
    camera.look(page, "letter-sent")
    page.get_by_role("button", name="Keep it").click()
    expect(page.locator(".steps")).to_contain_text("by post")
    page.get_by_role("link", name="It has come: record it").click()
    page.get_by_label("A letter from an MP’s office").check()
    page.locator("[name=dated-day]").fill("today")
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Keep the letter").click()
    page.goto(draft)
    expect(page.locator(".steps .open")).to_have_count(0)
    page.get_by_role("link", name="Make it void").click()
    page.locator("[name=because]").fill("The date of the hearing is wrong.")
    camera.look(page, "letter-void")
    page.get_by_role("button", name="Make it void").click()
    expect(page.get_by_text("This letter is void")).to_be_visible()
    camera.look(page, "letter-is-void")
