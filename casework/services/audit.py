"""The trail: who did and who looked at what, when."""

from typing import Any

from sqlalchemy import select

from casework import clock
from casework.storage.database import db
from casework.storage.models import AuditEvent, Case, User


def record(action: str, actor: User | None, case: Case | None = None, **facts: Any) -> None:
    """Add a line to the trail, in the transaction of the change that it tells of.

    `facts` are ids, kinds and counts; never a name, a text or a number that an office knows the person by.
    """
    db.session.add(
        AuditEvent(
            at=clock.now(),
            user_id=actor.id if actor else None,
            user_name=actor.name if actor else "nobody signed in",
            action=action,
            case_id=case.id if case else None,
            facts=facts,
        )
    )


def record_look(actor: User, case: Case, page: str) -> None:
    """Keep that this person looked at this page of the case, at once."""
    record("looked at", actor, case, page=page)
    db.session.commit()


def list_events(case: Case | None = None, limit: int = 500) -> list[AuditEvent]:
    """The newest lines of the trail, of one case or of all."""
    query = select(AuditEvent).order_by(AuditEvent.id.desc()).limit(limit)
    if case is not None:
        query = query.where(AuditEvent.case_id == case.id)
    return list(db.session.scalars(query))
