"""The group's own folder, opened: its settings, its keys, its archive."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import current_app

from casework.settings import Settings
from casework.storage.archive import Store
from casework.storage.encryption import Keys
from casework.storage.gate import Gate


@dataclass
class Instance:
    """One group's data on this machine."""

    settings: Settings
    keys: Keys
    archive: Store
    made_key: bool
    gate: Gate

    @property
    def database_path(self) -> Path:
        return self.settings.instance / "casework.db"


@contextmanager
def starting_alone(folder: Path) -> Iterator[None]:
    """While it lasts no other program makes the key or the tables of this instance: the second waits for the first."""
    descriptor = os.open(folder / ".starting", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def current_instance() -> Instance:
    """The instance of the running application."""
    instance: Instance = current_app.extensions["casework"]
    return instance
