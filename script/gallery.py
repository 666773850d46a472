"""Every page of the demo in every dress, as contact sheets to look at, and a list of what does not fit.

    script/gallery FOLDER               every page in every dress of `DRESSES`
    script/gallery FOLDER --only print  one dress (several: --only print,rtl)

The folder lies outside the checkout, so that no picture of a page gets into it by mistake. The pages are found by
following every link as each role does; those that the demo does not lead to are shown from the case of
tests/full_case.py, which has a row in every table.
"""

import logging
import re
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, FloatRect, Page, sync_playwright
from werkzeug.exceptions import HTTPException
from werkzeug.serving import make_server

from casework.app import create_app
from casework.demo import make_demo
from casework.services.safety import accounts
from casework.settings import load_settings
from casework.storage.database import db
from casework.storage.models import User
from casework.web.anybody import PUBLIC
from docs.take_pictures import CHROMIUM, FLAGS
from tests.factories import signed_in
from tests.full_case import full_case, full_member
from tests.web.test_every_door import NUMBERS, WORDS

# What ends or changes something for whoever follows it.
NOT_FOLLOWED = ("home.leave", "static", "sessions.left", "batches.progress")
SMALL, TALLEST, ACROSS, DOWN, GAP = 300, 720, 7, 2, 12

# Elements that stick out of the page to either side, and text that is cut off by its own box.
WHAT_DOES_NOT_FIT = """() => {
  const out = [], wide = document.documentElement.clientWidth, whole = document.documentElement.scrollWidth;
  if (whole > wide) out.push(`${whole} wide on ${wide}`);
  for (const one of document.querySelectorAll('main *, header *, footer *')) {
    const style = getComputedStyle(one), box = one.getBoundingClientRect();
    if (!box.width || box.right < -900 || box.left > 9000 || style.visibility === 'hidden') continue;
    if (one.closest('.unseen, .skip, svg, .table-wrap, thead')) continue;
    const name = `${one.tagName} ${one.className} ${one.innerText.slice(0, 40)}`;
    if (box.right > wide + 1 || box.left < -1) out.push(`sticks out: ${name}`);
    else if (style.overflowX === 'hidden' && one.scrollWidth > one.clientWidth + 1) out.push(`cut: ${name}`);
  }
  return out.slice(0, 4);
}"""


@dataclass(frozen=True)
class Dress:
    """A way in which somebody sees a page."""

    name: str
    width: int = 1280
    dark: bool = False
    forced: bool = False
    prints: bool = False
    script: str = ""


DRESSES = (
    Dress("1280"),
    Dress("360", width=360),
    Dress("dark", dark=True),
    Dress("forced", forced=True),
    Dress("large", script="document.documentElement.style.fontSize = '225%'"),
    Dress("print", prints=True),
    Dress("rtl", script="document.documentElement.dir = 'rtl'"),
    Dress("rtl-360", width=360, script="document.documentElement.dir = 'rtl'"),
)


@dataclass(frozen=True)
class Shown:
    """A page: its endpoint, where it is, and who sees it."""

    endpoint: str
    path: str
    who: str


class Gallery:
    """The demo with everybody signed in, and every page that it has."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.tokens: dict[str, str] = {"": ""}
        with app.app_context():
            make_demo()
            for name in ("ruth", "idris", "mina"):
                user = accounts.find_user(name)
                assert user is not None
                self.tokens[name] = signed_in(user)
            ruth = accounts.find_user("ruth")
            assert ruth is not None
            self.ruth_id = ruth.id

    def client(self, who: str) -> FlaskClient:
        client = self.app.test_client()
        if who:
            with client.session_transaction() as session:
                session["_user_id"], session["_fresh"] = self.tokens[who], True
        return client

    def pages(self) -> list[Shown]:
        """One of each kind of page, the demo's own first."""
        found: dict[tuple[str, str], Shown] = {}
        for who, start in (("", "/"), ("ruth", "/cases/DEMO-1"), ("mina", "/cases/DEMO-4")):
            for one in self._linked(who, start):
                found.setdefault(
                    (one.endpoint, "mina" if one.endpoint == "cases.show" and who == "mina" else ""), one
                )
        for one in self._not_linked({shown.endpoint for shown in found.values()}):
            found.setdefault((one.endpoint, ""), one)
        return sorted(found.values(), key=lambda one: (one.endpoint, one.who))

    def _linked(self, who: str, start: str) -> Iterator[Shown]:
        """What somebody gets to by following links; of each kind of page, the first."""
        client, waiting, seen = self.client(who), [start], set()
        places = self.app.url_map.bind("localhost")
        while waiting:
            path = waiting.pop(0)
            try:
                endpoint, values = places.match(path.partition("?")[0], method="GET")
            except HTTPException:
                continue
            key = (
                endpoint,
                tuple(value for name, value in values.items() if name in ("paper_name", "key", "kind")),
            )
            if key in seen or endpoint in NOT_FOLLOWED:
                continue
            seen.add(key)
            answer = client.get(path)
            if answer.status_code == 200 and answer.mimetype == "text/html":
                yield Shown(endpoint, path, who)
                links = re.findall(r'href="(/[^"#]*)', answer.get_data(as_text=True))
                waiting += [link.replace("&amp;", "&") for link in links]

    def _full(self) -> dict[str, Any]:
        """A case with a row in every table; the parts of an address that lead to each."""
        with self.app.app_context():
            ruth = db.session.get_one(User, self.ruth_id)
            full = full_case(ruth, "Mariam ")
            ids = {**WORDS, **NUMBERS, **full.ids, **full_member(ruth, "Mariam ")}
            return ids | {"reference": full.case.reference, "user_id": self.ruth_id}

    def _not_linked(self, known: set[str]) -> Iterator[Shown]:
        """The pages of the full case to which no link of the demo leads."""
        client, places, ids = self.client("ruth"), self.app.url_map.bind("localhost"), self._full()
        for rule in self.app.url_map.iter_rules():
            names = set(rule.arguments) - set(rule.defaults or {})
            if "GET" not in (rule.methods or ()) or rule.endpoint in known or not names <= set(ids):
                continue
            if rule.endpoint in NOT_FOLLOWED:
                continue
            path = places.build(rule.endpoint, {name: ids[name] for name in names} | (rule.defaults or {}))
            is_public = getattr(self.app.view_functions[rule.endpoint], "allows", None) == PUBLIC
            who = "" if is_public and "reference" not in names else "ruth"
            answer = (client if who else self.client("")).get(path)
            if answer.mimetype == "text/html" and answer.status_code in (200, 404):
                yield Shown(rule.endpoint, path, who)


def _first_screens(page: Page) -> FloatRect:
    """No more of a page than a contact sheet has room for, and some more."""
    width, height = page.evaluate("[innerWidth, document.documentElement.scrollHeight]")
    return {"x": 0, "y": 0, "width": width, "height": min(height, round(TALLEST / SMALL * width))}


def photographed(page: Page, dress: Dress) -> Image.Image:
    """What the page looks like: its first screens, or its first sheets of paper."""
    if not dress.prints:
        return Image.open(
            BytesIO(page.screenshot(full_page=True, clip=_first_screens(page), scale="css"))
        ).convert("RGB")
    pdf = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
    sheets = [pdf[number].render(scale=0.9).to_pil().convert("RGB") for number in range(min(len(pdf), 3))]
    whole = Image.new(
        "RGB", (max(one.width for one in sheets), sum(one.height + 6 for one in sheets)), "#777777"
    )
    top = 0
    for one in sheets:
        whole.paste(one, (0, top))
        top += one.height + 6
    return whole


def sheets_of(pictures: list[tuple[str, Image.Image]]) -> Iterator[Image.Image]:
    """Contact sheets: fourteen pages each, with the name of each above it."""
    many = ACROSS * DOWN
    for start in range(0, len(pictures), many):
        sheet = Image.new("RGB", (ACROSS * (SMALL + GAP), DOWN * (TALLEST + 24 + GAP)), "#888888")
        pen = ImageDraw.Draw(sheet)
        for place, (name, picture) in enumerate(pictures[start : start + many]):
            left, top = place % ACROSS * (SMALL + GAP), place // ACROSS * (TALLEST + 24 + GAP)
            pen.text((left + 4, top + 4), name, fill="white")
            sheet.paste(picture, (left, top + 24))
        yield sheet


def small(picture: Image.Image) -> Image.Image:
    """The picture as wide as a place on a contact sheet, and cut off below."""
    height = round(picture.height * SMALL / picture.width)
    return picture.resize((SMALL, max(height, 1)), Image.Resampling.LANCZOS).crop(
        (0, 0, SMALL, min(height, TALLEST))
    )


def opened(browser: Browser, gallery: Gallery, who: str, dress: Dress, address: str) -> Page:
    """An empty page of a browser in this dress, in which this person is signed in; "" is a stranger."""
    context = browser.new_context(
        base_url=address,
        viewport={"width": dress.width, "height": 900},
        color_scheme="dark" if dress.dark else "light",
        forced_colors="active" if dress.forced else "none",
        bypass_csp=True,
    )
    if who:
        name = gallery.app.config["SESSION_COOKIE_NAME"]
        cookie = gallery.client(who).get_cookie(name)
        assert cookie is not None
        context.add_cookies([{"name": name, "value": cookie.value, "url": address}])
    return context.new_page()


def look(
    browser: Browser, gallery: Gallery, shown: list[Shown], dress: Dress, address: str, folder: Path
) -> list[str]:
    """Photograph every page in this dress; what does not fit, in lines."""
    pages = {who: opened(browser, gallery, who, dress, address) for who in {one.who for one in shown}}
    pictures, wrong = [], []
    (folder / dress.name).mkdir(parents=True, exist_ok=True)
    for one in shown:
        page = pages[one.who]
        page.goto(one.path)
        if dress.script:
            page.evaluate(dress.script)
        if not dress.prints:
            wrong += [
                f"{dress.name}: {one.endpoint} ({one.path}): {what}"
                for what in page.evaluate(WHAT_DOES_NOT_FIT)
            ]
        picture = photographed(page, dress)
        name = one.endpoint + ("" if one.who != "mina" else " (mina)")
        picture.save(folder / dress.name / f"{name}.png", compress_level=1)
        pictures.append((name, small(picture)))
    for number, sheet in enumerate(sheets_of(pictures), 1):
        sheet.save(folder / f"{dress.name}-{number:02}.png")
    for page in pages.values():
        page.context.close()
    return wrong


def main(folder: Path, only: list[str]) -> None:
    """Start the demo in a folder of its own, look at all of it, and throw it away."""
    root = Path(__file__).parents[1]
    if folder.resolve().is_relative_to(root):
        raise SystemExit("Choose a folder outside the checkout.")
    with tempfile.TemporaryDirectory() as place:
        app = create_app(load_settings({}, instance=Path(place) / "demo", group_name="Leeds Welcome Group"))
        gallery = Gallery(app)
        shown = gallery.pages()
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        server = make_server("127.0.0.1", 0, app, threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            for dress in sorted(DRESSES, key=lambda one: only.index(one.name) if one.name in only else -1):
                if not only or dress.name in only:
                    wrong = look(browser, gallery, shown, dress, f"http://127.0.0.1:{server.port}", folder)
                    sys.stdout.write(
                        "\n".join([*wrong, f"{dress.name}: {len(shown)} pages, {len(wrong)} remarks\n"])
                    )
                    sys.stdout.flush()
            browser.close()
        server.shutdown()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[3].split(",") if "--only" in sys.argv else [])
