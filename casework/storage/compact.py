"""Making sure that what was deleted is on no page of the database any more."""

from sqlalchemy.exc import OperationalError

from casework.storage.database import db


def compact() -> bool:
    """Write the database anew without what was deleted, and empty the log beside it; whether it could be done.

    `secure_delete` overwrites a deleted row where it lay. A page that was moved or split before that may have left a
    copy, and the log keeps pages as they were until it is emptied: this takes both away. It needs the database for
    itself for a moment; where others write, it is left for the next time. Call it when nothing is waiting to be saved.
    """
    db.session.commit()
    engine = db.engine.execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        try:
            if connection.dialect.name != "sqlite":
                connection.exec_driver_sql("VACUUM")
                return True
            connection.exec_driver_sql("VACUUM")
            busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").scalar()
        except OperationalError:
            return False
    return not busy
