"""What a machine in trouble says: what happened and what to do, and nothing is half saved."""

import re
import shutil
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from casework.storage.database import connect, db
from casework.storage.instance import current_instance
from casework.storage.models import Case, CaseNote, User
from tests.factories import make_case
from tests.pages import Browser


def now_the_database_says(pragma: str) -> None:
    """Have the one connection that is open from now on behave as on a machine in trouble."""
    db.session.remove()
    db.engine.dispose()
    db.session.execute(text(f"PRAGMA {pragma}"))
    db.session.remove()


@pytest.mark.sqlcipher
@pytest.mark.parametrize(
    ("pragma", "words"),
    [("max_page_count = 1", "disk of this machine is full"), ("query_only = on", "cannot be written to")],
    ids=["a full disk", "a folder for reading only"],
)
def test_what_cannot_be_saved_is_said_in_words_and_nothing_is_half_saved(
    browser: Browser, organiser: User, pragma: str, words: str
) -> None:
    here = f"/cases/{make_case(organiser).reference}"
    form = browser.get(f"{here}/notes/new")
    token = re.search(r'name="csrf_token"[^>]*value="([^"]*)"', form)
    assert token
    now_the_database_says(pragma)
    # Longer than what is free in a new database.
    note = {"text": "😀" * 20_000, "csrf_token": token[1]}
    page = browser.post(f"{here}/notes/new", 503, page="/sign-in", **note)
    assert words in page
    assert db.session.query(CaseNote).count() == 0


@pytest.mark.sqlcipher
def test_what_is_only_read_is_shown_although_nobody_can_note_that_it_was_opened(browser: Browser) -> None:
    now_the_database_says("query_only = on")
    assert "<h1" in browser.get("/mps/E14001467")


@pytest.mark.sqlcipher
def test_what_somebody_else_saved_at_the_same_moment_is_said_in_words(
    browser: Browser, organiser: User
) -> None:
    # As if the next reference had just been given to another.
    db.session.execute(
        text("CREATE TRIGGER taken BEFORE INSERT ON cases BEGIN SELECT RAISE(ABORT, 'reference'); END")
    )
    db.session.commit()
    assert "Somebody saved at the same moment" in browser.post("/cases/new", 409, name_used="Samira")


@pytest.mark.sqlcipher
def test_a_database_that_others_keep_busy_is_said_in_words(app: Flask, browser: Browser) -> None:
    now_the_database_says("busy_timeout = 0")
    other = connect(current_instance().database_path, current_instance().keys.database)
    other.execute("BEGIN IMMEDIATE")
    assert "Wait a little" in browser.post("/cases/new", 503, name_used="Samira")
    other.rollback()
    other.close()
    browser.post("/cases/new", name_used="Samira")
    assert db.session.query(Case).count() == 1


@pytest.mark.sqlcipher
def test_while_another_folder_lies_in_its_place_nothing_is_saved_into_either(
    browser: Browser, organiser: User, instance: Path
) -> None:
    here = f"/cases/{make_case(organiser).reference}/notes/new"
    token = re.search(r'name="csrf_token"[^>]*value="([^"]*)"', browser.get(here))
    assert token
    note = {"text": "She has to report on Tuesday.", "csrf_token": token[1]}
    brought_back, old = instance.with_name("brought-back"), instance.with_name("old")
    shutil.copytree(instance, brought_back)
    (brought_back / ".gate").unlink()  # no backup carries it
    instance.rename(old)
    brought_back.rename(instance)
    page = browser.post(here, 503, page="/sign-in", **note)
    assert "has to be stopped and started again" in page
    instance.rename(brought_back)
    old.rename(instance)
    assert db.session.query(CaseNote).count() == 0
    browser.post(here, **note)
    assert db.session.query(CaseNote).count() == 1
    shutil.rmtree(brought_back)
