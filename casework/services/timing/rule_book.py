"""The rule book of this group: the program's own with the changes that the group made."""

from collections.abc import Iterable

from flask import current_app, has_app_context
from sqlalchemy import func, select

from casework.domain.errors import SettingsError
from casework.reference.changed_book import changed_book
from casework.reference.rule_book import RuleBook
from casework.reference.rule_book import rule_book as published
from casework.reference.rule_changes import Change, ChangeKind, from_json
from casework.storage.database import db
from casework.storage.models import RuleChange

IN_FORCE = RuleChange.withdrawn_at.is_(None)
# Rows are only ever added and withdrawn, each at its instant, so these tell one state of the table from all others.
_STAMP = select(
    func.max(RuleChange.id),
    func.max(RuleChange.made_at),
    func.count(RuleChange.withdrawn_at),
    func.max(RuleChange.withdrawn_at),
)


def rule_book() -> RuleBook:
    """The book by which this instance counts; outside an instance, the program's own.

    It is made once in a process and again when a change was made or withdrawn, here or in another process. One
    transaction asks once, and sees one book.
    """
    if not has_app_context():
        return published()
    transaction = db.session().get_transaction()
    asked_in, book = db.session.info.get("rule book", (None, None))
    if book is not None and asked_in is not None and asked_in is transaction:
        return book
    with db.session.no_autoflush:
        stamp = tuple(db.session.execute(_STAMP).one())
    made_for, book = current_app.extensions.get("rule book", (None, None))
    if made_for != stamp:
        book = book_of(in_force())
        current_app.extensions["rule book"] = stamp, book
    db.session.info["rule book"] = db.session().get_transaction(), book
    return book


def look_again() -> None:
    """Have the next call look at the table again: a change was added or withdrawn in this transaction."""
    db.session.info.pop("rule book", None)


def in_force() -> list[RuleChange]:
    """The changes that count, the oldest first."""
    return list(db.session.scalars(select(RuleChange).where(IN_FORCE).order_by(RuleChange.id)))


def book_of(rows: Iterable[RuleChange]) -> RuleBook:
    """The program's book with these changes. Raises SettingsError, with the mend, when one does not fit any more."""
    try:
        return changed_book([change_of(row) for row in rows])
    except SettingsError as error:
        raise SettingsError(
            f"A change that this group made no longer fits Casework’s rules. {error.message} "
            "`casework rules` lists the changes; `casework rules withdraw NUMBER --by NAME` takes one back."
        ) from None


def change_of(row: RuleChange) -> Change:
    """What a row tells of."""
    return Change(
        ChangeKind(row.kind),
        row.key,
        from_json(row.facts),
        row.why,
        row.signed_by,
        row.signed_on,
        f"change {row.id}",
    )
