"""Which column of a volunteer's table holds what: the row of headings found, each heading matched to a field."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from casework.domain.campaign import sheet_words as words
from casework.domain.campaign.sheet_words import FIELD_WORDS, Field
from casework.domain.errors import CaseworkError
from casework.domain.said import AND, in_a_row, typed, within
from casework.domain.words import say

Table = Sequence[Sequence[str]]

SEVERAL = frozenset({Field.ADDRESS, Field.EMAIL, Field.PHONE})
"""What may stand in more than one column."""
LOOKED_AT = 40  # rows from the top in which the headings can stand
_EXACT, _AS_A_QUESTION, _HELD = 3, 2, 1
_MOST_NAMED = 12
_LONGEST_SHOWN = 40


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A column that is not read, and why, in words that follow a dash."""

    column: int
    heading: str
    why: str
    never: bool = False


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column holds which field. `heading_row` counts from 0, and is None where there are no headings."""

    heading_row: int | None
    fields: Mapping[int, Field]
    headings: tuple[str, ...]
    left_out: tuple[LeftOut, ...] = ()
    postcode_in_address: bool = False

    def of(self, field: Field) -> tuple[int, ...]:
        """The columns that hold this field, from left to right."""
        return tuple(column for column in sorted(self.fields) if self.fields[column] is field)

    def heading(self, field: Field) -> str:
        """What stands above the column of this field, or what the field is called."""
        columns = self.of(field)
        return (shown(self.headings[columns[0]]) if columns else "") or FIELD_WORDS[field]

    def missing(self) -> str | None:
        """The first column that the table must have and has not, as a sentence; nothing if all are there."""
        has_name = self.of(Field.NAME) or self.of(Field.FAMILY) or self.of(Field.GIVEN)
        lacking = None if has_name else Field.NAME
        if lacking is None and not self.of(Field.POSTCODE) and not self.postcode_in_address:
            lacking = Field.POSTCODE
        if lacking is None:
            return None
        return self._lacks(lacking)

    def _lacks(self, field: Field) -> str:
        word = FIELD_WORDS[field]
        if self.heading_row is None:
            return (
                f"There is no row of headings, so we do not know which column is the {word.lower()}. Write “Name”,"
                " “Postcode” and so on above the columns, or choose which column is which."
            )
        named = [f"“{shown(heading)}”" for heading in self.headings if heading]
        found: list[str] = [typed(one) for one in named[:_MOST_NAMED]]
        more = len(named) - _MOST_NAMED
        return say(
            "There is no column for the {field}. We found: {found}. Name the column “{heading}”, or choose which it "
            "is.",
            field=within(word),
            found=in_a_row([*found, say("{more} more", more=more)] if more > 0 else found, AND),
            heading=word,
        )


def find_columns(table: Table, chosen: Mapping[int, Field | None] | None = None) -> Columns:
    """What each column of the table holds: as its heading says, or as somebody chose.

    `chosen` goes before the headings; None in it leaves a column out. Ask `missing` whether the table can be read.
    Raises CaseworkError when a column was chosen that may never be kept.
    """
    row = _heading_row(table)
    width = max((len(cells) for cells in table), default=0)
    typed = [one_line(cell) for cell in table[row]] if row is not None else []
    headings = tuple(typed + [""] * (width - len(typed)))
    fields, left_out = _match(headings)
    for column, field in (chosen or {}).items():
        if not 0 <= column < width:
            continue
        if field is None:
            if column in fields:
                left_out.append(LeftOut(column, headings[column], "you chose to leave it out"))
            fields.pop(column, None)
            continue
        if why := why_never(headings[column]):
            raise CaseworkError(f"“{shown(headings[column])}” cannot be kept: {why}.", field="columns")
        if field not in SEVERAL:
            fields = {other: has for other, has in fields.items() if has is not field}
        fields[column] = field
        left_out = [one for one in left_out if one.column != column]
    kept = dict(sorted(fields.items()))
    in_address = Field.POSTCODE not in kept.values() and _postcodes_end(table, kept)
    return Columns(row, kept, headings, tuple(sorted(left_out, key=lambda one: one.column)), in_address)


def why_never(heading: str) -> str | None:
    """Why a column with this heading may never be kept, or nothing if it may."""
    for form in _forms(heading):
        if why := _NEVER.get(_key(form)) or _NEVER.get(_loose_key(form)):
            return why
        spaced = f" {' '.join(_words(form))}"
        for why, beginnings in words.NEVER_HOLDS.items():
            if any(f" {beginning}" in spaced for beginning in beginnings):
                return why
    return None


def best_table(tables: Sequence[Table]) -> int | None:
    """The place of the table that can be read as a list of supporters, or of the one that comes nearest.

    Nothing when no table has a heading that we know.
    """
    marks = []
    for place, table in enumerate(tables):
        columns = find_columns(table)
        marks.append((columns.missing() is None, len(set(columns.fields.values())), -place))
    best = max(marks, default=(False, 0, 0))
    return -best[2] if best[1] else None


def one_line(text: str) -> str:
    """The heading as one line, without marks that nobody sees."""
    visible = "".join(c for c in text if unicodedata.category(c) not in ("Cf", "Cs"))
    return " ".join(visible.replace("\0", "").split())


def shown(heading: str) -> str:
    """The heading as a sentence can name it: a question of a form is cut."""
    text = one_line(heading)
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1].rstrip() + "…"


def _match(headings: Sequence[str]) -> tuple[dict[int, Field], list[LeftOut]]:
    fields: dict[int, Field] = {}
    left_out: list[LeftOut] = []
    claims: list[tuple[int, int, Field]] = []  # the surest first, and of two alike the left one
    for column, heading in enumerate(headings):
        if why := why_never(heading):
            left_out.append(LeftOut(column, heading, why, never=True))
        elif claim := _claim(heading):
            claims.append((-claim[0], column, claim[1]))
        elif heading and {_key(heading), _loose_key(heading)} & _WORKED_OUT:
            left_out.append(LeftOut(column, heading, "Casework works it out from the postcode"))
        elif heading:
            left_out.append(LeftOut(column, heading, "we do not know what it holds"))
    for _sureness, column, field in sorted(claims):
        if field in fields.values() and field not in SEVERAL:
            left_out.append(
                LeftOut(column, headings[column], f"another column is the {FIELD_WORDS[field].lower()}")
            )
        else:
            fields[column] = field
    return fields, left_out


@lru_cache(maxsize=1024)
def _claim(heading: str) -> tuple[int, Field] | None:
    """The field that a heading means and how surely, or nothing."""
    for form in _forms(heading):
        if field := _KNOWN.get(_key(form)) or _KNOWN.get(_loose_key(form)):
            return _EXACT, field
    spaced = " ".join(_words(heading))
    begins = [
        (len(beginning), field)
        for field, beginnings in words.BEGINNINGS.items()
        for beginning in beginnings
        if spaced.startswith(beginning)
    ]
    if begins:
        return _AS_A_QUESTION, max(begins)[1]
    for field, held in words.HOLDS.items():
        if any(f" {one}" in f" {spaced}" for one in held):
            return _HELD, field
    return None


def _heading_row(table: Table) -> int | None:
    """The row that names most fields; with fewer than two it names none, unless nothing but headings can be there."""
    best, most = None, 0
    for number, cells in enumerate(table[:LOOKED_AT]):
        claimed = {claim[1] for cell in cells if (claim := _claim(one_line(cell)))}
        refused = sum(1 for cell in cells if cell and why_never(one_line(cell)))
        mark = len(claimed) + min(refused, 1)
        if mark > most and claimed:
            best, most = number, mark
    if most >= 2:
        return best
    filled = [
        number for number, cells in enumerate(table[:LOOKED_AT]) if any(one_line(cell) for cell in cells)
    ]
    return best if best is not None and best in filled[:3] else None


_POSTCODE = r"\b([A-Za-z]{1,2}[0-9][A-Za-z0-9]?\s*[0-9][A-Za-z]{2})"
_POSTCODE_AT_END = re.compile(rf"{_POSTCODE}\W*$")
_POSTCODE_ANYWHERE = re.compile(rf"{_POSTCODE}\b")
_ORDINAL = re.compile(r"(?:1st|2nd|3rd|[04-9]th)$", re.IGNORECASE)  # “Flat B1 2nd Floor” is no postcode


def postcode_at_end(address: str) -> str | None:
    """The postcode with which an address ends, as typed."""
    found = _POSTCODE_AT_END.search(address[-20:])
    return found[1] if found else None


def postcodes_in(address: str) -> list[str]:
    """All that can only be postcodes in an address, as typed, and the one with which it ends."""
    found = [text for text in _POSTCODE_ANYWHERE.findall(address) if not _ORDINAL.search(text)]
    return [*found, *filter(None, [postcode_at_end(address)])]


def _postcodes_end(table: Table, fields: Mapping[int, Field]) -> bool:
    """Whether there is an address column whose cells end with postcodes."""
    columns = [column for column, field in fields.items() if field is Field.ADDRESS]
    return any(
        column < len(cells) and postcode_at_end(one_line(cells[column])) is not None
        for cells in table[: LOOKED_AT * 5]
        for column in columns
    )


def _forms(heading: str) -> tuple[str, ...]:
    """The heading, and what is left of it without what stands in brackets."""
    bare = re.sub(r"[(\[].*?[)\]]", " ", heading)
    return (heading, bare) if bare != heading and _words(bare) else (heading,)


@lru_cache(maxsize=4096)
def _words(heading: str) -> tuple[str, ...]:
    """The words of a heading in plain small letters."""
    apart = unicodedata.normalize("NFKD", heading[:200]).casefold()
    plain = "".join(c for c in apart if not unicodedata.combining(c) and c not in "'’‘`")
    return tuple(re.sub(r"[\W_]+", " ", plain).split())


def _key(heading: str) -> str:
    return "".join(_words(heading))


_FILLERS = frozenset(words.FILLERS.split("|"))


def _loose_key(heading: str) -> str:
    """The words that say something, in the order of the alphabet; a space at the end keeps it from other keys."""
    return " ".join(sorted(word for word in _words(heading) if word not in _FILLERS)) + " "


def _keys(phrases: str) -> list[str]:
    keys = [key for phrase in phrases.split("|") for key in (_key(phrase), _loose_key(phrase))]
    return [key for key in keys if key.strip()]


_KNOWN = {key: field for field, phrases in words.HEADINGS.items() for key in _keys(phrases)}
_NEVER = {key: why for why, phrases in words.NEVER_KEPT.items() for key in _keys(phrases)}
_WORKED_OUT = frozenset(_keys(words.WORKED_OUT))
