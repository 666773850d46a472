"""A new key in the place of the old one: what runs waits and goes on, and a machine that stops loses nothing."""

import os
import shutil
import signal
import threading
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TextIO

import pytest
from click.testing import CliRunner
from sqlalchemy import select, text

from casework import clock
from casework.app import create_app
from casework.cli import main
from casework.commands import unlocking
from casework.domain.errors import SettingsError
from casework.door import Door
from casework.services.letters import papers
from casework.storage import key_change, key_file, key_ring, lasting_keys, lock_marker, rotation
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
    key_change.end_hand_over(settings)


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
    key_change.end_hand_over(settings)


def test_in_the_terminal_the_new_key_stands_under_the_same_passphrase_and_it_says_what_that_means(
    folder, monkeypatch
):
    monkeypatch.setattr(key_file, "COST", CHEAP)
    monkeypatch.setattr("casework.storage.key_change.HAND_OVER_SECONDS", 0)
    monkeypatch.setenv("CASEWORK_INSTANCE", str(folder))
    old = key_file.read_secret(folder / "key")
    key_file.write(folder / "key", old, WORDS)
    said = CliRunner().invoke(main, ["key", "rotate"], input=f"{WORDS}\n").output
    assert "Everybody has to sign in again." in said
    assert "Backups from before open with the old key file only" in said
    assert WORDS not in said
    assert key_file.read_secret(folder / "key", WORDS) != old
    assert not key_change.hand_over_path(settings_for(folder)).exists()
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


@pytest.fixture
def passphrase_file(folder, tmp_path, monkeypatch) -> str:
    """The key of the instance stands under a passphrase, which its commands read from here."""
    monkeypatch.setattr(key_file, "COST", CHEAP)
    key_file.write(folder / "key", key_file.read_secret(folder / "key"), WORDS)
    words = tmp_path / "words"
    words.write_text(WORDS)
    words.chmod(0o600)
    return str(words)


def key_rotate(folder: Path, **environ: str) -> forked.Program:
    """`casework key rotate` in a process of its own."""
    return forked.Program(lambda: main(["key", "rotate"]), CASEWORK_INSTANCE=str(folder), **environ)


def killed_at(where: str, folder: Path, monkeypatch, **environ: str) -> None:
    """`casework key rotate` begins, and is killed at this step."""

    def die(step):
        if step == where:
            os.kill(os.getpid(), signal.SIGKILL)

    with monkeypatch.context() as patch:
        patch.setattr(rotation, "rotate", partial(rotation.rotate, step=die))
        program = key_rotate(folder, **environ)
    assert forked.how_it_ended(program.pid) == -signal.SIGKILL
    program.stdout.close()


def changes_in_the_trail(folder: Path, **over) -> int:
    """How often the trail says that the key was changed, after one more start."""
    with create_app(settings_for(folder, **over), count_anew=False).app_context():
        found = db.session.scalars(select(AuditEvent.id).where(AuditEvent.action == "key changed")).all()
        db.session.remove()
        db.engine.dispose()
    return len(found)


@pytest.mark.parametrize(
    ("where", "changed"),
    [
        ("the gate has its next number", 0),
        ("the database is in its place", 1),
        ("the key is in its place", 1),
    ],
)
def test_after_a_killed_change_the_next_start_takes_away_what_was_handed_over_and_tells_of_the_change(
    folder, passphrase_file, where, changed, monkeypatch, caplog
):
    settings, old = settings_for(folder), key_file.read_secret(folder / "key", WORDS)
    killed_at(where, folder, monkeypatch, CASEWORK_PASSPHRASE_FILE=passphrase_file)
    assert key_change.hand_over_path(settings).exists()
    key_ring.unlock(folder / "key", WORDS)
    assert changes_in_the_trail(folder) == changed
    assert not key_change.hand_over_path(settings).exists()
    assert (key_file.read_secret(folder / "key", WORDS) != old) == bool(changed)
    assert caplog.text.count(f"Copy {folder / 'key'} to your second safe place now.") == changed
    assert "casework-key" not in caplog.text
    assert changes_in_the_trail(folder) == changed, "it is told once"
    assert {path.name for path in folder.glob(".key*")} == set()
    assert caplog.text.count("second safe place") == changed


def test_a_killed_change_of_a_bare_key_is_told_of_too(folder, monkeypatch, caplog):
    killed_at("the key is in its place", folder, monkeypatch)
    assert changes_in_the_trail(folder) == 1
    assert "Copy" in caplog.text


def test_a_start_leaves_alone_what_is_being_handed_over_and_a_lock_takes_it_away(
    folder, passphrase_file, monkeypatch, caplog
):
    monkeypatch.setattr(unlocking, "LOOK_EVERY", 0.01)
    monkeypatch.setattr(key_change, "HAND_OVER_SECONDS", 60)
    path = key_change.hand_over_path(settings_for(folder))
    program = key_rotate(folder, CASEWORK_PASSPHRASE_FILE=passphrase_file)
    while "take the new key over" not in (said := program.stdout.readline()):
        assert said, "it ended before"
    key_ring.unlock(folder / "key", WORDS)
    assert changes_in_the_trail(folder) == 1
    assert path.exists()
    assert not caplog.text, "the command says it itself"
    monkeypatch.setenv("CASEWORK_INSTANCE", str(folder))
    monkeypatch.setenv("CASEWORK_PASSPHRASE_FILE", passphrase_file)
    assert "being changed at this moment" in CliRunner().invoke(main, ["key", "rotate"]).output
    assert path.exists(), "nor does another change"
    lock_marker.lock(folder, clock.now())
    assert forked.how_it_ended(program.pid) == 1
    assert "Is the key changed? It says so above, or the next start does." in program.stdout.read()
    program.stdout.close()
    assert not path.exists()
    lock_marker.lift(folder)


def test_a_server_that_runs_takes_a_killed_change_over_and_clears_up_after_it(
    folder, passphrase_file, monkeypatch, caplog
):
    settings = settings_for(folder)
    key_ring.unlock(folder / "key", WORDS)
    door = Door(settings, create_app)
    door.look()
    killed_at("the database is in its place", folder, monkeypatch, CASEWORK_PASSPHRASE_FILE=passphrase_file)
    door.look_after()
    assert door.is_open
    assert not (folder / "key.next").exists()
    assert key_change.hand_over_path(settings).exists(), "other processes may not have taken it yet"
    assert caplog.text.count("second safe place") == 1
    monkeypatch.setattr(key_change, "HAND_OVER_SECONDS", 0)
    door.look_after()
    assert not key_change.hand_over_path(settings).exists()
    door.lock()
    key_ring.unlock(folder / "key", WORDS)
    assert changes_in_the_trail(folder) == 1


@pytest.mark.parametrize("where", STEPS)
def test_whoever_breaks_it_off_has_the_old_key_or_the_new_one_and_nothing_beside(folder, where):
    def broken_off(step):
        if step == where:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotation.rotate(settings_for(folder), None, broken_off)
    assert not list(folder.glob("*.next*"))
    assert rotation.keys_now(folder / "casework.db", key_file.read_secret(folder / "key"))


def test_a_passphrase_goes_over_the_new_key_where_a_change_had_not_come_to_its_end(folder, monkeypatch):
    monkeypatch.setattr(key_file, "COST", CHEAP)
    killed_at("the database is in its place", folder, monkeypatch)
    monkeypatch.setenv("CASEWORK_INSTANCE", str(folder))
    answer = CliRunner().invoke(main, ["key", "passphrase"], input=f"{WORDS}\n{WORDS}\n")
    assert answer.exit_code == 0, answer.output
    assert not list(folder.glob("*.next*"))
    key_ring.unlock(folder / "key", WORDS)
    assert what_is_there(folder) == ("Samira", PAPER, [])
    assert key_file.is_wrapped(folder / "key")


def test_the_doctor_does_not_send_back_to_a_backup_whoever_has_both_keys(folder, monkeypatch):
    monkeypatch.setenv("CASEWORK_INSTANCE", str(folder))
    before = (folder / "key").read_bytes()
    killed_at("the copy is whole", folder, monkeypatch)
    said = CliRunner().invoke(main, ["doctor"])
    assert "A change of the key has not come to its end" in said.output
    assert "it finishes the change, or takes it back" in said.output
    rotation.settle(settings_for(folder))
    assert (folder / "key").read_bytes() == before
    killed_at("the database is in its place", folder, monkeypatch)
    said = CliRunner().invoke(main, ["doctor"])
    assert f"only {folder / 'key.next'} opens {folder / 'casework.db'}. Keep it." in said.output
    assert "backup" not in said.output.partition("Database:")[2].partition("Trail:")[0]
    assert " wrong  Database" not in said.output
    assert (folder / "key.next").exists(), "the doctor changes nothing"
    what_is_there(folder)
    assert "It opens with the key" in CliRunner().invoke(main, ["doctor"]).output
    for name in ("key", "key.next"):
        (folder / name).unlink(missing_ok=True)
        key_file.make(folder / name)
    said = CliRunner().invoke(main, ["doctor"]).output
    assert f"Keep {folder / 'key'} and {folder / 'key.next'}. Put the right key file back" in said
