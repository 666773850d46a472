"""Locking everything at once: nobody is served until somebody unlocks it, and everybody signs in anew."""

import logging

from sqlalchemy.exc import SQLAlchemyError

from casework.services.safety import audit, sessions
from casework.storage import key_file, lock_marker
from casework.storage.asking import every_group
from casework.storage.database import db
from casework.storage.instance import current_instance
from casework.storage.models import User

_log = logging.getLogger(__name__)
AT_THE_MACHINE = "Somebody at the machine"


def by_passphrase() -> bool:
    """Whether a passphrase unlocks it, and not the mere machine."""
    return key_file.is_wrapped(current_instance().settings.key_file)


def lock_everything(actor: User) -> None:
    """End every session, and have every process of this instance let go of its keys.

    It is locked even where the database cannot be written to now: the sessions are ended again before it opens.
    """
    try:
        end_sessions()
        audit.record("everything locked", actor)
        db.session.commit()
    except SQLAlchemyError as error:
        db.session.rollback()
        _log.error("sessions could not be ended before the lock: %s", type(error).__name__)
    finally:
        lock_marker.lock(current_instance().settings.instance)


def unlock() -> None:
    """End every session that was open when it was locked, and let people in again."""
    end_sessions()
    audit.record("unlocked", None, signed=AT_THE_MACHINE)
    db.session.commit()
    lock_marker.lift(current_instance().settings.instance)


def end_sessions() -> None:
    """End every session of everybody, on every device and in every group. The caller commits."""
    with every_group():
        sessions.end_everybodys()
