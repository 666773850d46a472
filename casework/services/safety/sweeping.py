"""One sweep for all that goes by itself: at the start of the program, and with the pages that are opened.

Supporters who stopped go within half a minute, and what was written is read for search; the rest is looked at once a
day.
"""

import logging
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError

from casework import clock
from casework.domain.safety.retention import ANNOUNCED
from casework.services.campaign import import_taking_back, messages, stopping
from casework.services.case import intake, search_index
from casework.services.consent import letting_go
from casework.services.letters import papers, submissions
from casework.services.safety import bins, case_bins, erasing, retention
from casework.services.safety.retention_reports import BIN, CASES, report
from casework.storage import leftovers
from casework.storage.database import db
from casework.storage.instance import current_instance
from casework.storage.models import Case, InstanceNote

log = logging.getLogger("casework")
Done = TypeVar("Done")

DAILY, HELD_BACK = "swept on", "nothing goes before"
# From when it is done once more that day. It stands there while it is at work, and after it where a step failed.
AGAIN = "sweep again from"
WAITS = timedelta(hours=1)


def sweep() -> None:
    """Erase what has to go by now. Where another request is at it, or holds the database, it is left to that one."""
    stopping.erase_stopped()
    search_index.take_in(search_index.MOST_AT_ONCE)
    today = clock.today()
    try:
        last = _last_sweep()
        if (last != today and _claim(last, today)) or _claim_again():
            _once_a_day(today, last)
    except (StaleDataError, OperationalError):
        db.session.rollback()


class _Steps:
    """Steps of which each is done whatever became of the one before; one that fails is kept in the log."""

    def __init__(self) -> None:
        self.failed = False

    def do(self, step: Callable[..., Done], *given: object) -> Done | None:
        """What it gives, saved; None where it failed."""
        try:
            done = step(*given)
            db.session.commit()
        except Exception as error:
            db.session.rollback()
            self.failed = True
            # The kind of error and where, never its words: they may hold a name.
            log.error("the daily sweep could not do all: %s at %s", type(error).__name__, step.__qualname__)
            return None
        return done


def _once_a_day(today: date, last: date | None) -> None:
    db.session.merge(InstanceNote(key=AGAIN, value=_instant(clock.now() + WAITS)))
    db.session.commit()
    steps = _Steps()
    steps.do(leftovers.sweep, current_instance().settings.instance)
    steps.do(submissions.forget_old)
    steps.do(import_taking_back.empty_old)
    steps.do(papers.take_away_noted)
    if not _held_back(today, last):
        _let_go(today, steps)
    if not steps.failed:
        db.session.execute(delete(InstanceNote).where(InstanceNote.key == AGAIN))
        db.session.commit()


def _let_go(today: date, steps: _Steps) -> None:
    steps.do(letting_go.let_go_old, today)
    binned = steps.do(_empty_bins, today)
    erased = [steps.do(_erase, number) for number in steps.do(_over, today) or ()]
    steps.do(report, {BIN: binned or 0, CASES: erased.count(True)})
    gone = steps.do(retention.let_go, today) or {}
    unfinished = steps.do(intake.let_old_go)
    steps.do(erasing.remove_old_copies)
    is_cleared = binned or unfinished or any(gone.values())
    steps.do(erasing.clear_pages if is_cleared else erasing.clear_pages_if_left)


def _empty_bins(today: date) -> int:
    return bins.empty_old(today) + messages.erase_thrown_away()


def _over(today: date) -> list[int]:
    return [case.id for case in case_bins.over(today)]


def _erase(case_id: int) -> bool:
    erasing.erase_case(db.session.get_one(Case, case_id))
    return True


def _held_back(today: date, last: date | None) -> bool:
    """Whether nothing may go yet, because nobody was told of it.

    Where the program did not run for a month, or the machine's clock jumped, a month passes first in which pages say
    what will go. A wrong clock alone never empties a case, nor a list of supporters.
    """
    note = db.session.get(InstanceNote, HELD_BACK)
    until = _day(note.value) if note else None
    if last is None or not today - ANNOUNCED <= last <= today or (until and until > today + ANNOUNCED):
        until = today + ANNOUNCED
        db.session.merge(InstanceNote(key=HELD_BACK, value=until.isoformat()))
        db.session.commit()
    return until is not None and today < until


def _last_sweep() -> date | None:
    value = db.session.scalar(select(InstanceNote.value).where(InstanceNote.key == DAILY))
    return _day(value) if value else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _claim_again() -> bool:
    """Whether what failed today, or was broken off, is to be tried again now, and by us."""
    was = db.session.scalar(select(InstanceNote.value).where(InstanceNote.key == AGAIN))
    if was is None or was > _instant(clock.now()):
        return False
    ours = update(InstanceNote).where(InstanceNote.key == AGAIN, InstanceNote.value == was)
    done = db.session.execute(ours.values(value=_instant(clock.now() + WAITS)))
    db.session.commit()
    return bool(done.rowcount == 1)  # type: ignore[attr-defined]


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")


def _claim(last: date | None, today: date) -> bool:
    """Whether today's sweep is ours: of several processes one alone does it."""
    if last is None:
        db.session.merge(InstanceNote(key=DAILY, value=today.isoformat()))
        try:
            db.session.commit()
        except IntegrityError:
            db.session.rollback()
            return False
        return True
    ours = update(InstanceNote).where(InstanceNote.key == DAILY, InstanceNote.value == last.isoformat())
    done = db.session.execute(ours.values(value=today.isoformat()))
    db.session.commit()
    return bool(done.rowcount == 1)  # type: ignore[attr-defined]
