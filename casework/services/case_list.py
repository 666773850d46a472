"""The list of cases: some at a time, the newest first, found by a name or a number."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import selectinload

from casework.domain.accounts import Action, Role, may
from casework.storage.database import db
from casework.storage.models import Case, CaseReference, TeamMember, User

PAGE = 50


@dataclass(frozen=True)
class CaseList:
    """Some cases. `next` is the id before which more follow."""

    cases: list[Case]
    next: int | None


def list_cases(
    actor: User, *, closed: bool = False, find: str = "", before: int | None = None, most: int = PAGE
) -> CaseList:
    """The open or the closed cases that this person works on, the newest first.

    `find` is part of a name of the person, of our reference or of a number that an office knows them by. Whoever may
    not read the story finds a case by what the list shows them, so that no number can be guessed at.
    """
    # The order is that of an index of who works on what, so that no more is read than is shown.
    query = select(Case).join(TeamMember).where(TeamMember.user_id == actor.id)
    query = query.where(Case.closed_on.is_not(None) if closed else Case.closed_on.is_(None))
    query = query.order_by(TeamMember.case_id.desc()).limit(most + 1).options(selectinload(Case.places))
    if before is not None:
        query = query.where(TeamMember.case_id < before)
    if find:
        query = query.where(or_(*_found_by(actor, find)))
    rows = list(db.session.scalars(query))
    return CaseList(rows[:most], rows[most - 1].id if len(rows) > most else None)


def _found_by(actor: User, find: str) -> list[ColumnElement[bool]]:
    """Where the text is looked for."""
    if not may(Role(actor.role), Action.READ_STORY):
        name = func.coalesce(func.nullif(Case.name_used, ""), Case.official_name)
        return [name.icontains(find, autoescape=True), Case.reference.icontains(find, autoescape=True)]
    columns = (Case.name_used, Case.official_name, Case.other_names, Case.reference)
    numbers = Case.references.any(CaseReference.value.icontains(find, autoescape=True))
    return [*(column.icontains(find, autoescape=True) for column in columns), numbers]
