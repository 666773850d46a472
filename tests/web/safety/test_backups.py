"""Organisers make a backup on a page, take it away, and see which there are."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from casework import clock
from casework.domain.safety.accounts import Role
from casework.services.safety import audit, backups
from casework.services.safety.passphrases import new_passphrase
from casework.storage.database import db
from casework.storage.instance import current_instance
from casework.storage.models import AuditEvent, Backup, User
from casework.storage.restoring import restore
from tests.factories import home, make_case, make_user
from tests.pages import Browser, day


def until(days: int) -> dict[str, str]:
    last = clock.today() + timedelta(days=days)
    return day("kept_until", f"{last.day} {last.month} {last.year}")


def test_a_backup_is_taken_away_from_the_page_and_brings_everything_back(browser, organiser, tmp_path):
    make_case(organiser, home())
    page = browser.get("/backups")
    passphrase = re.search(r"<kbd>([a-z0-9-]+)</kbd>", page)[1]
    browser.post("/backups", 200, passphrase=passphrase, with_passphrase="y", **until(30))
    name = browser.last.headers["Content-Disposition"]
    assert re.fullmatch(r'attachment; filename="backup-\d{4}-\d\d-\d\d-1\.casework"', name)
    (tmp_path / "file").write_bytes(browser.last.data)
    assert int(browser.last.headers["Content-Length"]) == len(browser.last.data)
    restored = restore(tmp_path / "file", tmp_path / "again", None, passphrase)
    assert restored.manifest.case_ids == [1]
    assert restored.file_sha256 == db.session.scalars(select(Backup)).one().file_sha256
    page = browser.get("/backups")
    assert "1 case," in page
    assert "the key of that day, or its passphrase" in page
    assert not list((tmp_path / "instance").glob(".scratch*"))


def test_papers_on_s3_are_not_in_a_backup_and_the_page_says_so(browser):
    here = current_instance()
    assert "every paper" in browser.get("/backups")
    here.settings = replace(here.settings, archive_store="s3")
    page = browser.get("/backups")
    assert "The papers on S3 are not in a backup" in page
    assert "every paper" not in page


def test_what_is_wrong_is_said_at_its_field_and_no_backup_is_made(browser):
    assert "Choose a day from today on." in browser.post("/backups", 200, **until(-1))
    assert "too short" in browser.post("/backups", 200, with_passphrase="y", passphrase="short", **until(1))
    assert db.session.scalars(select(Backup)).all() == []


def test_until_when_a_backup_is_kept_can_be_changed(browser, organiser, tmp_path):
    row = backups.make(tmp_path / "one", organiser, kept_until=clock.today())
    browser.post(f"/backups/{row.id}", **until(50))
    assert row.kept_until == clock.today() + timedelta(days=50)
    browser.post(f"/backups/{row.id}", **until(-1))
    assert "Destroyed by" in browser.get("/backups")
    browser.get("/backups/99", 404)


def test_today_and_ones_own_page_remind_an_organiser_alone(
    browser: Browser, organiser: User, sign_in: Callable[[User], Browser], tmp_path
) -> None:
    make_case(organiser)
    for path in ("/today", "/you"):
        assert "There is no backup yet." in browser.get(path)
        assert "backup" not in sign_in(make_user(Role.CASEWORKER, "Ada")).get(path)
    backups.make(tmp_path / "one", organiser, kept_until=clock.today())
    assert "There is no backup" not in browser.get("/today")


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.VOLUNTEER])
def test_nobody_else_makes_or_sees_backups(sign_in, role, tmp_path):
    somebody = sign_in(make_user(role, "Ada"))
    somebody.get("/backups", 403)
    somebody.get("/backups/1", 403)


def test_the_passphrase_is_kept_nowhere(browser, organiser):
    passphrase = new_passphrase()
    browser.post("/backups", 200, passphrase=passphrase, with_passphrase="y", **until(30))
    assert browser.last.data.startswith(b"CASEWORK SEALED")
    rows = db.session.scalars(select(AuditEvent)).all()
    assert passphrase not in str([(row.action, row.facts) for row in rows])
    assert "backup made" in [row.action for row in audit.list_events(organiser)]
