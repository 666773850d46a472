"""A real server on this machine and a real browser that looks at it."""

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright
from werkzeug.serving import make_server

CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
WIDTHS = (1280, 360)
AXE = Axe().axe_script


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
def visit(chromium: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Open a window of this width, with or without JavaScript, at the first page."""
    contexts: list[BrowserContext] = []

    def open_window(width: int = 1280, *, script: bool = False) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=script, base_url=address
        )
        context.set_default_timeout(20_000)
        contexts.append(context)
        page = context.new_page()
        page.goto("/")
        return page

    yield open_window
    for context in contexts:
        context.close()


class Camera:
    """Asks axe about pages at both widths, and photographs them where somebody wants to see the pictures."""

    def __init__(self, chromium: Browser, folder: Path | None, address: str) -> None:
        self.chromium = chromium
        self.folder = folder
        self.address = address

    def look(self, page: Page, name: str, *, posted: bool = False) -> None:
        """Let nothing wider than the screen pass on the page that somebody is on, and nothing serious or critical.

        `posted`: the page is the answer to a form, so that it cannot be fetched again.
        """
        # Our pages let nobody write a whole page into them, so the copy of an answer to a form is let off that.
        context = self.chromium.new_context(
            base_url=self.address, storage_state=page.context.storage_state(), bypass_csp=posted
        )
        copy = context.new_page()
        copy.goto(page.url)
        if posted:
            copy.set_content(page.content())
        copy.evaluate(AXE)  # once for both widths: it is half a megabyte of script
        for width in WIDTHS:
            copy.set_viewport_size({"width": width, "height": 900})
            if self.folder:
                copy.screenshot(path=self.folder / f"{name}-{width}.png", full_page=True)
            wide = copy.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{name} is {wide} pixels wide on a screen of {width}"
            found = copy.evaluate("axe.run({resultTypes: ['violations']})")
            bad = [
                f"{problem['id']}: {problem['nodes'][0]['html']}"
                for problem in found["violations"]
                if problem["impact"] in ("serious", "critical")
            ]
            assert not bad, f"{name} at {width}: {bad}"
        context.close()


@pytest.fixture
def camera(chromium: Browser, address: str) -> Camera:
    """Pictures are taken when the environment names a folder for them: `PICTURES=/tmp/look script/test`."""
    folder = Path(os.environ["PICTURES"]) if "PICTURES" in os.environ else None
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
    return Camera(chromium, folder, address)
