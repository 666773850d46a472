"""Where the person is: in the UK or not, from the departures and returns that a case tells of."""

from datetime import date

from sqlalchemy import select

from casework.domain import events
from casework.domain.events import CAME_BACK, LEFT_UK
from casework.storage.database import db
from casework.storage.models import Case, CaseEvent


def left_on(case: Case, on: date) -> date | None:
    """The day on which they left the UK, when they are outside it on this day and no return is recorded."""
    moves = db.session.execute(
        select(CaseEvent.name, CaseEvent.happened_on)
        .where(
            CaseEvent.case_id == case.id,
            CaseEvent.name.in_((LEFT_UK, CAME_BACK)),
            CaseEvent.taken_back_at.is_(None),
        )
        .order_by(CaseEvent.id)
    )
    return events.left_on([(name, day) for name, day in moves], on)
