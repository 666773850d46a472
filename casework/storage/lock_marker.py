"""The file that locks an instance: while it is there nobody is served, whichever process they ask."""

import os
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from casework.storage.whole_files import sync_folder

NAME = "locked"


@dataclass(frozen=True)
class Locked:
    """When somebody locked it, and the number of whoever did so on a page: of nobody, where it was at the machine."""

    at: datetime
    user_id: int | None


def is_locked(folder: Path) -> bool:
    """Whether the instance in this folder is locked. Cheap enough to ask with every request."""
    return os.path.exists(folder / NAME)


def as_it_is(folder: Path) -> int | None:
    """What tells this lock from one that somebody orders later, for `lift`; None where it is not locked."""
    with suppress(FileNotFoundError):
        return (folder / NAME).stat().st_mtime_ns
    return None


def lock(folder: Path, at: datetime, user_id: int | None = None) -> None:
    """Lock it, so that it is still locked after a power cut. Who did so first stays written there.

    It needs no room: on a full disk it is locked, and only when that was is not known. Where it is locked already,
    whoever unlocks it at this moment is told that it was locked again.
    """
    while not _made(folder / NAME, f"{at.isoformat()} {user_id or ''}\n") and not _touched(folder / NAME):
        pass  # it was unlocked between the two
    sync_folder(folder)


def _made(path: Path, words: str) -> bool:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    try:
        with suppress(OSError):
            os.write(descriptor, words.encode())
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return True


def _touched(path: Path) -> bool:
    try:
        os.utime(path, ns=(now := time.time_ns(), now))
    except FileNotFoundError:
        return False
    return True


def read(folder: Path) -> Locked | None:
    """When it was locked and by whom; None where it is not, or where that could not be written."""
    with suppress(OSError, ValueError):
        at, _, number = (folder / NAME).read_text(encoding="ascii").strip().partition(" ")
        return Locked(datetime.fromisoformat(at), int(number) if number else None)
    return None


def lift(folder: Path, found: int | None = None) -> bool:
    """Let people in again, and whether that was done: not where somebody locked it anew after `found` was asked."""
    if found is not None and as_it_is(folder) != found:
        return False
    (folder / NAME).unlink(missing_ok=True)
    sync_folder(folder)
    return True
