"""The group's own folder, opened: its settings, its keys, its archive."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from flask import current_app

from casework.domain.errors import SettingsError
from casework.settings import Settings
from casework.storage import key_file, key_ring
from casework.storage.archive import Store
from casework.storage.encryption import Keys, make_key_file, read_keys
from casework.storage.gate import Gate
from casework.storage.stores import store_of


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


def open_instance(settings: Settings) -> Instance:
    """The instance of these settings, with its folder and its key made when this is the first start.

    Raises SettingsError when there is a database and its key is gone, since a new key would not open it, and when
    the folder cannot be written to.
    """
    try:
        settings.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
        with starting_alone(settings.instance):
            has_database = (settings.instance / "casework.db").exists()
            made_key = not settings.key_file.exists() and not has_database
            if made_key:
                make_key_file(settings.key_file)
            with suppress(OSError):  # a key on a stick that cannot be written to has nothing beside it
                key_file.tidy_up(settings.key_file)
    except OSError as error:
        raise SettingsError(
            f"The instance folder {settings.instance} cannot be written to ({error.strerror}). "
            "Mend that, or set CASEWORK_INSTANCE to another folder."
        ) from None
    # Imported here: what a change of the key needs knows the instance.
    from casework.storage import rotation

    gate = Gate(settings.instance)
    rotation.settle(settings)
    keys = read_keys(settings.key_file)
    key_ring.take(settings.key_file, key_ring.secret_of(settings.key_file))
    return Instance(settings, keys, store_of(settings), made_key, gate)


def current_instance() -> Instance:
    """The instance of the running application."""
    instance: Instance = current_app.extensions["casework"]
    return instance
