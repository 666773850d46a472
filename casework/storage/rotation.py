"""A new key in the place of the old one: the keys of the cases wrapped anew, the database encrypted anew.

All of it happens in a copy. Two renames put the copy and then its key in their places; a machine that stops between
them leaves a database and the key that opens it, and the next start puts the key in its place.
"""

import os
import secrets
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import NullPool

from casework.domain.errors import SettingsError
from casework.settings import Settings
from casework.storage import case_keys, key_change, key_file, key_ring, lasting_keys
from casework.storage.database import BUSY_SECONDS
from casework.storage.encryption import Keys, keys_of
from casework.storage.gate import Gate, changing_alone
from casework.storage.whole_files import sync_folder

Step = Callable[[str], None]


def next_of(path: Path) -> Path:
    """Where the next key, or the next database, waits for its place."""
    return path.with_name(path.name + ".next")


def rotate(settings: Settings, passphrase: str | None, step: Step = lambda name: None) -> None:
    """Change the key, once every request in hand is done. What runs goes on with the new one.

    Whoever calls it answers for the change (`key_change`): it is to be told, and what is handed over taken away again.
    `passphrase` is the one of now, over the new key too. Raises SettingsError when it cannot be done; then all is as
    it was.
    """
    database, old = settings.instance / "casework.db", key_ring.secret_of(settings.key_file)
    with changing_alone(settings.instance):
        _settle(settings, [old])
        new = secrets.token_bytes(key_file.SECRET_BYTES)
        try:
            key_file.write(next_of(settings.key_file), new, passphrase)
            key_change.to_be_told(settings, new)
            step("the next key is written")
            with Gate(settings.instance).shut() as next_number:
                _make_copy(database, old, new, step)
                if passphrase is not None:
                    key_change.hand_over(settings, old, new)
                # From here on every process asks anew which key opens the database, whatever happens to this one.
                next_number()
                step("the gate has its next number")
                for end in ("-wal", "-shm"):
                    Path(f"{database}{end}").unlink(missing_ok=True)
                next_of(database).replace(database)
                sync_folder(database.parent)
                step("the database is in its place")
                next_of(settings.key_file).replace(settings.key_file)
                sync_folder(settings.key_file.parent)
                key_ring.take(settings.key_file, new)
                step("the key is in its place")
        except (OSError, sqlcipher.Error) as error:
            _settle(settings, [old, new])
            why = error.strerror if isinstance(error, OSError) else error
            raise SettingsError(
                f"The key could not be changed: {why}. The old one is in its place."
            ) from None
        except (SettingsError, KeyboardInterrupt):
            _settle(settings, [old, new])
            raise


def settle(settings: Settings) -> None:
    """Bring a change of the key to its end that a machine did not: the key that opens the database in its place.

    Raises SettingsError as `key_ring.secret_of` does.
    """
    if not next_of(settings.key_file).exists() and not next_of(settings.instance / "casework.db").exists():
        return
    with changing_alone(settings.instance, wait=True):
        known = [key_ring.secret_of(settings.key_file)]
        with suppress(SettingsError):
            known.append(key_ring.secret_of(next_of(settings.key_file)))
        _settle(settings, known)


def take_over(settings: Settings) -> bytes:
    """The secret that opens the database now, for a process that ran while the key was changed.

    Raises NeedsPassphrase when it is kept under a passphrase and nobody handed it over.
    """
    old = key_ring.secret_of(settings.key_file)
    known = [old, *key_change.handed_over(settings, old)]
    with suppress(SettingsError), changing_alone(settings.instance):
        if next_of(settings.key_file).exists():
            with suppress(SettingsError):
                known.append(key_ring.secret_of(next_of(settings.key_file)))
            _settle(settings, known)
    for secret in known:
        if _opens(settings.instance / "casework.db", secret):
            key_ring.take(settings.key_file, secret)
            return secret
    raise key_file.NeedsPassphrase("The key was changed, and its passphrase has to be typed again.")


def _settle(settings: Settings, known: list[bytes]) -> None:
    """Put the next key in its place when it is the one that opens the database; clear away what is not needed."""
    database, next_key = settings.instance / "casework.db", next_of(settings.key_file)
    if next_key.exists() and database.exists():
        now, *others = known
        if not _opens(database, now) and any(_opens(database, one) for one in others):
            next_key.replace(settings.key_file)
            sync_folder(settings.key_file.parent)
            for one in others:
                if _opens(database, one):
                    key_ring.take(settings.key_file, one)
        elif not _opens(database, now):
            raise SettingsError(
                f"Neither {settings.key_file} nor {next_key} opens the database. Keep both, and type the passphrase."
            )
    next_key.unlink(missing_ok=True)
    for end in ("", "-journal", "-wal", "-shm"):
        Path(f"{next_of(database)}{end}").unlink(missing_ok=True)


def _make_copy(database: Path, old: bytes, new: bytes, step: Step) -> None:
    """The database as a copy beside it that the new key opens, and nothing left to be written into the old one."""
    copy = next_of(database)
    with closing(_open(database, old)) as connection:
        busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise SettingsError(
                "Another program has the database open. Nothing was changed: end it, and try again."
            )
        counts = _counts(connection)
        copy.touch(mode=0o600)
        connection.execute("VACUUM INTO ?", (str(copy),))
    step("the copy is made")
    _wrap_in_copy(copy, old, new)
    with closing(_open(copy, old)) as connection:
        connection.execute(f"PRAGMA rekey = \"x'{keys_of(new).database.hex()}'\"")
    step("the copy has the new key")
    with closing(_open(copy, new)) as connection:
        wrong = connection.execute("PRAGMA cipher_integrity_check").fetchall()
        if wrong or _counts(connection) != counts:
            raise SettingsError("The copy under the new key is not whole. Nothing was changed.")
    with copy.open("rb") as file:
        os.fsync(file.fileno())
    sync_folder(database.parent)
    step("the copy is whole")


def wrap_anew(connection: Connection, old: bytes, new: bytes) -> None:
    """Wrap what this database keeps under the old key under the new one. The caller commits."""
    case_keys.rewrap_all(connection, keys_of(old).archive, keys_of(new).archive)
    lasting_keys.keep(connection, keys_of(old), keys_of(new))


def keys_now(path: Path, secret: bytes) -> Keys:
    """The keys of this database, with those that last."""
    keys = keys_of(secret)
    with closing(_open(path, secret)) as connection:
        return lasting_keys.with_lasting(
            keys, connection.execute("SELECT purpose, wrapped FROM lasting_keys")
        )


def _wrap_in_copy(copy: Path, old: bytes, new: bytes) -> None:
    engine = create_engine(
        "sqlite://", module=sqlcipher, creator=lambda: _open(copy, old), poolclass=NullPool
    )
    with engine.begin() as connection:
        wrap_anew(connection, old, new)


def _open(path: Path, secret: bytes) -> Any:
    connection = sqlcipher.connect(str(path), timeout=BUSY_SECONDS, isolation_level=None)
    for pragma in (
        "cipher_log_level = NONE", f"key = \"x'{keys_of(secret).database.hex()}'\"", "temp_store = memory",
        "secure_delete = on",
    ):  # fmt: skip
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _opens(path: Path, secret: bytes) -> bool:
    with closing(_open(path, secret)) as connection:
        try:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlcipher.OperationalError as error:
            raise SettingsError(f"The database {path} cannot be read now: {error}.") from None
        except sqlcipher.DatabaseError:
            return False
    return True


def _counts(connection: Any) -> dict[str, int]:
    """How many rows each table has, but for the one that the change itself fills."""
    named = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'lasting_keys' ORDER BY name"
    )
    tables = [row[0] for row in named]
    return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables}  # noqa: S608
