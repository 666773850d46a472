"""A passphrase over the key: the file, the page and the terminal that ask for it, and who guesses at it."""

import os
import re
import secrets
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from casework.app import create_app
from casework.cli import main
from casework.commands import checks
from casework.commands.workers import Workers
from casework.domain.errors import SettingsError
from casework.domain.safety.accounts import Role
from casework.door import Door
from casework.services.safety import accounts, locking, sessions
from casework.storage import key_file, key_ring, lock_marker
from casework.storage.database import db
from casework.storage.encryption import keys_of
from casework.storage.gate import changing_alone
from casework.storage.instance import current_instance
from casework.web.safety.locked import TooManyTries, Tries
from tests.commands.outside import CHEAP, WORDS, Outside
from tests.conftest import settings_for
from tests.factories import make_user, signed_in
from tests.pages import check_page


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


class PowerCut(BaseException):
    """The machine stops: nothing is tidied up."""


@pytest.fixture
def bare_key_beside(instance, monkeypatch) -> Path:
    """The key from before, left by `casework key passphrase` that was killed with the new one in its place."""

    def stop(*_):
        raise PowerCut

    with monkeypatch.context() as patch:
        patch.setattr(key_file, "wipe", stop)
        with pytest.raises(PowerCut):
            key_file.write(instance / "key", key_file.read_secret(instance / "key"), WORDS, cost=CHEAP)
    key_ring.forget()
    return instance / "key.before"


def test_the_doctor_sees_a_bare_key_that_was_left_beside_the_one_under_a_passphrase(
    bare_key_beside, instance
):
    check = checks.check_key(settings_for(instance))
    assert check.grade is checks.Grade.WRONG
    assert (
        f"{bare_key_beside} was left beside the key. It opens everything without the passphrase."
        in check.says
    )
    key_ring.unlock(instance / "key", WORDS)
    assert checks.check_key(settings_for(instance)) == check
    create_app(settings_for(instance), count_anew=False)
    check = checks.check_key(settings_for(instance))
    assert check.grade is checks.Grade.WELL
    assert not bare_key_beside.exists()


def test_a_server_that_runs_takes_a_key_away_that_was_left_beside(wrapped, door):
    Outside(door).type(WORDS, 303)
    (wrapped / "key.before").write_text("casework-key-1:00\n")
    with changing_alone(wrapped):
        door.look_after()
        assert (wrapped / "key.before").exists(), "whoever writes a key clears up after it"
    door.look_after()
    assert not (wrapped / "key.before").exists()


def test_a_key_that_was_left_beside_is_overwritten_when_the_passphrase_is_set_once_more(
    bare_key_beside, instance
):
    before = bare_key_beside.with_name("still linked")
    os.link(bare_key_beside, before)
    secret = key_file.read_secret(instance / "key", WORDS)
    key_file.write(instance / "key", secret, WORDS, cost=CHEAP)
    assert not bare_key_beside.exists()
    assert secret.hex() not in before.read_text()


@pytest.mark.parametrize(("what", "name"), [(os, "link"), (Path, "replace"), (key_file, "sync_folder")])
def test_whoever_breaks_off_the_setting_of_a_passphrase_leaves_nothing_beside_the_key(
    tmp_path, monkeypatch, what, name
):
    path = tmp_path / "key"
    key_file.make(path)
    secret, broken_off = key_file.read_secret(path), iter([KeyboardInterrupt])
    real = getattr(what, name)

    def once(*words):
        done = real(*words)
        for error in broken_off:
            raise error
        return done

    monkeypatch.setattr(what, name, once)
    with pytest.raises(KeyboardInterrupt):
        key_file.write(path, secret, WORDS, cost=CHEAP)
    assert [one.name for one in tmp_path.iterdir()] == ["key"]
    assert key_file.read_secret(path, WORDS) == secret


def test_the_last_key_that_is_left_is_not_taken_away(tmp_path):
    key_file.make(tmp_path / "key.before")
    key_file.tidy_up(tmp_path / "key")
    assert key_file.read_secret(tmp_path / "key.before")


@pytest.mark.parametrize("where", ["new file in place", "old file wiped"])
def test_a_machine_that_stops_while_the_passphrase_is_set_leaves_a_key_that_opens(
    tmp_path, monkeypatch, where
):
    path = tmp_path / "key"
    key_file.make(path)
    secret = key_file.read_secret(path)

    def stop(*_):
        raise PowerCut

    monkeypatch.setattr(*((Path, "replace") if where.startswith("new") else (key_file, "wipe")), stop)
    with pytest.raises(PowerCut):
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
