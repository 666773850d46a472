"""Dates that run in a case, made as rows: so many days from today, whatever a rule would say."""

from datetime import date, timedelta

from casework import clock
from casework.domain.timing.deadline_rules import Kind, OwedBy
from casework.storage.database import db
from casework.storage.models import Case, Deadline, FollowUp, SurgeryVisit

TODAY = clock.today()


def days(number: int) -> date:
    return TODAY + timedelta(days=number)


def limit(case: Case, aim: int | None, final: int | None = None, **facts: object) -> Deadline:
    """A date of a case that begins so many days from today; the last day is the same unless it is said."""
    first = None if aim is None else days(aim)
    last = first if final is None else days(final)
    told = {
        "kind": Kind.HARD_LIMIT,
        "rule_key": "ftt_appeal_in_uk",
        "owed_by": OwedBy.US,
        "waiting_for": "us",
        **facts,
    }
    row = Deadline(
        case=case, region="scotland", event_on=TODAY, working={"name": "Appeal"}, aim_on=first, final_on=last,
        safe_on=first, last_on=last, cannot_say=None if first else "Nobody has said yet.", **told,
    )  # fmt: skip
    db.session.add(row)
    db.session.commit()
    return row


def window(case: Case, first: int, last: int) -> Deadline:
    """A window in which departure details alone are enough for a removal."""
    theirs = {"kind": Kind.LATEST_STATE_ACT, "owed_by": OwedBy.THEM, "rule_key": "removal_window_3_months"}
    row = limit(case, first, last, window_from=days(first), window_until=days(last), **theirs)
    row.safe_on = None
    db.session.commit()
    return row


def chase(case: Case, due: int, **facts: object) -> FollowUp:
    row = FollowUp(case=case, what="Ring them", due_on=days(due), **facts)
    db.session.add(row)
    db.session.commit()
    return row


def visit(case: Case, held: int | None, **facts: object) -> SurgeryVisit:
    held_on = None if held is None else days(held)
    row = SurgeryVisit(
        case=case,
        gss_code="E14001276",
        member_name="Ada Quill",
        held_on=held_on,
        planned_at=clock.now(),
        **facts,
    )
    db.session.add(row)
    db.session.commit()
    return row
