"""Dates that moved because a rule or a bank holiday changed: what is said of each, and those of late."""

from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from casework import clock
from casework.domain.case.moves import Move
from casework.domain.safety.accounts import Action, Role, may
from casework.storage.database import db
from casework.storage.models import Case, Deadline, DeadlineMove, TeamMember, User

PAGE_LENGTH = 100


@dataclass(frozen=True)
class MovedDate:
    """One move of a date, with whose date it is."""

    id: int
    at: datetime
    reference: str
    person: str
    deadline_id: int
    title: str
    settled: bool
    move: Move


def move_of(row: DeadlineMove) -> Move:
    """What is said of a move that was kept."""
    was, now = ({name: date.fromisoformat(day) for name, day in days.items()} for days in (row.was, row.now))
    return Move(was, now, row.because)


def list_moved(
    actor: User, *, before: int | None = None, running_since: date | None = None
) -> list[MovedDate]:
    """The last hundred moves of dates in the cases that this person works on, newest first; `before` an id.

    With `running_since`, only those since that day, of dates that still run in cases that are open.
    """
    if not may(Role(actor.role), Action.READ_STORY):
        return []
    query = (
        select(DeadlineMove)
        .join(DeadlineMove.deadline)
        .join(Deadline.case)
        .join(TeamMember, TeamMember.case_id == Case.id)
        .where(TeamMember.user_id == actor.id)
        .options(contains_eager(DeadlineMove.deadline).contains_eager(Deadline.case))
        .order_by(DeadlineMove.id.desc())
        .limit(PAGE_LENGTH)
    )
    if before is not None:
        query = query.where(DeadlineMove.id < before)
    if running_since is not None:
        midnight = datetime.combine(running_since, time.min, clock.LONDON)
        runs = DeadlineMove.at >= midnight, Deadline.settled_on.is_(None), Case.closed_on.is_(None)
        query = query.where(*runs)
    return [_moved_date(row) for row in db.session.scalars(query)]


def _moved_date(row: DeadlineMove) -> MovedDate:
    deadline = row.deadline
    title = deadline.working.get("name") or deadline.rule_key
    settled = deadline.settled_on is not None
    case = deadline.case
    return MovedDate(
        row.id, row.at, case.reference, case.person_name, deadline.id, title, settled, move_of(row)
    )
