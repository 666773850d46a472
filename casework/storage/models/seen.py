"""What is left out of every query: the rows of other groups, what is hidden from whoever asks, and who stopped.

It is done here once, where rows are read, so that no list, page or file can forget to.
"""

from functools import cache, lru_cache
from typing import Any

from sqlalchemy import ColumnElement, TextClause, TextualSelect, event, or_, select
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria
from sqlalchemy.orm.interfaces import ORMOption

from casework.storage.asking import now_asking
from casework.storage.database import Base
from casework.storage.models.accounts import User
from casework.storage.models.cases import TeamMember
from casework.storage.models.groups import MayBeHidden, OfAGroup
from casework.storage.models.supporters import SignUp
from casework.storage.touched import touched_by

EVEN_HIDDEN = {"even_hidden": True}


@event.listens_for(Session, "do_orm_execute")
def _leave_out(asked: ORMExecuteState) -> None:
    """Narrow each query to what this group, and this person's eyes, may see, without those who stopped.

    `EVEN_HIDDEN` asks for the hidden too, and `EVEN_STOPPED` for who stopped. Words in SQL say so themselves.
    """
    if not asked.is_select or asked.is_column_load or isinstance(asked.statement, TextClause | TextualSelect):
        return
    asking, how = now_asking(), asked.execution_options
    conditions = _conditions(
        asking.group,
        None if how.get("even_hidden") else asking.eyes,
        asking.sees_unasked,
        bool(how.get("even_stopped")),
    )
    # Only what is on a table that the query touches: each condition costs as much as a small query does.
    tables = touched_by(asked.statement)
    options = [one for name, some in conditions.items() if tables is None or name in tables for one in some]
    # Whoever wrote a note keeps their name under it after the case went to another group; no list shows them.
    if asking.group is not None and (tables is None or User.__tablename__ in tables) and _lists_people(asked):
        options.append(_people_of(asking.group))
    if options:
        asked.statement = asked.statement.options(*options)


def _lists_people(asked: ORMExecuteState) -> bool:
    return not asked.is_relationship_load and any(
        one.get("entity") is User for one in getattr(asked.statement, "column_descriptions", ())
    )


@lru_cache(maxsize=1024)
def _conditions(
    group: int | None, eyes: int | None, sees_unasked: bool, even_stopped: bool
) -> dict[str, tuple[ORMOption, ...]]:
    """The conditions on each table. `eyes` are None for whoever sees what is hidden."""
    found: dict[str, tuple[ORMOption, ...]] = {}
    for kind in (
        {} if even_stopped else {SignUp.__tablename__: _not_stopped()},
        {} if group is None else _of_group(group),
        {} if eyes is None else _for_eyes(eyes, sees_unasked),
    ):
        for name, option in kind.items():
            found[name] = (*found.get(name, ()), option)
    return found


@cache
def _not_stopped() -> ORMOption:
    return _only(SignUp, SignUp.stopped_at.is_(None))


@lru_cache(maxsize=256)
def _of_group(group: int) -> dict[str, ORMOption]:
    return {row.__tablename__: _only(row, row.group_id == group) for row in _kinds(OfAGroup)}


@lru_cache(maxsize=256)
def _people_of(group: int) -> ORMOption:
    return _only(User, User.group_id == group)


@lru_cache(maxsize=1024)
def _for_eyes(eyes: int, sees_unasked: bool) -> dict[str, ORMOption]:
    return {row.__tablename__: _only(row, may_see(row, eyes, sees_unasked)) for row in _kinds(MayBeHidden)}


def _only(row: Any, condition: ColumnElement[bool]) -> ORMOption:
    """Have a query see only such rows of this table.

    It does not stay with what was found: who asks for its other rows later is looked at then, and may be another.
    """
    return with_loader_criteria(row, condition, include_aliases=True, propagate_to_loaders=False)


def _kinds(of: type) -> list[Any]:
    """The tables whose rows are such."""
    return [one.class_ for one in Base.registry.mappers if issubclass(one.class_, of)]


def may_see(row: Any, eyes: int, sees_unasked: bool) -> ColumnElement[bool]:
    """What a query asks of a row that may be hidden, so that this person may see it."""
    member = TeamMember.__table__.alias()
    told: ColumnElement[bool] = member.c.sees.contains(row.hidden)
    if sees_unasked:
        told = or_(member.c.sees.is_(None), told)
    on_team = select(member.c.id).where(member.c.case_id == row.case_id, member.c.user_id == eyes, told)
    return or_(row.hidden.is_(None), on_team.correlate_except(member).exists())
