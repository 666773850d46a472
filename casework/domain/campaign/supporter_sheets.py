"""A volunteer's table of supporters, row by row: good rows, and for every other what is wrong with which cell."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from casework.domain.campaign import sheet_cells as cells
from casework.domain.campaign.sheet_columns import Columns, Table, one_line, postcode_at_end, postcodes_in
from casework.domain.campaign.sheet_words import FIELD_WORDS, Field
from casework.domain.campaign.supporters import table_name
from casework.domain.case.postcodes import BadPostcode, Postcode, Sector, parse_partial, parse_postcode
from casework.domain.dates import spoken
from casework.domain.errors import CaseworkError

LONGEST = {
    Field.HOW_KNOWN: 2_000,
    Field.OWN_WORDS: 5_000,
    Field.NAME: 120,
    Field.ADDRESS: 400,
    Field.POSTCODE: 40,
    Field.EMAIL: 254,
    Field.PHONE: 60,
    Field.LANGUAGES: 200,
    Field.TABLE: 60,
}
LONGEST_OTHER = 300

ContactReader = Callable[[str], tuple[str, str | None]]
"""Takes what was typed; gives the standard form and what was mended in words. Raises CaseworkError."""


@dataclass(frozen=True, slots=True)
class Checks:
    """What the domain cannot know by itself: how to read an email address and a phone number, and what day it is.

    `unwanted` says why a text may not be kept of a supporter; empty where it may.
    """

    email: ContactReader
    phone: ContactReader
    today: date
    unwanted: Callable[[str], str] = lambda text: ""
    unwanted_in_words: Callable[[str], str] = lambda text: ""


class Remark(NamedTuple):
    """A sentence about one cell."""

    field: Field
    words: str


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One supporter as the sheet has them. `number` is that of the row in the sheet, from 1.

    `values` are in standard form where they could be read, and as typed where they could not. `offered` are values
    that may be better written, such as a name in capitals, and change nothing unless somebody takes them.
    """

    number: int
    values: Mapping[Field, str]
    problems: tuple[Remark, ...] = ()
    mended: tuple[Remark, ...] = ()
    offered: tuple[Remark, ...] = ()

    @property
    def is_good(self) -> bool:
        """Whether it can be kept as it is."""
        return not self.problems

    def sentences(self) -> list[str]:
        """The problems with their place: “Row 14, Postcode: …”."""
        return [self.placed(problem) for problem in self.problems]

    def placed(self, remark: Remark) -> str:
        """A remark with its place in the sheet."""
        return f"Row {self.number}, {FIELD_WORDS[remark.field]}: {remark.words}"


@dataclass(frozen=True, slots=True)
class SupporterSheet:
    """The rows of a sheet, and the numbers of those that hold something, but nothing in a column that is read."""

    rows: tuple[SheetRow, ...]
    passed_over: tuple[int, ...] = ()

    @property
    def good(self) -> list[SheetRow]:
        """The rows that can be kept as they are."""
        return [row for row in self.rows if row.is_good]


def read_sheet(table: Table, columns: Columns, checks: Checks) -> SupporterSheet:
    """Every row below the headings that is not blank. Raises CaseworkError when a column that is needed is missing."""
    if lacking := columns.missing():
        raise CaseworkError(lacking, field="columns")
    first = 0 if columns.heading_row is None else columns.heading_row + 1
    read, passed_over = [], []
    headings = frozenset(columns.headings) - {""}
    for number, typed in enumerate(table[first:], start=first + 1):
        if not any(typed) or _repeats_headings(typed, headings):
            continue
        values = typed_values(typed, columns)
        if values:
            read.append(check_row(number, values, checks))
        elif any(cells.plain(cell) for cell in typed):
            passed_over.append(number)
    return SupporterSheet(tuple(read), tuple(passed_over))


def typed_values(row: Sequence[str], columns: Columns) -> dict[Field, str]:
    """What stands in a row for each field, without those that are blank. Several columns of one field are joined."""
    found: dict[Field, list[str]] = {}
    for column, field in columns.fields.items():
        if column < len(row) and (text := cells.plain(row[column])):
            found.setdefault(field, []).append(text)
    values = {}
    for field, texts in found.items():
        values[field] = _one_address(texts) if field is Field.ADDRESS else " / ".join(dict.fromkeys(texts))
    return values


def check_row(number: int, typed: Mapping[Field, str], checks: Checks) -> SheetRow:
    """The row in standard form with its problems. Once corrected by hand, a row comes through here again."""
    row = _Reading(checks)
    values = {field: text for field, cell in typed.items() if (text := cells.plain(cell))}
    _take_name(values)
    wanted = [Field.NAME, Field.POSTCODE]
    if two := _two_addresses(values.get(Field.ADDRESS, "")):
        row.problems.append(Remark(Field.ADDRESS, two))
        wanted.remove(Field.POSTCODE)  # it follows from the address that is left
    else:
        _take_postcode_from_address(values, row)
    for field in wanted:
        if field not in values:
            row.problems.append(Remark(field, _EMPTY[field]))
    for field, text in values.items():
        most = LONGEST.get(field, LONGEST_OTHER)
        if len(text) > most:
            row.problems.append(Remark(field, f"This is too long. {most} characters are the most."))
            continue
        try:
            values[field] = _READERS[field](text, row) if field in _READERS else text
        except CaseworkError as refusal:
            row.problems.append(Remark(field, refusal.message))
    return SheetRow(number, values, tuple(row.problems), tuple(row.mended), tuple(row.offered))


class _Reading:
    """What is noted while one row is read."""

    def __init__(self, checks: Checks) -> None:
        self.checks = checks
        self.problems: list[Remark] = []
        self.mended: list[Remark] = []
        self.offered: list[Remark] = []

    def mend(self, field: Field, sentence: str | None) -> None:
        if sentence:
            self.mended.append(Remark(field, sentence))


_EMPTY = {
    Field.NAME: "This is empty. Type the name.",
    Field.POSTCODE: "This is empty. Type the postcode of their home: without it we cannot find their MP.",
}


def _take_name(values: dict[Field, str]) -> None:
    """The name in one, where it stands in two columns."""
    parts = [values.pop(field, "") for field in (Field.GIVEN, Field.FAMILY)]
    if Field.NAME not in values and any(parts):
        values[Field.NAME] = " ".join(part for part in parts if part)


def _two_addresses(address: str) -> str | None:
    """What is wrong where two homes stand in one address: no letter is headed with both, or goes to either MP."""
    found = {_squeezed(text): text for text in reversed(postcodes_in(address))}
    if len(found) < 2:
        return None
    *_, other, one = found.values()
    return f"Two postcodes stand here, {one} and {other}. Leave only the address of their home."


def _take_postcode_from_address(values: dict[Field, str], row: _Reading) -> None:
    """The postcode at the end of an address, where it has no cell of its own; and never twice on one letter."""
    address = values.get(Field.ADDRESS, "")
    ending = postcode_at_end(address)
    if ending is None:
        return
    has = values.get(Field.POSTCODE)
    if has is None:
        values[Field.POSTCODE] = ending
        row.mend(Field.POSTCODE, f"“{ending}” was taken from the end of the address.")
    elif _squeezed(has) != _squeezed(ending):
        return
    shorter = address[: address.rindex(ending)].rstrip(" ,.;-(")
    if shorter:
        values[Field.ADDRESS] = shorter
    else:
        del values[Field.ADDRESS]


def _name(text: str, row: _Reading) -> str:
    if "@" in text or not any(c.isalpha() for c in text):
        raise CaseworkError(f"“{text[:40]}” does not look like a name. Type the name.")
    if cells.holds_two_people(text):
        row.mend(
            Field.NAME, "This looks like two people. Give each a row, so that each can write to their MP."
        )
    if better := cells.better_name(text):
        row.offered.append(Remark(Field.NAME, better))
    return text


def _postcode(text: str, row: _Reading) -> str:
    try:
        postcode = str(parse_postcode(text))
    except BadPostcode as refusal:
        raise _unfinished(text, refusal) from None
    if _squeezed(text) != _squeezed(postcode):
        row.mend(Field.POSTCODE, f"“{text}” was read as {postcode}.")
    return postcode


def _unfinished(text: str, refusal: BadPostcode) -> CaseworkError:
    """Why this is no whole postcode, as near as can be said. A part of one is offered to nobody here."""
    try:
        part = parse_partial(text)
    except BadPostcode:
        return refusal
    if isinstance(part, Postcode):
        return BadPostcode(f"“{text}” can be read in two ways. Type the whole postcode with its space.")
    lacks = (
        "lacks its last two letters" if isinstance(part, Sector) else "is only the first half of a postcode"
    )
    return BadPostcode(f"“{text}” {lacks}. Type the whole postcode.")


def _email(text: str, row: _Reading) -> str:
    address, mended = row.checks.email(text)
    row.mend(Field.EMAIL, mended)
    return address


def _phone(text: str, row: _Reading) -> str:
    number, mended = row.checks.phone(cells.without_decimals(text))
    row.mend(Field.PHONE, mended)
    return number


def _notice_given_on(text: str, row: _Reading) -> str:
    day, mended = cells.read_day(text)
    if day > row.checks.today:
        raise CaseworkError(f"{spoken(day)} is still to come. Type the day on which they were told.")
    row.mend(Field.NOTICE_GIVEN_ON, mended)
    return day.isoformat()


def _writes(text: str, row: _Reading) -> str:
    answer = cells.yes_or_no(text)
    if answer is None:
        raise CaseworkError(f"“{text[:40]}” is neither yes nor no. Type yes or no, or leave it empty.")
    return answer


def _table(text: str, row: _Reading) -> str:
    return cells.without_decimals(table_name(text))


def _list(text: str, row: _Reading) -> str:
    return cells.list_of(_free(text, row)) or text


def _free(text: str, row: _Reading) -> str:
    """Free words, in which somebody may have typed what is never kept."""
    if said := row.checks.unwanted(text):
        raise CaseworkError(said)
    return text


def _words(text: str, row: _Reading) -> str:
    """Words for a letter: whoever writes them may speak of politics, and still has no number in them."""
    if said := row.checks.unwanted_in_words(text):
        raise CaseworkError(said)
    return text


_READERS: dict[Field, Callable[[str, _Reading], str]] = {
    Field.NAME: _name,
    Field.POSTCODE: _postcode,
    Field.EMAIL: _email,
    Field.PHONE: _phone,
    Field.NOTICE_GIVEN_ON: _notice_given_on,
    Field.WRITES: _writes,
    Field.TABLE: _table,
    Field.LANGUAGES: _list,
    Field.CONNECTION: _free,
    Field.TO_MEMBER: _free,
    Field.HOW_KNOWN: _words,
    Field.OWN_WORDS: _words,
}


def _one_address(parts: Sequence[str]) -> str:
    """The columns of an address in one, with a house number beside its street."""
    address = ""
    for part in dict.fromkeys(cells.without_decimals(part).strip(" ,") for part in parts):
        beside = re.fullmatch(r"[0-9]+[A-Za-z]?", address)
        address = f"{address}{' ' if beside else ', '}{part}" if address else part
    return address


def _repeats_headings(row: Sequence[str], headings: frozenset[str]) -> bool:
    """Whether this is the row of headings again, as printed lists have it on every page."""
    if headings.isdisjoint(row):
        return False
    filled = [text for cell in row if (text := one_line(cell))]
    return len(filled) >= 2 and headings.issuperset(filled)


def _squeezed(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).upper()
