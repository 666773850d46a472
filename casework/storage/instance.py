"""The group's own folder, opened: its settings, its keys, its archive."""

from dataclasses import dataclass
from pathlib import Path

from flask import current_app

from casework.settings import Settings
from casework.storage.archive import Archive
from casework.storage.encryption import Keys, make_key_file, read_keys


@dataclass(frozen=True)
class Instance:
    """One group's data on this machine."""

    settings: Settings
    keys: Keys
    archive: Archive
    made_key: bool

    @property
    def database_path(self) -> Path:
        return self.settings.instance / "casework.db"


def open_instance(settings: Settings) -> Instance:
    """The instance of these settings, with its folder and its key made when this is the first start.

    Raises SettingsError when there is a database and its key is gone: a new key would not open it.
    """
    settings.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    has_database = (settings.instance / "casework.db").exists()
    made_key = not settings.key_file.exists() and not has_database
    if made_key:
        make_key_file(settings.key_file)
    keys = read_keys(settings.key_file)
    return Instance(settings, keys, Archive(settings.instance / "archive", keys.archive), made_key)


def current_instance() -> Instance:
    """The instance of the running application."""
    instance: Instance = current_app.extensions["casework"]
    return instance
