"""Who takes care of a date, given on its page; and all that somebody has in hand, moved when they leave.

Several things at once: `hands`.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import delete, select, update

from casework.domain.case.hands import ThingKind
from casework.domain.errors import CaseworkError, NotFound, OutOfDate
from casework.domain.timing.diary import EntrySource
from casework.services.case.things import IN_DIARY, KINDS
from casework.services.parliament import next_contacts
from casework.services.safety import audit
from casework.storage.database import db
from casework.storage.models import Case, Deadline, FollowUp, SurgeryVisit, User

# What somebody's role has to carry who takes care of such a date.
NEEDED = {source: KINDS[kind].needs for source, kind in IN_DIARY.items()}


def give(
    case: Case, source: EntrySource, row_id: int, owner_id: int | None, seen: int | None, actor: User
) -> None:
    """Say who takes care of a date, or with None that nobody does yet, and save it.

    Raises CaseworkError for somebody who does not work on the case, and OutOfDate when it is not as it was `seen`.
    """
    row = get(case, source, row_id)
    if owner_id is not None and owner_id not in {person.id for person in people(case, source)}:
        raise CaseworkError("Choose somebody who works on this case.", field="owner")
    kept = KINDS[IN_DIARY[source]]
    table = kept.table
    change = (
        update(table)
        .where(table.id == row_id, kept.is_open, table.owner_id.is_not_distinct_from(seen))
        .values(owner_id=owner_id)
        .returning(table.id)
    )
    if db.session.scalar(change) is None:
        db.session.refresh(row)
        now = row.owner.name if row.owner else "nobody"
        raise OutOfDate(
            f"This changed meanwhile: {now} takes care of it now, or it is settled. Look, and choose again."
        )
    _record(actor, case, source, row_id, owner_id)
    db.session.commit()


def get(case: Case, source: EntrySource, row_id: int) -> Deadline | FollowUp | SurgeryVisit:
    """One of the dates of this case. Raises NotFound."""
    table = KINDS[IN_DIARY[source]].table
    row: Deadline | FollowUp | SurgeryVisit | None = db.session.scalar(
        select(table).where(table.id == row_id, table.case_id == case.id)
    )
    if row is None:
        raise NotFound("There is no such date in this case.")
    return row


def people(case: Case, source: EntrySource) -> list[User]:
    """Who may take care of such a date of this case: those on its team who can sign in and do what it asks."""
    return [one.user for one in case.team if one.user.may(NEEDED[source])]


def let_go(user: User, case: Case | None = None, *, only: Collection[ThingKind] = tuple(ThingKind)) -> int:
    """How many open things nobody takes care of any more, because this person left the case, or the group.

    Without saving it yet. Where it is no one case, it is nobody's turn to speak with an MP either.
    """
    if case is None and ThingKind.CONTACT in only:
        next_contacts.let_go_of_members(user)
    return sum(move(kind, user.id, None, case) for kind in only)


def move(kind: ThingKind, owner_id: int, to_id: int | None, case: Case | None) -> int:
    """Give what is open of a kind and this person's to another, or to nobody; how many. Not saved yet."""
    kept = KINDS[kind]
    table = kept.table
    mine = [table.owner_id == owner_id, kept.is_open, *([table.case_id == case.id] if case else [])]
    if kind is ThingKind.SHARE and to_id is None:  # nobody's is one that has no row
        change: Any = delete(table).where(*mine).returning(table.id)
    else:
        change = update(table).where(*mine).values(owner_id=to_id).returning(table.id)
    return len(db.session.scalars(change).all())


def _record(actor: User, case: Case, source: EntrySource, row_id: int, owner_id: int | None) -> None:
    action = "date taken care of" if owner_id else "date taken care of by nobody"
    facts: dict[str, Any] = {KINDS[IN_DIARY[source]].fact: row_id}
    audit.record(action, actor, case, user=owner_id, **facts)
