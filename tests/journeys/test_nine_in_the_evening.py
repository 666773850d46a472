"""A friend signed at the reporting centre and did not come out: the whole line, through the browser's door.

All of it runs with JavaScript off. Every page on the way is shown to axe at both widths, and photographed on request.
"""

import re
from collections.abc import Callable
from datetime import timedelta

import pypdfium2
import pytest
from playwright.sync_api import Page, expect

from casework import clock
from casework.domain.safety.accounts import Role
from casework.services.safety import accounts
from casework.storage.models import User
from tests.journeys.conftest import Camera

pytestmark = pytest.mark.browser
PASSWORD = "a long invented pass phrase"


def an_account(name: str, role: Role) -> User:
    """Somebody who chose their password through their one-time link."""
    _, token = accounts.add_user(name, f"{name.split()[0].lower()}@example.org", role)
    return accounts.use_link(token, PASSWORD)


def enter(page: Page, user: User) -> None:
    """Sign in."""
    page.get_by_label("Name or email").or_(page.locator("[name=sign_in_name]")).first.fill(user.sign_in_name)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1, name="Today")).to_be_visible()


def put_day(page: Page, name: str, text: str) -> None:
    """Fill the three boxes of a date."""
    for part, value in zip(("day", "month", "year"), text.split(), strict=True):
        page.locator(f"[name={name}-{part}]").fill(value)


def days_ago(days: int) -> str:
    day = clock.today() - timedelta(days=days)
    return f"{day.day} {day.month} {day.year}"


def open_case(page: Page) -> str:
    """Open the case of the story; its reference."""
    page.get_by_role("link", name="Open a case").click()
    page.get_by_label("Name they use").fill("Samira")
    page.get_by_label("Home postcode").fill("ls110es")
    put_day(page, "home_since", "1 5 2021")
    page.get_by_label("Where they are held").select_option("yarls-wood")
    page.locator("[name=held_since-day]").fill("yesterday")
    page.get_by_label("Postcode of a former home").fill("S1 2HH")
    put_day(page, "former1_since", "1 6 2019")
    put_day(page, "former1_until", "30 4 2021")
    page.get_by_text("Another former home", exact=True).click()
    page.get_by_label("Postcode of another former home").fill("BD1 1HY")
    page.get_by_role("button", name="Open the case").click()
    expect(page.get_by_role("heading", level=1, name="Samira")).to_be_visible()
    found = re.search(r"/cases/(C-\d+)", page.url)
    assert found
    return found[1]


def issue_first_letter(page: Page, reference: str, mp: str, camera: Camera, name: str) -> bytes:
    """Draft the letter that suits this MP, fill its gaps, look at its pages, issue it; the PDF."""
    page.goto(f"/cases/{reference}")
    page.locator(".member", has_text=mp).get_by_role("link", name=re.compile("letter", re.I)).first.click()
    page.get_by_role("button", name="Draft it from the case").click()
    camera.look(page, f"draft-{name}")
    page.locator("[name=sender_address]").fill("1 Invented Row\nLeeds")
    page.locator("[name=sender_postcode]").fill("LS11 0ES")
    page.locator("[name=sender_phone]").fill("07700 900123")
    page.wait_for_load_state()
    for box in page.locator("main textarea").all():
        text = box.input_value()
        if "[" in text:
            box.fill(re.sub(r"\[[^\]]*\]", "what we know at first hand", text))
    page.get_by_role("button", name="Update the preview").click()
    expect(page.locator(".pages img").first).to_be_attached()
    page.get_by_role("button", name="Check it and issue it").click()
    expect(page.get_by_role("heading", level=1, name="Issue this letter")).to_be_visible()
    camera.look(page, f"issue-{name}")
    page.get_by_role("button", name="Issue this letter").click()
    return download(page)


def download(page: Page) -> bytes:
    """The PDF that the page of an issued paper offers."""
    link = page.locator("main a[href$='.pdf']").first
    answer = page.context.request.get(link.get_attribute("href") or "")
    assert answer.ok
    return answer.body()


def texts_of(pdf: bytes) -> list[str]:
    """The words on each page, as one line."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [" ".join(page.get_textpage().get_text_range().split()) for page in document]


def text_of(pdf: bytes) -> str:
    return " ".join(texts_of(pdf))


def make_authority(page: Page, reference: str, camera: Camera) -> None:
    """Print the form of authority, then record that it came back signed."""
    page.goto(f"/cases/{reference}")
    page.get_by_role("link", name="Print the form of authority").click()
    page.get_by_label("To which MP").select_option(index=1)
    page.get_by_role("button", name="Draft it from the case").click()
    page.get_by_role("button", name="Make the PDF").click()
    camera.look(page, "form-of-authority-issue")
    page.get_by_role("button", name="Make the PDF").click()
    form = text_of(download(page))
    assert "Samira" in form
    assert "signature or mark" in form.lower()

    page.goto(f"/cases/{reference}")
    page.get_by_role("link", name="Have the form of authority signed").click()
    page.locator("[name=signed_on-day]").fill("today")
    page.locator("[name=how_given][value=paper]").check()
    page.locator("[name=mps][value=any]").check()
    page.locator("[name=scope][value=ask]").check()
    page.locator("[name=scope][value=replies]").check()
    camera.look(page, "authority-new")
    page.get_by_role("button", name="Put it on record").click()


def record_visit(page: Page, reference: str, camera: Camera) -> None:
    """Record a surgery visit with a promise."""
    page.goto(f"/cases/{reference}/visits/record")
    camera.look(page, "visit-record")
    page.locator("[name=gss_code]").select_option(index=1)
    page.locator("[name=held_on-day]").fill("today")
    page.get_by_label("Who went").fill("Ruth")
    page.locator("[name=outcome]").first.check()
    page.locator("[name=promise1_what]").fill("Write to the Home Office, marked urgent")
    page.get_by_role("button", name="Save the visit").click()
    expect(page.get_by_text("Write to the Home Office, marked urgent").first).to_be_visible()
    camera.look(page, "visit")


def record_removal_notice(page: Page, reference: str, camera: Camera) -> None:
    """Record a notice of removal; its dates are there at once."""
    page.goto(f"/cases/{reference}")
    page.get_by_role("link", name="Record a Home Office letter").click()
    camera.look(page, "response-new")
    page.locator("[name=response][value='removal notice']").check()
    put_day(page, "dated", days_ago(0))
    put_day(page, "received_on", days_ago(0))
    page.locator("[name=received_how]").select_option(index=1)
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Keep the letter").click()
    expect(page.get_by_text("Notice of intention to remove").first).to_be_visible()
    page.goto(f"/cases/{reference}/dates")
    expect(page.get_by_text(re.compile("may act from|possible from", re.I)).first).to_be_visible()
    camera.look(page, "case-dates")


def test_from_a_name_and_a_postcode_to_letters_in_hand(visit: Callable[..., Page], camera: Camera) -> None:
    ruth = an_account("Ruth Ellery", Role.ORGANISER)
    mina = an_account("Mina Castellan", Role.VOLUNTEER)
    page = visit()
    camera.look(page, "sign-in")
    enter(page, ruth)
    camera.look(page, "cases-empty")
    reference = open_case(page)
    for seat in ("Leeds South", "North Bedfordshire", "Sheffield Central", "Bradford West"):
        expect(page.get_by_text(seat).first).to_be_visible()
    camera.look(page, "case-new")

    page.get_by_role("link", name="Ask Samira before any MP is told").click()
    page.locator("[name=agreed][value=yes]").check()
    page.locator("[name=asked_on-day]").fill("today")
    page.locator("[name=asked_by]").fill("Ruth, by phone")
    camera.look(page, "asked")
    page.get_by_role("button", name="Save the answer").click()

    make_authority(page, reference, camera)
    record_visit(page, reference, camera)
    record_removal_notice(page, reference, camera)
    home = text_of(issue_first_letter(page, reference, "Leeds South", camera, "home"))
    assert "Samira" in home
    assert "removal" in home.lower()
    held = text_of(issue_first_letter(page, reference, "North Bedfordshire", camera, "detention"))
    assert "Yarl" in held
    page.goto(f"/cases/{reference}")
    camera.look(page, "case-full")
    page.goto("/dates")
    expect(page.get_by_text("Samira").first).to_be_visible()
    camera.look(page, "dates")
    for path, name in (
        ("dates/1", "date-counted"),
        ("dates/1/settle", "date-settle"),
        ("dates/1/state", "date-stated"),
        ("follow-ups/1", "follow-up"),
        ("visits/1/correct", "visit-correct"),
        ("letters-and-answers/1", "paper"),
        ("authority/1/withdraw", "authority-withdraw"),
    ):
        page.goto(f"/cases/{reference}/{path}")
        expect(page.get_by_role("heading", level=1)).not_to_have_text("There is no such page")
        camera.look(page, name)

    other = visit(of=mina, at="/today")
    answer = other.goto(f"/cases/{reference}")
    assert answer is not None
    assert answer.status == 404
    expect(other.get_by_text("Samira")).to_have_count(0)


def test_every_page_can_be_read_and_looks_right(visit: Callable[..., Page], camera: Camera) -> None:
    ruth = an_account("Ruth Ellery", Role.ORGANISER)
    page = visit(of=ruth, at="/today")
    reference = open_case(page)
    for path, name in (
        (f"/cases/{reference}/person", "person"),
        (f"/cases/{reference}/places", "places"),
        (f"/cases/{reference}/places/new", "place-new"),
        (f"/cases/{reference}/transfer", "transfer"),
        (f"/cases/{reference}/supporters", "supporters"),
        (f"/cases/{reference}/supporters/new", "supporter-new"),
        (f"/cases/{reference}/notes/new", "note-new"),
        (f"/cases/{reference}/who-can-act", "who-can-act"),
        (f"/cases/{reference}/places/1", "place"),
        (f"/cases/{reference}/places/1/constituency", "place-constituency"),
        (f"/cases/{reference}/visits/new", "visit-new"),
        (f"/cases/{reference}/visits/record", "visit-record-at-once"),
        (f"/cases/{reference}/letters", "letters"),
        (f"/cases/{reference}/letters/new", "letter-new"),
        (f"/cases/{reference}/letters-and-answers", "file"),
        (f"/cases/{reference}/letters-out/new", "letter-out"),
        (f"/cases/{reference}/letters-in/new", "letter-in"),
        (f"/cases/{reference}/dates/new", "date-new"),
        (f"/cases/{reference}/authority", "authority"),
        (f"/cases/{reference}/team", "team"),
        (f"/cases/{reference}/trail", "case-trail"),
        (f"/cases/{reference}/close", "close"),
        ("/cases/new", "case-open"),
        ("/cases", "cases"),
        ("/mps", "mps"),
        ("/mps/E14001290", "mp-one-source"),
        ("/people", "people"),
        ("/people/new", "person-new"),
        ("/you", "you"),
        ("/you/password", "password"),
        ("/trail", "trail"),
        ("/about", "about"),
        ("/no-such-page", "missing"),
    ):
        camera.look(page, name, at=path)


def test_on_a_phone_a_wrong_form_says_so_and_keeps_what_was_typed(
    visit: Callable[..., Page], camera: Camera
) -> None:
    page = visit(360, of=an_account("Ruth Ellery", Role.ORGANISER), at="/today")
    page.get_by_role("link", name="Open a case").click()
    page.get_by_label("Home postcode").fill("not one")
    page.get_by_label("What is urgent").fill("Flight on Tuesday")
    page.get_by_role("button", name="Open the case").click()
    expect(page.get_by_role("alert")).to_contain_text("Type a name")
    expect(page.get_by_label("Home postcode")).to_have_value("not one")
    expect(page.get_by_label("What is urgent")).to_have_value("Flight on Tuesday")
    page.get_by_role("link", name=re.compile("Type a name")).click()
    expect(page.get_by_label("Name they use")).to_be_focused()
