"""Organisers take a case out on its page, and bring one in."""

import re
from io import BytesIO

import pytest
from sqlalchemy import select

from casework.domain.safety.accounts import Role
from casework.storage.database import db
from casework.storage.models import AuditEvent, Case
from tests.factories import home, make_case, make_user


def taken_out(browser, case) -> tuple[bytes, str]:
    page = browser.get(f"/cases/{case.reference}/export")
    passphrase = re.search(r"<kbd>([a-z0-9-]+)</kbd>", page)[1]
    browser.post(f"/cases/{case.reference}/export", 200, passphrase=passphrase, written_down="y")
    return browser.last.data, passphrase


def test_a_case_is_taken_out_and_brought_in_on_two_pages(browser, organiser):
    case = make_case(organiser, home(), name="Samira Unmistakable")
    content, passphrase = taken_out(browser, case)
    assert browser.last.headers["Content-Disposition"] == 'attachment; filename="case.casework"'
    assert b"Unmistakable" not in content
    browser.post("/cases/bring-in", file=(BytesIO(content), "x"), passphrase=passphrase.upper())
    assert browser.location == "/cases/C-2"
    page = browser.get(browser.location)
    assert "Samira Unmistakable" in page
    assert "There it was C-1" in page
    actions = [row.action for row in db.session.scalars(select(AuditEvent).order_by(AuditEvent.id))]
    assert actions.count("case exported") == 2  # once here, and once as the trail of there
    assert "case brought in" in actions
    assert passphrase not in str([row.facts for row in db.session.scalars(select(AuditEvent))])


def test_what_is_wrong_is_said_and_nothing_is_added(browser, organiser):
    case = make_case(organiser, home())
    content, passphrase = taken_out(browser, case)
    assert "Choose the file." in browser.post("/cases/bring-in", 200, passphrase=passphrase)
    for file, words, said in (
        (content, "another-passphrase", "does not open it"),
        (content[:-9], passphrase, "cut short"),
        (b"a picture", passphrase, "not a file that Casework made"),
    ):
        assert said in browser.post("/cases/bring-in", 200, file=(BytesIO(file), "x"), passphrase=words)
    assert "tick here" in browser.post(f"/cases/{case.reference}/export", 200, passphrase=passphrase)
    assert len(db.session.scalars(select(Case)).all()) == 1


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.VOLUNTEER])
def test_nobody_else_takes_a_case_out_or_brings_one_in(sign_in, role):
    somebody = make_user(role, "Ada")
    case = make_case(somebody)
    browser = sign_in(somebody)
    browser.get(f"/cases/{case.reference}/export", 403)
    browser.get("/cases/bring-in", 403)
    assert "Take the case out" not in browser.get(f"/cases/{case.reference}")
