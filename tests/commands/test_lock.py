"""A passphrase over the key, and the lock of everything: what people reach, on the program as it really runs."""

import io
import os
import re
import secrets
import signal
import subprocess
import sys
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from sqlalchemy import update

from casework import clock
from casework.app import create_app
from casework.cli import main
from casework.commands import unlocking
from casework.commands.unlocking import unlocked
from casework.commands.workers import Workers
from casework.domain.errors import SettingsError
from casework.domain.safety.accounts import Role
from casework.door import Door
from casework.services.safety import accounts, audit, locking, sessions
from casework.services.safety.backups import new_file
from casework.settings import load_settings
from casework.storage import hosted, key_file, key_ring, lock_marker
from casework.storage.database import db
from casework.storage.encryption import keys_of
from casework.storage.instance import current_instance
from casework.storage.models import User
from casework.web.safety.locked import TooManyTries, Tries
from tests import forked
from tests.commands.test_serving import fetch, forked_server
from tests.conftest import settings_for
from tests.factories import make_user, signed_in
from tests.pages import check_page

WORDS = "lantern gravel otter noon teapot sail"
CHEAP = key_file.Cost(memory=64, passes=1, lanes=1)


@pytest.fixture
def wrapped(instance: Path) -> Path:
    """An instance whose key is kept under a passphrase, at a cost that suits a test."""
    secret = key_file.read_secret(instance / "key")
    key_file.write(instance / "key", secret, WORDS, cost=CHEAP)
    key_ring.forget()
    return instance


@pytest.fixture
def door(wrapped: Path):
    """A server's door, still locked, with everything that it lets go of."""
    door = Door(settings_for(wrapped), create_app)
    yield door
    door.lock()


class Outside:
    """Somebody at the door, with a browser's cookies."""

    def __init__(self, door: Door) -> None:
        from werkzeug.test import Client

        self.client = Client(door)

    def ask(self, path: str = "/", status: int = 503) -> str:
        answer = self.client.get(path)
        assert answer.status_code == status, path
        if answer.mimetype == "text/html":
            assert answer.headers["Cache-Control"] == "no-store"
        return answer.get_data(as_text=True)

    def type(self, passphrase: str, status: int = 503, token: str | None = None) -> str:
        found = token or re.search(r'name="csrf_token"[^>]*value="([^"]*)"', self.ask())[1]
        answer = self.client.post("/unlock", data={"csrf_token": found, "passphrase": passphrase})
        assert answer.status_code == status
        return answer.get_data(as_text=True)


def test_the_file_with_a_passphrase_holds_no_key_and_opens_with_that_passphrase_alone(wrapped, tmp_path):
    plain = tmp_path / "plain"
    key_file.make(plain)
    secret = key_file.read_secret(plain)
    key_file.write(plain, secret, WORDS, cost=CHEAP)
    text = plain.read_text()
    assert secret.hex() not in text
    assert "argon2id:m=64,t=1,p=1" in text
    assert plain.stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in tmp_path.glob("plain*")) == ["plain"]
    with pytest.raises(key_file.NeedsPassphrase):
        key_file.read_secret(plain)
    with pytest.raises(key_file.WrongPassphrase):
        key_file.read_secret(plain, "lantern gravel otter noon teapot snail")
    assert key_file.read_secret(plain, "  lantern gravel  otter noon teapot sail ") == secret
    plain.write_text(text.replace("t=1", "t=2"))
    with pytest.raises(key_file.WrongPassphrase):
        key_file.read_secret(plain, WORDS)
    plain.write_text(text.replace("m=64", "m=99999999"))
    with pytest.raises(SettingsError, match="not a Casework key"):
        key_file.read_secret(plain, WORDS)


def test_what_a_try_costs_is_what_the_house_says():
    assert (key_file.COST.memory, key_file.COST.passes, key_file.COST.lanes) == (256 * 1024, 3, 4)


@pytest.mark.parametrize("where", ["new file in place", "old file wiped"])
def test_a_machine_that_stops_while_the_passphrase_is_set_leaves_a_key_that_opens(
    tmp_path, monkeypatch, where
):
    path = tmp_path / "key"
    key_file.make(path)
    secret = key_file.read_secret(path)

    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(*((Path, "replace") if where.startswith("new") else (key_file, "wipe")), stop)
    with pytest.raises(KeyboardInterrupt):
        key_file.write(path, secret, WORDS, cost=CHEAP)
    monkeypatch.undo()
    key_file.tidy_up(path)
    assert [one.name for one in tmp_path.iterdir()] == ["key"]
    assert key_file.read_secret(path, WORDS) == secret
    assert key_file.is_wrapped(path) is (where == "old file wiped")
    key_file.write(path, secret, WORDS, cost=CHEAP)
    assert key_file.read_secret(path, WORDS) == secret


def test_until_the_passphrase_is_typed_every_address_is_the_page_that_asks_for_it(door):
    outside = Outside(door)
    check_page(outside.client.get("/"))
    for path in ("/cases", "/sign-in", "/cases/AAA-111/letters/1/pdf", "/x" * 300):
        page = outside.ask(path)
        assert "Type" not in page
        assert 'name="passphrase"' in page
        assert "Invented Welcome Group" not in page
    assert outside.client.get("/static/app.css", buffered=True).status_code == 200
    assert outside.client.post("/sign-in", data={"password": "x"}).status_code == 503
    assert not door.is_open


def test_the_right_passphrase_opens_the_program_in_the_same_process_and_a_wrong_one_does_not(door):
    outside = Outside(door)
    assert "does not open it" in outside.type("not the passphrase at all")
    assert "Type the passphrase." in outside.type("")
    # Nobody else's page can have a browser try one.
    assert "open too long" in outside.type(WORDS, token="forged")
    assert not door.is_open
    outside.type(WORDS, 303)
    assert door.is_open
    assert "Sign in" in outside.ask("/sign-in", 200)


def test_who_guesses_has_to_wait_longer_and_longer(door):
    outside = Outside(door)
    for _ in range(5):
        outside.type("one more guess at it")
    assert "Wait 5 seconds" in outside.type(WORDS, 429)
    assert not door.is_open


def test_guesses_from_many_addresses_wait_for_each_other():
    tries = Tries()

    def wrong():
        raise key_file.WrongPassphrase("no")

    for number in range(60):
        with pytest.raises(key_file.WrongPassphrase):
            tries.attempt(f"192.0.2.{number}", wrong)
    with pytest.raises(TooManyTries):
        tries.attempt("198.51.100.1", wrong)


def test_a_worker_gets_the_secret_by_a_pipe_and_neither_by_its_environment_nor_its_words(
    app, wrapped, monkeypatch, tmp_path
):
    monkeypatch.setenv("CASEWORK_INSTANCE", str(wrapped))
    key_ring.unlock(wrapped / "key", WORDS)
    secret = key_ring.secret_of(wrapped / "key")
    started = {}

    class Started:
        def __init__(self, command, *, env, stdin):
            started.update(words=" ".join([*command, *env, *env.values()]))
            self.stdin = (tmp_path / "pipe").open("wb")

    monkeypatch.setattr("casework.commands.workers.subprocess.Popen", Started)
    Workers(app, settings_for(wrapped))._new()
    assert secret.hex() not in started["words"]
    assert WORDS not in started["words"]
    handed_over = (tmp_path / "pipe").read_bytes()
    key_ring.forget()
    words = ["work", "--once", "--quiet"]
    monkeypatch.setattr("os.nice", lambda number: None)
    assert "kept under a passphrase" in CliRunner().invoke(main, words).output
    assert CliRunner().invoke(main, [*words, "--secret-comes"], input=handed_over).exit_code == 0


def test_one_tap_signs_everybody_out_and_locks_until_the_passphrase_is_typed(door, wrapped):
    outside = Outside(door)
    outside.type(WORDS, 303)
    app = door._app
    with app.app_context():
        ruth, ada = make_user(Role.CASEWORKER, "Ruth"), make_user(Role.VOLUNTEER, "Ada")
        cookies = [signed_in(user) for user in (ruth, ada)]
        assert all(sessions.user_of(cookie) for cookie in cookies)
        locking.lock_everything(ruth)
        assert not any(sessions.user_of(cookie) for cookie in cookies)
        late = signed_in(ada)
        db.session.remove()
    assert "Locked" in outside.ask("/sign-in")
    assert not door.is_open
    assert (wrapped / "key") not in key_ring._secrets
    assert "casework" not in app.extensions
    assert app.secret_key is None
    outside.type(WORDS, 303)
    assert not lock_marker.is_locked(wrapped)
    with door._app.app_context():
        # And once more before anybody is let in: a lock from the terminal could not reach the database.
        assert sessions.user_of(late) is None


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


def test_a_passphrase_is_set_changed_and_removed_in_the_terminal_while_the_program_runs(
    app, instance, monkeypatch
):
    monkeypatch.setenv("CASEWORK_INSTANCE", str(instance))
    monkeypatch.setattr(key_file, "COST", CHEAP)
    secret = key_file.read_secret(instance / "key")

    def run(*words, typed):
        return CliRunner().invoke(main, ["key", "passphrase", *words], input="\n".join(typed) + "\n")

    assert "at least 16 letters" in run(typed=["short one", "short one"]).output
    answer = run(typed=[WORDS, WORDS])
    assert "casework key rotate" in answer.output
    assert WORDS not in answer.output
    new = "harbour violin cactus maple thunder"
    assert "does not open it" in run(typed=["wrong", "wrong", "wrong"]).output
    assert run(typed=[WORDS, new, new]).exit_code == 0
    assert key_file.read_secret(instance / "key", new) == secret
    # What runs has its keys, and goes on.
    assert current_instance().keys == keys_of(secret)
    assert accounts.is_new()
    # A key that was changed while somebody typed is not put back.
    other = secrets.token_bytes(32)
    real = click.prompt

    def changed_meanwhile(*words, **given):
        key_file.write(instance / "key", other, new)
        return real(*words, **given)

    monkeypatch.setattr("casework.commands.key.click.prompt", changed_meanwhile)
    key_file.write(instance / "key", secret, new)
    monkeypatch.setattr("casework.commands.key.ask_until_right", lambda settings: new)
    assert "changed meanwhile" in run(typed=[WORDS, WORDS]).output
    assert key_file.read_secret(instance / "key", new) == other
    monkeypatch.setattr("casework.commands.key.click.prompt", real)
    key_file.write(instance / "key", secret, new)
    assert "whoever has this disk" in run("--remove", typed=[new]).output
    assert key_file.read_secret(instance / "key") == secret


def test_a_machine_that_starts_by_itself_reads_the_passphrase_from_a_file_of_its_own(wrapped, tmp_path):
    words = tmp_path / "words"
    words.write_text(f"{WORDS}\n")
    words.chmod(0o644)
    door = Door(settings_for(wrapped, passphrase_file=str(words)), create_app)
    Outside(door).ask("/sign-in")
    words.chmod(0o600)
    Outside(door).ask("/sign-in", 200)
    door.lock()
    # Or by a pipe from whoever starts it, which is read once.
    reading, writing = os.pipe()
    os.write(writing, f"{WORDS}\n".encode())
    os.close(writing)
    assert key_file.read_passphrase(Path(f"/dev/fd/{reading}")) == WORDS


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


def test_a_button_pressed_twice_or_sent_to_another_process_leads_in(wrapped):
    first, second = (Door(settings_for(wrapped), create_app) for _ in range(2))
    browser = Outside(first)
    sent = {
        "csrf_token": re.search(r'name="csrf_token"[^>]*value="([^"]*)"', browser.ask())[1],
        "passphrase": WORDS,
    }
    for door in (second, second, first, first):
        browser.client.application = door
        answer = browser.client.post("/unlock", data=sent)
        assert (answer.status_code, answer.location) == (303, "/")
        assert door.is_open
    answer = browser.client.get("/unlock")
    assert (answer.status_code, answer.location) == (303, "/"), "nor does its address say that it is locked"
    assert "Clear-Site-Data" not in answer.headers
    first.lock()
    second.lock()


def test_behind_a_proxy_one_stranger_s_guesses_make_only_that_stranger_wait(wrapped):
    door = Door(settings_for(wrapped, trusted_proxies=1), create_app)

    def from_address(address):
        return Outside(lambda environ, answer: door({**environ, "HTTP_X_FORWARDED_FOR": address}, answer))

    stranger = from_address("192.0.2.7")
    for _ in range(5):
        stranger.type("one more guess at it")
    stranger.type(WORDS, 429)
    from_address("198.51.100.1").type(WORDS, 303)
    door.lock()


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


@pytest.mark.sqlcipher
def test_what_cannot_be_opened_although_the_passphrase_is_right_says_so_and_stays_locked_without_a_key(
    wrapped, door
):
    outside = Outside(door)
    right, other = (wrapped / "key").read_bytes(), wrapped / "other"
    key_file.write(other, secrets.token_bytes(32), WORDS, cost=CHEAP)
    (wrapped / "key").write_bytes(other.read_bytes())
    assert "does not open" in outside.type(WORDS)
    for _ in range(2):
        assert 'name="passphrase"' in outside.ask("/sign-in")
    assert not key_ring._secrets
    (wrapped / "key").write_bytes(right)
    (wrapped / ".gate").unlink(missing_ok=True)
    (wrapped / ".gate").mkdir()  # a disk on which the program cannot write what it needs
    assert "could not be opened" in outside.type(WORDS)
    assert not key_ring._secrets
    (wrapped / ".gate").rmdir()
    outside.type(WORDS, 303)
