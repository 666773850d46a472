"""Rules and bank holidays that the group adds, changes or takes back, by a page or by its file."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from casework import clock
from casework.domain.case.moves import Move
from casework.domain.errors import CaseworkError, NotFound, SettingsError
from casework.domain.timing.deadline_rules import DeadlineRule
from casework.reference.changed_book import changed_book, read_file
from casework.reference.rule_book import RuleBook
from casework.reference.rule_book import rule_book as published
from casework.reference.rule_changes import FILE_NAME, Change, ChangeKind, as_json, sort_out
from casework.services.safety import audit
from casework.services.timing.recounting import (
    PROGRAM_UPDATED,
    Reason,
    Recounted,
    foresee,
    is_counted_by,
    recount,
)
from casework.services.timing.rule_book import book_of, change_of, in_force, look_again, rule_book
from casework.storage.asking import every_group
from casework.storage.database import db
from casework.storage.instance import Instance, starting_alone
from casework.storage.models import RuleChange, TeamMember, User

FILE, FORM = "file", "form"
DONE = {
    ChangeKind.RULE: "rule changed",
    ChangeKind.HOLIDAY: "bank holiday added",
    ChangeKind.NO_HOLIDAY: "bank holiday taken out",
}


@dataclass(frozen=True)
class Foreseen:
    """A date of a case that one works on, and how it would move."""

    reference: str
    person: str
    title: str
    move: Move


@dataclass(frozen=True)
class Forecast:
    """What a change would move: the dates of one's own cases, and how many there are in others."""

    seen: tuple[Foreseen, ...]
    elsewhere: int


@dataclass(frozen=True)
class Adopted:
    """What came of reading the file: how many changes are new, how many were taken back, how many dates moved."""

    added: int
    withdrawn: int
    moved: int


def list_changes(*, withdrawn: bool = False) -> list[RuleChange]:
    """The changes in force, or those that were taken back; the newest first."""
    taken_back = RuleChange.withdrawn_at.is_not(None)
    query = select(RuleChange).where(taken_back if withdrawn else ~taken_back).order_by(RuleChange.id.desc())
    return list(db.session.scalars(query))


def get_change(change_id: int) -> RuleChange:
    """One of the changes. Raises NotFound."""
    row = db.session.get(RuleChange, change_id)
    if row is None:
        raise NotFound("There is no such change.")
    return row


def foresee_change(change: Change, actor: User) -> Forecast:
    """What would move with this change. Raises CaseworkError when it does not fit the rules."""
    return _forecast(_book_with(change), _made(change), actor)


def foresee_withdrawal(row: RuleChange, actor: User) -> Forecast:
    """What would move without this change. Raises CaseworkError when it cannot be taken back here."""
    return _forecast(_book_without(row), _withdrawn(row), actor)


def compare_lengths(change: Change) -> list[tuple[str, str, str]]:
    """The lengths of the rule that a change is about: what each is for, as it is, and as it would be."""
    if change.kind is not ChangeKind.RULE:
        return []
    before, after = rule_book().rules.get(change.key), _book_with(change).rules[change.key]
    was, now = (_lengths(rule) if rule else {} for rule in (before, after))
    return [(label, was.get(label, ""), now.get(label, "")) for label in dict.fromkeys([*was, *now])]


def overtaken() -> set[int]:
    """The ids of the changes of rules that the program itself looked over since: they may not be needed any more."""
    own = published().rules
    return {
        row.id
        for row in in_force()
        if row.kind == ChangeKind.RULE and row.key in own and own[row.key].checked_on > row.signed_on
    }


def add_change(change: Change, actor: User) -> int:
    """How many dates moved with this change, which counts from now on. Raises CaseworkError when it does not fit."""
    _book_with(change)
    row = _add(change, FORM, actor)
    return _counted_anew([_made(change, row)], actor)


def add_published(changes: Sequence[Change]) -> int:
    """The same for bank holidays that were read from where they are published, each signed by who answers for it."""
    for change in changes:
        _book_with(change)
    rows = [_add(change, FORM) for change in changes]
    reasons = [_made(change, row) for change, row in zip(changes, rows, strict=True)]
    return _counted_anew(reasons, None, changes[0].signed_by) if changes else 0


def withdraw(row: RuleChange, actor: User | None, by: str = "") -> int:
    """How many dates moved now that this change is taken back. Raises CaseworkError when it cannot be, here."""
    _book_without(row)
    reasons = [_withdrawn(row), *([] if _counted_by_now() else [Reason(PROGRAM_UPDATED)])]
    _take_back(row, actor.name if actor else by)
    audit.record("rule change withdrawn", actor, signed=by, change=row.id)
    db.session.flush()
    return _counted_anew(reasons, actor, by)


def bring_up_to_date(instance: Instance) -> Adopted:
    """Count open dates anew when the program's book is another than last time, and take over the group's file.

    Raises SettingsError, with the mend, when the file or a kept change is malformed.
    """
    with starting_alone(instance.settings.instance):
        book = book_of(in_force())
        if not is_counted_by(book):
            recount(book, [Reason(PROGRAM_UPDATED)], None, "Casework")
            db.session.commit()
        return _adopt(read_file(instance.settings.instance / FILE_NAME))


def _adopt(entries: Sequence[Change]) -> Adopted:
    """Make the changes that came from the file those that stand in it now."""
    rows = in_force()
    sorted_out = sort_out([(row.origin == FILE, change_of(row)) for row in rows], entries)
    gone = [rows[index] for index in sorted_out.gone]
    if not (gone or sorted_out.new):
        return Adopted(0, 0, 0)
    for row in gone:
        _take_back(row, FILE_NAME)
        audit.record("rule change withdrawn", None, signed=f"{row.signed_by} ({FILE_NAME})", change=row.id)
    added = [_add(change, FILE) for change in sorted_out.new]
    replaced = {(row.kind, row.key) for row in added}
    reasons = [_made(change, row) for change, row in zip(sorted_out.new, added, strict=True)]
    reasons += [_withdrawn(row) for row in gone if (row.kind, row.key) not in replaced]
    return Adopted(len(added), len(gone), _counted_anew(reasons, None, FILE_NAME))


def _counted_anew(reasons: Sequence[Reason], actor: User | None, signed: str = "") -> int:
    """How many dates moved with what was just written; all of it saved.

    The book is made after writing, when nobody else can write: of two changes at once the second sees the first.
    """
    look_again()
    moved = recount(book_of(in_force()), reasons, actor, signed)
    db.session.commit()
    return moved


def _add(change: Change, origin: str, actor: User | None = None) -> RuleChange:
    row = RuleChange(
        kind=change.kind, key=change.key, facts=as_json(change.facts), why=change.why, origin=origin,
        signed_by=change.signed_by, signed_on=change.signed_on, made_at=clock.now(),
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    signed = f"{change.signed_by} ({FILE_NAME})"
    audit.record(DONE[change.kind], actor, signed=signed, change=row.id, about=change.key)
    return row


def _take_back(row: RuleChange, by: str) -> None:
    row.withdrawn_at, row.withdrawn_by = clock.now(), by


def _counted_by_now() -> bool:
    """Whether the open dates are counted by the book of now, and not by that of an older Casework."""
    try:
        return is_counted_by(book_of(in_force()))
    except SettingsError:
        return False


def _book_with(change: Change) -> RuleBook:
    try:
        return changed_book([*(change_of(row) for row in in_force()), change])
    except SettingsError as error:
        raise CaseworkError(error.message, field=error.field) from None


def _book_without(row: RuleChange) -> RuleBook:
    if row.withdrawn_at:
        raise CaseworkError("This change was taken back already.")
    if row.origin == FILE:
        raise CaseworkError(
            f"This change stands in the file {FILE_NAME}. Take it out of there; the next start takes it back."
        )
    try:
        return changed_book([change_of(one) for one in in_force() if one.id != row.id])
    except SettingsError as error:
        raise CaseworkError(f"Another change needs this one. {error.message}") from None


def _lengths(rule: DeadlineRule) -> dict[str, str]:
    if rule.variants:
        return {one.label: str(one.length) for one in rule.variants.values()}
    return {"": str(rule.length) if rule.length else "no length"}


def _made(change: Change, row: RuleChange | None = None) -> Reason:
    return Reason(change=change, change_id=row.id if row else None)


def _withdrawn(row: RuleChange) -> Reason:
    return Reason(change=change_of(row), change_id=row.id, taken_back=True)


def _forecast(book: RuleBook, reason: Reason, actor: User) -> Forecast:
    own = set(db.session.scalars(select(TeamMember.case_id).where(TeamMember.user_id == actor.id)))
    with every_group():  # a rule counts for everybody on the machine
        moved = [one for one in foresee(book, [reason]) if one.moved]
        seen = [_foreseen(one, reason) for one in moved if one.row.case_id in own]
    return Forecast(tuple(seen), len(moved) - len(seen))


def _foreseen(one: Recounted, reason: Reason) -> Foreseen:
    case = one.row.case
    title = one.row.working.get("name") or one.row.rule_key
    return Foreseen(case.reference, case.person_name, title, one.move([reason]))
