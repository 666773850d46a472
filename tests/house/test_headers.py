"""Every answer of the house is closed: no page of it can be framed, kept, told of or made to run what is not ours."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from casework.app import create_app
from casework.storage.database import db
from casework.storage.models import Case, User
from casework.web.anybody import PUBLIC
from tests.conftest import Visitor, settings_for
from tests.factories import detained_at, home, make_case
from tests.house.test_routes import addresses
from tests.pages import Browser, check_headers


@pytest.fixture
def case(organiser: User) -> Case:
    return make_case(organiser, home(), detained_at())


def every_answer(app: Flask, browser: Browser, case: Case) -> Iterator[TestResponse]:
    """What is open to anybody, and what is refused; `tests/web/test_every_door.py` holds every other answer to it."""
    for method, path, allows in addresses(app, case.reference):
        if method == "GET" and allows == PUBLIC and path != "/leave":
            yield browser.client.get(path)
        elif method == "POST":
            yield browser.client.post(path)  # without its token: refused
        if method == "POST":
            yield browser.client.delete(path)


def test_every_answer_of_every_address_is_closed(app: Flask, browser: Browser, case: Case) -> None:
    seen: set[int] = set()
    for answer in every_answer(app, browser, case):
        check_headers(answer)
        seen.add(answer.status_code)
        answer.close()
    assert {200, 302, 400, 404, 405} <= seen
    for path in ("/leave", "/nowhere", "/static/nothing.js"):
        check_headers(browser.client.get(path))


def test_what_is_refused_too_large_or_broken_is_closed_too(
    app: Flask, browser: Browser, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = browser.client.post("/cases/new", headers={"Sec-Fetch-Site": "cross-site"})
    assert other.status_code == 403
    check_headers(other)
    large = browser.client.post("/cases/new", data={"x": b"x" * (app.config["MAX_CONTENT_LENGTH"] + 1)})
    assert large.status_code == 413
    check_headers(large)

    def broken() -> None:
        raise RuntimeError("invented")

    app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setitem(app.view_functions, "home.about", broken)
    broken.allows = "anybody"  # type: ignore[attr-defined]
    failed = browser.client.get("/about")
    assert failed.status_code == 500
    check_headers(failed)


def test_style_and_scripts_may_be_kept_and_nothing_else(app: Flask, stranger: Browser) -> None:
    answer = stranger.client.get("/static/app.css")
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    answer.close()


def test_the_mark_of_scripts_is_another_one_each_time(stranger: Browser) -> None:
    marks = {stranger.client.get("/sign-in").headers["Content-Security-Policy"] for _ in range(3)}
    assert len(marks) == 3


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Sec-Fetch-Site": "none"}, 303),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": "http://localhost"}, 303),
        ({"Origin": "null"}, 303),
        ({"Origin": "https://example.org"}, 403),
        ({"Origin": "http://localhost.example.org"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"}, 403),
    ],
)
def test_a_form_is_taken_from_a_page_of_this_house_alone_even_with_its_token(
    browser: Browser, headers: dict[str, str], status: int
) -> None:
    token = re.search(r'name="csrf_token"[^>]*value="([^"]*)"', browser.get("/you"))
    assert token
    answer = browser.client.post("/you/devices/end-others", data={"csrf_token": token[1]}, headers=headers)
    assert answer.status_code == status


def test_over_https_the_cookie_is_bound_to_this_very_site(instance: object) -> None:
    app = create_app(settings_for(instance, https=True))  # type: ignore[arg-type]
    app.test_client_class = Visitor
    with app.app_context():
        browser = Browser(app.test_client())
        page = browser.client.get("/sign-in", base_url="https://localhost")
        (cookie,) = page.headers.getlist("Set-Cookie")
        assert cookie.startswith("__Host-casework=")
        assert "Secure" in cookie
        assert "Domain" not in cookie
        assert page.headers["Strict-Transport-Security"] == "max-age=31536000"
        # and a form needs no referrer, which pages of ours never send
        token = re.search(r'name="csrf_token"[^>]*value="([^"]*)"', page.text)
        assert token
        answer = browser.client.post("/sign-in", base_url="https://localhost", data={"csrf_token": token[1]})
        assert answer.status_code == 200
        db.session.remove()
        db.engine.dispose()
