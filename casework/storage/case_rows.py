"""Which rows belong to a case, read off the foreign keys: a table that is added later is never forgotten."""

from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, or_, select

from casework.storage import models
from casework.storage.database import Base

CASES: Table = models.Case.__table__


@cache
def tables_of_a_case() -> tuple[Table, ...]:
    """The tables whose rows belong to one case each: the case itself first, and each after those it hangs on."""
    found: list[Table] = [CASES]
    for table in Base.metadata.sorted_tables:
        if table is not CASES and _parents(table, found):
            found.append(table)
    return tuple(found)


def rows_of(table: Table, case_id: int) -> Select[Any]:
    """The query of the rows of this table that belong to this case, in the order of their ids.

    Raises ValueError for a table whose rows belong to no case.
    """
    return select(table).where(belongs(table, case_id)).order_by(*table.primary_key)


def belongs(table: Table, case_id: int) -> ColumnElement[bool]:
    """What a statement asks of a row of this table so that it belongs to this case."""
    if table is CASES:
        return CASES.c.id == case_id
    if "case_id" in table.c:
        return table.c.case_id == case_id
    parents = _parents(table, tables_of_a_case())
    if not parents:
        raise ValueError(f"The rows of {table.name} belong to no case.")
    return or_(
        *(column.in_(select(parent.c.id).where(belongs(parent, case_id))) for column, parent in parents)
    )


def _parents(table: Table, known: Any) -> list[tuple[Any, Table]]:
    """The columns that make a row of this table part of a row of a known one, each with that table.

    A row is part of what it is erased with; one that may stand without it only speaks of it.
    """
    return [
        (key.parent, key.column.table)
        for key in table.foreign_keys
        if key.column.table in known and key.ondelete == "CASCADE"
    ]
