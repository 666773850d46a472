"""Programs of ours that read what strangers made: each in a process of its own that may take so much and no more.

A file of a few hundred bytes can ask any parser for all the memory there is, or for hours, and a parser that is refused
them may take its whole process along. Started as a program, this one binds itself and then becomes the reader. So it
knows nothing of Casework, and neither does any reader.
"""

import os
import runpy
import subprocess
import sys
import threading
from pathlib import Path

_AT_ONCE = threading.BoundedSemaphore(2)
# A process that waits for its turn takes longer by the clock than by the processor's time, which is what is bound.
_PATIENCE = 3


class TooMuch(Exception):
    """What was read asks for more memory or time than it may take."""


def ask(reader: Path, content: bytes, *question: str, memory_mb: int, seconds: int) -> bytes | None:
    """What this program answers when it reads the content; None where it stumbled over it. Raises TooMuch."""
    command = [sys.executable, "-I", "-B", __file__, str(memory_mb), str(seconds), str(reader), *question]
    # A reader that such a file takes over finds no key and no password of the database in its surroundings.
    around = {name: value for name, value in os.environ.items() if not name.startswith("CASEWORK_")}
    with _AT_ONCE:
        try:
            done = subprocess.run(  # noqa: S603
                command, input=content, capture_output=True, timeout=seconds * _PATIENCE, env=around
            )
        except subprocess.TimeoutExpired:
            raise TooMuch from None
    if done.returncode < 0 or b"MemoryError" in done.stderr:
        raise TooMuch
    return None if done.returncode else done.stdout


def _bind(megabytes: int, seconds: int) -> None:
    try:
        import resource
    except ImportError:  # not on every system; the time is watched from outside too
        return
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


if __name__ == "__main__":
    _bind(int(sys.argv[1]), int(sys.argv[2]))
    sys.argv = sys.argv[3:]
    runpy.run_path(sys.argv[0], run_name="__main__")
