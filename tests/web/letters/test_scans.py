"""A scan is seen as pictures made here, or handed out as a file that no browser opens."""

import io
import re
from types import SimpleNamespace

import pytest
from PIL import Image
from sqlalchemy import func, select

from casework.pdf import strangers
from casework.storage.database import db
from casework.storage.hosted import waiting_at_most
from casework.storage.instance import current_instance
from casework.storage.models import Authority
from casework.storage.s3_store import open_s3
from tests.conftest import settings_for
from tests.factories import make_case, make_user
from tests.pages import Browser
from tests.services.letters.test_scan_checks import a_pdf, a_photo, layers_in_layers, opens_with_a_program
from tests.storage.s3_of_our_own import settings_of, storage
from tests.web.consent.test_consent import record
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


@pytest.fixture
def slow_storage(app, instance, tmp_path):
    """Papers lie on S3; what is put into the list happens once, while it takes in the next paper."""
    happens = []
    with storage(meanwhile=lambda: happens.pop()() if happens else None) as (address, kept):
        current_instance().archive = open_s3(settings_for(instance, **settings_of(tmp_path, address)))
        yield happens
        assert kept


def test_others_save_while_a_scan_is_on_its_way_to_the_storage(browser, organiser, app, slow_storage):
    case, idris = make_case(organiser), make_user()
    idris_id, saved = idris.id, []

    def idris_saves():
        with app.app_context(), waiting_at_most(db.session, 0.2):
            db.session.get_one(type(idris), idris_id).name = "Idris Noor"
            db.session.commit()
            saved.append("Idris Noor")

    slow_storage.append(idris_saves)
    record(browser, case, scan=(io.BytesIO(a_photo()), "form.jpg"))
    assert saved == ["Idris Noor"]
    assert db.session.scalars(select(Authority)).one().scan_sha256


def test_a_form_that_is_sent_again_while_its_scan_is_on_its_way_is_saved_once(
    browser, sign_in, organiser, app, slow_storage
):
    case, second = SimpleNamespace(reference=make_case(organiser).reference), sign_in(organiser)
    page = browser.get(f"/cases/{case.reference}/authority/new")
    once = re.search(r'name="once"[^>]*value="([^"]*)"', page)[1]

    def send(which):
        record(which, case, once=once, scan=(io.BytesIO(a_photo()), "form.jpg"))

    def again():
        with app.app_context():
            send(second)

    slow_storage.append(again)
    send(browser)
    assert browser.location == second.location
    assert "It was saved once." in browser.get(browser.location)
    assert db.session.scalar(select(func.count(Authority.id))) == 1
