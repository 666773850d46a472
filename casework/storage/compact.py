"""Making sure that what was deleted is on no page of the database any more."""

from sqlalchemy.exc import OperationalError

from casework.storage import search_tables
from casework.storage.database import db


def compact() -> bool:
    """Write the database anew without what was deleted, and empty the log beside it; whether it could be done.

    `secure_delete` overwrites a deleted row where it lay. A page that was moved or split before that may have left a
    copy, and the log keeps pages as they were until it is emptied: this takes both away. It needs the database for
    itself for a moment; where others write, it is left for the next time. Call it when nothing is waiting to be saved.

    PostgreSQL gives the place of what was deleted free, and writes over it in its own time: docs/hosting.md says so.
    """
    db.session.commit()
    engine = db.engine.execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        try:
            search_tables.write_index_anew(connection)
            connection.exec_driver_sql("VACUUM")
            if connection.dialect.name != "sqlite":
                return True
            busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").scalar()
        except OperationalError:
            return False
    return not busy
