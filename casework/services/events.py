"""What happened in a case and is no letter."""

from datetime import date

from sqlalchemy import select

from casework.domain.events import CAME_BACK, LEFT_UK, abroad_on
from casework.storage.database import db
from casework.storage.models import Case, CaseEvent


def is_abroad(case: Case, on: date) -> bool:
    """Whether the person was outside the UK on this day: they had left, and nobody recorded that they came back."""
    moves = db.session.execute(
        select(CaseEvent.name, CaseEvent.happened_on)
        .where(
            CaseEvent.case_id == case.id,
            CaseEvent.name.in_((LEFT_UK, CAME_BACK)),
            CaseEvent.taken_back_at.is_(None),
        )
        .order_by(CaseEvent.id)
    )
    return abroad_on([(name, day) for name, day in moves], on)
