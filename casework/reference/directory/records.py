"""What a compiled directory holds, and the file it is written to: tables, one line a row, columns named once."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

from casework.domain.errors import CaseworkError
from casework.domain.parliament.directory import (
    Constituency,
    Fact,
    Member,
    PlaceOfDetention,
    Release,
    ReleasePart,
    Result,
    Term,
)

DATA_DIR = Path(__file__).parent / "data"
DIRECTORY_FILE = "directory.json"
POSTCODES_FILE = "postcodes.bin"
POSTS_PART = "posts in government"  # the part of a release that says how old the posts are
FORMAT = "casework directory 1"
_DAYS = frozenset({"held_on", "as_of", "since", "until"})
# What stands in a table of its own, or comes by an update alone.
_NOT_COMPILED = frozenset({"elections", "facts", "member", "offices", "learnt_on", "began"})


class DamagedDirectory(CaseworkError):
    """The compiled directory cannot be read."""


@dataclass(frozen=True)
class Contents:
    """All but the postcodes."""

    release: Release
    constituencies: dict[str, Constituency]  # by gss_code
    terms: dict[str, tuple[Term, ...]]  # by gss_code, oldest first
    places: dict[str, PlaceOfDetention]  # by place_id
    government_facts: tuple[Fact, ...]
    northern_ireland: dict[str, dict[str, int]]  # sector -> gss_code -> postcodes


def write(contents: Contents) -> str:
    """The file's text. The same contents give the same text."""
    release = contents.release
    head = {
        "format": FORMAT,
        "directory_date": release.directory_date.isoformat(),
        "members_known_to": release.members_known_to.isoformat(),
        "government_changed_on": release.government_changed_on and release.government_changed_on.isoformat(),
        "source": release.source,
        "attributions": list(release.attributions),
    }
    tables = {
        "parts": _table(ReleasePart, release.parts),
        "constituencies": _table(Constituency, contents.constituencies.values()),
        "elections": _table(
            Result, ((c.gss_code, result) for c in contents.constituencies.values() for result in c.elections)
        ),
        **_member_tables(contents),
        "places": _table(PlaceOfDetention, contents.places.values()),
        "northern_ireland": {
            "columns": ["sector", "gss_code", "postcodes"],
            "rows": [
                [sector, *pair] for sector, own in contents.northern_ireland.items() for pair in own.items()
            ],
        },
    }
    written = [f"{json.dumps(name)}: {_written(table)}" for name, table in tables.items()]
    return json.dumps(head, ensure_ascii=False, indent=0)[:-2] + ",\n" + ",\n".join(written) + "\n}\n"


def _member_tables(contents: Contents) -> dict[str, dict[str, Any]]:
    """Members, their facts and their terms. A member who sat twice stands once, under a number of our own."""
    numbers: dict[Member, int] = {}
    terms = []
    for gss_code, own in contents.terms.items():
        for term in own:
            terms.append((gss_code, numbers.setdefault(term.member, len(numbers)), term))
    facts = [(number, fact) for member, number in numbers.items() for fact in member.facts]
    return {
        "members": _table(Member, numbers),
        "facts": _table(Fact, [*facts, *((-1, fact) for fact in contents.government_facts)]),
        "terms": _table(Term, terms),
    }


def _table(kind: type, records: Iterable[Any]) -> dict[str, Any]:
    """Columns and rows. A record may come as a tuple with keys of other tables before it."""
    columns = _columns(kind)
    rows, keys = [], 0
    for given in records:
        *before, record = given if isinstance(given, tuple) else (given,)
        keys = len(before)
        rows.append([*before, *(_cell(getattr(record, column)) for column in columns)])
    return {"columns": [f"of{number}" for number in range(keys)] + columns, "rows": rows}


def _columns(kind: type) -> list[str]:
    return [item.name for item in fields(kind) if item.name not in _NOT_COMPILED]


def _cell(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _written(table: dict[str, Any]) -> str:
    rows = ",\n".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in table["rows"])
    return f'{{"columns": {json.dumps(table["columns"])},\n"rows": [\n{rows}\n]}}'


def read(text: str) -> Contents:
    """The contents of a file that `write` made. Raises DamagedDirectory when it is not one."""
    try:
        tables = json.loads(text)
        if tables["format"] != FORMAT:
            raise DamagedDirectory(_MEND)
        return Contents(
            release=_release(tables),
            constituencies=_constituencies(tables),
            terms=_terms(tables),
            places={
                record["place_id"]: PlaceOfDetention(**record) for _, record in _records(tables["places"])
            },
            government_facts=tuple(Fact(**record) for (of,), record in _records(tables["facts"]) if of == -1),
            northern_ireland=_northern_ireland(tables["northern_ireland"]["rows"]),
        )
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise DamagedDirectory(_MEND) from error


_MEND = (
    "The directory of MPs that Casework reads is damaged. Install Casework again, "
    "or make it anew with `casework directory build`."
)


def _records(table: dict[str, Any]) -> Iterator[tuple[list[Any], dict[str, Any]]]:
    """Each row as the keys of other tables that stand before it, and the fields of the record."""
    keys = sum(column.startswith("of") and column[2:].isdigit() for column in table["columns"])
    columns = table["columns"][keys:]
    for row in table["rows"]:
        pairs = zip(columns, row[keys:], strict=True)
        yield row[:keys], {column: _value(column, cell) for column, cell in pairs}


def _value(column: str, cell: Any) -> Any:
    if isinstance(cell, list):
        return tuple(cell)
    return date.fromisoformat(cell) if cell and column in _DAYS else cell


def _release(tables: dict[str, Any]) -> Release:
    changed = tables["government_changed_on"]
    return Release(
        directory_date=date.fromisoformat(tables["directory_date"]),
        members_known_to=date.fromisoformat(tables["members_known_to"]),
        government_changed_on=date.fromisoformat(changed) if changed else None,
        source=tables["source"],
        parts=tuple(ReleasePart(**record) for _, record in _records(tables["parts"])),
        attributions=tuple(tables["attributions"]),
    )


def _constituencies(tables: dict[str, Any]) -> dict[str, Constituency]:
    elections: dict[str, list[Result]] = {}
    for (gss_code,), record in _records(tables["elections"]):
        elections.setdefault(gss_code, []).append(Result(**record))
    return {
        record["gss_code"]: Constituency(**record, elections=tuple(elections[record["gss_code"]]))
        for _, record in _records(tables["constituencies"])
    }


def _terms(tables: dict[str, Any]) -> dict[str, tuple[Term, ...]]:
    facts: dict[int, list[Fact]] = {}
    for (number,), record in _records(tables["facts"]):
        facts.setdefault(number, []).append(Fact(**record))
    members = [
        Member(**record, facts=tuple(facts.get(number, ())))
        for number, (_, record) in enumerate(_records(tables["members"]))
    ]
    terms: dict[str, list[Term]] = {}
    for (gss_code, number), record in _records(tables["terms"]):
        terms.setdefault(gss_code, []).append(Term(member=members[number], **record))
    return {gss_code: tuple(own) for gss_code, own in terms.items()}


def _northern_ireland(rows: list[list[Any]]) -> dict[str, dict[str, int]]:
    shares: dict[str, dict[str, int]] = {}
    for sector, gss_code, count in rows:
        shares.setdefault(sector, {})[gss_code] = count
    return shares
