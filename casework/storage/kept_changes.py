"""The group's own changes of rules and bank holidays, read from its database without starting the program."""

import json
from collections.abc import Mapping
from contextlib import closing
from typing import Any

from casework.domain.errors import SettingsError
from casework.settings import Settings
from casework.storage.encryption import read_keys

WAIT_SECONDS = 2
COLUMNS = ("id", "kind", "key", "facts", "why", "origin", "signed_by", "signed_on")
IN_FORCE = f"SELECT {', '.join(COLUMNS)} FROM rule_changes WHERE withdrawn_at IS NULL ORDER BY id"  # noqa: S608


def read_kept_changes(settings: Settings) -> list[Mapping[str, Any]]:
    """The rows of the changes in force, the oldest first; none where there is no database, or only an older one.

    Raises SettingsError, with the reason, when they cannot be read.
    """
    if address := settings.database:
        return _read_postgres(address)
    import sqlcipher3.dbapi2 as sqlcipher

    path = settings.instance / "casework.db"
    try:
        if not path.exists():
            return []
        key = read_keys(settings.key_file).database
        with closing(
            sqlcipher.connect(f"{path.as_uri()}?mode=rw", uri=True, timeout=WAIT_SECONDS)
        ) as open_one:
            open_one.execute("PRAGMA cipher_log_level = NONE")
            open_one.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
            open_one.execute("PRAGMA query_only = on")
            if not open_one.execute("SELECT 1 FROM sqlite_master WHERE name = 'rule_changes'").fetchone():
                return []
            rows = open_one.execute(IN_FORCE).fetchall()
    except sqlcipher.OperationalError as error:
        raise SettingsError(f"The database {path} cannot be read now: {error}.") from None
    except sqlcipher.DatabaseError:
        raise SettingsError(f"The key {settings.key_file} does not open the database {path}.") from None
    except OSError as error:
        raise SettingsError(f"The database {path} cannot be read: {error.strerror}.") from None
    return [dict(zip(COLUMNS, row, strict=True)) | {"facts": json.loads(row[3])} for row in rows]


def _read_postgres(address: str) -> list[Mapping[str, Any]]:
    """The same from a database on PostgreSQL."""
    from sqlalchemy import create_engine, inspect
    from sqlalchemy.exc import DBAPIError

    from casework.storage.hosted import bare_options

    engine = create_engine(address, **bare_options(address))
    try:
        with engine.connect() as connection:
            if not inspect(connection).has_table("rule_changes"):
                return []
            rows = connection.exec_driver_sql(IN_FORCE).mappings().all()
    except DBAPIError as error:
        raise SettingsError(
            f"The database at database_url cannot be read now ({type(error.orig).__name__})."
        ) from None
    return [{**row, "signed_on": row["signed_on"].isoformat()} for row in rows]
