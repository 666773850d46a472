"""Whoever opens a page or a file of a case leaves a line in the trail, whichever page it is."""

from flask import Flask
from werkzeug.routing import IntegerConverter

from casework.services import audit
from casework.storage.database import db
from casework.storage.models import AuditEvent, User
from tests.factories import detained_at, home, make_case
from tests.pages import Browser


def test_no_page_and_no_file_of_a_case_is_read_unseen(app: Flask, browser: Browser, organiser: User) -> None:
    case = make_case(organiser, home(), detained_at())
    adapter, unseen, looked = app.url_map.bind("localhost"), [], 0
    for rule in app.url_map.iter_rules():
        if "reference" not in rule.arguments or "GET" not in (rule.methods or ()):
            continue
        numbers = {name for name, kind in rule._converters.items() if isinstance(kind, IntegerConverter)}
        values = {name: 1 if name in numbers else "x" for name in rule._converters}
        path = adapter.build(rule.endpoint, {**values, "reference": case.reference, **(rule.defaults or {})})
        before = lines(rule.endpoint)
        status = browser.client.get(path).status_code
        db.session.rollback()
        looked += 1
        if lines(rule.endpoint) == before:
            unseen.append((rule.endpoint, status))
    assert unseen == []
    assert looked > 60


def lines(endpoint: str) -> int:
    """How often this page stands in the trail as looked at."""
    rows = db.session.query(AuditEvent).filter(AuditEvent.action == audit.LOOK)
    return sum(row.facts.get("page") == endpoint for row in rows)
