"""Saving, where somebody else may have saved the same a moment ago: then they are told, and nothing is lost."""

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from casework.domain.errors import OutOfDate
from casework.storage.database import db

CASE_CHANGED = "Somebody else saved this case at the same moment. Look at it and save again."


def flush(message: str) -> None:
    """Send to the database what was changed. Raises OutOfDate with this message where another was first."""
    try:
        db.session.flush()
    except (StaleDataError, IntegrityError):
        db.session.rollback()
        raise OutOfDate(message) from None


def commit(message: str) -> None:
    """Save what was changed. Raises OutOfDate with this message where another was first."""
    try:
        db.session.commit()
    except (StaleDataError, IntegrityError):
        db.session.rollback()
        raise OutOfDate(message) from None
