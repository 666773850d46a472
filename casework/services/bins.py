"""The bin of a case: what was deleted there can be brought back for thirty days, or erased at once.

The rows of a deleted thing leave their table and lie in the bin as sealed JSON, so no list, letter or date can still
show them. A draft stays in its table and is marked: when a supporter stops, what they wrote in it has to be found.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from casework import clock
from casework.domain.bins import BIN_WORDS, LASTS, BinKind, gone_on
from casework.domain.errors import CaseworkError, NotFound
from casework.services import audit, detention
from casework.services.effects import Effects
from casework.storage import row_trees
from casework.storage.database import db
from casework.storage.encryption import seal, unseal
from casework.storage.instance import current_instance
from casework.storage.models import Binned, Case, Letter, User

_LABEL = b"bin"
NOT_THERE = "This is no longer in the bin."
NEEDS_MORE = "What it belonged to is gone, so it cannot be brought back."
# What tells the team which one it was: the first of these columns that is filled.
_TELLS = ("name", "address", "postcode", "text", "what", "member_name", "on", "why", "due_on")
TOLD_LENGTH = 80


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


def put(kind: BinKind, row: Any, actor: User, *, case_id: int | None = None) -> Binned:
    """Keep a row with all that is part of it in the bin. The caller deletes it, and commits."""
    db.session.flush()
    content = row_trees.read(db.session.connection(), row.__table__, row.id)
    return keep(kind, row.id, content, case_id or _case_id(row), actor, getattr(row, "hidden", None))


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


def _case_id(row: Any) -> int:
    return int(row.case_id if hasattr(row, "case_id") else row.removal.case_id)


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


def bring_back(case: Case, kind: BinKind, number: int, actor: User) -> None:
    """Put something back as it was, under its own number where no other has that by now.

    Raises NotFound when it is gone, CaseworkError when what it belonged to is.
    """
    if kind is BinKind.DRAFT:
        letter = _draft(case, number)
        letter.discarded_at, letter.saved_at = None, clock.now()
        audit.record("brought back from the bin", actor, case, kind=kind, row=letter.id)
    else:
        row = _get(case, kind, number)
        try:
            made = row_trees.put_back(db.session.connection(), content_of(row))
        except IntegrityError:
            db.session.rollback()
            raise CaseworkError(NEEDS_MORE) from None
        db.session.delete(row)
        db.session.flush()
        db.session.expire_all()
        audit.record("brought back from the bin", actor, case, kind=kind, row=made)
        if kind is BinKind.PLACE:
            detention.follow_places(Effects(case, actor))
    db.session.commit()


def erase_now(case: Case, kind: BinKind, number: int, actor: User) -> None:
    """Erase something of the bin before its time. Raises NotFound when it is gone already."""
    if kind is BinKind.DRAFT:
        _erase_draft(_draft(case, number))
    else:
        db.session.delete(_get(case, kind, number))
    audit.record("erased from the bin", actor, case, kind=kind, number=1)
    db.session.commit()


def _get(case: Case, kind: BinKind, number: int) -> Binned:
    row = db.session.scalar(select(Binned).where(Binned.id == number, Binned.case_id == case.id))
    if row is None or row.kind != kind or kind is BinKind.CASE:
        raise NotFound(NOT_THERE)
    return row


def _draft(case: Case, number: int) -> Letter:
    for letter in _drafts(case):
        if letter.id == number:
            return letter
    raise NotFound(NOT_THERE)


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
