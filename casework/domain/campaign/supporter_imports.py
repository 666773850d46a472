"""A list of supporters on its way in: how far it is, how far each row is, and which rows are the same as before."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import lru_cache

from casework.domain.campaign.sheet_cells import list_of
from casework.domain.campaign.sheet_words import Field
from casework.domain.campaign.supporter_sheets import Remark

# Nobody's data lies about: so long a sheet waits for somebody to say what its columns are, and rows to be added.
SHEET_WAITS = timedelta(days=2)
ROWS_WAIT = timedelta(days=30)


class ImportState(StrEnum):
    """How far a list is."""

    COLUMNS = "columns"  # somebody has to say which column is what
    WAITING = "waiting"  # its rows wait to be added
    ADDED = "added"  # rows were added; others may still wait
    TAKEN_BACK = "taken back"
    EMPTIED = "emptied"  # nobody added it in time


class RowState(StrEnum):
    """How far a row is."""

    READY = "ready"
    WRONG = "wrong"
    ALIKE = "alike"  # may be there twice, and nobody has said so yet: it counts as the same person
    SAME = "same"  # somebody said that it is the same person
    TWO = "two"  # somebody said that it is another person
    LEFT_OUT = "left out"
    ADDED = "added"
    JOINED = "joined"  # was the same as somebody who was there


OPEN = (RowState.READY, RowState.WRONG, RowState.ALIKE, RowState.SAME, RowState.TWO)
TO_ADD = (RowState.READY, RowState.ALIKE, RowState.SAME, RowState.TWO)
LIKE = (RowState.ALIKE, RowState.SAME, RowState.TWO)

_MENDED = (
    (Field.PHONE, "The 0 at the beginning", "a lost leading zero of a phone number was put back"),
    (Field.PHONE, "number abroad", "a phone number was read as one from abroad"),
    (Field.PHONE, "first number was taken", "of several phone numbers the first was taken"),
    (Field.EMAIL, "first address was taken", "of several email addresses the first was taken"),
    (Field.POSTCODE, "end of the address", "the postcode was taken from the end of the address"),
    (Field.POSTCODE, "was read as", "a letter and a figure that look alike were put right in a postcode"),
    (Field.NOTICE_GIVEN_ON, "how Excel writes", "a number was read as the day that Excel meant"),
    (Field.NOTICE_GIVEN_ON, "month first", "a day was read with the month first"),
    (Field.NAME, "two people", "a name looks like that of two people: please look"),
    (Field.OFFERS, "Not kept", "a way to help that is not on our list was left out"),
)


def mended_in_words(remarks: Iterable[Remark]) -> list[tuple[str, int]]:
    """What was mended, each kind in words with the number of rows, the most frequent first."""
    found: Counter[str] = Counter()
    for remark in remarks:
        found.update(
            words for field, part, words in _MENDED if field == remark.field and part in remark.words
        )
    return found.most_common()


_HELPS: tuple[tuple[str, str], ...] = (
    ("letter_of_support", r"letters? of support|support letter"),
    ("surgery", r"surger"),
    ("visit", r"visit"),
    ("sign", r"sign|petition"),
    ("card", r"cards?\b"),
    ("bring", r"bring"),
    ("translate", r"translat|interpret"),
    ("drive", r"driv|lifts?\b|cars?\b|transport"),
    ("cook", r"cook|bak|food|cater"),
    ("childcare", r"child|cr[eè]che|babysit|kids"),
    ("host", r"host|venue"),
    ("room", r"\brooms?\b|\bhall\b"),
    ("role", r"role|organis|committee|treasurer"),
)


def offers_in(text: str) -> tuple[list[str], list[str]]:
    """The keys of the offers that somebody typed in their own words, and what is none that we know."""
    keys: dict[str, None] = {}
    others = []
    for part in list_of(text).split(", "):
        if key := _help(part):
            keys[key] = None
        elif part:
            others.append(part)
    return list(keys), others


@lru_cache(maxsize=1024)
def _help(words: str) -> str | None:
    found = (key for key, known in _HELPS if re.search(rf"\b(?:{known})", words, re.IGNORECASE))
    return next(found, None)


@dataclass(frozen=True, slots=True)
class Before:
    """A row as it was before a mended file came: its number, its cells, and whether it still has to be mended."""

    number: int
    cells: Mapping[str, str]
    is_wrong: bool


@dataclass(frozen=True, slots=True)
class Again:
    """A row of a mended file: its number there, its cells, and the number that a column of the file says it had."""

    number: int
    cells: Mapping[str, str]
    told: int | None = None


def find_again(rows: Sequence[Again], before: Sequence[Before]) -> list[Before | None]:
    """For each row of a mended file the row that it was before, or nothing; none is found twice.

    The number that the file tells is believed; then a name with its email, phone or postcode; then the same place in
    the sheet where something is the same; last a single thing that only one row to mend has.
    """
    left, found = _Left(before), dict[int, Before]()
    for way in (left.told, left.surely, left.in_its_place, left.by_one_thing):
        for place, again in enumerate(rows):
            one = way(again) if place not in found else None
            if one is not None and one.number not in left.taken:
                found[place] = one
                left.take(one)
    return [found.get(place) for place in range(len(rows))]


class _Left:
    """The rows of before that are not found again yet, by their number and by each thing that they are known by."""

    def __init__(self, before: Sequence[Before]) -> None:
        self.taken: set[int] = set()
        self._by_number = {row.number: row for row in before}
        # By their number under each thing: a sheet may say the same in twenty thousand rows.
        self._by_key: dict[tuple[str, ...], dict[int, Before]] = {}
        for row in before:
            for key in _keys(row.cells):
                self._by_key.setdefault(key, {})[row.number] = row

    def take(self, row: Before) -> None:
        self.taken.add(row.number)
        for key in _keys(row.cells):
            self._by_key[key].pop(row.number, None)

    def told(self, row: Again) -> Before | None:
        return self._by_number.get(row.told or 0)

    def surely(self, row: Again) -> Before | None:
        keys = [key for key in _keys(row.cells) if len(key) > 2]
        alike = [self._by_key[key] for key in keys if self._by_key.get(key)]
        here = next((ones[row.number] for ones in alike if row.number in ones), None)
        return here or next((next(iter(ones.values())) for ones in alike), None)

    def in_its_place(self, row: Again) -> Before | None:
        there = self._by_number.get(row.number)
        return there if there and not set(_keys(row.cells)).isdisjoint(_keys(there.cells)) else None

    def by_one_thing(self, row: Again) -> Before | None:
        for key in _keys(row.cells):
            alike = self._by_key.get(key, {})
            if len(alike) == 1 and (one := next(iter(alike.values()))).is_wrong:
                return one
        return None


def _keys(cells: Mapping[str, str]) -> list[tuple[str, ...]]:
    """What a row is known by, the surest first."""
    plain = {field: _plain(cells.get(field, "")) for field in _KNOWN_BY}
    name = plain[Field.NAME]
    alone = [(field.value, plain[field]) for field in _KNOWN_BY if plain[field]]
    with_name = [(name, *key) for key in alone if name and key[0] != Field.NAME]
    return [*with_name, *alone]


_KNOWN_BY = (Field.EMAIL, Field.PHONE, Field.POSTCODE, Field.NAME)


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()
