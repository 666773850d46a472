"""One sweep for all that goes by itself: at the start of the program, and with the pages that are opened.

Supporters who stopped go within half a minute, and what was written is read for search; the rest is looked at once a
day.
"""

from datetime import date

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError

from casework import clock
from casework.domain.safety.retention import ANNOUNCED
from casework.services.campaign import import_taking_back, messages, stopping
from casework.services.case import intake, search_index
from casework.services.consent import letting_go
from casework.services.letters import submissions
from casework.services.safety import bins, case_bins, erasing, retention
from casework.services.safety.retention_reports import BIN, CASES, report
from casework.storage import leftovers
from casework.storage.database import db
from casework.storage.instance import current_instance
from casework.storage.models import InstanceNote

DAILY, HELD_BACK = "swept on", "nothing goes before"


def sweep() -> None:
    """Erase what has to go by now. Where another request is at it, or holds the database, it is left to that one."""
    stopping.erase_stopped()
    search_index.take_in(search_index.MOST_AT_ONCE)
    today = clock.today()
    try:
        last = _last_sweep()
        if last != today and _claim(last, today):
            _once_a_day(today, last)
    except (StaleDataError, OperationalError):
        db.session.rollback()


def _once_a_day(today: date, last: date | None) -> None:
    leftovers.sweep(current_instance().settings.instance)
    submissions.forget_old()
    import_taking_back.empty_old()
    if _held_back(today, last):
        return
    letting_go.let_go_old(today)
    binned = bins.empty_old(today) + messages.erase_thrown_away()
    db.session.commit()
    cases = case_bins.over(today)
    for case in cases:
        erasing.erase_case(case)
    report({BIN: binned, CASES: len(cases)})
    gone = retention.let_go(today)
    unfinished = intake.let_old_go()
    db.session.commit()
    erasing.remove_old_copies()
    if binned or unfinished or any(gone.values()):
        erasing.clear_pages()
    else:
        erasing.clear_pages_if_left()


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
