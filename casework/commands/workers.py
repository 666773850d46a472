"""The server's own workers: processes that are there while letters wait, and gone when none is left."""

import logging
import math
import os
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

from flask import Flask

from casework.services.campaign.batches import something_to_do
from casework.services.letters import letter_queue
from casework.settings import PREFIX, Settings
from casework.storage import key_ring

LOOK_EVERY = 5.0  # seconds between two looks for letters that wait, if nobody says so before
LOOK_WHILE_AT_WORK = 1.0
ENOUGH_FOR_ONE = 25  # letters: to load what draws them takes a worker about as long as to make these
PATIENCE = 5.0  # seconds in which a worker may finish the letter in hand
AFTER_A_FALL = 30.0  # seconds before one is started again after one failed
COMMAND = "from casework.cli import main; main()"

_log = logging.getLogger(__name__)


class Workers:
    """Starts workers while letters wait, looks after them, and takes them along when the server ends."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self._app: Flask | None = app
        self._settings = settings
        self._running: list[subprocess.Popen[bytes]] = []
        self._not_before = 0.0
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._tend_always, name="workers", daemon=True)

    def start(self) -> None:
        """Begin to look after them; nothing is started before a letter waits."""
        if self._settings.workers:
            self._thread.start()

    def end(self, patience: float = PATIENCE) -> None:
        """Have every worker finish the letter in hand, and wait for it; what does not end is killed."""
        self._ending.set()
        something_to_do.set()
        if self._thread.is_alive():
            self._thread.join(patience)
        for one in self._running:
            one.terminate()
        self._app = None
        until = time.monotonic() + patience
        for one in self._running:
            try:
                one.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                one.kill()
                one.wait()

    def _tend_always(self) -> None:
        while not self._ending.is_set():
            something_to_do.wait(LOOK_WHILE_AT_WORK if self._running else LOOK_EVERY)
            something_to_do.clear()
            if self._ending.is_set():
                return
            try:
                self._tend()
            except Exception:  # a look that fails is no reason not to look again
                _log.exception("looking after the workers failed")

    def _tend(self) -> None:
        """Bury those that ended, and start as many as there is work for."""
        for one in [one for one in self._running if one.poll() is not None]:
            self._running.remove(one)
            if one.returncode:
                _log.error("a worker ended with status %s", one.returncode)
                self._not_before = time.monotonic() + AFTER_A_FALL
        if self._app is None:
            return
        with self._app.app_context():
            if letter_queue.held():
                letter_queue.give_back_gone()
            wanted = min(self._settings.workers, math.ceil(letter_queue.waiting() / ENOUGH_FOR_ONE))
        if time.monotonic() < self._not_before:
            return
        while len(self._running) < wanted:
            self._running.append(self._new())

    def _new(self) -> subprocess.Popen[bytes]:
        environ = {**os.environ, f"{PREFIX}INSTANCE": str(self._settings.instance)}
        here = str(Path(__file__).parents[2])
        environ["PYTHONPATH"] = os.pathsep.join(filter(None, (here, environ.get("PYTHONPATH"))))
        command = [sys.executable, "-c", COMMAND, "work", "--once", "--quiet", "--secret-comes"]
        new = subprocess.Popen(command, env=environ, stdin=subprocess.PIPE)  # noqa: S603 our own program
        # By a pipe that nobody else sees: what stands in the environment or a command, other programs can read.
        if new.stdin:
            with suppress(BrokenPipeError), new.stdin:
                new.stdin.write(key_ring.secret_of(self._settings.key_file))
        return new
