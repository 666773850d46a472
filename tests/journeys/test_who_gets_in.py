"""Ada sets up a second factor, signs in with a code and with a passkey, is asked whether she is still there, and leaves
quickly when somebody comes in."""

import re
from collections.abc import Callable

import pyotp
import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from casework import clock
from casework.domain.safety.accounts import Role
from casework.services.safety import passwords, sessions
from casework.storage.database import db
from casework.storage.models import CodeApp, User
from tests.factories import make_case, make_user
from tests.journeys.conftest import Camera

pytestmark = pytest.mark.browser
WORDS = "lantern gravel otter noon"
HERE = "/you/second-factor"


@pytest.fixture
def ada(app: Flask) -> User:
    """A caseworker with a password."""
    user = make_user(Role.CASEWORKER, "Ada Mensah")
    user.sign_in_name, user.password_hash = "ada", passwords.make_hash(WORDS)
    db.session.commit()
    return user


def password(page: Page) -> None:
    page.get_by_label("Your name to sign in").fill("ada")
    page.get_by_label("Password").fill(WORDS)
    page.get_by_role("button", name="Sign in", exact=True).click()


def earlier_step(user: User) -> None:
    """Let the code of this half minute be used once more, so that nobody has to wait for the next one."""
    db.session.get(CodeApp, user.id).last_step = 0
    db.session.commit()


def test_a_code_from_a_phone_without_a_script(visit: Callable[..., Page], camera: Camera, ada: User) -> None:
    page = visit(360)
    password(page)
    page.goto(HERE)
    page.get_by_role("link", name="Set up an app").click()
    page.get_by_label("Your password").fill(WORDS)
    page.get_by_role("button", name="Go on").click()
    camera.look(page, "set-up-an-app")
    phone = pyotp.TOTP(page.locator(".key").inner_text().replace(" ", ""))
    assert page.locator(".qr svg").bounding_box()["width"] > 180  # type: ignore[index]
    page.get_by_label("The code that the app shows now").fill(phone.at(clock.now()))
    page.get_by_role("button", name="Keep this app").click()
    expect(page.locator(".codes li")).to_have_count(10)
    camera.look(page, "recovery-codes", posted=True)
    page.get_by_role("link", name="I have them on paper").click()
    camera.look(page, "second-factor-set-up")
    page.goto("/you/devices")
    camera.look(page, "where-you-are-signed-in")
    page.goto("/you")
    page.locator("main").get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    password(page)
    earlier_step(ada)
    page.get_by_label("Your code").fill(phone.at(clock.now()))
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Today")


def test_a_passkey_after_the_password_and_in_place_of_it(
    visit: Callable[..., Page], camera: Camera, ada: User, address: str
) -> None:
    page = visit(1280, script=True)
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    key = device.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]
    here = address.replace("127.0.0.1", "localhost")
    page.goto(f"{here}/sign-in?next={HERE}/passkeys/new")
    password(page)
    page.get_by_label("Your password").fill(WORDS)
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("What do you want to call it?").fill("my phone")
    page.get_by_role("button", name="Make a passkey").click()
    expect(page.locator(".codes li")).to_have_count(10)
    page.goto(f"{here}{HERE}")
    expect(page.get_by_role("rowheader", name="my phone")).to_be_visible()
    leave_by_signing_out(page, here)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Today")
    leave_by_signing_out(page, here)
    password(page)
    page.get_by_role("button", name="Use your passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Today")
    leave_by_signing_out(page, here)
    # Whoever found the phone and knows neither its PIN nor the password gets nowhere.
    device.send("WebAuthn.setUserVerified", {"authenticatorId": key, "isUserVerified": False})
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("No passkey came from your device")).to_be_visible()


def leave_by_signing_out(page: Page, here: str) -> None:
    page.goto(f"{here}/you")
    page.locator("main").get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_she_is_asked_whether_she_is_there_and_no_word_is_lost(
    visit: Callable[..., Page], camera: Camera, ada: User, app: Flask
) -> None:
    case = make_case(ada)
    settings = app.extensions["casework"].settings
    page = visit(1280, script=True)
    password(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Today")
    object.__setattr__(settings, "idle_minutes", 0)  # two minutes are left with each click
    page.goto(f"/cases/{case.reference}/notes/new")
    question = page.get_by_role("dialog", name="Are you still there?")
    expect(question).to_contain_text("about two minutes")
    photograph(page, camera, "still-there")
    object.__setattr__(settings, "idle_minutes", 60)
    question.get_by_role("button", name="Stay signed in").click()
    expect(question).to_be_hidden()
    page.get_by_label("Note", exact=True).fill("Her sister rang.")
    sessions.end_all(ada)
    db.session.commit()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    over = page.get_by_role("dialog", name="You are signed out")
    photograph(page, camera, "signed-out-by-itself")
    page.keyboard.press("Escape")
    expect(over).to_be_visible()
    over.get_by_role("button", name="Sign in and keep what I typed").click()
    expect(page.get_by_text("What you typed is kept")).to_be_visible()
    password(page)
    page.get_by_role("button", name="Go back to what I typed").click()
    expect(page.get_by_label("Note", exact=True)).to_have_value("Her sister rang.")


@pytest.mark.parametrize("way", ["the button", "Escape three times", "the link without a script"])
def test_she_leaves_quickly_and_nobody_comes_back_to_the_page(
    visit: Callable[..., Page], camera: Camera, ada: User, way: str
) -> None:
    case = make_case(ada, name="Samira")
    page = visit(360, script="without" not in way)
    page.context.route(
        "https://www.bbc.co.uk/**",
        lambda route: route.fulfill(body="<h1>Weather</h1>", content_type="text/html"),
    )
    come_in(page)
    page.goto(f"/cases/{case.reference}")
    if way == "the button":
        photograph(page, camera, "leave-quickly")
    if way == "Escape three times":
        for _ in range(3):
            page.keyboard.press("Escape")
    else:
        page.get_by_role("link", name="Leave quickly").click()
    page.wait_for_url(re.compile("bbc"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Weather")
    while "/sign-in" not in page.request.get("/cases").url:  # the sign-in ends a moment later
        pass
    page.goto(f"/cases/{case.reference}")
    expect(page.get_by_text("Samira")).to_have_count(0)
    assert "samira" not in page.title().lower()


def come_in(page: Page) -> None:
    page.goto("/sign-in")
    password(page)
    page.wait_for_url(re.compile("/today"))


def photograph(page: Page, camera: Camera, name: str) -> None:
    """A picture of the page as it stands, at both widths, with what lies over it."""
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        if camera.folder:
            page.screenshot(path=camera.folder / f"{name}-{width}.png")


def test_the_one_script_that_puts_html_into_a_page_still_may(visit: Callable[..., Page], ada: User) -> None:
    """The preview of a letter's words is drawn by the server; the browser lets nothing else in."""
    ada.role = Role.ORGANISER
    db.session.commit()
    page = visit(1280, script=True)
    come_in(page)
    page.goto("/letter-wordings/home-mp-urgent")
    before = page.locator("#look img").first.get_attribute("src") or ""
    page.locator("form[data-look] textarea").first.fill("Other words.")
    expect(page.locator("#look img").first).not_to_have_attribute("src", before, timeout=60_000)
    refused = "document.body.innerHTML = '<p>x</p>'"
    assert (
        page.evaluate(f"(() => {{ try {{ {refused}; return 'let in' }} catch {{ return 'refused' }} }})()")
        == "refused"
    )
