"""Windows in which departure details alone are enough for a removal, and what they make of a notice beside them."""

from datetime import date
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from casework import clock
from casework.domain.timing.deadline_rules import Status
from casework.domain.timing.removals import NOTICE_RULE, WINDOW_RULES, Window
from casework.domain.timing.working_days import ONE_DAY
from casework.services.timing.counting import put_in_order
from casework.storage.database import db
from casework.storage.models import Case, Deadline


def windows_of(case: Case, on: date) -> list[Deadline]:
    """The windows of this case that are not over by this day and not marked as settled."""
    query = select(Deadline).where(
        Deadline.case_id == case.id,
        Deadline.rule_key.in_(WINDOW_RULES),
        Deadline.settled_on.is_(None),
        Deadline.window_until >= on,
    )
    return list(db.session.scalars(query.order_by(Deadline.id)))


def as_window(row: Deadline) -> Window:
    """A window as the clock counts with it."""
    working = row.working
    source = f"{working['authority']}; {Status(working['status']).words}" if "status" in working else ""
    opens, ends = _days(row)
    return Window(opens, ends, source, working.get("condition") or "")


# Windows and notices are counted, stated, settled and opened again in many places, and one moves the other. So this
# happens wherever they are saved, and no place can forget it.
@event.listens_for(db.session, "before_flush")
def _keep(session: Session, *_: Any) -> None:
    """Keep with each window its days, and with each notice the window that makes removal possible sooner."""
    touched = [row for row in (*session.new, *session.dirty, *session.deleted) if isinstance(row, Deadline)]
    touched = [row for row in touched if row.rule_key in (NOTICE_RULE, *WINDOW_RULES)]
    for case in {row.case for row in touched if row.case}:
        kept = session.scalars(
            select(Deadline).where(
                Deadline.case_id == case.id,
                Deadline.rule_key.in_((NOTICE_RULE, *WINDOW_RULES)),
                Deadline.settled_on.is_(None),
            )
        )
        rows = {*kept, *(row for row in touched if row.case is case)} - {*session.deleted}
        _put_together([row for row in rows if row.settled_on is None])


def _put_together(rows: list[Deadline]) -> None:
    windows = [row for row in rows if row.rule_key != NOTICE_RULE]
    for row in windows:
        _set(row, *_days(row))
    ahead = [one for one in map(_days, windows) if one[1] >= clock.today()]
    for row in rows:
        if row.rule_key == NOTICE_RULE:
            sooner = sorted(one for one in ahead if row.earliest_on and one[0] < row.earliest_on)
            _set(row, *(_at_a_stretch(sooner) if sooner else (None, None)))


def _at_a_stretch(windows: list[tuple[date, date]]) -> tuple[date, date]:
    """The first of these windows with those that follow on it without a day between, so that none is forgotten."""
    opens, ends = windows[0]
    for begins, over in windows[1:]:
        if begins <= ends + ONE_DAY:
            ends = max(ends, over)
    return opens, ends


def _set(row: Deadline, opens: date | None, ends: date | None) -> None:
    if (row.window_from, row.window_until) != (opens, ends):
        row.window_from, row.window_until = opens, ends
        put_in_order(row)


def _days(row: Deadline) -> tuple[date, date]:
    """The first day of a window and its last.

    The law that was read says which day is the first of the count, by which a window ends, and not from when it is
    open. So it is open from the day of what opened it: the reading under which removal comes soonest.
    """
    ends = row.stated_on or row.last_on or row.event_on
    return min(row.event_on, ends), ends
