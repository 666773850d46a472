"""One tap that locks everything, for those who answer for cases, from every page."""

import re

import pytest

from casework.domain.accounts import Role
from casework.services import audit
from casework.storage import lock_marker
from tests.factories import make_user
from tests.pages import Browser


@pytest.mark.parametrize(
    ("role", "may"), [(Role.ORGANISER, True), (Role.CASEWORKER, True), (Role.VOLUNTEER, False)]
)
def test_organisers_and_caseworkers_find_the_button_on_every_page_and_volunteers_do_not(sign_in, role, may):
    browser = sign_in(make_user(role, "Somebody"))
    for path in ("/cases", "/you", "/about"):
        page = browser.get(path)
        assert ('<button form="lock-everything"' in page) is may, path
        assert ('id="lock-everything"' in page) is may, path
    assert ("Lock everything now" in browser.get("/you")) is may


def test_one_tap_signs_everybody_out_and_locks_without_asking_twice(
    app, browser, sign_in, instance, organiser
):
    other = sign_in(make_user(Role.VOLUNTEER, "Ada"))
    other.get("/cases")
    browser.post("/lock-everything", page="/you")
    assert browser.last.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert lock_marker.is_locked(instance)
    other.get("/cases", 302)
    browser.get("/cases", 302)
    assert "everything locked" in [event.action for event in audit.list_events(organiser)]


def test_no_page_of_somebody_else_can_lock_it(app, browser: Browser, instance):
    assert browser.client.get("/lock-everything").status_code == 405
    assert browser.client.post("/lock-everything").status_code == 400
    assert not lock_marker.is_locked(instance)


def test_it_says_what_a_lock_is_worth_without_a_passphrase(browser):
    page = re.sub(r"\s+", " ", browser.get("/you"))
    assert "casework unlock" in page
    assert "whoever takes the machine can still read everything" in page
