"""A row with every row that is part of it, as JSON and back: what the bin keeps of a deleted thing."""

import json
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select

from casework.storage import row_values
from casework.storage.asking import every_group
from casework.storage.database import Base

Tree = list[list[Any]]


class OfNoUse(Exception):
    """These rows are not, or no longer, of the group that asks for them."""


def read(connection: Connection, table: Table, row_id: int) -> bytes:
    """The row and all that hangs on it by a foreign key that deletes with it, the row itself first."""
    return json.dumps(_rows(connection, table, [row_id])).encode()


def first_row(content: bytes) -> dict[str, Any]:
    """The columns of the row itself."""
    tree: Tree = json.loads(content)
    name, kept = tree[0]
    return _plain(Base.metadata.tables[name], kept)


def changed(content: bytes, change: Callable[[str, dict[str, Any]], None]) -> bytes:
    """The same rows, once each was given to `change` with the name of its table, as JSON has it."""
    tree: Tree = json.loads(content)
    for name, kept in tree:
        change(name, kept)
    return json.dumps(tree).encode()


def put_back(connection: Connection, content: bytes) -> int:
    """Insert these rows again, and return the id of the first: its old one, unless another row has it by now.

    Raises IntegrityError where a row that they need is gone, and OfNoUse where it is another group's.
    """
    moved: dict[tuple[str, int], int] = {}
    first = 0
    for name, kept in json.loads(content):
        table = Base.metadata.tables[name]
        row = _plain(table, kept)
        old = row["id"]
        for key in table.foreign_keys:
            there = (key.column.table.name, row.get(key.parent.name))
            row[key.parent.name] = moved.get(there, row.get(key.parent.name))  # type: ignore[arg-type]
        with every_group():  # whoever wrote it may be of a group that had the case before
            if connection.execute(select(table.c.id).where(table.c.id == old)).first() is not None:
                del row["id"]
            made = connection.execute(insert(table).values(**row).returning(table.c.id)).scalar_one()
        if connection.execute(select(table.c.id).where(table.c.id == made)).first() is None:
            raise OfNoUse
        moved[(name, old)] = made
        first = first or made
    return first


def remove(connection: Connection, table: Table, row_id: int) -> None:
    """Delete the row; what hangs on it goes with it."""
    connection.execute(delete(table).where(table.c.id == row_id))


def _rows(connection: Connection, table: Table, ids: list[int]) -> Tree:
    found: Tree = []
    for row in connection.execute(select(table).where(table.c.id.in_(ids)).order_by(table.c.id)).mappings():
        found.append([table.name, {key: row_values.written(value) for key, value in row.items()}])
    if not found:
        return found
    for other in Base.metadata.sorted_tables:
        for key in other.foreign_keys:
            if key.column.table is table and key.ondelete == "CASCADE":
                hanging = connection.execute(select(other.c.id).where(key.parent.in_(ids))).scalars().all()
                found += _rows(connection, other, list(hanging)) if hanging else []
    return found


def _plain(table: Table, kept: dict[str, Any]) -> dict[str, Any]:
    """The row as it was. A column that is no more is left out; a new one takes its default."""
    return {name: row_values.read(table.c[name], value) for name, value in kept.items() if name in table.c}
