"""Where somebody is signed in: seen, ended, over by itself; and a cookie that was stolen is then worth nothing."""

import json
import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event

from casework import clock
from casework.domain.safety.accounts import Role
from casework.services.safety import accounts, sessions
from casework.storage.database import db
from casework.storage.models import User, UserSession
from tests.factories import make_case, make_user, signed_in
from tests.pages import Browser
from tests.web.test_signed_out import fields_of, send

ANDROID = "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"
HERE = "/you/devices"


@pytest.fixture
def at(monkeypatch):
    """A clock that stands still, and is moved on."""
    now = [clock.now()]
    monkeypatch.setattr(clock, "now", lambda: now[0])

    def move(**by):
        now[0] += timedelta(**by)

    return move


def stolen(browser: Browser, app: Flask) -> Browser:
    """A thief's browser with a copy of the cookie."""
    thief = Browser(app.test_client())
    thief.client.set_cookie("casework", browser.client.get_cookie("casework").value)
    thief.get("/you")
    return thief


def test_each_device_is_listed_as_its_owner_knows_it_and_can_be_ended(browser, organiser, app):
    phone = Browser(app.test_client())
    sessions.add(organiser, ANDROID)
    db.session.commit()
    with phone.client.session_transaction() as session:
        session["_user_id"] = organiser.session_token
    phone.get("/you")
    page = browser.get(HERE)
    assert "2 devices" in page
    assert "Firefox on Android" in page
    assert page.count("(here)") == 1
    row = next(row for row in UserSession.query.all() if row.device == "Firefox on Android")
    browser.post(f"{HERE}/{row.id}/end", page=HERE)
    phone.get("/you", 302)
    browser.get(HERE)


def test_every_other_device_is_ended_at_once(browser, organiser, sign_in):
    others = [sign_in(organiser), sign_in(organiser)]
    browser.post(f"{HERE}/end-others", page=HERE)
    for other in others:
        other.get("/you", 302)
    browser.get("/you")


def test_nobody_ends_the_sign_in_of_somebody_else(browser, app):
    other = make_user(Role.VOLUNTEER, "Ada Mensah")
    token = signed_in(other)
    browser.post(f"{HERE}/{other.session.id}/end", 404, page=HERE)
    assert sessions.user_of(token) is other


@pytest.mark.parametrize("way_out", ["sign-out", "device", "leave"])
def test_a_stolen_cookie_is_worth_nothing_once_its_owner_signed_out(browser, organiser, app, way_out):
    thief = stolen(browser, app)
    if way_out == "leave":
        browser.get("/leave", 303)
    elif way_out == "device":
        browser.get(HERE)
        browser.post(f"{HERE}/{organiser.session.id}/end", page=HERE)
    else:
        browser.post("/sign-out", page="/you")
    assert browser.last.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert "casework=;" in browser.last.headers["Set-Cookie"]
    thief.get("/you", 302)


def test_a_new_part_in_the_group_and_a_closed_account_end_every_sign_in(organiser, sign_in):
    ada = make_user(Role.VOLUNTEER, "Ada Mensah")
    hers = sign_in(ada)
    accounts.change_role(ada, Role.ORGANISER, organiser)
    hers.get("/you", 302)
    hers = sign_in(ada)
    accounts.switch_off(ada, organiser)
    hers.get("/you", 302)


def test_the_database_holds_nothing_that_could_be_put_into_a_cookie(organiser):
    token = signed_in(organiser)
    assert all(token not in str(vars(row)) for row in UserSession.query.all())


def test_an_hour_without_a_click_ends_a_sign_in_and_each_click_begins_it_anew(browser, at):
    for _ in range(3):
        at(minutes=59)
        browser.get("/you")
    at(minutes=63)
    browser.get("/you", 302)


def test_nobody_stays_signed_in_longer_than_half_a_day_however_busy(browser, at):
    for _ in range(14):
        at(minutes=50)
        browser.get("/you")
    at(minutes=25)
    browser.get("/you", 302)


def test_what_a_page_asks_by_itself_keeps_nobody_signed_in_and_staying_does(at, browser):
    at(minutes=50)
    assert json.loads(browser.client.get("/signed-in").text) == {"seconds": 12 * 60}
    assert json.loads(browser.client.get("/signed-in").text) == {"seconds": 12 * 60}
    assert json.loads(browser.client.get("/signed-in?here=yes").text)["seconds"] > 60 * 60
    at(minutes=50)
    browser.get("/you")


def test_reading_writes_no_more_than_once_in_two_minutes(browser, at):
    written: list[str] = []
    keep = lambda *call: written.append(call[2])  # noqa: E731
    event.listen(db.engine, "before_cursor_execute", keep)
    try:
        for _ in range(4):
            browser.get("/you")
            at(seconds=50)
    finally:
        event.remove(db.engine, "before_cursor_execute", keep)
    assert len([one for one in written if one.startswith("UPDATE sessions")]) == 1


def test_what_is_typed_too_late_is_kept_through_the_idle_time_out(browser, organiser, at):
    """Without any script: the page says nothing, the form is sent hours later, and no word is lost."""
    typed = {**fields_of(browser.get("/cases/new")), "name_used": "Somebody new"}
    at(hours=3)
    page = send(browser, "/cases/new", typed, 401)
    assert "What you typed is kept" in page
    with browser.client.session_transaction() as session:
        session["_user_id"] = signed_in(organiser)  # as the sign-in page does
    page = send(browser, "/sign-in", fields_of(page), 200)
    assert "Your words are here" in page
    page = send(browser, "/cases/new", fields_of(page), 200)
    assert "Somebody new" in page


def test_what_was_about_to_be_said_is_not_said_to_whoever_comes_next(browser, at):
    browser.post("/cases/new", name_used="Zebulon")
    with browser.client.session_transaction() as session:
        session["_flashes"] = [("message", "Zebulon is on the list.")]
    at(hours=3)
    browser.get("/cases", 302)
    assert "Zebulon" not in browser.get("/sign-in")


def test_the_page_of_a_visitor_of_the_stall_asks_nobody_whether_they_are_there(browser, organiser):
    case = make_case(organiser)
    here = f"/cases/{case.reference}/supporters/stall"
    browser.post(f"{here}/start", page=here)
    assert "idle.js" not in browser.get(here)


def test_old_sign_ins_are_forgotten_after_a_month(organiser: User, at):
    signed_in(organiser)
    at(days=31)
    with db.session.no_autoflush:
        sessions.begin(organiser, "", "password")
    assert UserSession.query.count() == 1


def test_leaving_quickly_goes_where_the_settings_say(browser, app):
    object.__setattr__(app.extensions["casework"].settings, "quick_exit_url", "https://example.org/recipes")
    page = browser.get("/you")
    assert re.search(r'class="quick-exit" href="/leave" data-elsewhere="https://example.org/recipes"', page)
    browser.get("/leave", 303)
    assert browser.location == "https://example.org/recipes"
