"""When to ring an MP's office after a letter or a visit: the same day, where somebody is held or may be removed."""

from datetime import date

from sqlalchemy import select

from casework.domain.timing.removals import WINDOW_RULES
from casework.services.case.whereabouts import is_detained
from casework.services.timing import diary
from casework.services.timing.rule_book import rule_book
from casework.storage.database import db
from casework.storage.models import Case, Deadline, Removal

CHASE_RULE = diary.CHASE_RULE
URGENT, POSTED, ORDINARY = "detained_or_removal_date", "posted", "otherwise"


def chase_variant(case: Case, on: date) -> str:
    """Whether an MP's office is rung the same day: somebody is held, or a removal may come."""
    return URGENT if is_detained(case, on) or _removal_is_near(case, on) else ORDINARY


def chase_day(case: Case, on: date) -> date:
    """The day on which to ring an MP's office after a letter or a visit on this day."""
    worked = rule_book().work_out(rule_book().rule(CHASE_RULE, on), on, variant=chase_variant(case, on))
    return worked.final


def _removal_is_near(case: Case, on: date) -> bool:
    """Whether an attempt is running, or a notice or a window in which there may be another is open on this day."""
    running = select(Removal.id).where(Removal.case_id == case.id, Removal.ended_as.is_(None))
    open_ones = select(Deadline).where(Deadline.case_id == case.id, Deadline.settled_on.is_(None))
    rows = db.session.scalars(open_ones).all()
    windows = any(row.rule_key in WINDOW_RULES and row.last_on and row.last_on >= on for row in rows)
    notice = any(row.rule_key == diary.REMOVAL_RULE for row in rows)
    return notice or windows or db.session.scalar(running) is not None
