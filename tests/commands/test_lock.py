"""The lock of everything: whom it keeps out and what lets go of the key, on the program as it really runs."""

import io
import re
import signal
import subprocess
import sys
import urllib.request
from http.cookiejar import CookieJar

import click
import pytest
from click.testing import CliRunner
from sqlalchemy import update

from casework import clock
from casework.app import create_app
from casework.cli import main
from casework.commands import unlocking
from casework.commands.unlocking import unlocked
from casework.domain.safety.accounts import Role
from casework.door import Door
from casework.services.safety import audit, locking
from casework.services.safety.backups import new_file
from casework.settings import load_settings
from casework.storage import hosted, key_file, key_ring, lock_marker
from casework.storage.database import db
from casework.storage.models import User
from tests import forked
from tests.commands.outside import WORDS, Outside
from tests.commands.test_serving import fetch, forked_server
from tests.conftest import settings_for
from tests.factories import make_user


def test_without_a_passphrase_it_stays_locked_until_somebody_at_the_machine_unlocks_it(instance, monkeypatch):
    monkeypatch.setenv("CASEWORK_INSTANCE", str(instance))
    door = Door(settings_for(instance), create_app)
    outside = Outside(door)
    assert "Sign in" in outside.ask("/sign-in", 200)
    answer = CliRunner().invoke(main, ["lock"])
    assert "casework unlock" in answer.output
    page = outside.ask("/sign-in")
    assert "casework unlock" in page
    assert "<form" not in page
    assert "is locked" in CliRunner().invoke(main, ["user", "list"]).output
    assert not Door(settings_for(instance), create_app)._app
    assert "sign in again" in CliRunner().invoke(main, ["unlock"]).output
    assert "Sign in" in outside.ask("/sign-in", 200)
    door.lock()


def test_a_lock_reaches_every_server_of_the_instance_and_each_begins_anew_without_a_key(wrapped):
    with forked_server(wrapped) as (first, said), forked_server(wrapped) as (second, also_said):
        assert any("type the passphrase" in line for line in said)
        for lines in (said, also_said):
            here = re.search(r"http://\S+/", lines[0])[0]
            opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
            with pytest.raises(urllib.error.HTTPError) as locked:
                opener.open(here)
            token = re.search(r'name="csrf_token"[^>]*value="([^"]*)"', locked.value.read().decode())[1]
            body = f"csrf_token={token}&passphrase={WORDS.replace(' ', '+')}".encode()
            with opener.open(f"{here}unlock", body) as answer:
                assert "Sign in" in answer.read().decode()
        lock_marker.lock(wrapped, clock.now())
        for process, lines in ((first, said), (second, also_said)):
            here = re.search(r"http://\S+/", lines[0])[0]
            status, page, headers = fetch(f"{here}sign-in")
            assert (status, headers["Cache-Control"]) == (503, "no-store")
            assert 'name="passphrase"' in page
            # The process itself is put in place anew, on the same socket: what it says first shows that it did.
            assert "is locked" in "".join(process.stdout.readline() for _ in range(4))
            assert fetch(f"{here}cases")[0] == 503
            assert process.poll() is None


def test_no_core_is_dumped_and_no_other_program_looks_in():
    program = "from casework.commands.private_memory import keep_memory_private as keep; keep(); "
    program += "print(open('/proc/self/limits').read()); import ctypes; print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))"
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert re.search(r"Max core file size +0 +0 ", said)
    assert said.endswith("\n0\n"), "it may be dumped or looked into"


@pytest.mark.sqlcipher
def test_every_command_that_opens_the_instance_asks_for_the_passphrase_and_heeds_the_lock(
    wrapped, tmp_path, monkeypatch
):
    monkeypatch.setenv("CASEWORK_INSTANCE", str(wrapped))
    asks = (
        ["audit", "verify"], ["backup", str(tmp_path / "a")], ["case", "export", "C-1", str(tmp_path / "b")],
        ["group", "list"], ["user", "list"], ["user", "reset-second-factor", "ada"],
    )  # fmt: skip
    for words in asks:
        key_ring.forget()
        answer = CliRunner().invoke(main, words)
        assert "kept under a passphrase" in answer.output, (words, answer.output)
        lock_marker.lock(wrapped, clock.now())
        assert "is locked" in CliRunner().invoke(main, words).output, words
        lock_marker.lift(wrapped)
    secret = tmp_path / "passphrase"
    secret.write_text(f"{WORDS}\n")
    secret.chmod(0o600)
    monkeypatch.setenv("CASEWORK_PASSPHRASE_FILE", str(secret))
    key_ring.forget()
    assert CliRunner().invoke(main, ["backup", str(tmp_path / "a")]).exit_code == 0
    key_ring.forget()
    assert CliRunner().invoke(main, ["backup", "--verify", str(tmp_path / "a")]).exit_code == 0
    key_ring.forget()
    answer = CliRunner().invoke(main, ["restore", str(tmp_path / "a"), "--to", str(tmp_path / "again")])
    assert answer.exit_code == 0, answer.output


def test_nobody_from_outside_lifts_the_lock_of_a_bare_key(instance, monkeypatch):
    monkeypatch.setenv("CASEWORK_INSTANCE", str(instance))
    door = Door(settings_for(instance), create_app)
    outside = Outside(door)
    outside.ask("/sign-in", 200)
    CliRunner().invoke(main, ["lock"])
    for _ in range(2):
        answer = outside.client.post("/unlock", data={"passphrase": WORDS})
        assert answer.status_code == 503
        assert b"<form" not in answer.data
    assert lock_marker.is_locked(instance)
    with pytest.raises(key_file.WrongPassphrase):
        door.unlock(WORDS)
    assert lock_marker.is_locked(instance)
    assert not door.is_open


def test_whoever_locks_while_somebody_unlocks_is_not_overruled(app, instance, wrapped, monkeypatch):
    monkeypatch.setenv("CASEWORK_INSTANCE", str(instance))
    real = locking.end_sessions

    def end_while_somebody_locks():
        assert CliRunner().invoke(main, ["lock"]).exit_code == 0
        real()

    CliRunner().invoke(main, ["lock"])
    monkeypatch.setattr(locking, "end_sessions", end_while_somebody_locks)
    answer = CliRunner().invoke(main, ["unlock"], input=f"{WORDS}\n")
    assert answer.exit_code == 1
    assert "Somebody locked it again meanwhile" in answer.output
    assert lock_marker.is_locked(instance)
    door = Door(settings_for(instance), create_app)
    outside = Outside(door)
    outside.type(WORDS, 303)
    outside.ask("/sign-in", 503)
    monkeypatch.undo()
    monkeypatch.setenv("CASEWORK_INSTANCE", str(instance))
    outside.type(WORDS, 303)
    outside.ask("/sign-in", 200)
    door.lock()


def test_a_connection_that_a_lock_closes_meanwhile_is_no_error_of_whoever_locked(app):
    with hosted.waiting_at_most(db.session, 0.01):
        db.session.commit()
        db.engine.dispose()


def test_a_lock_waits_for_nobody_who_saves_and_the_trail_says_afterwards_who_locked_it_and_when(
    app, instance, monkeypatch
):
    monkeypatch.setenv("CASEWORK_INSTANCE", str(instance))
    monkeypatch.setattr(locking, "PATIENCE", 0.01)
    ruth = make_user(Role.ORGANISER, "Ruth")
    with db.engine.connect() as somebody_saves:
        somebody_saves.execute(update(User).values(active=True))
        locking.lock_everything(ruth)
        assert lock_marker.is_locked(instance)
    assert trail_of(ruth) == []
    locked_at = lock_marker.read(instance).at.astimezone(clock.LONDON)
    CliRunner().invoke(main, ["lock"])  # somebody at the machine as well: it was Ruth who did it first
    assert CliRunner().invoke(main, ["unlock"]).exit_code == 0
    assert trail_of(ruth) == [
        ("Ruth", "everything locked", {"at": f"{locked_at:%Y-%m-%d %H:%M}"}),
        (locking.AT_THE_MACHINE, "unlocked", {}),
    ]
    assert CliRunner().invoke(main, ["lock"]).exit_code == 0
    assert CliRunner().invoke(main, ["unlock"]).exit_code == 0
    assert [who for who, *_ in trail_of(ruth)[2:]] == [locking.AT_THE_MACHINE] * 2
    locking.lock_everything(ruth)
    assert CliRunner().invoke(main, ["unlock"]).exit_code == 0
    assert [what for _, what, _ in trail_of(ruth)[4:]] == ["everything locked", "unlocked"]


def trail_of(organiser: User) -> list[tuple[str, str, dict[str, str]]]:
    db.session.rollback()
    return [(one.user_name, one.action, one.facts) for one in reversed(audit.list_events(organiser))]


def test_what_is_in_hand_while_it_is_locked_ends_with_the_locked_page(wrapped):
    door = Door(settings_for(wrapped), create_app)
    outside = Outside(door)
    outside.type(WORDS, 303)

    class SlowBody(io.BytesIO):
        """What a browser sends, while somebody presses the button elsewhere."""

        def readinto(self, room):
            door.lock()
            return super().readinto(room)

    token = re.search(r'name="csrf_token"[^>]*value="([^"]*)"', outside.ask("/sign-in", 200))[1]
    body = f"csrf_token={token}&sign_in_name=ruth&password=words".encode()
    answer = outside.client.post(
        "/sign-in", input_stream=SlowBody(body), content_length=len(body),
        content_type="application/x-www-form-urlencoded",
    )  # fmt: skip
    assert answer.status_code == 503
    assert "Locked" in answer.get_data(as_text=True)


@pytest.mark.sqlcipher
def test_a_command_that_holds_the_key_ends_tidied_up_once_it_is_locked(app, instance, monkeypatch):
    monkeypatch.setattr(unlocking, "LOOK_EVERY", 0.01)
    made = instance / "made"

    @click.command()
    def at_work():
        signal.signal(
            signal.SIGINT, signal.SIG_IGN
        )  # as for a program that a script starts in the background
        unlocked(load_settings())
        with new_file(made):
            click.echo("at work")
            signal.pause()

    program = forked.Program(lambda: at_work([]), CASEWORK_INSTANCE=str(instance))
    assert program.stdout.readline() == "at work\n"
    assert list(instance.glob(".casework-*"))
    lock_marker.lock(instance, clock.now())
    assert unlocking.LOCKED_MEANWHILE in program.stdout.readline()
    assert forked.how_it_ended(program.pid) == 1
    program.stdout.close()
    assert not [*instance.glob(".casework-*"), *instance.glob("made")]
