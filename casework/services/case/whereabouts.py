"""Where the person is: in detention or not, in the UK or not, from the places and the departures of a case."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select

from casework.domain.case.places import held_on
from casework.domain.timing import events
from casework.domain.timing.events import CAME_BACK, LEFT_UK
from casework.services.consent.need_to_know import all_places
from casework.storage.database import db
from casework.storage.models import Case, CaseEvent

MOVES = (LEFT_UK, CAME_BACK)


def left_on(case: Case, on: date, happened: Iterable[CaseEvent] | None = None) -> date | None:
    """The day on which they left the UK, when they are outside it on this day and no return is recorded.

    `happened` is what happened in the case and was not taken back, where it was asked for already.
    """
    if happened is not None:
        rows = sorted(happened, key=lambda row: row.id)
        return events.left_on([(row.name, row.happened_on) for row in rows if row.name in MOVES], on)
    moves = db.session.execute(
        select(CaseEvent.name, CaseEvent.happened_on)
        .where(
            CaseEvent.case_id == case.id,
            CaseEvent.name.in_(MOVES),
            CaseEvent.taken_back_at.is_(None),
        )
        .order_by(CaseEvent.id)
    )
    return events.left_on([(name, day) for name, day in moves], on)


def is_detained(case: Case, on: date) -> bool:
    """Whether the person was in a place of detention on this day."""
    return bool(held_on(all_places(case), on))
