"""Counting every open date anew when a rule or a bank holiday changes, and keeping what moved and why."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, and_, func, insert, or_, select, true
from sqlalchemy.orm import joinedload

from casework import clock
from casework.domain.case.moves import Move
from casework.domain.errors import CaseworkError
from casework.domain.timing import counting as domain_counting
from casework.domain.timing import deadlines as domain_deadlines
from casework.domain.timing import triggers, working_days
from casework.domain.timing.deadline_rules import Kind
from casework.reference.rule_book import RuleBook
from casework.reference.rule_changes import Change, ChangeKind
from casework.services.safety import audit
from casework.services.timing import counting
from casework.services.timing.counting import Counted
from casework.services.timing.rule_book import rule_book
from casework.storage.asking import every_group, whole_case
from casework.storage.database import db
from casework.storage.models import AuditEvent, Case, Deadline, DeadlineMove, InstanceNote, User

COUNTED_BY = "dates counted by"
MOVED = "date moved"
WHILE_SETTLED = "rules or bank holidays changed while this date was settled"
ELSEWHERE = "it counts in another part of the UK than before, by what is known now of where they were"
PROGRAM_UPDATED = "Casework’s own rules, bank holidays or way of counting were updated"
THAT_COUNT = (domain_counting, domain_deadlines, triggers, working_days, counting)
MOST_BECAUSE = 500
# By how much a date may end later in another part of the UK; where it differs, that is said.
REACH = timedelta(days=14)


@dataclass(frozen=True)
class Reason:
    """Why dates are counted anew: a change that was made or, where `taken_back`, withdrawn; or a newer Casework."""

    text: str = ""
    change: Change | None = None
    change_id: int | None = None
    taken_back: bool = False

    def touches(self, row: Deadline, ends: date) -> bool:
        """Whether this may be what moved a date, which now ends then."""
        if self.change is None or self.change.kind is ChangeKind.RULE:
            return self.change is None or self.change.key == row.rule_key
        return row.event_on <= date.fromisoformat(self.change.key) <= ends

    def words(self, row: Deadline) -> str:
        """What goes on from "because" on the page of a date."""
        if self.change is None:
            return self.text
        own = self.change.kind is ChangeKind.RULE and self.change.key == row.rule_key
        if self.taken_back:
            return "this group took back its change of this rule" if own else self._no_longer
        what = "this group changed this rule" if own else self.change.in_words
        return f"{what}: {self.change.why.rstrip('.')}"

    @property
    def _no_longer(self) -> str:
        assert self.change
        return f"this group took back that {self.change.in_words}"


@dataclass(frozen=True)
class Recounted:
    """One open date as it comes out under another book."""

    row: Deadline
    found: Counted
    was: dict[str, date]
    now: dict[str, date]
    elsewhere: bool

    @classmethod
    def of(cls, row: Deadline, book: RuleBook) -> "Recounted":
        """This date under a book, beside what its row keeps now."""
        found = _counted(row, book)
        days = counting.days_of(row), counting.days_of(found)
        return cls(row, found, *days, elsewhere=row.region != found.region)

    @property
    def moved(self) -> bool:
        """Whether one of its days is another one now."""
        return self.was != self.now

    def move(self, reasons: Sequence[Reason]) -> Move:
        """What is said of it. The book is not the only thing that may be another since it was counted."""
        words = [ELSEWHERE] if self.elsewhere else []
        words += [one.words(self.row) for one in reasons]
        return Move(self.was, self.now, "; ".join(words)[:MOST_BECAUSE])


def foresee(book: RuleBook, reasons: Sequence[Reason]) -> Iterator[Recounted]:
    """Every open date that comes out otherwise under this book, in its days or only in its working."""
    rows = db.session.scalars(
        select(Deadline)
        .where(Deadline.settled_on.is_(None), or_(*(_within_reach(reason, book) for reason in reasons)))
        .options(joinedload(Deadline.case).selectinload(Case.places), joinedload(Deadline.removal))
        .execution_options(populate_existing=True)
    )
    for row in rows.all():
        one = Recounted.of(row, book)
        if _differs(row, one.found):
            yield one


def _within_reach(reason: Reason, book: RuleBook) -> ColumnElement[bool]:
    """The dates that may come out otherwise for this reason, and more of them rather than one too few."""
    change = reason.change
    if change is None:
        return true()
    if change.kind is ChangeKind.RULE:
        serves = change.key not in book.rules or book.rules[change.key].kind is Kind.DEEMED_SERVICE
        return true() if serves else Deadline.rule_key == change.key
    day = date.fromisoformat(change.key)
    ends = func.coalesce(Deadline.earliest_on, Deadline.last_on, date.max)
    was_posted = Deadline.told["posted"].as_string().is_not(None)
    return and_(or_(Deadline.event_on <= day, was_posted), ends >= day - REACH)


def recount(book: RuleBook, reasons: Sequence[Reason], actor: User | None, signed: str | None = None) -> int:
    """How many open dates moved, now that this is the book; without saving it yet.

    Each keeps what it was and why, and has its line in the trail. A rule counts for every group on the machine.
    """
    with every_group():
        return _recount(book, reasons, actor, signed)


def _recount(book: RuleBook, reasons: Sequence[Reason], actor: User | None, signed: str | None) -> int:
    _keep_note(book)
    moves, lines = [], []
    at, name = clock.now(), actor.name if actor else signed or audit.NOBODY
    for one in foresee(book, reasons):
        counting.keep(one.row, one.found)
        if one.moved:
            mine = _reasons_of(one, reasons)
            moves.append({"deadline_id": one.row.id, "at": at, **_kept(one, mine)})
            lines.append(
                {
                    "at": at, "user_id": actor.id if actor else None, "user_name": name, "action": MOVED,
                    "case_id": one.row.case_id, "facts": _facts(one),
                }
            )  # fmt: skip
    db.session.flush()
    if moves:
        db.session.execute(insert(DeadlineMove), moves)
        # One by one, so that each is linked to the line before it.
        db.session.add_all(AuditEvent(**line) for line in lines)
    return len(moves)


def count_reopened(row: Deadline, actor: User) -> None:
    """Count a date anew that was settled while rules may have changed; without saving it yet."""
    count_again(row, actor, WHILE_SETTLED)


def count_again(row: Deadline, actor: User, because: str) -> None:
    """Count one date anew and keep what moved, and why; without saving it yet."""
    with whole_case():
        one = Recounted.of(row, rule_book())
        counting.keep(row, one.found)
    if one.moved:
        row.moves.append(DeadlineMove(at=clock.now(), **_kept(one, [Reason(because)])))
        audit.record(MOVED, actor, row.case, **_facts(one))


def _reasons_of(one: Recounted, reasons: Sequence[Reason]) -> Sequence[Reason]:
    """Those of the reasons that may have moved this date; all of them where none alone did."""
    ends = max(one.now.values(), default=date.max)
    return [reason for reason in reasons if reason.touches(one.row, ends)] or reasons


def _kept(one: Recounted, reasons: Sequence[Reason]) -> dict[str, Any]:
    """What a move keeps. The row itself says its newest move, so that a list need not ask for it."""
    move = one.move(reasons)
    one.row.moved = move.said
    change_id = reasons[0].change_id
    return {"because": move.because, "was": _iso(one.was), "now": _iso(one.now), "rule_change_id": change_id}


def _facts(one: Recounted) -> dict[str, Any]:
    was, now = (list(_iso(days).values()) for days in (one.was, one.now))
    return {"deadline": one.row.id, "was": was, "now": now}


def is_counted_by(book: RuleBook) -> bool:
    """Whether the open dates were last counted by this book."""
    note = db.session.get(InstanceNote, COUNTED_BY)
    return note is not None and note.value == _counted_by(book)


def _counted_by(book: RuleBook) -> str:
    """The same while neither the book nor the way of counting is another."""
    return sha256(f"{book.fingerprint} {_way_of_counting()}".encode()).hexdigest()


@cache
def _way_of_counting() -> str:
    code = b"".join(Path(module.__file__ or "").read_bytes() for module in THAT_COUNT)
    return sha256(code).hexdigest()


def _keep_note(book: RuleBook) -> None:
    """Keep by which book the dates are counted. To write first keeps others from saving a date meanwhile."""
    db.session.merge(InstanceNote(key=COUNTED_BY, value=_counted_by(book)))
    db.session.flush()


def _counted(row: Deadline, book: RuleBook) -> Counted:
    """How the date comes out; where its rule does not fit any more, there is no date and the reason why."""
    try:
        return counting.counted(row, book)
    except CaseworkError as error:
        gone = row.rule_key not in book.rules
        why = "The rule by which this was counted is no longer there." if gone else error.message
        working = {name: value for name, value in row.working.items() if name not in ("dates", "days")}
        return Counted(
            row.event_on, row.kind, row.owed_by, row.waiting_for, row.region, working, cannot_say=why[:500]
        )


def _differs(row: Deadline, found: Counted) -> bool:
    """Whether anything came out otherwise but the day of the counting, or is to stand elsewhere on the board."""
    if (row.aim_on, row.final_on) != counting.place_of(row, found):
        return True
    names = (item.name for item in fields(found) if item.name != "working")
    if any(getattr(row, name) != getattr(found, name) for name in names):
        return True
    return {**row.working, "counted_on": ""} != {**found.working, "counted_on": ""}


def _iso(days: dict[str, date]) -> dict[str, Any]:
    return {name: day.isoformat() for name, day in days.items()}
