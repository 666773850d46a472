"""Another process of the program, forked from the test: all is loaded in it, so that nobody waits for that again.

For what is about being killed, or about two at once. What is about the start of a program begins a real one.
"""

import os
import traceback
import warnings
from collections.abc import Callable

from casework import pdf
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
    except BaseException:
        os.write(2, traceback.format_exc().encode())
    finally:
        os._exit(status)


def how_it_ended(child: int) -> int:
    """The status of a process that ended, or the negative number of the signal that ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
