"""Saving, where somebody else may have saved the same a moment ago: then they are told, and nothing is lost."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from casework.domain.errors import OutOfDate
from casework.storage.database import db

CASE_CHANGED = "Somebody else saved this case at the same moment. Look at it and save again."


@contextmanager
def or_out_of_date(message: str) -> Iterator[None]:
    """Raise OutOfDate with this message, and with nothing saved, where another was first with what is done within."""
    try:
        yield
    except (StaleDataError, IntegrityError):
        db.session.rollback()
        raise OutOfDate(message) from None


def flush(message: str) -> None:
    """Send to the database what was changed. Raises OutOfDate with this message where another was first."""
    with or_out_of_date(message):
        db.session.flush()


def commit(message: str) -> None:
    """Save what was changed. Raises OutOfDate with this message where another was first."""
    with or_out_of_date(message):
        db.session.commit()
