"""A real server on this machine and a real browser that looks at it."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast
from urllib.parse import urljoin

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright
from werkzeug.serving import make_server

from casework.storage.models import User
from casework.web.cookies import SealedCookie
from tests.factories import signed_in

CHROMIUM = "/usr/bin/chromium"
# The list under the address bar is a page of its own in each window, which costs more than a page of ours to open.
OUR_OFF = ("WebUIOmniboxPopup", "WebUIOmniboxAimPopup")
# What Playwright switches off itself: the last list is the one that counts.
PLAYWRIGHT_OFF = (
    "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter", "PaintHolding", "ThirdPartyStoragePartitioning",
    "OptimizationHints", "NetworkTimeServiceQuerying", "AimEnabled", "PreconnectToSearch",
)  # fmt: skip
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-features=" + ",".join((*OUR_OFF, *PLAYWRIGHT_OFF)),
)
WIDTHS = (1280, 360)
AXE = Axe().axe_script
# Whether a word can be told from what is behind it, and a link from the words beside it, is most of what axe does, and
# it says the same of each that looks the same. So it is asked of those that look like none before. Rules that can say
# nothing serious are left out.
SET_UP = """;axe.configure({rules: [
  ...axe._audit.rules.filter(({ impact }) => ['minor', 'moderate'].includes(impact))
    .map(({ id }) => ({ id, enabled: false })),
  { id: 'color-contrast', selector: '[data-new-look]' },
  { id: 'link-in-text-block', selector: '[href][data-new-look]' },
]});"""
# How wide the page is, and of each way that a word looks on it all that its contrast could come from: where it stands,
# in which classes, on what, and whether it runs out of its box.
LOOKS = (Path(__file__).parent / "looks.js").read_text()
# Style sheets and films are fetched beforehand for rules about turned screens and sound, of which we have neither.
ASK = """async (fresh) => {
  fresh.forEach((at) => window.looks[at].setAttribute('data-new-look', ''));
  const { violations } = await axe.run({ resultTypes: ['violations'], preload: false });
  fresh.forEach((at) => window.looks[at].removeAttribute('data-new-look'));
  return violations
    .filter(({ impact }) => ['serious', 'critical'].includes(impact))
    .map(({ id, nodes }) => `${id}: ${nodes[0].html}`);
}"""


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright, started once."""
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """Debian's Chromium, with a user data folder of its own that is empty."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
    yield browser
    browser.close()


def whole(app: Flask) -> Callable[..., list[bytes]]:
    """The application, with each answer read whole and closed before it is sent.

    A browser that leaves a page drops what is still coming, and the small server of the tests then leaves a
    picture's file open for the collector to complain of.
    """

    def answer(environ: Any, start_response: Any) -> list[bytes]:
        body = app(environ, start_response)
        try:
            return [b"".join(body)]
        finally:
            getattr(body, "close", lambda: None)()

    return answer


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """Where the application answers, on a free port of this machine."""
    server = make_server("127.0.0.1", 0, whole(app), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def visit(app: Flask, chromium: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Open a window of this width, with or without JavaScript, at a page: of a stranger, or of who has signed in."""
    contexts: list[BrowserContext] = []

    def open_window(
        width: int = 1280, *, script: bool = False, of: User | None = None, at: str = "/"
    ) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=script, base_url=address
        )
        context.set_default_timeout(20_000)
        contexts.append(context)
        if of:
            context.add_cookies([{"url": address, **_sign_in_of(app, of)}])
        page = context.new_page()
        page.goto(at)
        return page

    yield open_window
    for context in contexts:
        context.close()


def _sign_in_of(app: Flask, user: User) -> Any:
    """The cookie that a browser has once this person came in, for journeys that are not about how one does."""
    assert isinstance(app.session_interface, SealedCookie)
    signer = app.session_interface.get_signing_serializer(app)
    told = signer.dumps({"_user_id": signed_in(user), "_fresh": True})
    return {"name": app.config["SESSION_COOKIE_NAME"], "value": told}


class Copies:
    """One window for all the pages that are looked at: a new one for each costs more than all of axe.

    Our pages let nobody write a whole page into them, so the copies of answers to forms have one that is let off that.
    """

    def __init__(self, chromium: Browser) -> None:
        self.chromium = chromium
        self.kept: dict[bool, Page] = {}
        self.seen: set[str] = set()  # how words looked on pages of which axe had nothing to say

    @contextmanager
    def window(self, of: BrowserContext, posted: bool) -> Iterator[Page]:
        """A window with the cookies of somebody's own; with what their browser stored too, it is a new one."""
        state = of.storage_state()
        if state["origins"]:
            page = self._open(storage_state=state, bypass_csp=posted)
            yield page
            page.context.close()
            return
        if posted not in self.kept:
            self.kept[posted] = self._open(bypass_csp=posted)
        copy = self.kept[posted]
        copy.context.clear_cookies()
        copy.context.add_cookies(cast(Any, state["cookies"]))
        yield copy

    def _open(self, **how: Any) -> Page:
        context = self.chromium.new_context(**how)
        context.add_init_script(AXE + SET_UP)  # half a megabyte of script, which is sent but once
        return context.new_page()

    def leave(self) -> None:
        """Have nothing on the last page go on asking."""
        for page in self.kept.values():
            page.goto("about:blank")


class Camera:
    """Asks axe about pages at both widths, and photographs them where somebody wants to see the pictures."""

    def __init__(self, copies: Copies, folder: Path | None) -> None:
        self.copies = copies
        self.folder = folder

    def look(self, page: Page, name: str, *, posted: bool = False, at: str = "") -> None:
        """Let nothing wider than the screen pass on the page that somebody is on, and nothing serious or critical.

        `posted`: the page is the answer to a form, so that it cannot be fetched again. `at`: another address, which is
        looked at without their going there.
        """
        page.wait_for_load_state("domcontentloaded")  # a click ends when the next page begins to come
        with self.copies.window(page.context, posted) as copy:
            copy.set_viewport_size({"width": WIDTHS[0], "height": 900})
            copy.goto(urljoin(page.url, at))
            if posted:
                copy.set_content(page.content())
            for width in WIDTHS:
                self._look_at(copy, name, width)

    def _look_at(self, copy: Page, name: str, width: int) -> None:
        copy.set_viewport_size({"width": width, "height": 900})
        if self.folder:
            copy.screenshot(path=self.folder / f"{name}-{width}.png", full_page=True)
        wide, looks = copy.evaluate(LOOKS)
        assert wide <= width, f"{name} is {wide} pixels wide on a screen of {width}"
        ways = [f"{width} {look}" for look in looks]
        bad = copy.evaluate(ASK, [at for at, way in enumerate(ways) if way not in self.copies.seen])
        assert not bad, f"{name} at {width}: {bad}"
        self.copies.seen.update(ways)


@pytest.fixture(scope="session")
def copies(chromium: Browser) -> Copies:
    """The windows in which pages are looked at, kept from test to test."""
    return Copies(chromium)


@pytest.fixture
def camera(copies: Copies) -> Iterator[Camera]:
    """Pictures are taken when the environment names a folder for them: `PICTURES=/tmp/look script/test`."""
    folder = Path(os.environ["PICTURES"]) if "PICTURES" in os.environ else None
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
    yield Camera(copies, folder)
    copies.leave()
