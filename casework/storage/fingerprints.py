"""What the rows of a database are, in a number and a hash for each table: whether two databases hold the same."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

MOST_AT_ONCE = 500


@dataclass(frozen=True)
class Fingerprint:
    """How many rows a table has, and the SHA-256 over them in the order of their key."""

    rows: int
    sha256: str


def fingerprint_of(rows: Iterable[Sequence[Any]]) -> Fingerprint:
    """The fingerprint of these rows, in this order."""
    number, seen = 0, sha256()
    for row in rows:
        number += 1
        for value in row:
            plain = _plain(value)
            seen.update(b"%d:" % len(plain) + plain)
        seen.update(b"\n")
    return Fingerprint(number, seen.hexdigest())


def fingerprints_of_file(connection: Any) -> dict[str, Fingerprint]:
    """The fingerprint of every table of an SQLite database, of whatever version, by its name."""
    names = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite^_%' ESCAPE '^' ORDER BY name"
    ).fetchall()
    return {name: fingerprint_of(_rows(connection, name)) for (name,) in names}


def _rows(connection: Any, table: str) -> Iterable[Sequence[Any]]:
    columns = connection.execute(f'PRAGMA table_info("{table}")').fetchall()
    key = [f'"{column[1]}"' for column in sorted(columns, key=lambda one: one[5]) if column[5]]
    named = ", ".join(f'"{name}"' for name in sorted(column[1] for column in columns))
    cursor = connection.execute(f'SELECT {named} FROM "{table}" ORDER BY {", ".join(key) or "rowid"}')  # noqa: S608
    while some := cursor.fetchmany(MOST_AT_ONCE):
        yield from some


def _plain(value: Any) -> bytes:
    """The value as bytes that no value of another kind or meaning has."""
    match value:
        case None:
            return b"n"
        case bool() | int():
            return b"i%d" % value
        case float():
            return b"f" + repr(value).encode()
        case str():
            return b"s" + value.encode("utf-8", "surrogatepass")
        case bytes():
            return b"b" + value
        case datetime() | date():
            return b"d" + value.isoformat().encode()
    return b"j" + json.dumps(value, sort_keys=True, ensure_ascii=False).encode("utf-8", "surrogatepass")
