"""What a process that holds keys leaves behind when it dies: nothing."""

import resource


def leave_no_core_dump() -> None:
    """Have the system write no picture of this process's memory to the disk, nor of those that it starts.

    Keys and what people typed are in it, and a broken PDF can bring a library written in C to its end.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
