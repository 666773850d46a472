"""How an attempt to remove somebody ended, and the windows in which another needs no new notice."""

from datetime import date

from sqlalchemy import select

from casework import clock
from casework.domain.dates import spoken
from casework.domain.errors import CaseworkError, OutOfDate
from casework.domain.timing import removals as rules
from casework.domain.timing.removals import Ending, Outside
from casework.domain.timing.working_days import ONE_DAY
from casework.services import saving
from casework.services.safety import audit
from casework.services.timing import events, recounting
from casework.services.timing.effects import Effects
from casework.services.timing.removal_dates import notice_dates, open_date, settle_date
from casework.services.timing.removals import get_removal, running, running_one
from casework.storage.database import db
from casework.storage.models import Case, Deadline, Removal, User

IF_OUTSIDE = "Only if it failed for a reason outside the Home Office’s control."
TOUCHED = "Somebody saved this attempt at the same moment. Look at it again."


def end_removal(
    case: Case,
    removal_id: int,
    ended_as: Ending,
    on: date,
    why: str | None,
    actor: User,
    *,
    stated_on: date | None = None,
    outside: Outside | None = None,
) -> Removal:
    """Keep how an attempt ended, and settle its date. A failed one opens the window for a second attempt.

    The window counts from `stated_on`, the date in the departure notice; there is none where the reason lay with
    the Home Office. Raises CaseworkError at the field that is missing.
    """
    row = running_one(case, removal_id)
    if on > clock.today():
        raise CaseworkError("This day has not come yet.", field="ended_on")
    if row.notice_given_on and on < row.notice_given_on:
        raise CaseworkError(
            f"It cannot end before the notice of {spoken(row.notice_given_on)}. Check the day.",
            field="ended_on",
        )
    if ended_as is not Ending.REMOVED and not why:
        raise CaseworkError("Say why, in a few words.", field="ended_why")
    with saving.or_out_of_date(TOUCHED):
        if ended_as is Ending.FAILED:
            _open_window_after_failure(row, on, stated_on, outside, actor)
        for one in notice_dates(row):
            settle_date(one, on, _end_note(ended_as), actor)
        row.ended_as, row.ended_on, row.ended_why = ended_as, on, why
        audit.record("removal ended", actor, case, removal=row.id, how=ended_as.value)
        if ended_as is Ending.REMOVED:
            events.record_removed(row, on, Effects(case, actor))
        db.session.commit()
    return row


def reopen_removal(case: Case, removal_id: int, actor: User) -> Removal:
    """Take back an end that was recorded by mistake, with the window that it opened.

    Raises OutOfDate while another attempt runs.
    """
    row = get_removal(case, removal_id)
    if row.ended_as is None:
        return row
    if running(case):
        raise OutOfDate("Another attempt is running. End that one first.")
    with saving.or_out_of_date(TOUCHED):
        for one in _dates(row):
            if one.rule_key == rules.NOTICE_RULE and one.settled_how == _end_note(Ending(row.ended_as)):
                one.settled_on = one.settled_how = one.settled_as = one.settled_by_id = None
                recounting.count_reopened(one, actor)
            elif one.rule_key == rules.FAILED_RULE and one.settled_on is None:
                settle_date(one, clock.today(), "The attempt was ended by mistake.", actor)
        events.take_back_end(row, Effects(case, actor))
        row.ended_as = row.ended_on = row.ended_why = None
        audit.record("removal reopened", actor, case, removal=row.id)
        db.session.commit()
    return row


def record_court_decision(case: Case, removal_id: int, decided_on: date, actor: User) -> Deadline:
    """Open the window after a judicial review whose decision lets the removal go ahead.

    Raises CaseworkError for a day to come, and for a decision that is recorded already.
    """
    row = get_removal(case, removal_id)
    if decided_on > clock.today():
        raise CaseworkError("This day has not come yet.", field="decided_on")
    if any(one.rule_key == rules.COURT_RULE and one.event_on == decided_on for one in _dates(row)):
        raise CaseworkError("This decision is recorded already.", field="decided_on")
    opened = open_date(row, rules.COURT_RULE, decided_on, actor, field="decided_on")
    db.session.commit()
    return opened


def _open_window_after_failure(
    row: Removal, failed_on: date, stated_on: date | None, outside: Outside | None, actor: User
) -> None:
    if outside is None:
        raise CaseworkError("Say whether the reason lay outside the Home Office’s control.", field="outside")
    if outside is Outside.NO:
        return
    if stated_on is None:
        raise CaseworkError(
            "Type the day that stood in the departure notice: the 21 days begin on it.", field="stated_on"
        )
    if stated_on > failed_on + ONE_DAY:
        raise CaseworkError("This is after the day on which it failed. Check both days.", field="stated_on")
    opened = open_date(row, rules.FAILED_RULE, stated_on, actor, field="stated_on")
    if outside is Outside.UNKNOWN:
        opened.working = {**opened.working, "condition": IF_OUTSIDE}


def _end_note(ended_as: Ending) -> str:
    return f"The attempt has ended: {ended_as.value}."


def _dates(row: Removal) -> list[Deadline]:
    return list(
        db.session.scalars(select(Deadline).where(Deadline.removal_id == row.id).order_by(Deadline.id))
    )
