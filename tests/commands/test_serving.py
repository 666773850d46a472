"""The program as it really runs: a process, a port, an encrypted database."""

import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from casework.cli import main
from tests import forked

SERVE = "from casework.cli import main; main()"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@contextmanager
def serving(folder: Path, *words: str) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """A running program and the lines it said before it began to serve."""
    environ = {**os.environ, "CASEWORK_INSTANCE": str(folder)}
    command = [sys.executable, "-c", SERVE, "serve", "--port", str(free_port()), *words]
    with subprocess.Popen(
        command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            yield process, what_it_said(process.stdout)
        finally:
            process.kill()


@contextmanager
def forked_server(folder: Path, *words: str) -> Iterator[tuple[forked.Program, list[str]]]:
    """The same, where the test is not about the start of it: it begins with everything loaded."""
    command = ["serve", "--port", str(free_port()), *words]
    program = forked.Program(lambda: main(command), CASEWORK_INSTANCE=str(folder))
    try:
        yield program, what_it_said(program.stdout)
    finally:
        program.end()


def what_it_said(stdout: Iterable[str]) -> list[str]:
    """The lines that a program says before it begins to serve."""
    said = []
    for line in stdout:
        said.append(line.strip())
        if line.startswith("Stop it"):
            break
    return said


def fetch(address: str, body: bytes | None = None, **headers: str) -> tuple[int, str, dict[str, str]]:
    request = urllib.request.Request(address, data=body, headers=headers)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.read().decode(), dict(answer.headers)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode(), dict(error.headers)


def test_the_first_start_makes_a_key_prints_a_link_and_stops_cleanly(tmp_path):
    folder = tmp_path / "group"
    with serving(folder) as (process, said):
        link = next(line for line in said if "/first/" in line)
        assert f"A new key was made: {folder}/key" in said
        status, page, headers = fetch(link)
        assert (status, "Make my account" in page) == (200, True)
        assert "Server" not in headers
        process.send_signal(signal.SIGTERM)
        assert process.wait() == 0
    assert (folder / "key").stat().st_mode & 0o777 == 0o600
    assert (folder / "casework.db").stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o077 == 0
    connection = sqlite3.connect(folder / "casework.db")
    with pytest.raises(sqlite3.DatabaseError, match="not a database"):
        connection.execute("SELECT * FROM users")
    connection.close()


def test_an_upload_of_fifty_megabytes_is_answered_with_a_page(empty_instance, tmp_path):
    folder = shutil.copytree(empty_instance, tmp_path / "instance")
    with forked_server(folder) as (_, said):
        address = re.search(r"http://\S+/", said[0])[0]
        body = b'--b\r\nContent-Disposition: form-data; name="scan"; filename="a"\r\n\r\n' + bytes(50_000_000)
        status, page, _ = fetch(
            f"{address}sign-in",
            body + b"\r\n--b--\r\n",
            **{"Content-Type": "multipart/form-data; boundary=b"},
        )
    assert status == 413
    assert "That file is too large" in page


def test_the_demo_says_how_to_sign_in_and_lies_in_a_folder_of_its_own(tmp_path):
    with forked_server(tmp_path, "--demo") as (_, said):
        assert any(re.match(r"ruth\s+\S{12,}", line) for line in said)
    assert (tmp_path / "demo" / "casework.db").exists()
    assert not (tmp_path / "casework.db").exists()
