"""A new key for a database on PostgreSQL: the keys in it are wrapped anew, in one transaction, while nobody is in.

Its rows are under no key. The new key file waits beside the old one until the database goes by it; a machine that stops
in between leaves both, and the next start asks the database which of them it goes by.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DBAPIError

from casework.domain.errors import SettingsError
from casework.settings import Settings
from casework.storage import hosted, key_change, key_file, key_ring, migrate, rotation
from casework.storage.bare import bare_engine
from casework.storage.encryption import keys_of
from casework.storage.gate import changing_alone
from casework.storage.instance import Instance
from casework.storage.rotation import Step, next_of
from casework.storage.whole_files import sync_folder

MARK = "SELECT value FROM instance_notes WHERE key = %s"
OTHERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
    "AND backend_type = 'client backend'"
)
IN_USE = (
    "Somebody is connected to the database. Stop Casework on every machine, and whatever else reads this database, "
    "and try again. Nothing was changed."
)


def rotate(settings: Settings, passphrase: str | None, step: Step = lambda name: None) -> None:
    """Change the key of this instance. `passphrase` is the one of now, over the new key too.

    Raises SettingsError when it cannot be done; then all is as it was.
    """
    with changing_alone(settings.instance):
        settle_alone(settings)
        old, new = key_ring.secret_of(settings.key_file), secrets.token_bytes(key_file.SECRET_BYTES)
        try:
            key_file.write(next_of(settings.key_file), new, passphrase)
            key_change.to_be_told(settings, new)
            step("the next key is written")
            with alone_in(settings) as connection:
                rotation.wrap_anew(connection, old, new)
                migrate.keep_mark_of(connection, keys_of(new))
        except (OSError, DBAPIError) as error:
            settle_alone(settings)
            why = error.strerror if isinstance(error, OSError) else type(error.orig).__name__
            raise SettingsError(
                f"The key could not be changed: {why}. The old one is in its place."
            ) from None
        except SettingsError:
            next_of(settings.key_file).unlink(missing_ok=True)
            raise
        step("the database goes by the new key")
        _into_place(settings, new)


def settle(settings: Settings) -> None:
    """Bring a change of the key to its end that a machine did not: the key that the database goes by in its place.

    Raises SettingsError where that cannot be told; then both keys stay where they are.
    """
    if next_of(settings.key_file).exists():
        with changing_alone(settings.instance, wait=True):
            settle_alone(settings)


def settle_alone(settings: Settings) -> None:
    """The same for whoever changes the key alone already."""
    path, following = settings.key_file, next_of(settings.key_file)
    if not following.exists():
        return
    mark = _mark_now(settings)
    if migrate.is_mark_of(mark, keys_of(key_ring.secret_of(path))):
        following.unlink()
        return
    with suppress(SettingsError):
        secret = key_ring.secret_of(following)
        if migrate.is_mark_of(mark, keys_of(secret)):
            _into_place(settings, secret)
            return
    raise SettingsError(
        f"The database goes neither by {path} nor by {following}. Keep both, and type the passphrase."
    )


def let_in_by_this_key_alone(engine: Engine, instance: Instance) -> None:
    """Have a program get no connection any more whose key was changed: what it would write nobody could read."""

    @event.listens_for(engine, "connect")
    def check(connection: Any, record: Any) -> None:
        row = connection.execute(MARK, (migrate.KEY_MARK,)).fetchone()
        connection.rollback()
        if not migrate.is_mark_of(row and row[0], instance.keys):
            connection.close()
            raise SettingsError("The key was changed while this program ran. Start it again.")


def _into_place(settings: Settings, secret: bytes) -> None:
    next_of(settings.key_file).replace(settings.key_file)
    sync_folder(settings.key_file.parent)
    key_ring.take(settings.key_file, secret)


def _mark_now(settings: Settings) -> str | None:
    """By which key the database goes now."""
    engine = bare_engine(settings)
    assert engine is not None
    try:
        with engine.connect() as connection:
            mark: str | None = connection.exec_driver_sql(MARK, (migrate.KEY_MARK,)).scalar()
    except DBAPIError:
        raise SettingsError(
            "A change of the key did not come to its end, and the database, which knows by which key it goes, does not "
            f"answer. Keep both {settings.key_file} and {next_of(settings.key_file)}, and start again when it does."
        ) from None
    return mark


@contextmanager
def alone_in(settings: Settings) -> Iterator[Connection]:
    """The database while nobody else is in it. What is done there counts at the end, or not at all."""
    engine = bare_engine(settings)
    assert engine is not None
    with engine.begin() as connection:
        _refuse_others(connection)
        hosted.write_alone(connection)
        with hosted.upgrading_alone(connection):  # who starts now waits
            _refuse_others(connection)
            if migrate.current_revision(connection) != migrate.newest_revision():
                raise SettingsError("Its tables are of another version. Start Casework once, and try again.")
            yield connection


def _refuse_others(connection: Connection) -> None:
    if connection.exec_driver_sql(OTHERS).scalar():
        raise SettingsError(IN_USE)
