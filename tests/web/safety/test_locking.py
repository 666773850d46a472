"""One tap that locks everything, for those who answer for cases, from every page."""

import re

from casework.domain.safety.accounts import Role
from casework.services.safety import audit
from casework.storage import lock_marker
from tests.factories import make_user


def test_who_answers_for_cases_finds_the_button_on_every_page_and_volunteers_do_not(sign_in):
    mine = re.sub(r"\s+", " ", sign_in(make_user(Role.CASEWORKER, "Idris")).get("/you"))
    theirs = sign_in(make_user(Role.VOLUNTEER, "Ada")).get("/you")
    for mark in (
        '<button form="lock-everything">',
        'id="lock-everything"',
        "Lock everything now",
    ):
        assert mark in mine
        assert mark not in theirs
    # And what a lock is worth while the key has no passphrase.
    assert "casework unlock" in mine
    assert "whoever takes the machine can still read everything" in mine


def test_one_tap_signs_everybody_out_and_locks_without_asking_twice_but_not_by_another_s_page(
    app, browser, sign_in, instance, organiser
):
    assert browser.client.get("/lock-everything").status_code == 405
    assert browser.client.post("/lock-everything").status_code == 400
    assert not lock_marker.is_locked(instance)
    other = sign_in(make_user(Role.VOLUNTEER, "Ada"))
    browser.post("/lock-everything", page="/about")
    assert browser.last.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert lock_marker.is_locked(instance)
    other.get("/cases", 302)
    browser.get("/cases", 302)
    assert "everything locked" in [event.action for event in audit.list_events(organiser)]
