"""A program that is killed in the middle of issuing a letter: `python issue_and_die.py FOLDER LETTER WHERE`."""

import os
import signal
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import event

from casework.app import create_app
from casework.services.letters.letters import issue_letter
from casework.storage.archive import FolderStore
from casework.storage.database import db
from casework.storage.models import Letter
from tests.conftest import settings_for


def die(*_: Any, **__: Any) -> None:
    """What a power cut looks like to a program: nothing is tidied up."""
    os.kill(os.getpid(), signal.SIGKILL)


def _arm(where: str) -> None:
    if where == "while the file is written":
        os.fsync = die
    elif where == "when the file is whole":
        write = FolderStore.write_sealed
        FolderStore.write_sealed = lambda self, *paper: (write(self, *paper), die())[0]
    elif where == "when the rows are written":
        event.listen(db.session, "before_commit", die)
    elif where == "when all is saved":
        event.listen(db.session, "after_commit", die)


def main(folder: str, letter_id: str, where: str) -> None:
    """Issue the letter, and be killed at that point."""
    app = create_app(settings_for(Path(folder)))
    with app.app_context():
        letter = db.session.get(Letter, int(letter_id))
        assert letter is not None
        actor = letter.drafted_by
        letter.case  # noqa: B018 read before the trap is set
        _arm(where)
        issue_letter(letter, actor)


if __name__ == "__main__":
    main(*sys.argv[1:])
