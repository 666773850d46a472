"""Several processes of gunicorn on one instance answer as one program would."""

import http.cookiejar
import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import cycle
from pathlib import Path

import pytest
from gunicorn.app import wsgiapp

from casework import clock
from casework.domain.safety.accounts import Role
from casework.services.safety import accounts
from casework.storage import lock_marker
from casework.storage.database import db
from casework.storage.models import Case
from tests import forked
from tests.commands.test_serving import free_port

ROOT = Path(__file__).parents[2]


def gunicorn(port: int) -> list[str]:
    """The words with which one process of it listens there."""
    how = ["--bind", f"127.0.0.1:{port}", "--threads", "2", "--no-control-socket"]
    return ["gunicorn", "casework.wsgi:app", *how]


@contextmanager
def started_anew(folder: Path) -> Iterator[str]:
    """The address of a gunicorn that somebody just started on this instance."""
    port = free_port()
    environ = {**os.environ, "CASEWORK_INSTANCE": str(folder), "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, "-m", *gunicorn(port)], env=environ, stderr=subprocess.PIPE, text=True, cwd=folder
    ) as process:
        try:
            assert process.stderr
            wait_for(process.stderr)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.communicate()


@contextmanager
def forked_one(folder: Path) -> Iterator[str]:
    """The address of another one, with everything loaded from the start."""
    with forked_program(folder) as (address, _):
        yield address


@contextmanager
def forked_program(folder: Path) -> Iterator[tuple[str, forked.Program]]:
    """The same, and the program itself."""
    port = free_port()

    def run() -> None:
        sys.argv = gunicorn(port)
        os.chdir(folder)
        wsgiapp.run()

    program = forked.Program(run, CASEWORK_INSTANCE=str(folder))
    try:
        wait_for(program.stdout)
        yield f"http://127.0.0.1:{port}", program
    finally:
        program.end(signal.SIGTERM)


def wait_for(says: Iterable[str], what: str = "Listening at") -> str:
    """Wait until it listens, or says something else; the line in which it does."""
    said = []
    for line in says:
        said.append(line)
        if what in line:
            return line
    raise AssertionError("".join(said))


class TwoProcesses:
    """A browser whose every request goes to the other process than the one before."""

    def __init__(self, addresses: list[str]) -> None:
        self._turns = cycle(addresses)
        # Cookies know no ports: what one process gave goes to the other too.
        self._opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        )

    def ask(self, path: str, **fields: str) -> tuple[int, str, str]:
        """The status, the text and where it ended."""
        body = urllib.parse.urlencode(fields).encode() if fields else None
        try:
            with self._opener.open(next(self._turns) + path, body) as answer:
                return answer.status, answer.read().decode(), answer.url
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode(), error.url

    def hidden(self, path: str, *names: str) -> dict[str, str]:
        """What the form of this page carries."""
        page = self.ask(path)[1]
        return {name: re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)[1] for name in names}


@pytest.fixture
def two(app, instance) -> Iterator[TwoProcesses]:
    """Two processes on the instance of this test."""
    with ExitStack() as stack:
        yield TwoProcesses([stack.enter_context(one(instance)) for one in (started_anew, forked_one)])


def test_a_session_a_form_sent_twice_and_wrong_passwords_count_in_both(two, app):
    ruth, link = accounts.add_user("Ruth Ellery", "ruth", Role.ORGANISER)
    accounts.use_link(link, "a long enough pass phrase")
    names = ("csrf_token",)
    sent = two.hidden("/sign-in", *names) | {
        "sign_in_name": ruth.sign_in_name,
        "password": "a long enough pass phrase",
    }
    status, page, _ = two.ask("/sign-in", **sent)
    assert status == 200, page
    for _ in range(2):
        assert two.ask("/cases")[0] == 200, "who signed in at one is known at the other"

    form = two.hidden("/cases/new", "csrf_token", "once") | {"name_used": "Samira"}
    first, second = two.ask("/cases/new", **form), two.ask("/cases/new", **form)
    assert "saved once" in second[1]
    assert first[2].partition("/cases")[2] == second[2].partition("/cases")[2]
    db.session.rollback()
    assert db.session.query(Case).count() == 1

    stranger = TwoProcesses([next(two._turns), next(two._turns)])
    answers = []
    for _ in range(7):  # five are free: no process alone would have counted enough
        wrong = stranger.hidden("/sign-in", *names) | {"sign_in_name": "nobody", "password": "a wrong one"}
        answers.append(stranger.ask("/sign-in", **wrong)[1])
    assert "many wrong tries" in answers[-1]


def test_a_process_of_gunicorn_ends_once_it_is_locked_and_its_keys_with_it(app, instance):
    booted = "Booting worker"
    with forked_program(instance) as (address, program):
        before = wait_for(program.stdout, booted)
        browser = TwoProcesses([address])
        assert browser.ask("/sign-in")[0] == 200
        lock_marker.lock(instance, clock.now())
        assert wait_for(program.stdout, booted) != before
        status, page, _ = browser.ask("/sign-in")
        assert (status, "Locked" in page) == (503, True)
