"""One case as values that another instance can read: which rows, which columns, and how each value is written."""

import re
from base64 import b64decode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Date, DateTime, Integer, LargeBinary, String, Table, select

from casework.storage import case_rows, models
from casework.storage.database import Base, Instant, db

SUPPORTERS: Table = models.Supporter.__table__
USERS: Table = models.User.__table__

# What belongs to this instance and means nothing in another: who works on the case here and what they have seen,
# and keys of its papers.
LEFT_OUT = frozenset(
    {
        "team_members",
        "note_mentions",
        "recent_items",
        "seen_up_to",
        "task_owners",
        "case_keys",
        "stored_papers",
        "binned",
    }
)
# The columns whose model says that they name a paper.
PAPER_COLUMNS = frozenset(
    f"{table.name}.{column.name}"
    for table in Base.metadata.tables.values()
    for column in table.columns
    if column.info.get("paper")
)
WORDING_COLUMNS = ("letters.template", "batches.template", "campaign_pages.template")
# Numbers of rows that stand in a column of JSON: table, column, key, and the table whose rows they are.
NUMBERS_IN_JSON = (
    ("case_events", "told", "places", "case_places"),
    ("case_events", "told", "removal", "removals"),
)
# What a pack is made of names its rows too, such as "letter_12".
IN_PACKS = {"letter": "letters", "scan": "correspondence", "authority": "authorities"}
SIGNED_BY = ("letters", "facts", "recall_from", re.compile(r"supporter (\d{1,18})"))

LARGEST_NUMBER = 2**63 - 1
MOST_TEXT = 2_000_000
MOST_DEEP = 20
# What no field of this program lets through: control characters, halves of characters, marks that turn a line round.
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


def tables_to_export() -> tuple[Table, ...]:
    """Every table of which a case takes rows along, each after those it hangs on."""
    known = {*case_rows.tables_of_a_case(), SUPPORTERS}
    return tuple(
        table for table in Base.metadata.sorted_tables if table in known and table.name not in LEFT_OUT
    )


@dataclass(frozen=True)
class Leaving:
    """The rows of a case by table, and the names of those who are named in them, by their number here."""

    rows: Mapping[str, list[dict[str, Any]]]
    people: Mapping[int, str]


def rows_leaving(case_id: int) -> Leaving:
    """The rows that leave with a case. What they say of rows that stay is left out of them."""
    found: dict[str, list[dict[str, Any]]] = {}
    for table in tables_to_export():
        if table is not SUPPORTERS:
            found[table.name] = [
                dict(row) for row in db.session.execute(case_rows.rows_of(table, case_id)).mappings()
            ]
    # Whoever stopped is about to be erased: nobody hands them on.
    found["sign_ups"] = [row for row in found["sign_ups"] if row["stopped_at"] is None]
    numbers = {row["supporter_id"] for row in found["sign_ups"]}
    found["supporters"] = [
        dict(row)
        for row in db.session.execute(select(SUPPORTERS).order_by(SUPPORTERS.c.id)).mappings()
        if row["id"] in numbers
    ]
    _let_go_of_what_stays(found)
    numbers = {
        row[column.name]
        for table in tables_to_export()
        for column in leading_to(table, USERS)
        for row in found[table.name]
    } - {None}
    people = db.session.execute(select(USERS.c.id, USERS.c.name).where(USERS.c.id.in_(numbers)))
    return Leaving(found, {row.id: row.name for row in people})


def _let_go_of_what_stays(found: dict[str, list[dict[str, Any]]]) -> None:
    """Empty what leads to a row that does not leave, and leave behind what is part of such a row."""
    leaving = {name: {row["id"] for row in rows} for name, rows in found.items()}
    for table in tables_to_export():
        for column, target in foreign_keys(table):
            if target is USERS:
                continue
            if not column.nullable:
                staying = leaving.get(target.name, set())
                found[table.name] = [row for row in found[table.name] if row[column.name] in staying]
                leaving[table.name] = {row["id"] for row in found[table.name]}
            for row in found[table.name]:
                if row[column.name] is not None and row[column.name] not in leaving.get(target.name, ()):
                    row[column.name] = None


def foreign_keys(table: Table) -> list[tuple[Column[Any], Table]]:
    """Each column that names a row of a table, with that table."""
    return [(key.parent, key.column.table) for key in table.foreign_keys]


def leading_to(table: Table, target: Table) -> list[Column[Any]]:
    """The columns that name a row of this target."""
    return [column for column, found in foreign_keys(table) if found is target]


def paper_names(rows: Mapping[str, list[dict[str, Any]]]) -> list[str]:
    """The name of every paper that these rows speak of, each once."""
    return sorted({name for name in _values(rows, PAPER_COLUMNS) if name})


def wording_keys(rows: Mapping[str, list[dict[str, Any]]]) -> list[str]:
    """The key of every kind of letter that these rows speak of."""
    return sorted(set(_values(rows, WORDING_COLUMNS)))


def _values(rows: Mapping[str, list[dict[str, Any]]], columns: Iterable[str]) -> Iterable[Any]:
    for column in columns:
        table, _, name = column.partition(".")
        yield from (row[name] for row in rows.get(table, ()))


def read_value(column: Column[Any], value: Any) -> Any:
    """The value of this column that JSON has. Raises ValueError for one that this column never holds."""
    if value is None:
        if not column.nullable:
            raise ValueError(f"{column} is empty")
        return None
    match column.type:
        case JSON():
            return _tidy_json(value, MOST_DEEP)
        case Instant() | DateTime():
            instant = datetime.fromisoformat(_text(value, 40))
            if instant.tzinfo is None or not 1900 <= instant.year < 2200:
                raise ValueError(f"{column} is no instant of ours")
            return instant
        case Date():
            return date.fromisoformat(_text(value, 10))
        case Boolean():
            return _of_kind(bool, value)
        case Integer():
            number = _of_kind(int, value)
            if abs(number) > LARGEST_NUMBER:
                raise ValueError(f"{column} is too large")
            return number
        case LargeBinary():
            return b64decode(_of_kind(str, value), validate=True)
        case String(length=length):
            return _text(value, length or MOST_TEXT)
    raise ValueError(f"{column} is of a kind that is never written")


def _of_kind(kind: type, value: Any) -> Any:
    if type(value) is not kind:
        raise ValueError(f"{value!r} is no {kind.__name__}")
    return value


def _text(value: Any, most: int) -> str:
    text: str = _of_kind(str, value)
    if len(text) > most or UNSEEN.search(text):
        raise ValueError("a text is too long, or holds what nobody can see")
    return text


def _tidy_json(value: Any, deep: int) -> Any:
    """The value, once each text and number of it was looked at."""
    if deep == 0:
        raise ValueError("nested too deep")
    match value:
        case str():
            return _text(value, MOST_TEXT)
        case dict():
            return {_text(key, 1000): _tidy_json(one, deep - 1) for key, one in value.items()}
        case list():
            return [_tidy_json(one, deep - 1) for one in value]
        case bool() | None:
            return value
        case int() if abs(value) <= LARGEST_NUMBER:
            return value
        case float() if abs(value) < 1e15:
            return value
    raise ValueError("a number is too large")
