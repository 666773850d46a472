"""Forms that were sent twice are saved once."""

from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from casework import clock
from casework.storage.database import db
from casework.storage.models import Submission

REMEMBERED = timedelta(days=7)


def claim(token: str) -> bool:
    """Whether this form is sent for the first time.

    The claim is kept by the commit of the service that saves the form, and forgotten with its rollback, so a
    form that came back with an error can be sent again. A second sending at the same moment waits for the first.
    """
    db.session.add(Submission(token=token, at=clock.now()))
    try:
        db.session.flush()
    except IntegrityError:
        db.session.rollback()
        return False
    return True


def forget_old() -> None:
    """Drop the marks of forms that were sent more than a week ago: nobody sends those again."""
    db.session.execute(delete(Submission).where(Submission.at < clock.now() - REMEMBERED))
    db.session.commit()


def give_up() -> None:
    """Forget what was begun in this request and not saved."""
    db.session.rollback()


def keep_location(token: str, location: str) -> None:
    """Remember which page the form led to, so that the second sending leads there too."""
    submission = db.session.get(Submission, token)
    if submission is not None:
        submission.location = location
        db.session.commit()


def location_of(token: str) -> str | None:
    """The page that the first sending of this form led to."""
    submission = db.session.get(Submission, token)
    return submission.location if submission else None
