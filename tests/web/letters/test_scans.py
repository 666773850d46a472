"""A scan is seen as pictures made here, or handed out as a file that no browser opens."""

import io

from PIL import Image

from casework.pdf import strangers
from tests.factories import make_case, make_user
from tests.pages import Browser
from tests.services.letters.test_scan_checks import a_pdf, a_photo, layers_in_layers, opens_with_a_program
from tests.web.letters.test_correspondence import notice


def a_letter_with(case, browser, content):
    """Record a removal notice with this scan, through its form; the address of its page."""
    scan = (io.BytesIO(content), "Samira.pdf")
    here = f"/cases/{case.reference}/responses/new"
    told = browser.post(here, 200, **notice(scan=scan, forget_where="y"))
    browser.save(here)
    return browser.location, told


def test_a_pdf_that_carries_a_program_is_told_and_shown_as_pictures(browser: Browser, organiser):
    case = make_case(organiser)
    letter, told = a_letter_with(case, browser, a_pdf(opens_with_a_program))
    assert "This PDF carries a program" in told
    page = browser.get(f"{letter}/scan/look")
    assert "nothing in it can start" in page
    assert f"{letter}/scan/pages/1.png" in page
    assert f"{letter}/scan/pages/1.png" in browser.get(f"{letter}/map")  # beside the letter that it answers
    picture = browser.client.get(f"{letter}/scan/pages/1.png")
    assert picture.mimetype == "image/png"
    assert Image.open(io.BytesIO(picture.data)).format == "PNG"
    browser.get(f"{letter}/scan/pages/2.png", 404)
    file = browser.client.get(f"{letter}/scan")
    assert file.headers["Content-Disposition"].startswith('attachment; filename="letter-')
    assert file.headers["Content-Security-Policy"].endswith("sandbox")
    assert "looked at a scan" in browser.get(f"/cases/{case.reference}/trail?show=looks")


def test_a_scan_that_asks_for_hours_says_why_its_page_stays_empty(browser: Browser, organiser, monkeypatch):
    monkeypatch.setattr(strangers, "_SECONDS", 1)
    case = make_case(organiser)
    letter, _ = a_letter_with(case, browser, layers_in_layers(9, 10))
    assert "Do not open the file itself. Ask whoever sent it" in browser.get(f"{letter}/scan/look")
    assert "so it is not shown" in browser.get(f"{letter}/scan/pages/1.png", 422)


def test_a_photo_is_kept_without_where_and_when_unless_somebody_wants_it(browser: Browser, organiser):
    case = make_case(organiser)
    letter, _ = a_letter_with(case, browser, a_photo())
    assert b"2026:03:02" not in browser.client.get(f"{letter}/scan").data
    assert (
        "checked"
        in browser.get(f"/cases/{case.reference}/letters-in/new").split('name="forget_where"')[1][:60]
    )


def test_the_pictures_of_a_scan_are_not_there_for_somebody_else(browser: Browser, organiser, sign_in, app):
    case = make_case(organiser)
    letter, _ = a_letter_with(case, browser, a_pdf())
    other = sign_in(make_user())
    for path in ("scan", "scan/look", "scan/pages/1.png"):
        other.get(f"{letter}/{path}", 404)
