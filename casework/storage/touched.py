"""Which tables a query touches."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Executable, TextClause
from sqlalchemy.orm import Load, Mapper
from sqlalchemy.orm.util import LoaderCriteriaOption
from sqlalchemy.sql.expression import ColumnClause, TableClause

from casework.storage.database import Base

# The house has over 730 kinds of query. A kind holds no value that was asked for.
MOST_KINDS = 3000
_known: dict[Any, frozenset[str] | None] = {}


def touched_by(statement: Executable) -> frozenset[str] | None:
    """The names of the tables that this query reads, wherever in it they stand; None where that cannot be told.

    It cannot for words in SQL, and where the query wants everything loaded with its rows that hangs on them. A query
    is looked through once: one of the same kind, by which SQLAlchemy knows its SQL again, reads the same tables.
    """
    key = statement._generate_cache_key()  # type: ignore[attr-defined]
    if key is None:
        return _looked_through(statement)
    kind = key.key
    if len(_known) >= MOST_KINDS and kind not in _known:
        _known.clear()
    try:
        return _known[kind]
    except KeyError:
        return _known.setdefault(kind, _looked_through(statement))


def _looked_through(statement: Executable) -> frozenset[str] | None:
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
        if isinstance(one, TextClause):
            return None
        for option in getattr(one, "_with_options", ()):
            if isinstance(option, LoaderCriteriaOption):
                to_see.append(option.where_criteria)  # it narrows, and may read other tables to do so
            elif (loaded := _loaded_by(option)) is None:
                return None
            else:
                found |= loaded
        to_see += one.get_children()
    return _all_with_what_comes_along(frozenset(found))


def _loaded_by(option: Any) -> set[str] | None:
    """The tables that the query wants loaded with its rows: the steps of its paths from one to the next."""
    if not isinstance(option, Load):
        return None
    steps = [step for element in option.context for step in element.path.path]
    if any(isinstance(step, str) and step.startswith("relationship:") for step in steps):
        return None  # whatever hangs on it
    return {name for step in steps if hasattr(step, "mapper") for name in _tables_of(step.mapper)}


def _tables_of(mapper: Mapper[Any]) -> Iterator[str]:
    yield from (table.name for table in mapper.tables if isinstance(table, TableClause))


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
