"""Bringing the database to the tables that this version of the program needs."""

import hmac
import logging
import shutil
import threading
from functools import cache
from hashlib import sha256
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.exc import DatabaseError, OperationalError, ProgrammingError

from casework.domain.errors import SettingsError
from casework.settings import resource_dir
from casework.storage import audit_chain, hosted, lasting_keys, search_tables, tenants
from casework.storage.database import db
from casework.storage.encryption import Keys
from casework.storage.instance import Instance, starting_alone
from casework.storage.models import InstanceNote

log = logging.getLogger(__name__)
CHAIN_SINCE = "0008"
KEY_MARK = "key of this database"
_one_at_a_time = threading.Lock()


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


def is_newer(revision: str | None) -> bool:
    """Whether a database at this revision is one that this version of the program cannot read."""
    return revision is not None and revision not in known_revisions()


def upgrade(instance: Instance) -> bool:
    """Whether anything had to be done. Call it in an application context.

    A copy of the database is kept beside it before its tables change; of one on PostgreSQL its owner keeps copies.
    Raises SettingsError when the key does not open the database.
    """
    if hosted.is_postgres(db.engine):
        return _upgrade_postgres(instance)
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
            "Put the right key file back, or bring the instance folder back from a backup."
        ) from None
    if now == newest_revision():
        return False
    _refuse_newer(now, str(path))
    if now is not None:
        _copy(path, path.with_name(f"casework-before-{newest_revision()}.db"))
    with db.engine.begin() as connection:
        make_tables(connection)
        _begin_trail(connection, now, instance)
    path.chmod(0o600)
    return True


def _refuse_newer(now: str | None, where: str) -> None:
    """Raises SettingsError for tables of a version that this one does not know, before anything of them is touched."""
    if is_newer(now):
        raise SettingsError(
            f"A newer Casework, or another one, made the tables of the database {where} (they are at {now}). Install "
            "that version again. Or bring a backup, which this version made, into an empty folder. Nothing was "
            "changed."
        )


def _begin_trail(connection: Connection, before: str | None, instance: Instance) -> None:
    """Make the trail a chain where its tables were made just now."""
    if before is None or before < CHAIN_SINCE:
        keys = lasting_keys.with_lasting(instance.keys, lasting_keys.kept(connection))
        audit_chain.begin(connection, keys.trail)


def make_tables(connection: Connection) -> None:
    """Bring the tables of this database to those of today, whatever it has. The caller commits."""
    config = _config()
    config.attributes["connection"] = connection
    search_tables.take_down(connection)
    with _one_at_a_time:  # Alembic knows one database at a time in a process
        command.upgrade(config, "head")
    search_tables.make_anew(connection)


def _upgrade_postgres(instance: Instance) -> bool:
    """Whether anything had to be done. Servers and workers that start together wait here for the first."""
    try:
        with db.engine.begin() as connection, hosted.upgrading_alone(connection):
            now = current_revision(connection)
            if now is not None:
                check_key(connection, instance)
            if now == newest_revision():
                return _renew_rules(connection)
            _refuse_newer(now, "at database_url")
            if now is not None:
                log.warning(
                    "the tables change from %s to %s: have a backup of the database", now, newest_revision()
                )
            make_tables(connection)
            tenants.keep_apart(connection)
            _begin_trail(connection, now, instance)
            if now is None:
                keep_key_mark(connection, instance)
    except OperationalError:
        raise SettingsError(
            "The database at database_url does not answer, or does not let this program in. Look whether it runs, "
            "and at the name and the password."
        ) from None
    except ProgrammingError as error:
        raise SettingsError(
            f"The database at database_url refuses to make its tables ({type(error.orig).__name__}). The name in "
            "database_url has to own the database."
        ) from None
    return True


def _renew_rules(connection: Connection) -> bool:
    """Whether the rules that keep groups apart were of another version, and are written anew."""
    if tenants.are_of_today(connection):
        return False
    tenants.keep_apart(connection)
    return True


def keep_key_mark(connection: Connection, instance: Instance) -> None:
    """Keep by which key this database goes, in place of what was kept before. It tells nothing of the key."""
    keep_mark_of(connection, instance.keys)


def keep_mark_of(connection: Connection, keys: Keys) -> None:
    """The same of keys that are not an instance's yet."""
    connection.execute(delete(InstanceNote).where(InstanceNote.key == KEY_MARK))
    connection.execute(insert(InstanceNote).values(key=KEY_MARK, value=_mark_of(keys)))


def is_mark_of(mark: str | None, keys: Keys) -> bool:
    """Whether a database that keeps this mark goes by these keys."""
    return hmac.compare_digest(mark or "", _mark_of(keys))


def check_key(connection: Connection, instance: Instance) -> None:
    """Raises SettingsError when the papers and cookies of this database go by another key.

    A key that was made just now is taken away again: with it the next start would go wrong in silence.
    """
    query = select(InstanceNote.value).where(InstanceNote.key == KEY_MARK)
    if is_mark_of(connection.execute(query).scalar(), instance.keys):
        return
    if instance.made_key:
        instance.settings.key_file.unlink()
    raise SettingsError(
        f"The database at database_url goes by another key than {instance.settings.key_file}. Put the right key file "
        "there: the same on every machine that uses this database."
    )


def _mark_of(keys: Keys) -> str:
    return hmac.new(keys.archive, b"casework/which key", sha256).hexdigest()


def _copy(source: Path, target: Path) -> None:
    with db.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy2(source, target)
    target.touch()  # it lasts for thirty days from today, however long nobody wrote into what it is a copy of
