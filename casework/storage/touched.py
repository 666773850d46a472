"""Which tables a query touches."""

from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Executable, TextClause
from sqlalchemy.orm import Mapper
from sqlalchemy.sql.expression import ColumnClause, Select, TableClause

from casework.storage.database import Base


def touched_by(statement: Executable) -> frozenset[str] | None:
    """The names of the tables that this query reads, wherever in it they stand; None where that cannot be told.

    It cannot for words in SQL, and where the query says itself what is to be loaded with its rows.
    """
    found: set[str] = set()
    seen: dict[int, Any] = {}  # kept, so that no number is given to another meanwhile
    to_see: list[Any] = [statement]
    while to_see:
        one = to_see.pop()
        if isinstance(one, ColumnClause):  # most of what there is; nothing hangs on one but its table
            one = one.table
        if isinstance(one, TableClause):
            found.add(one.name)
            continue  # its columns are its own
        if one is None or isinstance(one, BindParameter) or id(one) in seen:
            continue
        seen[id(one)] = one
        if isinstance(one, TextClause) or (isinstance(one, Select) and one._with_options):
            return None
        to_see += one.get_children()
    return _all_with_what_comes_along(frozenset(found))


@cache
def _all_with_what_comes_along(names: frozenset[str]) -> frozenset[str]:
    return frozenset().union(*map(_with_what_comes_along, names))


@cache
def _with_what_comes_along(name: str) -> frozenset[str]:
    """This table, and those that are always read with its rows."""
    found: set[str] = set()
    to_see = {name}
    while to_see:
        found.add(one := to_see.pop())
        to_see |= {other for mapper in _mappers(one) for other in _joined(mapper)} - found
    return frozenset(found)


def _mappers(name: str) -> list[Mapper[Any]]:
    return [one for one in Base.registry.mappers if one.local_table.name == name]  # type: ignore[attr-defined]


def _joined(mapper: Mapper[Any]) -> set[str]:
    return {one.mapper.local_table.name for one in mapper.relationships if one.lazy in ("joined", False)}  # type: ignore[attr-defined]
