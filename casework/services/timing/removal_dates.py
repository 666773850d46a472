"""The dates that the notices and the flight of a removal start: one open for each notice, put right or begun anew."""

from datetime import date

from sqlalchemy import select

from casework import clock
from casework.domain.errors import CaseworkError
from casework.domain.timing.removals import NOTICE_RULE
from casework.domain.timing.settling import THE_LETTER, SettledAs, StatedFrom
from casework.services.safety import audit
from casework.services.timing import counting, deadlines, recounting
from casework.services.timing.rule_book import rule_book
from casework.storage.database import db
from casework.storage.models import Case, Deadline, Removal, User
from casework.storage.one_look import read_once

PUT_RIGHT = "the day of the notice, or the part of the UK, was put right"
THE_FLIGHT = "the departure details"


def notice_dates(row: Removal) -> list[Deadline]:
    """The dates that the notices of this attempt started and that are open, the one of its own notice first."""
    if row.ended_as:
        return []
    found = [one for one in open_notices(row.case) if one.removal_id == row.id]
    return sorted(found, key=lambda one: (one.event_on != row.notice_given_on, one.id))


def keep_notice_date(row: Removal, actor: User, *, is_new: bool) -> None:
    """Leave one open date for the notice of this attempt: the one it has, put right, or a new one.

    While nobody knows the day on which it was given, the one that counts from the date on it stays.
    """
    db.session.flush()
    dates = [one for one in open_notices(row.case) if one.removal_id in (None, row.id)]
    given = row.notice_given_on
    kept = next((one for one in dates if (one.event_on == given if given else is_guessed(one))), None)
    if kept is None and dates and given and not is_new:
        kept = dates[0]
    if kept is None and given:
        kept = open_date(row, NOTICE_RULE, given, actor, field="notice_given_on")
    for one in dates:
        if one is not kept:
            how = (
                "A new notice was given: the five days start again."
                if is_new
                else "It is no longer the day of the notice."
            )
            settle_date(one, clock.today(), how, actor)
    if kept is None:
        return
    if kept.correspondence_id:
        row.correspondence_id = row.correspondence_id or kept.correspondence_id
    _state_flight(kept, row)
    kept.removal = row
    if given:
        kept.working = {**kept.working, "condition": ""}
    if given and kept.event_on != given:
        kept.event_on, kept.told = given, {}
    _check_counts(kept)
    recounting.count_again(kept, actor, PUT_RIGHT)


def keep_stated(kept: Deadline, other: Deadline) -> None:
    """Of two dates for one notice, leave the one that stays the earlier day of its papers, unless a lawyer said one."""
    if other.stated_on is None or (kept.stated_on and not _is_in_paper(kept)):
        return
    if kept.stated_on is None or other.stated_on < kept.stated_on:
        kept.stated_on, kept.stated_by = other.stated_on, other.stated_by
        kept.stated_from, kept.stated_said_on = other.stated_from, other.stated_said_on


def stated_first(one: Deadline, row: Removal | None) -> date | None:
    """The first day that the paper of a notice gives, or a lawyer; None where that is the day of the flight."""
    is_flight = one.stated_by == THE_FLIGHT or (row is not None and one.stated_on == row.departs_on)
    return None if is_flight else one.stated_on


def first_day(case: Case, row: Removal | None) -> tuple[date | None, bool]:
    """The first day on which the notices let a removal happen, whether or not there is a flight; whether it is a guess.

    It is the earliest of what we counted, what a paper gives and a window that is not over, in which departure details
    alone are enough. It is a guess where it hangs on a notice of which nobody knows when it was given, and of a window:
    the law that was read does not say on which day it opens.
    """
    notices = open_notices(case)
    days = [(one.earliest_on, is_guessed(one)) for one in notices]
    days += [(stated_first(one, row), False) for one in notices]
    days += [
        (one.window_from, True) for one in notices if one.window_until and one.window_until >= clock.today()
    ]
    return min(((day, guess) for day, guess in days if day), default=(None, False))


def is_guessed(one: Deadline) -> bool:
    """Whether a date of a notice counts from another day than the one on which it was given: nobody knows that yet."""
    return bool(one.working.get("condition"))


def _state_flight(kept: Deadline, row: Removal) -> None:
    """Let the day of the flight stand beside our own; what a lawyer confirmed stays, and an earlier day of a letter."""
    if row.departs_on and kept.stated_on and kept.stated_by == THE_LETTER and kept.stated_on < row.departs_on:
        return
    if row.departs_on and (kept.stated_on is None or _is_in_paper(kept)):
        kept.stated_on, kept.stated_by, kept.stated_from = row.departs_on, THE_FLIGHT, StatedFrom.LETTER
    elif row.departs_on is None and kept.stated_by == THE_FLIGHT:
        kept.stated_on = kept.stated_by = kept.stated_from = None


def _is_in_paper(kept: Deadline) -> bool:
    """Whether its stated day stands in a paper; else a lawyer said it."""
    return kept.stated_from == StatedFrom.LETTER or kept.stated_by == THE_LETTER


def open_date(row: Removal, rule_key: str, on: date, actor: User, *, field: str) -> Deadline:
    """Open a date of this attempt, counted in its part of the UK. Raises CaseworkError at the field given."""
    try:
        opened = deadlines.add_deadline(row.case, rule_key, on, actor)
    except CaseworkError as error:
        raise CaseworkError(error.message, field=field) from None
    opened.removal = row
    counting.count(opened)
    return opened


def _check_counts(kept: Deadline) -> None:
    """Nothing, or a CaseworkError at the day of the notice where its rule does not fit that day."""
    try:
        counting.counted(kept, rule_book())
    except CaseworkError as error:
        raise CaseworkError(error.message, field="notice_given_on") from None


def settle_date(one: Deadline, on: date, how: str, actor: User) -> None:
    """Settle a date because of what became of its attempt; without saving it yet."""
    one.settled_on, one.settled_how, one.settled_as, one.settled_by_id = on, how, SettledAs.ENDED, actor.id
    audit.record("date settled", actor, one.case, deadline=one.id)


@read_once
def open_notices(case: Case) -> list[Deadline]:
    """The open dates of removal notices in this case, the newest first."""
    query = select(Deadline).where(
        Deadline.case_id == case.id, Deadline.rule_key == NOTICE_RULE, Deadline.settled_on.is_(None)
    )
    return list(db.session.scalars(query.order_by(Deadline.id.desc())))
