"""What is left out of every query: the rows of other groups, and what is hidden from whoever asks.

It is done here once, where rows are read, so that no list, page or file can forget to.
"""

from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, event, or_, select
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria
from sqlalchemy.orm.interfaces import ORMOption

from casework.storage.asking import Asking, now_asking
from casework.storage.database import Base
from casework.storage.models.accounts import User
from casework.storage.models.cases import TeamMember
from casework.storage.models.groups import MayBeHidden, OfAGroup

EVEN_HIDDEN = {"even_hidden": True}


@event.listens_for(Session, "do_orm_execute")
def _leave_out(asked: ORMExecuteState) -> None:
    """Narrow each query to what this group, and this person's eyes, may see; `EVEN_HIDDEN` asks for the hidden too."""
    asking = now_asking()
    if not asked.is_select or asked.is_column_load or asking == Asking():
        return
    options: list[ORMOption] = []
    if asking.group is not None:
        options += _of_group(asking.group)
        # Whoever wrote a note keeps their name under it after the case went to another group; no list shows them.
        if not asked.is_relationship_load and any(
            one.get("entity") is User for one in getattr(asked.statement, "column_descriptions", ())
        ):
            options.append(_people_of(asking.group))
    if asking.eyes is not None and not asked.execution_options.get("even_hidden"):
        options += _for_eyes(asking.eyes, asking.sees_unasked)
    asked.statement = asked.statement.options(*options)


@lru_cache(maxsize=256)
def _of_group(group: int) -> list[ORMOption]:
    return [_only(row, row.group_id == group) for row in _kinds(OfAGroup)]


@lru_cache(maxsize=256)
def _people_of(group: int) -> ORMOption:
    return _only(User, User.group_id == group)


@lru_cache(maxsize=1024)
def _for_eyes(eyes: int, sees_unasked: bool) -> list[ORMOption]:
    return [_only(row, may_see(row, eyes, sees_unasked)) for row in _kinds(MayBeHidden)]


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
