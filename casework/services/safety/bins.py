"""The bin: what was deleted can be brought back for thirty days, or erased at once.

The rows of a deleted thing of a case leave their table and lie in the bin as sealed JSON, so no list, letter or date
can still show them. A draft stays in its table and is marked: when a supporter stops, what they wrote in it has to be
found. So is what a group knows of MPs, which belongs to no case and lies in no case's bin. A whole case is in
`case_bins`.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from casework import clock
from casework.domain.errors import CaseworkError, NotFound
from casework.domain.safety.bins import BIN_WORDS, LASTS, BinKind, gone_on
from casework.services.case import detention
from casework.services.safety import audit
from casework.services.timing.effects import Effects
from casework.storage import row_trees
from casework.storage.database import db
from casework.storage.encryption import seal, unseal
from casework.storage.instance import current_instance
from casework.storage.models import (
    EVEN_HIDDEN,
    Binned,
    Case,
    Letter,
    Meeting,
    MeetingPlan,
    MemberNote,
    OfficeEntry,
    User,
)

_LABEL = b"bin"
NOT_THERE = "This is no longer in the bin."
NEEDS_MORE = "What it belonged to is gone, so it cannot be brought back."
PLANNED_BY_NOW = "A next contact with the supporters is planned by now. Nothing was changed."
# What tells the team which one it was: the first of these columns that is filled.
_TELLS = ("name", "address", "postcode", "text", "what", "member_name", "on", "why", "due_on")
TOLD_LENGTH = 80
# What a group knows of MPs: it stays in these tables, marked.
_TABLES: dict[BinKind, Any] = {
    BinKind.MEMBER_NOTE: MemberNote,
    BinKind.OFFICE: OfficeEntry,
    BinKind.MEETING_PLAN: MeetingPlan,
    BinKind.MEETING: Meeting,
}


@dataclass(frozen=True)
class InBin:
    """One thing in the bin of a case. `tells` is how the team knows it again; `by` is who deleted it, where known."""

    kind: BinKind
    id: int
    tells: str
    at: datetime
    by: str
    gone_on: date

    @property
    def words(self) -> str:
        return BIN_WORDS[self.kind]


def put(kind: BinKind, row: Any, actor: User) -> int:
    """Keep a row with all that is part of it in the bin; its number there. The caller deletes it, and commits.

    What is known of MPs is marked instead, and not deleted.
    """
    if kind in _TABLES:
        row.binned_at = clock.now()
        audit.record(f"{kind} put in the bin", actor, **facts_of(row))
        return int(row.id)
    db.session.flush()
    content = row_trees.read(db.session.connection(), row.__table__, row.id)
    return keep(kind, row.id, content, _case_id(row), actor, getattr(row, "hidden", None)).id


def keep(
    kind: BinKind, row_id: int, content: bytes, case_id: int, actor: User, hidden: str | None = None
) -> Binned:
    """Keep this content in the bin, sealed, and hidden from whom it was hidden. The caller commits."""
    row = Binned(
        case_id=case_id,
        kind=kind,
        row_id=row_id,
        hidden=hidden,
        content=seal(current_instance().keys.bin, content, _LABEL),
        binned_at=clock.now(),
        binned_by_id=actor.id,
        gone_on=gone_on(clock.today()),
    )
    db.session.add(row)
    db.session.flush()
    return row


def content_of(row: Binned) -> bytes:
    """What was kept."""
    return unseal(current_instance().keys.bin, row.content, _LABEL)


def change_all(case_id: int, kinds: Iterable[BinKind], change: Callable[[str, dict[str, Any]], None]) -> None:
    """Alter what was kept of these kinds of a case: `change` gets each row with its table. The caller commits."""
    query = select(Binned).where(Binned.case_id == case_id, Binned.kind.in_(list(kinds)))
    for row in db.session.scalars(query, execution_options=EVEN_HIDDEN):
        before = content_of(row)
        if (after := row_trees.changed(before, change)) != before:
            row.content = seal(current_instance().keys.bin, after, _LABEL)


def _case_id(row: Any) -> int:
    return int(row.case_id if hasattr(row, "case_id") else row.removal.case_id)


def facts_of(row: Any) -> dict[str, Any]:
    """What the trail says of something known of an MP: its number, its kind and the constituency, and no words."""
    return {
        name: getattr(row, column)
        for name, column in (("row", "id"), ("kind", "kind"), ("constituency", "gss_code"))
        if hasattr(row, column)
    }


def list_of_members(kind: BinKind, *conditions: Any) -> list[Any]:
    """What of this kind is known of MPs and lies in the bin, the newest first."""
    table = _TABLES[kind]
    query = select(table).where(table.binned_at.is_not(None), *conditions)
    return list(db.session.scalars(query.order_by(table.binned_at.desc(), table.id.desc())))


def list_bin(case: Case) -> list[InBin]:
    """What lies in the bin of this case, the newest first."""
    rows = db.session.scalars(select(Binned).where(Binned.case_id == case.id, Binned.kind != BinKind.CASE))
    found = [
        InBin(BinKind(row.kind), row.id, _tells(row), row.binned_at, row.binned_by.name, row.gone_on)
        for row in rows
    ]
    for letter in _drafts(case):
        assert letter.discarded_at
        last = gone_on(clock.day_of(letter.discarded_at))
        found.append(InBin(BinKind.DRAFT, letter.id, letter.template, letter.discarded_at, "", last))
    return sorted(found, key=lambda one: one.at, reverse=True)


def _drafts(case: Case) -> Iterator[Letter]:
    """The drafts that were thrown away. Those of supporters who stopped hold nothing any more."""
    query = select(Letter).where(
        Letter.case_id == case.id, Letter.discarded_at.is_not(None), Letter.issued_at.is_(None)
    )
    return (letter for letter in db.session.scalars(query) if letter.blocks or letter.facts)


def _tells(row: Binned) -> str:
    """The beginning of what it was, for those who may see the case."""
    kept = row_trees.first_row(content_of(row))
    plain = next((str(kept[name]) for name in _TELLS if kept.get(name)), "")
    return " ".join(plain.split())[:TOLD_LENGTH]


def get(case: Case | None, kind: BinKind, number: int) -> Any:
    """One thing in the bin of a case; without a case, of what is known of MPs. Raises NotFound when it is gone."""
    found: Iterable[Any] = ()
    if case is None:
        found = list_of_members(kind, _TABLES[kind].id == number) if kind in _TABLES else ()
    elif kind is BinKind.DRAFT:
        found = (letter for letter in _drafts(case) if letter.id == number)
    elif kind is not BinKind.CASE:
        here = (Binned.id == number, Binned.case_id == case.id, Binned.kind == kind)
        found = db.session.scalars(select(Binned).where(*here))
    for row in found:
        return row
    raise NotFound(NOT_THERE)


def bring_back(case: Case | None, kind: BinKind, number: int, actor: User) -> None:
    """Put something back as it was, under its own number where no other has that by now.

    Raises NotFound when it is gone, CaseworkError when what it belonged to is.
    """
    row = get(case, kind, number)
    if case is None:
        row.binned_at = None
        audit.record(f"{kind} brought back", actor, **facts_of(row))
    elif kind is BinKind.DRAFT:
        row.discarded_at, row.saved_at = None, clock.now()
        audit.record("brought back from the bin", actor, case, kind=kind, row=row.id)
    else:
        audit.record("brought back from the bin", actor, case, kind=kind, row=_put_back(row))
        if kind is BinKind.PLACE:
            detention.follow_places(Effects(case, actor))
    db.session.commit()


def _put_back(row: Binned) -> int:
    """Insert again what was kept, and take it out of the bin; the number of its row."""
    kind = row.kind
    try:
        made = row_trees.put_back(db.session.connection(), content_of(row))
    except (IntegrityError, row_trees.OfNoUse):
        db.session.rollback()
        raise CaseworkError(PLANNED_BY_NOW if kind == BinKind.NEXT_CONTACT else NEEDS_MORE) from None
    db.session.delete(row)
    db.session.flush()
    db.session.expire_all()
    return made


def erase_now(case: Case | None, kind: BinKind, number: int, actor: User) -> None:
    """Erase something of the bin before its time. Raises NotFound when it is gone already."""
    row = get(case, kind, number)
    if case is None:
        audit.record(f"{kind} erased", actor, **facts_of(row))
    else:
        audit.record("erased from the bin", actor, case, kind=kind, number=1)
    if kind is BinKind.DRAFT:
        _erase_draft(row)
    else:
        db.session.delete(row)
    db.session.commit()


def _erase_draft(letter: Letter) -> None:
    """Delete a draft for good, with who read it."""
    db.session.execute(update(Letter).where(Letter.replaces_id == letter.id).values(replaces_id=None))
    db.session.delete(letter)


def erase_drafts(drafts: list[Letter]) -> None:
    """Delete these drafts for good. The caller commits."""
    for letter in drafts:
        _erase_draft(letter)


def empty_old(today: date) -> int:
    """Erase what has lain in the bins for thirty days, cases apart; how many things it was. The caller commits."""
    return _empty_cases(today) + _empty_members(today)


def _empty_members(today: date) -> int:
    number = 0
    for kind in _TABLES:
        old = [row for row in list_of_members(kind) if gone_on(clock.day_of(row.binned_at)) <= today]
        for row in old:
            db.session.delete(row)
        if old:
            audit.record(f"bin of MPs emptied: {kind}", None, signed=audit.BY_ITSELF, number=len(old))
        number += len(old)
    return number


def _empty_cases(today: date) -> int:
    rows = db.session.scalars(
        select(Binned).where(Binned.gone_on <= today, Binned.kind != BinKind.CASE)
    ).all()
    before = clock.now() - LASTS
    drafts = db.session.scalars(
        select(Letter).where(Letter.discarded_at < before, Letter.issued_at.is_(None))
    ).all()
    cases: dict[int, int] = {}
    for case_id in (*(row.case_id for row in rows), *(row.case_id for row in drafts)):
        cases[case_id] = cases.get(case_id, 0) + 1
    for case_id, number in cases.items():
        case = db.session.get(Case, case_id)
        audit.record("bin emptied", None, case, signed=audit.BY_ITSELF, number=number)
    for row in rows:
        db.session.delete(row)
    erase_drafts(list(drafts))
    return len(rows) + len(drafts)
