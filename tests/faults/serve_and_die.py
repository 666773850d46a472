"""Real servers to be killed: `python serve_and_die.py FOLDER` begins one for each line that it reads.

They are forked from one that has loaded everything in a folder of its own, so that a test need not wait for that again
and again. A line is the folder of an instance, and `serve`, `serve LIMIT` for a disk that takes no file above so many
bytes, `backup PATH LIMIT`, or `read only`.
"""

import ctypes
import os
import resource
import signal
import sys
from datetime import timedelta
from pathlib import Path

from flask import Flask

from casework import clock
from casework.app import create_app
from casework.commands.serve import listen, run
from casework.domain.errors import CaseworkError
from casework.services.safety import backups
from casework.storage.database import db
from tests.conftest import Visitor, settings_for
from tests.factories import make_case, make_user, signed_in


def say(words: str) -> None:
    """One line for the test."""
    os.write(1, f"{words}\n".encode())


def serve(folder: Path, *limit: str) -> None:
    """Serve until killed."""
    _limit(*limit)
    settings = settings_for(folder, workers=0)
    app, listening = create_app(settings, count_anew=False), listen("127.0.0.1", 0)
    say(f"{os.getpid()} {listening.getsockname()[1]}")
    run(app, listening, settings)


def back_up(folder: Path, path: str, limit: str) -> None:
    """Make a backup where the disk takes no more than that."""
    with create_app(settings_for(folder), count_anew=False).app_context():
        _limit(limit)
        try:
            backups.make(Path(path), None, kept_until=clock.today() + timedelta(days=1))
            say("made")
        except CaseworkError as error:
            say(error.message)


def read_only(folder: Path) -> None:
    """Start where nothing may be written. Root gives up its powers first: to them everything is writable."""
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    ctypes.CDLL(None).capset(header, (ctypes.c_uint32 * 6)())
    try:
        create_app(settings_for(folder), count_anew=False)
        say("started")
    except CaseworkError as error:
        say(error.message)


def _limit(*limit: str) -> None:
    for most in limit:
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(most), int(most)))


def load_pages(app: Flask) -> None:
    """Have the pages that are asked for be made into code, so that no server has to do that again."""
    app.test_client_class = Visitor
    with app.app_context():
        ruth = make_user()
        make_case(ruth)
        client, token = app.test_client(), signed_in(ruth)
        client.get("/sign-in")
        with client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = token, True
        assert client.get("/cases/C-1/notes/new").status_code == 200
        db.session.remove()
        db.engine.dispose()


def main(folder: Path) -> None:
    """Begin what each line asks for, and end with the last."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    load_pages(create_app(settings_for(folder), count_anew=False))
    for line in sys.stdin:
        words = line.rstrip("\n").split("\t")
        here = Path(words.pop(0))
        if os.fork():
            continue
        os.close(0)
        match words:
            case ["backup", path, limit]:
                back_up(here, path, limit)
            case ["read only"]:
                read_only(here)
            case [_, *limit]:
                serve(here, *limit)
        os._exit(0)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
