"""The key file, and what lies on the disk."""

import os
import sqlite3
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from casework.app import create_app
from casework.domain.errors import SettingsError
from casework.services.safety import audit
from casework.storage.database import db
from casework.storage.encryption import make_key_file, read_keys, seal, unseal
from casework.storage.instance import current_instance
from casework.storage.models import AuditEvent, User
from tests.conftest import settings_for
from tests.factories import home, make_case

NAME = "Samira Zebediah Unmistakable"


def test_a_new_key_file_can_be_read_by_its_owner_alone(tmp_path: Path) -> None:
    make_key_file(tmp_path / "key")
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600


def test_a_key_file_is_never_overwritten(tmp_path: Path) -> None:
    make_key_file(tmp_path / "key")
    with pytest.raises(FileExistsError):
        make_key_file(tmp_path / "key")


def test_a_key_file_that_others_can_read_is_refused_with_the_mend(tmp_path: Path) -> None:
    make_key_file(tmp_path / "key")
    (tmp_path / "key").chmod(0o644)
    with pytest.raises(SettingsError, match="chmod 600"):
        read_keys(tmp_path / "key")


def test_the_three_keys_differ_and_are_not_shown_by_repr(tmp_path: Path) -> None:
    make_key_file(tmp_path / "key")
    keys = read_keys(tmp_path / "key")
    assert len({keys.database, keys.archive, keys.cookies, keys.sessions}) == 4
    assert keys.database.hex() not in repr(keys)
    assert repr(keys.database) not in repr(keys)


@pytest.mark.sqlcipher
def test_plain_sqlite_cannot_read_the_database(app: Flask, instance: Path) -> None:
    connection = sqlite3.connect(instance / "casework.db")
    try:
        with pytest.raises(sqlite3.DatabaseError, match="not a database"):
            connection.execute("select * from sqlite_master").fetchall()
    finally:
        connection.close()


def test_no_name_lies_in_clear_anywhere_in_the_instance(app: Flask, instance: Path, organiser: User) -> None:
    make_case(organiser, home(), name=NAME)
    for path in instance.rglob("*"):
        if path.is_file():
            assert b"Unmistakable" not in path.read_bytes(), path


@pytest.mark.sqlcipher
def test_an_error_of_the_database_says_nothing_of_what_was_typed(app: Flask) -> None:
    with pytest.raises(OperationalError) as error:
        db.session.execute(text("INSERT INTO no_such_table VALUES (:name)"), {"name": NAME})
    assert NAME not in str(error.value)


def test_every_file_and_folder_of_the_instance_is_for_its_owner_alone(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        app = create_app(settings_for(tmp_path / "instance"))
        with app.app_context():
            current_instance().archive.write_sealed("folder/name", b"A paper")
            found = [path for path in (tmp_path / "instance").rglob("*") if "cache" not in path.parts]
            assert {"casework.db", "casework.db-wal", "archive", "key"} <= {path.name for path in found}
            assert [path for path in found if path.stat().st_mode & 0o077] == []
            db.engine.dispose()
    finally:
        os.umask(before)


@pytest.mark.sqlcipher
def test_another_key_does_not_open_the_database_and_says_so_in_words(instance: Path) -> None:
    (instance / "key").unlink()
    make_key_file(instance / "key")
    with pytest.raises(SettingsError, match="does not open the database"):
        create_app(settings_for(instance))


@pytest.mark.sqlcipher
def test_a_database_without_its_key_gets_no_new_key(instance: Path) -> None:
    (instance / "key").unlink()
    with pytest.raises(SettingsError, match="cannot be read"):
        create_app(settings_for(instance))
    assert not (instance / "key").exists()


def test_the_trail_can_be_added_to_and_never_altered(app: Flask, organiser: User) -> None:
    audit.record("something done", organiser)
    db.session.commit()
    for statement in ("UPDATE audit_events SET action = 'nothing'", "DELETE FROM audit_events"):
        with pytest.raises(Exception, match="append-only"):
            db.session.execute(db.text(statement))
        db.session.rollback()
    assert [event.action for event in db.session.scalars(db.select(AuditEvent))] == ["something done"]


def test_what_was_sealed_for_one_paper_does_not_open_as_another() -> None:
    key = os.urandom(32)
    with pytest.raises(ValueError):
        unseal(key, seal(key, b"text", b"one"), b"two")
