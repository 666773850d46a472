"""A database as an older Casework left it, with a row in every table."""

import re
from collections.abc import Sequence

from alembic import command
from sqlalchemy import Connection, RowMapping, text

from casework.storage.migrate import _config

# What a column of this type may hold.
HOLDS = {
    "BOOLEAN": 1,
    "INTEGER": 1,
    "DATETIME": "2026-03-01 12:30:00.000000",
    "DATE": "2026-03-01",
    "BLOB": b"\x00x",
    "JSON": "{}",
}


def upgrade_to(connection: Connection, revision: str) -> None:
    """Make the tables of this revision, or bring those that are there to it."""
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def fill(connection: Connection) -> dict[str, int]:
    """Put a row into every table that is there, each of which leads to the others, and count the rows of each."""
    connection.execute(text("PRAGMA defer_foreign_keys=on"))
    for table, rows in counts(connection).items():
        if rows or table == "alembic_version":
            continue
        leads_on = {row["from"] for row in _told(connection, "foreign_key_list", table)}
        row = {
            column["name"]: 1
            if column["name"] in leads_on
            else _something(column["name"], column["type"], table)
            for column in _told(connection, "table_info", table)
        }
        names, values = ", ".join(f'"{name}"' for name in row), ", ".join(f":{name}" for name in row)
        connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({values})"), row)
    return counts(connection)


def counts(connection: Connection) -> dict[str, int]:
    """How many rows each table has."""
    tables = connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'table'")).all()
    each = " UNION ALL ".join(f"SELECT '{name}', count(*) FROM {name}" for name in tables)
    return {row[0]: row[1] for row in connection.execute(text(each))}


def _something(column: str, kind: str, table: str) -> object:
    """A value that this column may hold."""
    length = int(found[0]) if (found := re.findall(r"\d+", kind)) else 60
    return HOLDS.get(kind, f"{table} {column}"[:length])


def _told(connection: Connection, what: str, table: str) -> Sequence[RowMapping]:
    return connection.execute(text(f"PRAGMA {what}({table})")).mappings().all()
