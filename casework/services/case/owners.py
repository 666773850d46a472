"""Who takes care of a date: given on its page, and let go when somebody leaves. Several at once: `hands`."""

from typing import Any

from sqlalchemy import select, update

from casework.domain.errors import CaseworkError, NotFound, OutOfDate
from casework.domain.timing.diary import EntrySource
from casework.services.case import task_owners
from casework.services.case.things import IN_DIARY, KINDS
from casework.services.parliament import next_contacts
from casework.services.safety import audit
from casework.storage.database import db
from casework.storage.models import Case, Deadline, FollowUp, PlanTask, SurgeryVisit, User

TABLES: dict[EntrySource, Any] = {source: KINDS[kind].table for source, kind in IN_DIARY.items()}
OPEN = {source: KINDS[kind].is_open for source, kind in IN_DIARY.items()}
# What somebody's role has to carry who takes care of such a date.
NEEDED = {source: KINDS[kind].needs for source, kind in IN_DIARY.items()}
# Dates that a rule made tell what happened to the person; a visit and a promise are for whoever goes there.
OF_THE_STORY = frozenset({EntrySource.DEADLINE})


def give(
    case: Case, source: EntrySource, row_id: int, owner_id: int | None, seen: int | None, actor: User
) -> None:
    """Say who takes care of a date, or with None that nobody does yet, and save it.

    Raises CaseworkError for somebody who does not work on the case, and OutOfDate when it is not as it was `seen`.
    """
    row = get(case, source, row_id)
    if owner_id is not None and owner_id not in {person.id for person in people(case, source)}:
        raise CaseworkError("Choose somebody who works on this case.", field="owner")
    table = TABLES[source]
    change = (
        update(table)
        .where(table.id == row_id, OPEN[source], table.owner_id.is_not_distinct_from(seen))
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
    table = TABLES[source]
    row: Deadline | FollowUp | SurgeryVisit | None = db.session.scalar(
        select(table).where(table.id == row_id, table.case_id == case.id)
    )
    if row is None:
        raise NotFound("There is no such date in this case.")
    return row


def people(case: Case, source: EntrySource) -> list[User]:
    """Who may take care of such a date of this case: those on its team who can sign in and do what it asks."""
    return [one.user for one in case.team if one.user.may(NEEDED[source])]


def let_go(user: User, case: Case | None = None, *, only: frozenset[EntrySource] = frozenset(TABLES)) -> int:
    """How many open dates nobody takes care of any more, because this person left the case, or the group.

    Without saving it yet.
    """
    count = 0
    for source, table in TABLES.items():
        if source not in only:
            continue
        change = update(table).where(table.owner_id == user.id, OPEN[source])
        if case is not None:
            change = change.where(table.case_id == case.id)
        count += len(db.session.scalars(change.values(owner_id=None).returning(table.id)).all())
    if EntrySource.FOLLOW_UP in only:  # what the plan gives somebody to do is for all of the team to see
        count += move_tasks(user.id, None, case)
    if only == frozenset(TABLES):
        next_contacts.let_go(user, case)
    return count


def move_tasks(owner_id: int, to_id: int | None, case: Case | None) -> int:
    """Give this person's tasks, of the plan and of the case, to another or to nobody; how many. The caller saves."""
    change = update(PlanTask).where(PlanTask.owner_id == owner_id, PlanTask.done_on.is_(None))
    if case is not None:
        change = change.where(PlanTask.case_id == case.id)
    moved = len(db.session.scalars(change.values(owner_id=to_id).returning(PlanTask.id)).all())
    return moved + task_owners.move(owner_id, to_id, case)


def _record(actor: User, case: Case, source: EntrySource, row_id: int, owner_id: int | None) -> None:
    action = "date taken care of" if owner_id else "date taken care of by nobody"
    facts: dict[str, Any] = {KINDS[IN_DIARY[source]].fact: row_id}
    audit.record(action, actor, case, user=owner_id, **facts)
