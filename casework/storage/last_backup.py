"""When the last good backup was made, read from the database without starting the program."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy.exc import DatabaseError

from casework import clock
from casework.domain.errors import SettingsError
from casework.settings import Settings
from casework.storage.bare import bare_engine


@dataclass(frozen=True)
class LastBackup:
    """The day of the last good backup, if there is one, and whether there is anything to lose."""

    made_on: date | None
    holds_something: bool


def last_backup(settings: Settings) -> LastBackup | None:
    """What is known; None where there is no database, or none that can be asked."""
    try:
        engine = bare_engine(settings)
        if engine is None:
            return None
        with engine.connect() as connection:
            cases = connection.exec_driver_sql("SELECT count(*) FROM cases").scalar()
            last = connection.exec_driver_sql(
                "SELECT max(made_at) FROM backups WHERE verified_at IS NOT NULL"
            ).scalar()
    except (SettingsError, DatabaseError, OSError):
        return None
    # SQLite knows no instants of its own.
    made_at = datetime.fromisoformat(last) if isinstance(last, str) else last
    made_on = clock.day_of(made_at.replace(tzinfo=UTC)) if made_at else None
    return LastBackup(made_on, bool(cases or last))
