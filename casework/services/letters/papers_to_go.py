"""Sealed papers that are to be taken away and lie there still, kept in mind until they are gone.

The place where they lie may not answer, or the machine stops. Each is noted by where it lies, a folder or one paper, in
the transaction that no longer needs it, and struck out once it is gone.
"""

from hashlib import sha256

from sqlalchemy import Connection, delete, func, select

from casework.storage.database import db
from casework.storage.instance import current_instance
from casework.storage.models import InstanceNote

_NOTES = "papers to go "


def note(place: str) -> None:
    """Note that what lies there is to go. The caller commits."""
    kind = current_instance().settings.archive_store
    db.session.merge(InstanceNote(key=_key(place), value=f"{kind} {place}"))


def strike_out(place: str) -> bool:
    """It is gone, or is to stay after all; whether it was noted still. The caller commits."""
    done = db.session.execute(delete(InstanceNote).where(InstanceNote.key == _key(place)))
    return bool(done.rowcount == 1)  # type: ignore[attr-defined]


def is_noted(place: str) -> bool:
    """Whether this one paper is to go."""
    return db.session.scalar(select(InstanceNote.key).where(InstanceNote.key == _key(place))) is not None


def of_erased_cases() -> bool:
    """Whether folders are to go still: those of erased cases."""
    return any("/" not in place for _, place in noted())


def noted() -> list[tuple[str, str]]:
    """All that is to go: the kind of place, and where in it."""
    values = db.session.scalars(select(InstanceNote.value).where(_IS_OURS).order_by(InstanceNote.key))
    return [(kind, place) for kind, _, place in (value.partition(" ") for value in values)]


def number(connection: Connection) -> int:
    """How many places hold such papers, by this connection."""
    return connection.scalar(select(func.count()).select_from(InstanceNote).where(_IS_OURS)) or 0


def _key(place: str) -> str:
    return _NOTES + sha256(place.encode()).hexdigest()[:40]


_IS_OURS = InstanceNote.key.startswith(_NOTES)
