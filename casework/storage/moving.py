"""Carrying everything from one database to another of whatever kind: all of it and the same, or nothing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, Integer, Table, func, insert, inspect, select, text, update
from sqlalchemy.exc import OperationalError

from casework.domain.errors import CaseworkError
from casework.storage import (
    hosted,
    models,  # noqa: F401 every table
)
from casework.storage.asking import every_group
from casework.storage.database import Base
from casework.storage.fingerprints import Fingerprint, fingerprint_of
from casework.storage.search_tables import REMADE

AT_ONCE = 500
REVISION = "alembic_version"
# What is in use has rows in these; they are never emptied.
SOMEBODY_S = ("users", "cases", "audit_events")


@dataclass(frozen=True)
class Moved:
    """What was carried over, table by table: the same here and there."""

    tables: dict[str, Fingerprint]

    @property
    def rows(self) -> int:
        """How many rows they are together."""
        return sum(one.rows for one in self.tables.values())


def move(
    source: Engine,
    target: Engine,
    after_each: Callable[[str, int], None] = lambda table, rows: None,
    at_last: Callable[[Connection], None] = lambda into: None,
    *,
    while_in_use: bool = False,
) -> Moved:
    """Copy every row of every table, and compare both sides before anything counts.

    The target has the tables of today, as migrations make them, and neither people nor cases in them; what migrations
    or a first start put there gives way. Nobody can write to the source meanwhile; `while_in_use` copies it as it is
    at one moment instead, and lets others go on, which PostgreSQL can. All happens in one transaction of the target,
    and what `at_last` does there too: a machine that stops in the middle leaves it as it was. Raises CaseworkError
    when the two do not fit.
    """
    with every_group(), source.connect() as out, target.begin() as into:
        if while_in_use:
            out.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        else:
            _let_nobody_write(out)
        _refuse_what_does_not_fit(out, into)
        for table in _carried():
            after_each(table.name, _copy(table, out, into))
        _restart_numbers(into)
        before, after = fingerprints(out), fingerprints(into)
        if before != after:
            wrong = sorted(name for name in before if before[name] != after[name])
            raise CaseworkError(f"Not everything arrived the same, so nothing was kept: {', '.join(wrong)}.")
        at_last(into)
    return Moved(after)


def fingerprints(connection: Connection) -> dict[str, Fingerprint]:
    """The fingerprint of every table, the same for the same rows in whatever database."""
    return {
        table.name: fingerprint_of(tuple(row) for row in _rows(table, connection)) for table in _carried()
    }


def _carried() -> list[Table]:
    """Every table but those that the other database makes from the others by itself."""
    return [table for table in Base.metadata.sorted_tables if table.name not in REMADE]


def refuse_what_is_in_use(into: Connection) -> None:
    """Raises CaseworkError when the other database, as it is before anything is made there, is not empty."""
    names = inspect(into).get_table_names()
    if names and REVISION not in names:
        raise CaseworkError(
            "There are tables of another program in the other database. Make a new, empty one."
        )
    tables = Base.metadata.tables
    full = [
        name
        for name in SOMEBODY_S
        if name in names and into.execute(select(tables[name].c.id).limit(1)).first() is not None
    ]
    if full:
        raise CaseworkError(f"There is something in the other database already: {', '.join(full)}.")


def _let_nobody_write(out: Connection) -> None:
    """Have whoever wants to write wait until this connection is given back. Reading goes on."""
    try:
        if hosted.is_postgres(out):
            hosted.write_alone(out)
        else:
            out.exec_driver_sql("BEGIN IMMEDIATE")
    except OperationalError:
        raise CaseworkError("Somebody is writing at this moment. Stop Casework, and try again.") from None


def _refuse_what_does_not_fit(out: Connection, into: Connection) -> None:
    there, here = _revision(out), _revision(into)
    if there != here:
        raise CaseworkError(
            f"The two have different tables ({there or 'none'} and {here or 'none'}). Bring both up to date first."
        )
    tables = Base.metadata.tables
    full = [name for name in SOMEBODY_S if into.execute(select(tables[name]).limit(1)).first() is not None]
    if full:
        raise CaseworkError(f"There is something in the other database already: {', '.join(full)}.")
    for table in reversed(Base.metadata.sorted_tables):
        if table.name not in SOMEBODY_S:
            into.execute(table.delete())


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table(REVISION):
        return None
    found: str | None = connection.execute(text(f"SELECT version_num FROM {REVISION}")).scalar()  # noqa: S608
    return found


def _rows(table: Table, connection: Connection) -> Iterator[Any]:
    """The rows in the order of their key, some at a time."""
    query = select(table).order_by(*table.primary_key).execution_options(yield_per=AT_ONCE)
    yield from connection.execute(query)


def _copy(table: Table, out: Connection, into: Connection) -> int:
    """How many rows were copied. What leads to a row of the same table is set when all of them are there."""
    own = [key.parent for key in table.foreign_keys if key.column.table is table]
    number, later, some = 0, [], list[dict[str, Any]]()
    for row in _rows(table, out):
        values = dict(row._mapping)
        led = {column.name: values[column.name] for column in own if values[column.name] is not None}
        if led:
            later.append((values["id"], led))
            values |= dict.fromkeys(led)
        some.append(values)
        number += 1
        if len(some) == AT_ONCE:
            into.execute(insert(table), some)
            some = []
    if some:
        into.execute(insert(table), some)
    for row_id, led in later:
        into.execute(update(table).where(table.c.id == row_id).values(led))
    return number


def _restart_numbers(into: Connection) -> None:
    """Have the next row of each table get a number that none has, and never had where that matters."""
    if into.dialect.name != "postgresql":
        return  # SQLite counts on from the highest
    for table in Base.metadata.sorted_tables:
        column = table.primary_key.columns[0]
        if len(table.primary_key.columns) == 1 and isinstance(column.type, Integer):
            highest = into.execute(select(func.max(column))).scalar() or 0
            sequence = into.execute(
                text("SELECT pg_get_serial_sequence(:table, :column)"),
                {"table": table.name, "column": column.name},
            ).scalar()
            if sequence:
                into.execute(
                    text("SELECT setval(:name, :to, true)"), {"name": sequence, "to": max(highest, 1)}
                )
