"""Every page says who may enter, and the house keeps to it; `tests/web/test_every_door.py` tries every door."""

from collections import Counter
from collections.abc import Callable

from flask import Flask
from werkzeug.routing import IntegerConverter

from casework.domain.safety.accounts import ACTIONS, Role
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


def test_a_case_of_others_is_not_there_for_somebody_who_does_not_work_on_it(
    app: Flask, organiser: User, sign_in: Callable[[User], Browser]
) -> None:
    """Each page is tried by one of the roles that may enter it, and each role tries many."""
    app.config["WTF_CSRF_ENABLED"] = False
    case = make_case(organiser, home(), detained_at())
    browsers = {role: sign_in(make_user(role, "Somebody else")) for role in Role}
    inside = [row for row in addresses(app, case.reference) if f"/cases/{case.reference}" in row[1]]
    assert len(inside) > 100
    tried = Counter[Role]()
    for method, path, allows in inside:
        role = min((one for one in Role if allows in ACTIONS[one]), key=tried.__getitem__)
        tried[role] += 1
        assert browsers[role].client.open(path, method=method).status_code == 404, (role, method, path)
    assert min(tried[role] for role in Role) > 20


def test_every_form_needs_its_token(app: Flask, browser: Browser) -> None:
    answer = browser.client.post("/cases/new", data={"name_used": "Samira A."})
    assert answer.status_code == 400
