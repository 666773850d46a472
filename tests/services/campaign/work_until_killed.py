"""Workers to be killed: `python work_until_killed.py FOLDER` begins one for each line that it reads.

It says the number of each process, and that process says a line each time it has a letter in hand. They are forked
from one that has loaded everything, so that a test need not wait for that again and again.
"""

import os
import signal
import sys
from pathlib import Path
from typing import Any

from casework.app import create_app
from casework.pdf import make_pdf
from casework.services.campaign import work
from casework.storage.database import db
from tests.conftest import settings_for


def say(words: str) -> None:
    """One line for the test."""
    os.write(1, f"{words}\n".encode())


def main(folder: str) -> None:
    """Begin a worker for each line, and end with the last."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    app = create_app(settings_for(Path(folder)), count_anew=False)
    make_pdf('<html lang="en"><head><title>x</title></head><p>x</p></html>')
    make = work._make

    def say_and_make(*given: Any) -> Any:
        say(f"in hand of {os.getpid()}")
        return make(*given)

    work._make = say_and_make
    with app.app_context():
        db.engine.dispose()
        for _ in sys.stdin:
            if (child := os.fork()) == 0:
                work.work()
                os._exit(0)
            say(f"began {child}")


if __name__ == "__main__":
    main(sys.argv[1])
