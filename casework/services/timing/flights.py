"""Which flights are ahead: in the cases of a list, on the board, and within a week of one person's morning.

A flight stands here with or without a notice: whoever opens a case because of a flight often knows no notice yet, so
that no date of it can be counted.
"""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager

from casework import clock
from casework.domain.safety.accounts import Action
from casework.domain.timing.board import Filters, When
from casework.domain.timing.digest import A_WEEK
from casework.storage.database import db
from casework.storage.models import Case, Removal, TeamMember, User

SOON = timedelta(days=1)


def of_cases(user: User, cases: Iterable[Case]) -> dict[int, Removal]:
    """The attempt with a flight for each of these cases that has one, where this person may know of it."""
    if not user.may(Action.READ_STORY):
        return {}
    query = _with_a_flight(user).where(Removal.case_id.in_([case.id for case in cases]))
    return {row.case_id: row for row in db.session.scalars(query)}


def ahead_for(user: User) -> list[Removal]:
    """The attempts whose flight leaves within a week, soonest first. One that has passed stays until it is ended."""
    if not user.may(Action.READ_STORY):
        return []
    query = _with_a_flight(user).where(Removal.departs_on <= clock.today() + A_WEEK, Case.closed_on.is_(None))
    return list(db.session.scalars(query.order_by(Removal.departs_on, Removal.departs_at, Removal.id)))


def on_board(user: User, filters: Filters, most: int) -> list[Removal]:
    """The flights that stand above the dates of the board, soonest first; `filters` narrow them as they do the dates.

    A flight is taken care of by nobody alone, has no kind of date, and waits for no one: what asks for one of these
    leaves it out.
    """
    narrowed = filters.whose or filters.kind or filters.waiting_for or filters.when is When.TO_WORK_OUT
    if narrowed or not user.may(Action.READ_STORY):
        return []
    query = _with_a_flight(user).where(Case.closed_on.is_(None))
    if filters.cases:
        query = query.where(Case.reference.in_(filters.cases))
    if filters.when is When.WEEK:
        query = query.where(Removal.departs_on.between(clock.today(), clock.today() + A_WEEK))
    if filters.when is When.OVERDUE:
        query = query.where(Removal.departs_on < clock.today())
    return list(
        db.session.scalars(query.order_by(Removal.departs_on, Removal.departs_at, Removal.id).limit(most))
    )


def need_somebody_now(rows: Iterable[Removal]) -> int:
    """How many of these leave by tomorrow night."""
    return sum(bool(row.departs_on and row.departs_on <= clock.today() + SOON) for row in rows)


def _with_a_flight(user: User) -> Select[Removal]:
    """The attempts that may still happen, with a day of departure, in the cases that this person works on."""
    return (
        select(Removal)
        .join(Removal.case)
        .join(TeamMember, TeamMember.case_id == Case.id)
        .where(TeamMember.user_id == user.id, Removal.ended_as.is_(None), Removal.departs_on.is_not(None))
        .options(contains_eager(Removal.case))
    )
