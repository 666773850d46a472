"""The list of cases: some at a time, the newest first."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from casework.storage.database import db
from casework.storage.models import Case, TeamMember, User

PAGE = 50


@dataclass(frozen=True)
class CaseList:
    """Some cases. `next` is the id before which more follow."""

    cases: list[Case]
    next: int | None


def list_cases(actor: User, *, closed: bool = False, before: int | None = None, most: int = PAGE) -> CaseList:
    """The open or the closed cases that this person works on, the newest first."""
    # The order is that of an index of who works on what, so that no more is read than is shown.
    query = select(Case).join(TeamMember).where(TeamMember.user_id == actor.id)
    query = query.where(Case.closed_on.is_not(None) if closed else Case.closed_on.is_(None))
    query = query.order_by(TeamMember.case_id.desc()).limit(most + 1).options(selectinload(Case.places))
    if before is not None:
        query = query.where(TeamMember.case_id < before)
    rows = list(db.session.scalars(query))
    return CaseList(rows[:most], rows[most - 1].id if len(rows) > most else None)


def works_on_any(actor: User) -> bool:
    """Whether this person works on an open case."""
    query = select(TeamMember.id).join(Case).where(TeamMember.user_id == actor.id, Case.closed_on.is_(None))
    return db.session.scalar(query.limit(1)) is not None
