"""What is in memory stays there, as far as a program can see to it: no core dumps, no other program looking in."""

import ctypes
import resource
from contextlib import suppress

_PR_SET_DUMPABLE = 4


def keep_memory_private() -> None:
    """Write no core dump when something breaks, and let no other program of this account read the memory.

    Swap is the machine's: whoever fears for it encrypts it or has none.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(OSError, AttributeError):  # only Linux knows it
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
