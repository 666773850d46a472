"""English words that remember what they are made of: a list, a day, a number of things, words of a file of ours.

A page in another language says each part in it, and puts them together as that language does. In English, and
wherever they are kept, they are plain text.
"""

from collections.abc import Iterable
from datetime import date
from typing import Final, Literal

from casework.domain.dates import spoken
from casework.domain.words import Said, say

# How a list is written: the first four are CLDR's names.
How = Literal["unit", "standard", "or", "unit-narrow", "parts"]
COMMA: Final = "unit"
AND: Final = "standard"
OR: Final = "or"
SPACE: Final = "unit-narrow"
PARTS: Final = "parts"


class InARow(Said):
    """Words one after the other."""

    parts: tuple[str, ...]
    how: How


class AtTheStart(Said):
    """Words that begin with a capital letter where they stand."""

    begun: str


class OnDay(Said):
    """A day in words. `shape` says what of it, as CLDR names it."""

    day: date
    shape: str


def in_a_row(parts: Iterable[str], how: How = COMMA) -> InARow:
    """ "a, b, c"; with AND "a, b and c"; with PARTS "a; b; c", for parts that have commas in them.

    Where a part has an "and" of its own, the last one is set off: "bed and board, and a lift".

    The parts are words of the program, or were said. What somebody typed may stand among them as `typed`.
    """
    parts = tuple(parts)
    if how in (AND, OR) and len(parts) > 1:
        last = "and" if how == AND else "or"
        comma = "," if any(f" {last} " in part for part in parts) else ""
        row = InARow(f"{', '.join(parts[:-1])}{comma} {last} {parts[-1]}")
    else:
        row = InARow({PARTS: "; ", SPACE: " "}.get(how, ", ").join(parts))
    row.message, row.values, row.parts, row.how = "", {}, parts, how
    return row


def typed(text: str) -> Said:
    """What somebody typed, or a name: the same in every language, whatever words of ours it is like."""
    said = Said(text)
    said.message, said.values = "{text}", {"text": text}
    return said


def names(told: Iterable[str], how: How = AND) -> InARow:
    """ "Ada, Ruth and Ben": names, or what somebody typed, one after the other."""
    return in_a_row(map(typed, told), how)


def within(text: str) -> Said:
    """Words of ours within a sentence: in English with a small letter at their start."""
    said = Said(text[:1].lower() + text[1:])
    said.message, said.values = text, {}
    return said


def upfirst(text: str) -> str:
    """The words with a capital letter at their start."""
    if not isinstance(text, Said):
        return text[:1].upper() + text[1:]
    said = AtTheStart(text[:1].upper() + text[1:])
    said.message, said.values, said.begun = "", {}, text
    return said


def on_day(day: date, *, weekday: bool = False, year: bool = True) -> OnDay:
    """The day as `spoken` writes it."""
    return _on_day(day, spoken(day, weekday=weekday, year=year), "y" * year + "MMMM" + "EEEE" * weekday + "d")


def in_month(day: date) -> OnDay:
    """The month of this day: "January 2027"."""
    return _on_day(day, f"{day:%B %Y}", "yMMMM")


def first_of_month(day: date) -> OnDay:
    """The day in few signs: "1 Dec"."""
    return _on_day(day, f"{day.day} {day:%b}", "MMMd")


def _on_day(day: date, words: str, shape: str) -> OnDay:
    said = OnDay(words)
    said.message, said.values, said.day, said.shape = "", {}, day, shape
    return said


def count(number: int, one: str, several: str = "") -> Said:
    """ "1 letter", "3 letters"."""
    return say(f"{{number}} {one if number == 1 else several or one + 's'}", number=f"{number:,}")


def of_ours(text: str) -> Said:
    """Words of the program that stand in one of its files, or were said already."""
    if isinstance(text, Said):
        return text
    said = Said(text)
    said.message, said.values = text, {}
    return said
