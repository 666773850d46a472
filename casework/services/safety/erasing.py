"""Erasing a case for good: its papers, its rows, and whatever else of it lies anywhere.

What stays are lines of the trail, which hold numbers and no words of the case, and one row that says which case was
erased, when and by whom, so that it can be told which backups still hold it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, exists, select

from casework import clock
from casework.domain.errors import CaseworkError
from casework.services.letters import papers
from casework.services.safety import audit, case_bins
from casework.storage import case_rows, leftovers, models
from casework.storage.compact import compact
from casework.storage.database import db
from casework.storage.instance import current_instance
from casework.storage.models import Case, ErasedCase, InstanceNote, SignUp, Submission, Supporter, User
from casework.storage.models.supporters import EVEN_STOPPED

NOT_THE_REFERENCE = "Type the reference of this case, as it stands above."
# A database that has to be written anew as soon as nobody else writes.
COMPACT_LATER = "to be compacted"
# A copy of the database that an update made is taken away after so long.
OLD_COPIES_LAST = timedelta(days=30)
PART = 500


@dataclass(frozen=True)
class Holding:
    """A copy that still holds a case, until when, where that is known, and where it lies, where nobody asks for it."""

    what: str
    made_at: datetime
    kept_until: date | None
    where: str = ""


@dataclass(frozen=True)
class Erased:
    """A case that was erased, and the copies that still hold its rows."""

    row: ErasedCase
    backups: tuple[Holding, ...]


def erase_confirmed(case: Case, typed: str, actor: User) -> ErasedCase:
    """Erase a case for somebody who typed its reference. Raises CaseworkError for any other."""
    if typed.strip().upper() != case.reference:
        raise CaseworkError(NOT_THE_REFERENCE, field="reference")
    return erase_case(case, actor)


def erase_case(case: Case, actor: User | None = None) -> ErasedCase:
    """Erase everything of this case, at once and for good; what says that it was erased.

    First its letters stop being made, then its key and its rows go in one transaction, then its papers, which nobody
    can read by then. Where their place does not answer, or the machine stops, a sweep takes them away later.
    """
    case_bins.close_to_others(case)
    db.session.commit()
    folder = papers.destroy_key(case)
    case_id, reference, group_id = case.id, case.reference, case.group_id
    erased = ErasedCase(
        erased_case_id=case_id,
        reference=reference,
        group_id=group_id,
        erased_at=clock.now(),
        erased_by_id=actor.id if actor else None,
    )
    db.session.add(erased)
    db.session.flush()  # while the case is there: only a group that sees it may say that it was erased
    number = erase_rows(case_id)
    _forget_addresses(reference)
    audit.record_by_number("case erased", actor, case_id, signed=audit.BY_ITSELF, rows=number)
    db.session.commit()
    db.session.expire_all()
    papers.clear_folder(folder)
    clear_pages()
    return erased


def erase_rows(case_id: int, but: Collection[str] = ()) -> int:
    """Delete every row of the case, and supporters who signed up to no other; how many rows it was.

    The rows of the tables named in `but` stay. The caller commits.
    """
    supporters = list(
        db.session.scalars(
            select(SignUp.supporter_id).where(SignUp.case_id == case_id), execution_options=EVEN_STOPPED
        )
    )
    db.session.flush()
    connection = db.session.connection()
    number = 0
    for table in reversed(case_rows.tables_of_a_case()):
        if table.name in but:
            continue
        number += connection.execute(delete(table).where(case_rows.belongs(table, case_id))).rowcount
    for begin in range(0, len(supporters), PART):
        some = supporters[begin : begin + PART]
        table = Supporter.__table__
        signed_up = exists().where(SignUp.__table__.c.supporter_id == table.c.id)
        number += connection.execute(delete(table).where(table.c.id.in_(some), ~signed_up)).rowcount
    db.session.expire_all()
    return number


def _forget_addresses(reference: str) -> None:
    """Forget the pages to which forms about this case led: they name it."""
    parts = (Submission.location.contains(f"/{reference}{end}", autoescape=True) for end in ("/", "?", "#"))
    ends = Submission.location.endswith(f"/{reference}", autoescape=True)
    for condition in (*parts, ends):
        db.session.execute(delete(Submission).where(condition))


def clear_pages() -> None:
    """Have no page of the database keep what was deleted; where others write at this moment, by the next sweep.

    Nor any copy that a killed program left behind.
    """
    leftovers.sweep(current_instance().settings.instance)
    done = compact()
    note = db.session.get(InstanceNote, COMPACT_LATER)
    if done and note is not None:
        db.session.delete(note)
    elif not done and note is None:
        db.session.add(InstanceNote(key=COMPACT_LATER, value="yes"))
    db.session.commit()


def clear_pages_if_left() -> None:
    """Do what could not be done when a case was erased."""
    if db.session.get(InstanceNote, COMPACT_LATER) is not None:
        clear_pages()


def list_erased() -> list[Erased]:
    """The cases that were erased, the newest first, each with the copies that still hold it."""
    rows = db.session.scalars(select(ErasedCase).order_by(ErasedCase.erased_at.desc())).all()
    others = [*_copies_of_updates(), *_left_behind()] if rows else []
    return [
        Erased(
            row,
            (
                *backups_holding(row.erased_case_id),
                *(one for one in others if one.made_at <= row.erased_at),
            ),
        )
        for row in rows
    ]


def backups_holding(case_id: int) -> tuple[Holding, ...]:
    """The backups that hold rows of this case, the newest first. None where no backups are kept account of."""
    backup: Any = getattr(models, "Backup", None)
    if backup is None:
        return ()
    rows = db.session.scalars(select(backup).order_by(backup.made_at.desc()))
    today = clock.today()
    return tuple(
        Holding("A backup", row.made_at, row.kept_until)
        for row in rows
        if case_id in (row.case_ids or ()) and (row.kept_until is None or row.kept_until >= today)
    )


def _copies_of_updates() -> list[Holding]:
    return [
        Holding("A copy that an update made", made_at, clock.day_of(made_at + OLD_COPIES_LAST))
        for _, made_at in _copies()
    ]


def _left_behind() -> list[Holding]:
    """What nobody kept on purpose, and what goes with no sweep."""
    settings = current_instance().settings
    found = [
        Holding("A copy that broke off", one.made_at, None, str(one.path))
        for one in leftovers.left(settings.instance)
    ]
    if (moved := leftovers.moved_database(settings)) is not None:
        found.append(Holding("The database from before the move", moved.made_at, None, str(moved.path)))
    return found


def _copies() -> list[tuple[Any, datetime]]:
    folder = current_instance().settings.instance
    return [
        (path, datetime.fromtimestamp(path.stat().st_mtime, clock.now().tzinfo))
        for path in sorted(folder.glob("casework-before-*.db"))
    ]


def remove_old_copies() -> int:
    """Take away the copies that updates made more than thirty days ago; how many they were."""
    old = [path for path, made_at in _copies() if made_at < clock.now() - OLD_COPIES_LAST]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
