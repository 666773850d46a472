"""Photographs the demo: the pictures of the README and the docs, made anew so that they never age."""

import re
import tempfile
import threading
from pathlib import Path

from playwright.sync_api import Page, sync_playwright
from werkzeug.serving import make_server

from casework.app import create_app
from casework.demo import make_demo
from casework.settings import load_settings

PICTURES = Path(__file__).parent / "pictures"
CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


def take(page: Page, name: str, *, width: int = 1280, height: int = 900) -> None:
    """Keep what a screen of this size shows."""
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_function("[...document.images].every(image => image.complete && image.naturalWidth)")
    page.screenshot(path=PICTURES / f"{name}.png")


def story(page: Page, password: str) -> None:
    """Go through the demo as Ruth does, and photograph what matters."""
    page.locator("[name=sign_in_name]").fill("ruth")
    page.locator("[name=password]").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.goto("/cases/DEMO-1")
    take(page, "case", height=1300)
    take(page, "case-on-a-phone", width=360, height=740)
    page.goto("/dates")
    take(page, "dates", height=620)
    page.goto("/cases/DEMO-1")
    page.get_by_role("link", name=re.compile("letter", re.I)).first.click()
    page.get_by_role("button", name="Draft it from the case").click()
    take(page, "letter", height=1000)


def main() -> None:
    """Start the demo in a folder of its own, photograph it, and throw it away."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(load_settings({}, instance=Path(folder) / "demo", group_name="Leeds Welcome Group"))
        with app.app_context():
            lines = make_demo()
        password = next(line.split()[1] for line in lines if line.split()[0] == "ruth")
        server = make_server("127.0.0.1", 0, app, threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.port}"
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            page = browser.new_context(base_url=address, bypass_csp=True).new_page()
            page.goto("/")
            story(page, password)
            browser.close()
        server.shutdown()


if __name__ == "__main__":
    main()
