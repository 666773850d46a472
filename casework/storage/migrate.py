"""Bringing the database to the tables that this version of the program needs."""

import shutil
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError, OperationalError

from casework.domain.errors import SettingsError
from casework.settings import resource_dir
from casework.storage.database import db
from casework.storage.instance import Instance, starting_alone


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(resource_dir("migrations")))
    return config


def current_revision(connection: Connection) -> str | None:
    """The revision that the database is at; None when it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


@cache
def newest_revision() -> str | None:
    """The revision that this version of the program needs."""
    return ScriptDirectory.from_config(_config()).get_current_head()


@cache
def known_revisions() -> frozenset[str]:
    """Every revision that this version of the program can bring up to date."""
    return frozenset(one.revision for one in ScriptDirectory.from_config(_config()).walk_revisions())


def upgrade(instance: Instance) -> bool:
    """Whether anything had to be done. Call it in an application context.

    A copy of the database is kept beside it before its tables change. Raises SettingsError when the key does
    not open the database.
    """
    with starting_alone(instance.database_path.parent):
        return _upgrade(instance)


def _upgrade(instance: Instance) -> bool:
    path = instance.database_path
    try:
        with db.engine.connect() as connection:
            now = current_revision(connection)
    except OperationalError as error:
        raise SettingsError(
            f"The database {path} cannot be opened: {error.orig}. Look at its folder and its disk."
        ) from None
    except DatabaseError:
        raise SettingsError(
            f"The key {instance.settings.key_file} does not open the database {path}, or the database is damaged. "
            "Put the right key file back, or bring the instance folder back from a back-up."
        ) from None
    if now == newest_revision():
        return False
    if now is not None:
        _copy(path, path.with_name(f"casework-before-{newest_revision()}.db"))
    config = _config()
    with db.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    path.chmod(0o600)
    return True


def _copy(source: Path, target: Path) -> None:
    with db.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy2(source, target)
