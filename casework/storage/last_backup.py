"""When the last good backup was made, read from the database without starting the program."""

from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime

import sqlcipher3.dbapi2 as sqlcipher

from casework import clock
from casework.domain.errors import SettingsError
from casework.settings import Settings
from casework.storage.database import connect
from casework.storage.encryption import read_keys


@dataclass(frozen=True)
class LastBackup:
    """The day of the last good backup, if there is one, and whether there is anything to lose."""

    made_on: date | None
    holds_something: bool


def last_backup(settings: Settings) -> LastBackup | None:
    """What is known; None where there is no database, or none that can be asked."""
    path = settings.instance / "casework.db"
    if not path.is_file():
        return None
    try:
        with closing(connect(path, read_keys(settings.key_file).database)) as connection:
            cases = connection.execute("SELECT count(*) FROM cases").fetchone()[0]
            last = connection.execute(
                "SELECT max(made_at) FROM backups WHERE verified_at IS NOT NULL"
            ).fetchone()[0]
    except (SettingsError, sqlcipher.DatabaseError, OSError):
        return None
    made_on = clock.day_of(datetime.fromisoformat(last).replace(tzinfo=UTC)) if last else None
    return LastBackup(made_on, bool(cases or last))
