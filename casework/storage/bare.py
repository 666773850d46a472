"""The database opened without the application: for commands that look at it before anything is started or made."""

from pathlib import Path

from sqlalchemy import Engine, NullPool, create_engine

from casework.settings import Settings
from casework.storage import hosted
from casework.storage.database import engine_options
from casework.storage.encryption import read_keys


def bare_engine(settings: Settings) -> Engine | None:
    """An engine on the database of these settings; None where no file is there yet.

    Raises SettingsError when the key cannot be read.
    """
    address, path = settings.database, settings.instance / "casework.db"
    if address:
        return create_engine(address, **hosted.bare_options(address))
    if not path.exists():
        return None
    return file_engine(path, read_keys(settings.key_file).database)


def file_engine(path: Path, key: bytes) -> Engine:
    """An engine on an encrypted file, which is made where there is none."""
    options = engine_options(path, key)
    return create_engine(
        "sqlite://",
        module=options["module"],
        creator=options["creator"],
        poolclass=NullPool,
        hide_parameters=True,
    )
