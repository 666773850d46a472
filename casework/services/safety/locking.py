"""Locking everything at once: nobody is served until somebody unlocks it, and everybody signs in anew."""

import logging

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from casework import clock
from casework.services.safety import audit, sessions
from casework.storage import hosted, key_file, lock_marker
from casework.storage.asking import every_group
from casework.storage.database import db
from casework.storage.instance import current_instance
from casework.storage.lock_marker import Locked
from casework.storage.models import AuditEvent, User

_log = logging.getLogger(__name__)
AT_THE_MACHINE = "Somebody at the machine"
LOCKED = "everything locked"
# Seconds for whoever saves at this moment: the lock stands already, and unlocking does the rest.
PATIENCE = 0.3


def by_passphrase() -> bool:
    """Whether a passphrase unlocks it, and not the mere machine."""
    return key_file.is_wrapped(current_instance().settings.key_file)


def lock_everything(actor: User) -> None:
    """Have every process of this instance let go of its keys, end every session, and say so in the trail.

    The lock comes first and waits for nobody, whoever saves at that moment or has the disk full. What the database
    does not take now is done before it opens again.
    """
    lock_marker.lock(current_instance().settings.instance, clock.now(), actor.id)
    try:
        with hosted.waiting_at_most(db.session, PATIENCE):
            end_sessions()
            audit.record(LOCKED, actor)
            db.session.commit()
    except (SQLAlchemyError, LookupError) as error:  # the latter of a process that has let go of its keys
        db.session.rollback()
        _log.error("sessions are ended when it is unlocked, and not yet: %s", type(error).__name__)


def unlock(found: int) -> bool:
    """End every session that was open when it was locked, say in the trail what was not said, and let people in.

    `found` is the lock as it was when somebody began to unlock it. It takes seconds: whoever locks it meanwhile is not
    overruled, and then it says False.
    """
    folder = current_instance().settings.instance
    if lock_marker.as_it_is(folder) != found:
        return False
    end_sessions()
    with every_group():
        if (locked := lock_marker.read(folder)) is not None and not _is_told(locked):
            by = db.session.get(User, locked.user_id) if locked.user_id else None
            when = locked.at.astimezone(clock.LONDON).strftime("%Y-%m-%d %H:%M")
            audit.record(LOCKED, by, signed=None if locked.user_id else AT_THE_MACHINE, at=when)
        audit.record("unlocked", None, signed=AT_THE_MACHINE)
        db.session.commit()
    return lock_marker.lift(folder, found)


def end_sessions() -> None:
    """End every session of everybody, on every device and in every group. The caller commits."""
    with every_group():
        sessions.end_everybodys()


def _is_told(locked: Locked) -> bool:
    """Whether the trail has a line of this lock already."""
    since = select(AuditEvent.id).where(AuditEvent.action == LOCKED, AuditEvent.at >= locked.at)
    return db.session.scalar(since.limit(1)) is not None
