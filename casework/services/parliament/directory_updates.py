"""Updates of the directory: made from answers, looked at, applied at one stroke, taken back, and whom they touch."""

import fcntl
import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from casework.domain.dates import spoken
from casework.domain.errors import CaseworkError, NotFound, OutOfDate
from casework.domain.parliament.directory_answers import Answers, HalfAnAnswer, refuse_half, refuse_unlikely
from casework.domain.parliament.directory_changes import is_sound, settle
from casework.domain.parliament.directory_differences import CHANGES_HANDS, differences
from casework.reference.directory.in_use import pointed_to, read_kept, trouble, update_pointed_to
from casework.reference.directory.records import DamagedDirectory
from casework.reference.directory.updates import (
    FOLDER,
    NAME,
    POINTER,
    Pointer,
    Update,
    is_older_than,
    write_pointer,
    write_update,
)
from casework.services.parliament.directory import compiled_directory, directory
from casework.services.safety import audit
from casework.storage.database import db
from casework.storage.instance import current_instance
from casework.storage.models import Case, CasePlace, Letter, SignUp, Supporter, TeamMember, User
from casework.storage.whole_files import write_whole

AT_THE_MACHINE = "whoever sits at the machine"
MOST_KEPT = 6
OPEN = (Case.closed_on.is_(None), Case.binned_at.is_(None))


@dataclass(frozen=True)
class InUse:
    """The update in use, as a page tells of it. None where the tables are used as they were compiled.

    `wrong`: why an update is not used that should be. `older`: the names of others that can be taken up.
    """

    update: Update | None
    wrong: str
    is_overtaken: bool
    others: tuple[str, ...]


@dataclass(frozen=True)
class Touched:
    """How many open cases, and how many drafts of letters, a change of who sits somewhere touches."""

    cases: int
    drafts: int


def prepare(answers: Answers, asked: int, *, many: bool = False) -> Update | None:
    """The update that these answers make; None where they were taken in already. Nothing is written yet.

    Raises HalfAnAnswer when they are not whole or, without `many`, when more changed than is likely.
    """
    release, before = directory().release, directory().sittings()
    if answers.read_on < release.directory_date:
        raise CaseworkError(
            f"The directory in use is of {spoken(release.directory_date)}, and this machine’s clock says "
            f"{spoken(answers.read_on)}. Set the clock first. Nothing was changed."
        )
    refuse_half(answers, before)
    after = settle(before, answers)
    if after == before and release.update:
        return None
    if not all(is_sound(sitting.terms) for sitting in after.values()):
        raise HalfAnAnswer("By this answer two members would have sat for one seat at the same time.")
    names = {one.gss_code: one.name for one in directory().constituencies()}
    found = differences(before, after, names)
    if not many:
        refuse_unlikely(len({one.gss_code for one in found if one.about in CHANGES_HANDS}), len(before))
    return Update(
        name=_next_name(answers.read_on),
        read_on=answers.read_on,
        source=answers.source,
        before=_name_in_use(),
        asked=asked,
        differences=found,
        seats=after,
    )


def apply(update: Update, actor: User | None = None) -> None:
    """Use this update from now on. Raises OutOfDate when another came in between; then nothing is changed."""
    with _alone():
        path = _path(update.name)
        if _name_in_use() != update.before or path.exists():
            raise OutOfDate("The directory was updated by somebody else meanwhile. Nothing was changed.")
        content = write_update(update)
        write_whole(path, content)
        try:
            _point_to(update.name, content, "directory updated", actor, changes=len(update.differences))
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        _tidy_up()


def roll_back(actor: User | None = None) -> str:
    """Use again what was in use before the update of now; the name of it, empty for the compiled tables.

    Raises CaseworkError where no update is in use.
    """
    with _alone():
        name = _name_in_use()
        if not name and not in_use().wrong:
            raise CaseworkError("No update is in use: the directory is as Casework carries it.")
        before = ""
        with suppress(DamagedDirectory):
            before = read_kept(_folder(), name).before if name else ""
        content = b""
        if before:
            try:
                read_kept(_folder(), before)
                content = _content(before)
            except (DamagedDirectory, NotFound):  # it was tidied away, or is damaged
                before = ""
        _point_to(before, content, "directory rolled back", actor, was=name or "damaged")
    return before


def take_up(name: str, actor: User | None = None) -> None:
    """Use one of the kept updates again. Raises NotFound, and DamagedDirectory where it cannot be read."""
    with _alone():
        content = _content(name)
        read_kept(_folder(), name)
        _point_to(name, content, "directory taken up again", actor, was=_name_in_use())


def in_use() -> InUse:
    """What is in use now, and what could be."""
    settings = current_instance().settings
    wrong = trouble(settings.instance, settings.directory_dir)
    update = None if wrong else update_pointed_to(_folder())
    others = tuple(name for name in reversed(_kept()) if not update or name != update.name)
    overtaken = bool(update) and is_older_than(update, compiled_directory().release) if update else False
    return InUse(update, wrong, overtaken, others)


def changed_seats(update: Update) -> list[str]:
    """The codes of the seats that have another member by this update, or none."""
    return list(dict.fromkeys(one.gss_code for one in update.differences if one.about in CHANGES_HANDS))


def touched(codes: Collection[str]) -> Touched:
    """How much of everything on this machine these seats touch."""
    cases = select(func.count()).select_from(Case).where(*OPEN, _tied_to(codes))
    drafts = select(func.count()).select_from(Letter).join(Case, Letter.case_id == Case.id)
    open_drafts = drafts.where(
        *OPEN, Letter.issued_at.is_(None), Letter.discarded_at.is_(None), Letter.gss_code.in_(codes)
    )  # fmt: skip
    return Touched(db.session.scalar(cases) or 0, db.session.scalar(open_drafts) or 0)


def own_cases_touched(codes: Collection[str], actor: User) -> list[Case]:
    """The open cases of this person that these seats touch, the newest first."""
    mine = select(TeamMember.case_id).where(TeamMember.user_id == actor.id)
    query = select(Case).where(Case.id.in_(mine), Case.closed_on.is_(None), _tied_to(codes))
    return list(db.session.scalars(query.order_by(Case.id.desc())))


def _tied_to(codes: Collection[str]) -> ColumnElement[bool]:
    places = select(CasePlace.case_id).where(CasePlace.gss_code.in_(codes))
    supporters = select(SignUp.case_id).join(Supporter).where(Supporter.gss_code.in_(codes))
    return or_(Case.id.in_(places), Case.id.in_(supporters))


def _folder() -> Path:
    return current_instance().settings.instance / FOLDER


def _path(name: str) -> Path:
    return _folder() / f"{name}.json"


def _name_in_use() -> str:
    """The name of the update in use; empty for the compiled tables, and where what names it is damaged."""
    with suppress(DamagedDirectory):
        pointer = pointed_to(_folder())
        return pointer.name if pointer else ""
    return ""


def _kept() -> list[str]:
    """The names of the updates that lie there, the oldest first."""
    names = [path.stem for path in _folder().glob("update-*.json") if NAME.fullmatch(path.stem)]
    return sorted(names, key=_order)


def _order(name: str) -> tuple[str, int]:
    day, _, number = name.rpartition("-")
    return day, int(number)


def _next_name(on: date) -> str:
    day = f"update-{on.isoformat()}"
    numbers = [number for name in _kept() for known, number in [_order(name)] if known == day]
    return f"{day}-{max(numbers, default=0) + 1}"


def _content(name: str) -> bytes:
    if name not in _kept():
        raise NotFound("There is no such update of the directory.")
    return _path(name).read_bytes()


def _point_to(name: str, content: bytes, action: str, actor: User | None, **facts: Any) -> None:
    """Name what is in use and keep a line about it: both, or neither where one of them fails.

    A machine that stops between the two leaves the directory named, and its line is lacking.
    """
    path = _folder() / POINTER
    before = path.read_bytes() if path.exists() else None
    audit.record(action, actor, signed=AT_THE_MACHINE, update=name or "none", **facts)
    db.session.flush()
    write_whole(path, write_pointer(Pointer(name, sha256(content).hexdigest() if name else "")))
    try:
        db.session.commit()
    except BaseException:
        if before is None:
            path.unlink(missing_ok=True)
        else:
            write_whole(path, before)
        raise


def _tidy_up() -> None:
    """Let the oldest updates go, but none that is in use or stood before it."""
    kept, wanted = _kept(), {_name_in_use()}
    with suppress(DamagedDirectory):
        update = update_pointed_to(_folder())
        wanted |= {update.before} if update else set()
    for name in kept[:-MOST_KEPT]:
        if name not in wanted:
            with suppress(OSError):
                _path(name).unlink()


@contextmanager
def _alone() -> Iterator[None]:
    """While it lasts nobody else changes what is in use. Raises CaseworkError when nothing can be written there."""
    try:
        _folder().mkdir(mode=0o700, exist_ok=True)
        descriptor = os.open(_folder() / ".changing", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)
    except OSError as error:
        why = error.strerror or "the disk does not answer"
        raise CaseworkError(f"{_folder()} cannot be written to: {why}. Nothing was changed.") from error
