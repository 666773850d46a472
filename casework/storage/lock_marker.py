"""The file that locks an instance: while it is there nobody is served, whichever process they ask."""

import os
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


def lock(folder: Path, at: datetime, user_id: int | None = None) -> None:
    """Lock it, so that it is still locked after a power cut. Who did so first stays written there.

    It needs no room: on a full disk it is locked, and only when that was is not known.
    """
    with suppress(FileExistsError):
        descriptor = os.open(folder / NAME, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with suppress(OSError):
                os.write(descriptor, f"{at.isoformat()} {user_id or ''}\n".encode())
                os.fsync(descriptor)
        finally:
            os.close(descriptor)
    sync_folder(folder)


def read(folder: Path) -> Locked | None:
    """When it was locked and by whom; None where it is not, or where that could not be written."""
    with suppress(OSError, ValueError):
        at, _, number = (folder / NAME).read_text(encoding="ascii").strip().partition(" ")
        return Locked(datetime.fromisoformat(at), int(number) if number else None)
    return None


def lift(folder: Path) -> None:
    """Let people in again."""
    (folder / NAME).unlink(missing_ok=True)
    sync_folder(folder)
