"""Photographs the demo: the pictures of the README and the docs, made anew so that they never age.

Each is small (`LARGEST`), shows invented people alone, and is named after what it shows.
"""

import re
import tempfile
import threading
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright
from sqlalchemy import select
from werkzeug.serving import make_server

from casework import clock
from casework.app import create_app
from casework.demo import make_demo
from casework.domain.consent.campaign_consent import RISKS
from casework.domain.consent.publicity import Level
from casework.services.campaign import campaign_pages
from casework.services.consent import campaign_consent
from casework.services.safety import accounts
from casework.settings import load_settings
from casework.storage.database import db
from casework.storage.models import Case

PICTURES = Path(__file__).parent / "pictures"
CHROMIUM = "/usr/bin/chromium"
LARGEST = 150_000  # bytes
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


def take(page: Page, name: str, *, width: int = 1280, height: int = 900) -> None:
    """Keep what a screen of this size shows."""
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_function("[...document.images].every(image => image.complete && image.naturalWidth)")
    keep(page.screenshot(), name)


def keep(taken: bytes, name: str) -> None:
    """Keep the picture with as many colours as it needs and room allows."""
    picture = Image.open(BytesIO(taken)).convert("RGB")
    for colours in (128, 64, 32, 16):
        picture.quantize(colours, dither=Image.Dither.NONE).save(PICTURES / f"{name}.png", optimize=True)
        if (PICTURES / f"{name}.png").stat().st_size <= LARGEST:
            return
    raise SystemExit(f"The picture {name} is too large: show less of the page.")


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
    page.get_by_role("link", name="Write the letter").first.click()
    page.get_by_role("button", name="Draft it from the case").click()
    take(page, "letter", height=1000)


def outside(page: Page, address: str) -> Page:
    """A page as somebody sees it who has no account."""
    browser = page.context.browser
    assert browser is not None
    stranger = browser.new_context(base_url=re.sub(r"(?<=\w)/.*", "", page.url), bypass_csp=True).new_page()
    stranger.goto(address)
    return stranger


def for_the_person(page: Page) -> None:
    """What the person sees of it, and what they agreed to."""
    page.goto("/cases/DEMO-1/agreed")
    take(page, "agreed", height=760)
    page.goto("/cases/DEMO-1/own-view")
    page.locator("[name=days]").first.check()
    page.get_by_role("button", name="Make a link").first.click()
    link = page.locator("#address").input_value()
    take(outside(page, link.strip()), "own-view", height=900)


def for_supporters(page: Page, campaign_page: str) -> None:
    """The campaign page of somebody at home, and the form on a phone at a stall. The second ends the sign-in."""
    take(outside(page, campaign_page), "campaign-page", height=760)
    page.goto("/cases/DEMO-1/supporters/stall")
    page.get_by_role("button").filter(has_text=re.compile("Start")).click()
    take(page, "stall", width=360, height=740)


def open_campaign_page() -> str:
    """A campaign page for Yonas, who said yes to one under another name; its address."""
    ruth = accounts.find_user("ruth")
    case = db.session.scalars(select(Case).where(Case.reference == "DEMO-3")).one()
    assert ruth is not None
    yes = campaign_consent.NewCampaignConsent(
        clock.today(), Level.CHANGED_NAME, "Ruth Ellery", "signature", changed_name="Abel", risks=tuple(RISKS),
        anonymity_order="no",
    )  # fmt: skip
    campaign_consent.record(case, yes, ruth)
    words = "Abel is our neighbour, and he wants to stay.\n\nAsk your MP for a word with the minister."
    token = campaign_pages.open_page(
        case, "supporter-to-own-mp", "Write to your MP for Abel", words, 28, ruth
    )
    return f"/c/{token}"


def main() -> None:
    """Start the demo in a folder of its own, photograph it, and throw it away."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        # Not in a folder called “demo”: the line that leads to the tour has no place in a picture.
        app = create_app(
            load_settings({}, instance=Path(folder) / "pictures", group_name="Leeds Welcome Group")
        )
        with app.app_context():
            lines = make_demo()
            campaign_page = open_campaign_page()
        password = next(line.split()[1] for line in lines if line.split()[0] == "ruth")
        server = make_server("127.0.0.1", 0, app, threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.port}"
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            page = browser.new_context(base_url=address, bypass_csp=True).new_page()
            page.goto("/")
            story(page, password)
            for_the_person(page)
            for_supporters(page, campaign_page)
            browser.close()
        server.shutdown()


if __name__ == "__main__":
    main()
