"""A PostgreSQL server for the tests alone: made in a folder of its own, reached by a socket in it, gone at the end.

The name `casework` there is an ordinary one, as docs/hosting.md asks for: what binds it later binds it here.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import NullPool, create_engine

PLACES = ("/usr/lib/postgresql/*/bin", "/usr/local/bin", "/usr/local/pgsql/bin")
ACCOUNTS = ("postgres", "nobody")  # the server refuses to run as root
SUPERUSER = "postgres"
# To make databases, and to empty tables whose triggers let nothing be deleted, is what the tests need besides.
THE_ROLE = "CREATE ROLE casework LOGIN CREATEDB; GRANT SET ON PARAMETER session_replication_role TO casework"
# Nothing in it is worth a write to the disk.
OPTIONS = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c listen_addresses= -c max_connections=200"


def programs() -> Path | None:
    """The folder with the newest server's programs; None where there is no PostgreSQL on this machine."""
    there = [found for pattern in PLACES for found in sorted(Path("/").glob(pattern[1:]), reverse=True)]
    on_path = shutil.which("initdb")
    if on_path:
        there.append(Path(on_path).parent)
    return next(
        (folder for folder in there if (folder / "initdb").exists() and (folder / "pg_ctl").exists()), None
    )


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """The address of a server on this new folder, ending in the name of its first database."""
    bin_dir = programs()
    assert bin_dir is not None, "there is no PostgreSQL on this machine"
    as_whom = _as_whom()
    folder.mkdir(mode=0o700)
    if as_whom:
        shutil.chown(folder, as_whom[2])
    data = folder / "data"
    made = f"-U {SUPERUSER} -A trust -E UTF8 --locale=C.UTF-8 -N".split()
    _run([*as_whom, str(bin_dir / "initdb"), "-D", str(data), *made])
    options = f"{OPTIONS} -k {folder}"
    _run(
        [
            *as_whom,
            str(bin_dir / "pg_ctl"),
            "-D",
            str(data),
            "-w",
            "-l",
            str(folder / "log"),
            "-o",
            options,
            "start",
        ]
    )
    try:
        address = f"postgresql+psycopg://{SUPERUSER}@/postgres?host={quote(str(folder), safe='')}"
        with create_engine(address, poolclass=NullPool).begin() as connection:
            connection.exec_driver_sql(THE_ROLE)
        yield address.replace(f"//{SUPERUSER}@", "//casework@")
    finally:
        _run([*as_whom, str(bin_dir / "pg_ctl"), "-D", str(data), "-m", "immediate", "-w", "stop"])


def _as_whom() -> list[str]:
    """What stands before a command so that it does not run as root."""
    if os.getuid() != 0:
        return []
    for account in ACCOUNTS:
        if subprocess.run(["id", account], capture_output=True).returncode == 0:
            return ["runuser", "-u", account, "--"]
    raise AssertionError("PostgreSQL cannot run as root, and there is no other account here")


def _run(command: list[str]) -> None:
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd="/", text=True)
    assert done.returncode == 0, done.stdout


def run_tests(asked: list[str]) -> int:
    """The tests with a server of their own, or without one where there is none; pytest's own exit status."""
    pytest = [sys.executable, "-m", "pytest", *asked]
    if programs() is None:
        print(  # noqa: T201
            "There is no PostgreSQL on this machine, so the tests run on SQLCipher alone. On Debian and Ubuntu: "
            "sudo apt-get install postgresql",
            flush=True,
        )
        return subprocess.run(pytest).returncode
    with tempfile.TemporaryDirectory(prefix="pg-") as place:
        Path(place).chmod(0o711)
        with running(Path(place) / "server") as address:
            print("What touches the database is tested on SQLCipher and on PostgreSQL.", flush=True)  # noqa: T201
            return subprocess.run([*pytest, f"--postgresql={address}"]).returncode


if __name__ == "__main__":
    sys.exit(run_tests(sys.argv[1:]))
