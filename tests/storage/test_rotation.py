"""A new key in the place of the old one: what runs waits and goes on, and a machine that stops loses nothing."""

import os
import shutil
import threading
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import TextIO

import pytest
from click.testing import CliRunner
from sqlalchemy import select, text

from casework import clock
from casework.app import create_app
from casework.cli import main
from casework.domain.errors import SettingsError
from casework.services.letters import papers
from casework.storage import key_file, key_ring, lasting_keys, lock_marker, rotation
from casework.storage.database import db
from casework.storage.gate import Gate
from casework.storage.instance import current_instance
from casework.storage.models import AuditEvent, Case, CaseNote
from tests import forked
from tests.conftest import settings_for
from tests.factories import make_case, make_user

CHEAP = key_file.Cost(memory=64, passes=1, lanes=1)
WORDS = "lantern gravel otter noon teapot sail"
PAPER = b"%PDF a letter"
STEPS = (
    "the next key is written",
    "the copy is made",
    "the copy has the new key",
    "the copy is whole",
    "the gate has its next number",
    "the database is in its place",
    "the key is in its place",
)


def write_what_is_said(folder: Path, secret: bytes, said: Iterable[str]) -> None:
    """What a program does that writes while the key is changed: one note each time it is told to."""
    settings = settings_for(folder)
    key_ring.take(settings.key_file, secret)
    with create_app(settings).app_context():
        for line in said:
            case = db.session.query(Case).first()
            db.session.add(
                CaseNote(case=case, at=clock.now(), author_id=case.opened_by_id, text=line.strip())
            )
            db.session.commit()
            db.session.remove()
            print("written", flush=True)  # noqa: T201


@contextmanager
def another_program(folder: Path, secret: bytes) -> Iterator[tuple[TextIO, TextIO]]:
    """A program of that kind: what it is told, and what it says."""
    hear, say = os.pipe()

    def write() -> None:
        os.close(say)
        write_what_is_said(folder, secret, os.fdopen(hear))

    program = forked.Program(write)
    os.close(hear)
    try:
        with os.fdopen(say, "w", 1) as told:
            yield told, program.stdout
    finally:
        program.end()


class PowerCut(BaseException):
    """The machine stops: nothing is tidied up."""


@pytest.fixture(scope="module")
def with_a_case(empty_instance, tmp_path_factory) -> Path:
    """An instance with one case and a paper of it, made once and copied for each step."""
    folder = tmp_path_factory.mktemp("rotation") / "instance"
    shutil.copytree(empty_instance, folder)
    with create_app(settings_for(folder)).app_context():
        case = make_case(make_user(), name="Samira")
        papers.keep(case, PAPER)
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return folder


@pytest.fixture
def folder(with_a_case, tmp_path) -> Path:
    shutil.copytree(with_a_case, tmp_path / "instance")
    return tmp_path / "instance"


def what_is_there(folder: Path) -> tuple[str, bytes, list[str]]:
    """The person, the paper and the notes of the case, read by a program that starts now."""
    with create_app(settings_for(folder)).app_context():
        case = db.session.query(Case).one()
        name = sha256(PAPER).hexdigest()
        found = case.person_name, papers.read(case, name), [n.text for n in db.session.query(CaseNote)]
        db.session.remove()
        db.engine.dispose()
    return found


def test_after_the_change_only_the_new_key_opens_database_and_papers(folder):
    settings = settings_for(folder)
    old = key_file.read_secret(folder / "key")
    rotation.rotate(settings, None)
    assert key_file.read_secret(folder / "key") != old
    assert what_is_there(folder) == ("Samira", PAPER, [])
    assert not list(folder.glob("*.next*"))
    (folder / "key").write_text(f"casework-key-1:{old.hex()}\n")
    with pytest.raises(SettingsError, match="does not open the database"):
        create_app(settings)


def test_a_key_with_which_something_was_made_for_later_stays_through_every_change(folder, monkeypatch):
    # Cookies stand for a key of that kind: none of today's keys is one.
    monkeypatch.setattr(lasting_keys, "CHANGING", lasting_keys.CHANGING - {"cookies"})
    settings = settings_for(folder)
    with create_app(settings).app_context():
        before = current_instance().keys
        db.engine.dispose()
    rotation.rotate(settings, None)
    rotation.rotate(settings, None)
    app = create_app(settings)
    with app.app_context():
        assert current_instance().keys.cookies == before.cookies
        assert current_instance().keys.words != before.words
        # A program that ran meanwhile has the same.
        db.session.remove()
        rotation.rotate(settings, None)
        assert db.session.query(Case).one().person_name == "Samira"
        assert current_instance().keys.cookies == before.cookies
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize(
    ("where", "wrapped"), [*((step, False) for step in STEPS), *((step, True) for step in STEPS[-3:])]
)
def test_a_machine_that_stops_at_any_step_leaves_an_instance_that_opens(folder, where, wrapped, monkeypatch):
    monkeypatch.setattr(key_file, "COST", CHEAP)
    settings, words = settings_for(folder), WORDS if wrapped else None
    if wrapped:
        key_file.write(folder / "key", key_file.read_secret(folder / "key"), WORDS)
        key_ring.unlock(folder / "key", WORDS)

    def stop(step):
        if step == where:
            raise PowerCut

    with pytest.raises(PowerCut):
        rotation.rotate(settings, words, stop)
    key_ring.forget()
    if wrapped:
        key_ring.unlock(folder / "key", WORDS)
    rotation.settle(settings)
    assert not list(folder.glob("*.next*"))
    secret = key_ring.secret_of(folder / "key")
    with closing(rotation._open(folder / "casework.db", secret)) as connection:
        assert connection.execute("SELECT count(*) FROM case_keys").fetchone() == (1,)
    if where == "the database is in its place":
        assert what_is_there(folder) == ("Samira", PAPER, [])
    rotation.end_hand_over(settings)


def test_another_program_that_runs_goes_on_under_the_new_key_and_loses_nothing(folder, monkeypatch):
    monkeypatch.setattr(key_file, "COST", CHEAP)
    settings, secret = settings_for(folder), key_file.read_secret(folder / "key")
    key_file.write(folder / "key", secret, WORDS)
    key_ring.unlock(folder / "key", WORDS)
    with another_program(folder, secret) as (told, said):
        told.write("before\n")
        assert said.readline() == "written\n"

        def in_between(step):
            # While the database is being copied the other program is asked to write: it has to wait.
            if step == "the copy is made":
                told.write("meanwhile\n")

        def dies(step):
            if step == "the database is in its place":
                raise PowerCut

        rotation.rotate(settings, WORDS, in_between)
        assert said.readline() == "written\n"
        # And once more, by a program that dies when the database is in its place and its key is not.
        with pytest.raises(PowerCut):
            rotation.rotate(settings, WORDS, dies)
        told.write("after\n")
        assert said.readline() == "written\n"
    key_ring.unlock(folder / "key", WORDS)
    assert what_is_there(folder) == ("Samira", PAPER, ["before", "meanwhile", "after"])
    rotation.end_hand_over(settings)


def test_in_the_terminal_the_new_key_stands_under_the_same_passphrase_and_it_says_what_that_means(
    folder, monkeypatch
):
    monkeypatch.setattr(key_file, "COST", CHEAP)
    monkeypatch.setattr("casework.commands.key.HAND_OVER_SECONDS", 0)
    monkeypatch.setenv("CASEWORK_INSTANCE", str(folder))
    old = key_file.read_secret(folder / "key")
    key_file.write(folder / "key", old, WORDS)
    said = CliRunner().invoke(main, ["key", "rotate"], input=f"{WORDS}\n").output
    assert "Everybody has to sign in again." in said
    assert "Backups from before open with the old key file only" in said
    assert WORDS not in said
    assert key_file.read_secret(folder / "key", WORDS) != old
    assert not rotation._hand_over_path(settings_for(folder)).exists()
    assert what_is_there(folder) == ("Samira", PAPER, [])
    with create_app(settings_for(folder)).app_context():
        assert db.session.scalars(select(AuditEvent.action)).all()[-1] == "key changed"
        db.session.remove()
        db.engine.dispose()


def test_whoever_is_in_the_middle_of_a_request_is_waited_for(folder, monkeypatch):
    monkeypatch.setattr("casework.storage.gate.WAITS_FOR_OTHERS", 0.1)
    settings = settings_for(folder)
    before = (folder / "key").read_bytes()
    app = create_app(settings)
    with app.app_context():
        db.session.execute(text("SELECT 1"))
        with pytest.raises(SettingsError, match="busy all the time"):
            rotation.rotate(settings, None)
        assert (folder / "key").read_bytes() == before
        assert not list(folder.glob("*.next*"))
        db.session.remove()
        monkeypatch.undo()
        done = threading.Thread(target=rotation.rotate, args=(settings, None))
        with Gate(folder).shut():
            pass
        done.start()
        done.join()
        # The same program, the same pool: it has the new key, in its cookies too.
        assert db.session.query(Case).one().person_name == "Samira"
        assert app.secret_key == current_instance().keys.cookies
        assert current_instance().keys.database != key_file.read_secret(folder / "key")
        db.session.remove()
        db.engine.dispose()


def test_a_change_that_died_while_it_waited_holds_nobody_up(folder):
    gate = Gate(folder)
    (folder / ".gate").write_bytes(b"0!")
    os.close(gate.enter())
    lock_marker.lift(folder)


def test_a_disk_that_is_full_leaves_all_as_it_was(folder, monkeypatch):
    before = (folder / "key").read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(rotation, "_wrap_in_copy", full)
    with pytest.raises(SettingsError, match="No space left on device"):
        rotation.rotate(settings_for(folder), None)
    monkeypatch.undo()
    assert (folder / "key").read_bytes() == before
    assert what_is_there(folder) == ("Samira", PAPER, [])
