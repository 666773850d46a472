"""Another process of the program, forked from the test: all is loaded in it, so that nobody waits for that again.

For what is about being killed, or about two at once. What is about the start of a program begins a real one.
"""

import contextvars
import os
import signal
import sys
import traceback
import warnings
from collections.abc import Callable

from casework import pdf
from casework.storage import key_ring
from casework.storage.database import db


def begin(work: Callable[[], object]) -> int:
    """The number of a process that does this, with a database connection of its own, and then ends."""
    db.session.remove()
    db.engine.dispose()
    return fork(work)


def fork(work: Callable[[], object]) -> int:
    """The number of a process that does this, and then ends."""
    with warnings.catch_warnings():
        # Newer Pythons warn of threads. Those of the runner of the tests hold nothing that is needed here.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child:
        return child
    status = 1
    try:
        # Pango looks for fonts in a thread, which is not there after a fork.
        pdf._stylesheet.cache_clear()
        pdf._fonts.cache_clear()
        work()
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        os.write(2, traceback.format_exc().encode())
    finally:
        os._exit(status)


def how_it_ended(child: int) -> int:
    """The status of a process that ended, or the negative number of the signal that ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


class Program:
    """A program that says things, forked: for the test it is what `subprocess.Popen` of it would be."""

    def __init__(self, main: Callable[[], object], **environ: str) -> None:
        listen, say = os.pipe()
        self.pid = fork(lambda: contextvars.Context().run(_alone, main, say, environ))
        os.close(say)
        self.stdout = os.fdopen(listen)
        self._status: int | None = None

    def poll(self) -> int | None:
        """Its status, when it has ended."""
        if self._status is None:
            ended, status = os.waitpid(self.pid, os.WNOHANG)
            self._status = os.waitstatus_to_exitcode(status) if ended else None
        return self._status

    def end(self, number: int = signal.SIGKILL) -> None:
        """Have it end, and wait for it."""
        if self.poll() is None:
            os.kill(self.pid, number)
            self._status = how_it_ended(self.pid)
        self.stdout.close()


def _alone(main: Callable[[], object], say: int, environ: dict[str, str]) -> None:
    """Do this as a program does that nobody has used yet, and say everything into this pipe."""
    key_ring.forget()
    warnings.simplefilter("ignore")
    os.environ |= environ
    os.dup2(say, 1)
    os.dup2(say, 2)
    sys.stdout, sys.stderr = (os.fdopen(at, "w", 1, closefd=False) for at in (1, 2))
    main()
