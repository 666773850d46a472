"""A case that another instance wrote, read and looked through before anything of it counts."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, BinaryIO

from sqlalchemy import Table

from casework.services.safety.case_exports import ABOUT, KIND, PAPERS, TABLES, TRAIL, WORDINGS
from casework.storage import migrate
from casework.storage.case_exports import UNSEEN, paper_names, read_value, tables_to_export
from casework.storage.sealed_files import NEWER, Opener, SealedFileError, SealedReader

STRANGE = "This file holds something that this Casework does not know, perhaps of another version. Nothing was added."
MOST_JSON_BYTES = 256 * 2**20
MOST_PAPER_BYTES = 64 * 2**20
MOST_ROWS = 1_000_000
MOST_WORDS = 200


@dataclass
class CaseFile:
    """What a file says of its case; its papers come after that, one by one."""

    people: dict[int, str]
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    trail: list[dict[str, Any]] = field(default_factory=list)
    wordings: list[dict[str, Any]] = field(default_factory=list)


def read_case_file(file: BinaryIO, opener: Opener) -> tuple[CaseFile, Iterator[tuple[str, bytes]]]:
    """The rows, and the papers still to be read, each with its name.

    Raises SealedFileError, with a sentence, for what is no such file, does not open, or holds what we do not know.
    """
    reader = SealedReader(file, KIND, opener)
    entries = reader.entries()
    try:
        found = _read_rows(entries)
        return found, _papers(entries, set(paper_names(found.rows)))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, ArithmeticError):
        raise SealedFileError(STRANGE) from None


def _read_rows(entries: Iterator[tuple[str, int, Iterator[bytes]]]) -> CaseFile:
    """Everything before the papers, in the order in which it is written."""
    about = _json(entries, ABOUT)
    if about["revision"] not in migrate.known_revisions():
        raise SealedFileError(NEWER)
    people = {_number(number): _words(name) for number, name in about["people"].items()}
    found = CaseFile(people)
    left = MOST_ROWS
    for table in tables_to_export():
        found.rows[table.name] = _rows(table, _json(entries, f"{TABLES}{table.name}"))
        left -= len(found.rows[table.name])
    if left < 0 or len(found.rows["cases"]) != 1:
        raise ValueError("not one case")
    found.trail = [_line(line) for line in _listed(_json(entries, TRAIL))]
    found.wordings = [dict(one) for one in _listed(_json(entries, WORDINGS))]
    return found


def _json(entries: Iterator[tuple[str, int, Iterator[bytes]]], expected: str) -> Any:
    name, size, parts = next(entries, ("", 0, iter(())))
    if name != expected or size > MOST_JSON_BYTES:
        raise ValueError("another entry than expected")
    return json.loads(b"".join(parts))


def _listed(value: Any) -> list[Any]:
    if not isinstance(value, list) or len(value) > MOST_ROWS:
        raise ValueError("no list")
    return value


def _rows(table: Table, value: Any) -> list[dict[str, Any]]:
    """The rows of a table. A column that the writer's version lacked is left to its default."""
    columns, rows = _listed(value["columns"]), _listed(value["rows"])
    known = {column.name: column for column in table.c}
    if len(set(columns)) != len(columns) or set(columns) - set(known):
        raise ValueError("columns that we do not know")
    if "id" not in columns:
        raise ValueError("no numbers")
    for name in set(known) - set(columns):
        column = known[name]
        if not (column.nullable or column.default is not None or column.server_default is not None):
            raise ValueError("a column is missing")
    found = [
        {name: read_value(known[name], one) for name, one in zip(columns, _listed(row), strict=True)}
        for row in rows
    ]
    if len({row["id"] for row in found}) != len(found):
        raise ValueError("a number stands twice")
    return found


def _line(line: Any) -> dict[str, Any]:
    at = datetime.fromisoformat(_words(line["at"]))
    if at.tzinfo is None or not 1900 <= at.year < 2200:
        raise ValueError("no instant")
    facts = {_words(name): _fact(value) for name, value in dict(line["facts"]).items()}
    return {"at": at, "by": _words(line["by"]), "action": _words(line["action"], 60), "facts": facts}


def _fact(value: Any) -> Any:
    """A fact of the trail: ids, kinds and counts, or a list of such."""
    if isinstance(value, list) and len(value) <= MOST_WORDS:
        return [_fact(one) if not isinstance(one, list) else str(len(one)) for one in value]
    if value is None or isinstance(value, bool):
        return value
    return _number(value) if isinstance(value, int) else _words(value, 500)


def _number(value: Any) -> int:
    number = int(value)
    if abs(number) > 2**63 - 1:
        raise ValueError("too large")
    return number


def _words(value: Any, most: int = MOST_WORDS) -> str:
    if not isinstance(value, str) or len(value) > most or UNSEEN.search(value):
        raise ValueError("no words")
    return value


def _papers(
    entries: Iterator[tuple[str, int, Iterator[bytes]]], wanted: set[str]
) -> Iterator[tuple[str, bytes]]:
    """Each paper that the rows speak of, with its name. Raises SealedFileError for any other, and where one lacks."""
    for entry, size, parts in entries:
        name = entry.removeprefix(PAPERS)
        if name not in wanted or entry == name or size > MOST_PAPER_BYTES:
            raise SealedFileError(STRANGE)
        content = b"".join(parts)
        if sha256(content).hexdigest() != name:
            raise SealedFileError(STRANGE)
        wanted.remove(name)
        yield name, content
    if wanted:
        raise SealedFileError(STRANGE)
