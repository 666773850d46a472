"""Every page says who may enter, and the house keeps to it."""

from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.routing import IntegerConverter

from casework.domain.safety.accounts import ACTIONS, Action, Role
from casework.storage.models import User
from casework.web.anybody import PUBLIC
from casework.web.guards import needed
from tests.factories import detained_at, home, make_case, make_user
from tests.pages import Browser

OPEN_TO_ANYBODY = {
    "static",
    "home.index",
    "home.leave",
    "home.about",
    "accounts.sign_in",
    "accounts.sign_out",
    "accounts.first_visit",
    "accounts.join",
    "second_factors.code",
    "passkeys.question",
    "passkeys.sign_in",
    "feeds.read",
    "glossary.index",
    "group_papers.accessibility",
    "own_view.read",
    "stop.show",
    "campaign_letters.begin",
    "campaign_letters.begin_again",
    "campaign_letters.start",
    "campaign_letters.your_mp",
    "campaign_letters.write",
    "campaign_letters.letter",
    "campaign_letters.pdf",
    "campaign_letters.after",
}


def test_every_page_says_who_may_enter(app: Flask) -> None:
    silent = [name for name, view in app.view_functions.items() if not hasattr(view, "allows")]
    assert silent == []


def test_only_the_listed_pages_are_open_to_anybody(app: Flask) -> None:
    public = {name for name, view in app.view_functions.items() if getattr(view, "allows", None) == PUBLIC}
    assert public <= OPEN_TO_ANYBODY


def addresses(app: Flask, reference: str) -> list[tuple[str, str, object]]:
    """Every address of the house: method, path with its parts filled in, and who may enter."""
    found = []
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        values: dict[str, object] = dict(rule.defaults or {})
        for name, converter in rule._converters.items():
            whole_number = isinstance(converter, IntegerConverter)
            values[name] = (
                1 if whole_number else {"reference": reference, "gss_code": "E14001276"}.get(name, "x")
            )
        path = adapter.build(rule.endpoint, values, method="GET" if "GET" in (rule.methods or ()) else "POST")
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            found.append((method, path, needed(rule.endpoint, method)))
    return found


def test_a_stranger_is_asked_to_sign_in_on_every_page_that_is_not_open(
    app: Flask, organiser: User, stranger: Browser
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    case = make_case(organiser, home(), detained_at())
    for method, path, allows in addresses(app, case.reference):
        if allows != PUBLIC:
            answer = stranger.client.open(path, method=method)
            assert answer.status_code == 302, (method, path)
            assert "/sign-in" in answer.headers["Location"], (method, path)


@pytest.mark.parametrize("role", list(Role))
def test_a_role_gets_no_further_than_its_actions(
    app: Flask, sign_in: Callable[[User], Browser], role: Role
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    browser = sign_in(make_user(role, "Somebody"))
    for method, path, allows in addresses(app, "C-999"):
        if isinstance(allows, Action) and allows not in ACTIONS[role]:
            assert browser.client.open(path, method=method).status_code == 403, (method, path)


@pytest.mark.parametrize("role", list(Role))
def test_a_case_of_others_is_not_there_for_somebody_who_does_not_work_on_it(
    app: Flask, organiser: User, sign_in: Callable[[User], Browser], role: Role
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    case = make_case(organiser, home(), detained_at())
    browser = sign_in(make_user(role, "Somebody else"))
    inside = [row for row in addresses(app, case.reference) if f"/cases/{case.reference}" in row[1]]
    assert len(inside) > 10
    for method, path, allows in inside:
        if allows in ACTIONS[role]:
            assert browser.client.open(path, method=method).status_code == 404, (method, path)


def test_every_form_needs_its_token(app: Flask, browser: Browser) -> None:
    answer = browser.client.post("/cases/new", data={"name_used": "Samira A."})
    assert answer.status_code == 400
