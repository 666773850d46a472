"""A copy goes along without a network: opened, misread, damaged, old, dark, on a phone; and a visit comes home.

The file is made by the page and read by a browser that can reach nothing. The log that it seals is opened here.
"""

import os
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from casework import clock
from casework.domain.letters.correspondence import Kind
from casework.domain.safety.accounts import Role
from casework.services.case import cases
from casework.services.letters import papers
from casework.storage.database import db
from casework.storage.models import Correspondence, User
from tests.factories import detained_at, home, make_case
from tests.journeys.conftest import AXE, WIDTHS, Camera
from tests.journeys.test_nine_in_the_evening import an_account

pytestmark = pytest.mark.browser
HOSTILE = '</script><img src=x onerror="document.title=1">'
MEGABYTES = 10
Opening = Callable[..., Page]


@pytest.fixture
def alone(chromium: Browser, tmp_path: Path) -> Iterator[Opening]:
    """Open a file in a browser without a network; whatever it asks for is an error."""
    contexts: list[BrowserContext] = []

    def open_file(
        content: str, *, on: datetime | None = None, without_shelf: bool = False, **how: Any
    ) -> Page:
        file = tmp_path / f"papers-{len(contexts)}.html"
        file.write_text(content)
        context = chromium.new_context(accept_downloads=True, **how)
        context.set_default_timeout(30_000)
        context.set_offline(True)
        contexts.append(context)
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda one: asked.append(one.url))
        page.on("pageerror", lambda error: asked.append(str(error)))
        page.asked = asked  # type: ignore[attr-defined]
        if without_shelf:
            page.add_init_script(
                "Object.defineProperty(window, 'localStorage', { get() { throw new Error(); } })"
            )
        if on:
            page.clock.install(time=on)
        page.goto(file.as_uri())
        return page

    yield open_file
    for context in contexts:
        for page in context.pages:
            strange = [one for one in getattr(page, "asked", []) if not one.startswith(("file:", "blob:"))]
            assert strange == []
        context.close()


def unlock(page: Page, passphrase: str) -> None:
    page.get_by_label("Passphrase", exact=True).fill(passphrase)
    page.get_by_role("button", name="Open", exact=True).click()


def look(page: Page, name: str, *schemes: str) -> None:
    """Let nothing wider than the screen pass, and nothing serious or critical; photograph it where somebody asks."""
    page.evaluate(AXE)
    for scheme in schemes:
        page.emulate_media(color_scheme=scheme)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            if "PICTURES" in os.environ:
                page.screenshot(
                    path=Path(os.environ["PICTURES"]) / f"{name}-{scheme}-{width}.png", full_page=True
                )
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        found = page.evaluate("axe.run({resultTypes: ['violations']})")
        assert [one["id"] for one in found["violations"] if one["impact"] in ("serious", "critical")] == []
    page.emulate_media(color_scheme="light")


def damage(file: str, number: int) -> str:
    """The file with one sign of this part changed, wherever it stands."""
    return re.sub(
        rf'(data-part="{number}">.{{40}})(.)',
        lambda found: found[1] + ("A" if found[2] != "A" else "B"),
        file,
    )


def make_bag(page: Page, reference: str, folder: Path) -> tuple[str, str]:
    """A copy with every paper, made by the page; its text and its passphrase."""
    page.goto(f"/cases/{reference}/go-bags/new?for=office")
    passphrase = page.locator("kbd").inner_text()
    page.get_by_label("Who takes it along").fill("Idris Vane")
    for box in page.locator("[name=keys][value^=scan]").all():
        box.check()
    page.get_by_label("I looked through each scan").check()
    page.get_by_label("I wrote down the passphrase.").check()
    page.get_by_role("button", name="Make the file").click(timeout=60_000)
    expect(page.get_by_role("heading", level=1, name="The copy is made")).to_be_visible(timeout=60_000)
    with page.expect_download(timeout=60_000) as waiting:
        page.get_by_role("button", name="Save the file").click(timeout=60_000)
    assert re.fullmatch(r"papers-\d{4}-\d\d-\d\d\.html", waiting.value.suggested_filename)
    waiting.value.save_as(folder / "made.html")
    return (folder / "made.html").read_text(), passphrase


def a_case(ruth: User, megabytes: int = 1) -> tuple[str, list[bytes]]:
    """Samira's, with two long letters, one of them from somebody with a hostile name."""
    case = make_case(ruth, home(), detained_at(), name="Samira", pronouns="she", languages="Dari")
    cases.record_asked(case, asked_on=clock.today(), agreed=True, asked_by="Ruth", actor=ruth)
    contents = [b"%PDF-1.7\n" + os.urandom(megabytes * 2**20) for _ in range(2)]
    for content, sender in zip(contents, ("Hilary Benn", HOSTILE), strict=True):
        row = Correspondence(
            case=case, kind=Kind.MEMBER_TO_US, sender=sender, received_on=clock.today(), recorded_at=clock.now(),
            recorded_by_id=ruth.id, scan_sha256=papers.keep(case, content), scan_type="application/pdf",
        )  # fmt: skip
        db.session.add(row)
    db.session.commit()
    return case.reference, contents


def test_a_copy_is_opened_where_there_is_no_network_and_a_visit_comes_home(
    app: object, visit: Callable[..., Page], camera: Camera, alone: Opening, tmp_path: Path
) -> None:
    ruth = an_account("Ruth Ellery", Role.ORGANISER)
    reference, contents = a_case(ruth, MEGABYTES)
    house = visit(of=ruth, at=f"/cases/{reference}/go-bags/new")
    camera.look(house, "go-bag-new")
    file, passphrase = make_bag(house, reference, tmp_path)
    assert len(file) > 2 * MEGABYTES * 2**20
    assert "Samira" not in file

    page = alone(file)
    expect(page).to_have_title("Papers")
    expect(page.get_by_text("expires on")).to_be_visible()
    look(page, "go-bag-closed", "light")
    unlock(page, "abcd-abcd-abcd-abcd-abcd-abcd")
    expect(page.get_by_role("alert")).to_contain_text("This is not the passphrase")
    expect(page.get_by_label("Passphrase", exact=True)).to_have_value("abcd-abcd-abcd-abcd-abcd-abcd")
    unlock(page, passphrase.upper().replace("-", " "))
    expect(page.get_by_text("I come about Samira.").first).to_be_visible()
    expect(page.get_by_text("today, why she is detained").first).to_be_visible()
    expect(page.get_by_text(HOSTILE)).to_be_visible()
    expect(page.locator("#inside img")).to_have_count(0)
    look(page, "go-bag-open", "light", "dark")

    page.get_by_role("button", name="Open", exact=True).first.click()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Save it").click()
    assert Path(waiting.value.path()).read_bytes() in contents

    tree = page.locator("body").aria_snapshot()
    for told in (
        'heading "Papers" [level=1]', 'heading "What to say in a minute" [level=2]', 'button "Close the bag"',
        'navigation "What is in it"', 'group "What did they say to the one question?"', 'textbox "Whom you met"',
        'radio "They said yes"', 'group "What they promised"',
    ):  # fmt: skip
        assert told in tree
    page.get_by_role("button", name="فارسی").click()
    assert page.evaluate("[document.documentElement.lang, document.documentElement.dir]") == ["fa", "rtl"]
    look(page, "go-bag-rtl", "light")
    page.get_by_role("button", name="English").click()

    fill_in_log(page)
    page.reload()
    unlock(page, passphrase)
    expect(page.get_by_label("Whom you met")).to_have_value("Mr Benn’s caseworker")
    expect(page.get_by_label("They said yes")).to_be_checked()
    assert "Benn" not in page.evaluate("JSON.stringify(localStorage)")
    page.get_by_role("button", name="Show the code").click()
    code = page.locator(".code li").all_inner_texts()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Save the log as a file").click()
    saved = Path(waiting.value.path())
    page.get_by_role("button", name="Close the bag").click()
    assert "Samira" not in page.locator("body").inner_text()

    bring_home(house, camera, reference, code, saved)


def fill_in_log(page: Page) -> None:
    page.get_by_label("Whom you met").fill("Mr Benn’s caseworker")
    page.get_by_label("They said yes").check()
    page.get_by_label("What was said").fill("They will write. ☎ on Monday")
    promise = page.get_by_role("group", name="What they promised")
    promise.get_by_label("What", exact=True).fill("Write to the minister")
    promise.get_by_label("By when").fill((clock.today() + timedelta(5)).isoformat())
    page.get_by_role("group", name="What we do next").get_by_label("What", exact=True).fill(
        "Send them the refusal"
    )
    expect(page.get_by_text("Kept on this device, encrypted:")).to_be_visible()


def bring_home(house: Page, camera: Camera, reference: str, code: list[str], saved: Path) -> None:
    """The code, typed with one slip and then without, becomes a visit with follow-ups; the file was there."""
    house.goto(f"/cases/{reference}/visits/log")
    camera.look(house, "visit-log-take-in")
    slip = code[1][:-1] + ("A" if code[1][-1] != "A" else "B")
    house.get_by_label("Or the code").fill("\n".join([code[0], slip, *code[2:]]))
    house.get_by_role("button", name="See what it says").click()
    expect(house.get_by_text("There is a mistake in line 2").first).to_be_visible()
    house.get_by_label("Or the code").fill("\n".join(code).lower())
    house.get_by_role("button", name="See what it says").click()
    expect(house.get_by_label("Whom they met")).to_have_value("Mr Benn’s caseworker")
    camera.look(house, "visit-log-look-over", posted=True)
    house.get_by_role("button", name="Record the visit").click()
    expect(house.get_by_text("We met, and they agreed to act.")).to_be_visible()
    expect(house.get_by_role("link", name="Write to the minister")).to_be_visible()
    expect(house.get_by_role("link", name="Send them the refusal")).to_be_visible()
    house.goto(f"/cases/{reference}/visits/log")
    house.get_by_label("The file that the bag saved").set_input_files(saved)
    house.get_by_role("button", name="See what it says").click()
    expect(house.get_by_role("heading", name="This visit log is in the file already")).to_be_visible()
    house.goto(f"/cases/{reference}/visits/script")
    camera.look(house, "surgery-script")
    house.goto(f"/cases/{reference}/go-bags")
    camera.look(house, "go-bags")


def test_a_damaged_an_old_and_a_cut_file_say_so_and_show_what_is_whole(
    app: object, visit: Callable[..., Page], alone: Opening, tmp_path: Path
) -> None:
    ruth = an_account("Ruth Ellery", Role.ORGANISER)
    reference, _ = a_case(ruth)
    house = visit(of=ruth, at="/about")
    file, passphrase = make_bag(house, reference, tmp_path)

    changed = re.sub(r'("expires":")[^"]+', r"\g<1>2036-01-01", file)
    page = alone(changed)
    unlock(page, passphrase)
    expect(page.get_by_role("alert")).to_contain_text(
        "The passphrase is right, but this file is damaged or was changed"
    )

    first_paper = 6
    later = datetime.combine(clock.today() + timedelta(40), time(12), UTC)
    page = alone(
        damage(damage(file, first_paper), 3),
        on=later,
        without_shelf=True,
        viewport={"width": 360, "height": 640},
    )
    expect(page.get_by_text("This copy has expired. It still opens")).to_be_visible()
    unlock(page, passphrase)
    expect(page.get_by_text("This copy has expired: it is 40 days old.")).to_be_visible()
    expect(page.locator("#dates").get_by_text("This part is damaged")).to_be_visible()
    expect(page.locator("#brief").get_by_text("Samira")).to_be_visible()
    buttons = page.locator("#papers").get_by_role("button", name="Open", exact=True)
    buttons.first.click()
    expect(page.get_by_text("This paper is damaged and cannot be opened. The others can.")).to_be_visible()
    buttons.nth(1).click()
    expect(page.get_by_role("link", name="Look at it")).to_be_visible()
    page.get_by_label("Whom you met").fill("Mr Benn")
    expect(page.get_by_role("heading", name="The code")).to_be_visible()
    expect(page.get_by_text("This browser keeps nothing for this page.").first).to_be_visible()

    page.clock.fast_forward(11 * 60 * 1000)
    expect(page.get_by_text("It closed itself")).to_be_visible()
    assert "Samira" not in page.locator("body").inner_text()

    page = alone(file[: len(file) // 2])
    unlock(page, passphrase)
    expect(page.locator("#brief").get_by_text("Samira")).to_be_visible()
    page.locator("#papers").get_by_role("button", name="Open", exact=True).nth(1).click()
    expect(page.get_by_text("This paper is damaged and cannot be opened. The others can.")).to_be_visible()


def test_what_is_typed_on_the_page_of_a_visit_stays_there_while_the_signal_is_gone(
    app: object, visit: Callable[..., Page]
) -> None:
    ruth = an_account("Ruth Ellery", Role.ORGANISER)
    case = make_case(ruth, home(), name="Samira")
    page = visit(360, script=True, of=ruth, at=f"/cases/{case.reference}/visits/record?mp=E14001323")
    page.locator("[name=held_on-day]").fill("today")
    page.get_by_label("Whom they met").fill("Mr Benn")
    page.get_by_label("They said no").check()
    page.context.set_offline(True)
    page.get_by_role("button", name="Save the visit").click()
    expect(page.get_by_text("No connection. Your words are on this page")).to_be_visible()
    expect(page.get_by_label("Whom they met")).to_have_value("Mr Benn")
    page.context.set_offline(False)
    page.get_by_role("button", name="Save the visit").click()
    expect(page.get_by_text("They said no.")).to_be_visible()
