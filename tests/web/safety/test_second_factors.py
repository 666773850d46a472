"""A second factor: what is asked for, by whom, and what a thief of a password, a code or a cookie gets by it."""

import re
from datetime import timedelta
from functools import cache

import pyotp
import pytest

from casework import clock
from casework.domain.safety.accounts import Role
from casework.services.safety import accounts, passwords, recovery_codes, second_factors
from casework.storage.database import db
from casework.storage.models import AuditEvent, CodeApp, RecoveryCode
from tests.factories import make_user, signed_in
from tests.pages import Browser
from tests.web.test_signed_out import fields_of, send

WORDS = "lantern gravel otter noon"
HERE = "/you/second-factor"


@pytest.fixture
def at(monkeypatch):
    """A clock that stands still, and is moved on."""
    now = [clock.now()]
    monkeypatch.setattr(clock, "now", lambda: now[0])

    def move(**by):
        now[0] += timedelta(**by)
        return now[0]

    return move


@pytest.fixture
def ada(organiser):
    """A volunteer with a password."""
    user = make_user(Role.VOLUNTEER, "Ada Mensah")
    user.sign_in_name, user.password_hash = "ada@example.org", hash_of_words()
    db.session.commit()
    return user


@cache
def hash_of_words():
    """Made once: it is slow on purpose."""
    return passwords.make_hash(WORDS)


@pytest.fixture
def phone(ada, at):
    """Ada's app, set up a while ago."""
    signed_in(ada)
    secret = second_factors.new_secret()
    ada.codes = second_factors.set_up_app(ada, secret, pyotp.TOTP(secret).at(clock.now()))
    at(minutes=5)
    return pyotp.TOTP(secret)


def show(phone):
    """The code that the app shows now."""
    return phone.at(clock.now())


def password(browser, status=303, path="/sign-in"):
    return browser.post(path, status, sign_in_name="ada@example.org", password=WORDS)


def code(browser, typed, status=303):
    return browser.post("/sign-in/code", status, code=typed)


def confirm(browser, typed=None):
    browser.post(f"/you/confirm?next={HERE}", password=WORDS, code=typed)


def test_somebody_sets_an_app_up_and_signs_in_with_its_code(ada, sign_in, stranger, at):
    browser = sign_in(ada)
    browser.get(f"{HERE}/app", 303)
    browser.post(browser.location, password=WORDS)
    page = browser.get(f"{HERE}/app")
    key = re.search(r'class="key">([A-Z2-7 ]+)<', page)[1]
    assert re.fullmatch(r"([A-Z2-7]{4} ){7}[A-Z2-7]{4}", key)
    assert "<svg" in page
    phone = pyotp.TOTP(key.replace(" ", ""))
    assert "does not fit" in browser.post(f"{HERE}/app", 200, code=f"{int(show(phone)) ^ 1:06}")
    codes = re.findall(r"<li><code>([a-z0-9-]+)</code>", browser.post(f"{HERE}/app", 200, code=show(phone)))
    assert len(set(codes)) == 10
    at(minutes=1)
    password(stranger)
    stranger.get("/you", 302)  # the password alone opens nothing
    code(stranger, f" {show(phone)[:3]} {show(phone)[3:]} ")
    stranger.get("/you")


def test_a_code_that_somebody_looked_over_your_shoulder_works_no_second_time(phone, stranger, app, at):
    typed = show(phone)
    password(stranger)
    code(stranger, typed)
    thief = Browser(app.test_client())
    password(thief)
    assert "does not fit" in code(thief, typed, 200)
    at(seconds=30)
    assert "does not fit" in code(thief, typed, 200)
    code(thief, show(phone))


def test_codes_are_guessed_no_faster_than_passwords(phone, stranger, at):
    password(stranger)
    wrong = f"{(int(show(phone)) + 1) % 10**6:06}"
    for _ in range(5):
        code(stranger, wrong, 200)
    assert "Wait 15 seconds" in code(stranger, show(phone), 429)
    password(stranger)  # the right password again forgives no code
    assert "Wait" in code(stranger, show(phone), 429)
    at(seconds=16)
    code(stranger, show(phone))


def test_each_recovery_code_lets_in_once_and_a_new_set_ends_the_old_one(ada, phone, stranger, sign_in, at):
    assert all(one not in row.code_hash for one in ada.codes for row in RecoveryCode.query.all())
    password(stranger)
    code(stranger, ada.codes[0].upper().replace("-", " "))
    assert "9 of them are left" in stranger.get("/you")
    assert [e.facts for e in AuditEvent.query.all() if e.action == "recovery code used"] == [{"left": 9}]
    again = sign_in(ada)
    again.client.delete_cookie("casework")
    password(again)
    code(again, ada.codes[0], 200)
    confirm(stranger, show(phone))
    page = stranger.post(f"{HERE}/codes", 200, page=HERE)
    assert page.count("<li><code>") == 10
    code(again, ada.codes[1], 200)
    assert recovery_codes.left(ada) == 10


def test_few_codes_left_is_said(ada, phone, sign_in):
    for one in ada.codes[:8]:
        recovery_codes.use(ada, one.replace("-", ""))
    db.session.commit()
    assert "Only 2 recovery codes left" in sign_in(ada).get(HERE)


def test_a_half_done_sign_in_ends_after_ten_minutes_and_with_a_new_password(ada, phone, stranger, at):
    password(stranger)
    at(minutes=11)
    stranger.get("/sign-in/code", 303)
    assert stranger.location == "/sign-in"
    password(stranger)
    accounts.use_link(accounts.make_new_link(ada, None), "pebble ladder violet seven")
    stranger.get("/sign-in/code", 303)


def test_a_link_for_a_new_password_does_not_get_round_the_second_factor(ada, phone, stranger):
    link = accounts.make_new_link(ada, None)
    stranger.post(f"/join/{link}", password="pebble ladder violet seven")
    assert stranger.location.startswith("/sign-in/code")
    stranger.get("/you", 302)
    code(stranger, show(phone))
    stranger.get("/you")


@pytest.mark.parametrize("path", [f"{HERE}/app", f"{HERE}/passkeys/new", "/you/password"])
def test_a_stolen_cookie_changes_nothing_in_how_somebody_signs_in(ada, phone, sign_in, path):
    thief = sign_in(ada)
    thief.get(path, 303)
    assert thief.location.startswith("/you/confirm")
    for door in ("app/remove", "codes"):
        thief.post(f"{HERE}/{door}", page=HERE)
        assert thief.location.startswith("/you/confirm")
    assert second_factors.factors_of(ada).app
    assert recovery_codes.left(ada) == 10


def test_confirming_asks_for_password_and_code_and_holds_ten_minutes_in_that_browser(ada, phone, sign_in, at):
    browser, other = sign_in(ada), sign_in(ada)
    where = f"/you/confirm?next={HERE}/app"
    assert "not your password" in browser.post(where, 200, password="wrong wrong wrong", code=show(phone))
    assert "does not fit" in browser.post(where, 200, password=WORDS, code="")
    browser.post(where, password=WORDS, code=show(phone))
    assert browser.location == f"{HERE}/app"
    browser.get(f"{HERE}/app")
    other.get(f"{HERE}/app", 303)
    at(minutes=11)
    browser.get(f"{HERE}/app", 303)


def test_a_first_factor_ends_the_sign_ins_that_were_without(ada, sign_in, at):
    here, there = sign_in(ada), sign_in(ada)
    confirm(here)
    key = re.search(r'class="key">([A-Z2-7 ]+)<', here.get(f"{HERE}/app"))[1].replace(" ", "")
    here.post(f"{HERE}/app", 200, code=show(pyotp.TOTP(key)))
    here.get("/you")
    there.get("/you", 302)


def test_who_must_have_one_is_led_to_it_before_anything_else(ada, organiser, sign_in, app, at):
    object.__setattr__(app.extensions["casework"].settings, "second_factor", "organisers")
    hers, ruths = sign_in(ada), sign_in(organiser)
    hers.get("/cases")
    for path in ("/cases", "/people", "/you", "/you/password"):
        ruths.get(path, 303)
        assert ruths.location == HERE
    assert ruths.client.post("/people/new", data={}).status_code in (303, 400)
    assert "asks you for a second factor" in ruths.get(HERE)
    secret = second_factors.new_secret()
    second_factors.set_up_app(organiser, secret, pyotp.TOTP(secret).at(clock.now()))
    with_it = sign_in(organiser)
    with_it.get("/cases")
    organiser.session.confirmed_at = clock.now()
    db.session.commit()
    assert "Set up another one first" in with_it.post(f"{HERE}/app/remove", 422, page=HERE)


def test_an_organiser_takes_a_lost_factor_away_and_its_owner_is_out_everywhere(
    ada, phone, browser, organiser, sign_in, stranger
):
    hers = sign_in(ada)
    page = f"/people/{ada.id}"
    assert "Their second factor" in browser.get(page)
    # Whoever sits at a browser that an organiser left open knows no password.
    browser.post(f"{page}/second-factor/reset", page=page)
    assert browser.location.startswith("/you/confirm")
    hers.get("/you")
    organiser.password_hash = passwords.make_hash(WORDS)
    db.session.commit()
    browser.post(f"/you/confirm?next={page}", password=WORDS)
    browser.post(f"{page}/second-factor/reset", page=page)
    hers.get("/you", 302)
    password(stranger)
    stranger.get("/you")
    assert recovery_codes.left(ada) == 0
    assert [(e.user_name, e.facts) for e in AuditEvent.query.all() if e.action == "second factor reset"] == [
        ("Ruth Ellery", {"user": ada.id})
    ]


def test_nobody_but_an_organiser_takes_a_factor_away(ada, phone, sign_in, app):
    app.config["WTF_CSRF_ENABLED"] = False
    other = sign_in(make_user(Role.CASEWORKER))
    assert other.client.post(f"/people/{ada.id}/second-factor/reset").status_code == 403
    assert second_factors.has_any(ada)


def test_the_secret_lies_sealed_and_fits_no_other_account(ada, phone, organiser):
    row = db.session.get(CodeApp, ada.id)
    assert phone.secret.encode() not in row.secret
    row.user_id = organiser.id
    db.session.commit()
    with pytest.raises(ValueError, match="altered or belongs"):
        second_factors.check_code(organiser, show(phone))


def test_what_was_typed_when_a_sign_in_ended_comes_back_after_the_code_too(ada, phone, sign_in, app):
    browser = sign_in(ada)
    typed = {**fields_of(browser.get("/cases/new")), "name_used": "Somebody new"}
    browser.client.delete_cookie("casework")
    page = send(browser, "/cases/new", typed, 401)
    answers = {"sign_in_name": "ada@example.org", "password": WORDS}
    page = send(browser, "/sign-in?next=/cases/new", {**fields_of(page), **answers}, 200)
    assert "What you typed is kept" in page
    page = send(browser, "/sign-in/code", {**fields_of(page), "code": show(phone)}, 200)
    assert "Somebody new" in send(browser, "/cases/new", fields_of(page), 200)
