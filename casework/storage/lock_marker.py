"""The file that locks an instance: while it is there nobody is served, whichever process they ask."""

import os
from pathlib import Path

from casework.storage.whole_files import sync_folder

NAME = "locked"


def is_locked(folder: Path) -> bool:
    """Whether the instance in this folder is locked. Cheap enough to ask with every request."""
    return os.path.exists(folder / NAME)


def lock(folder: Path) -> None:
    """Lock it, so that it is still locked after a power cut."""
    os.close(os.open(folder / NAME, os.O_WRONLY | os.O_CREAT, 0o600))
    sync_folder(folder)


def lift(folder: Path) -> None:
    """Let people in again."""
    (folder / NAME).unlink(missing_ok=True)
    sync_folder(folder)
