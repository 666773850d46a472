"""What somebody meant by one cell: marks that nobody sees, Excel's habits, days, yes and no, names."""

import re
import unicodedata
from datetime import date, timedelta

from casework.domain.campaign import sheet_words as words
from casework.domain.dates import spoken
from casework.domain.errors import CaseworkError

_UNSEEN = re.compile(
    "[\u00ad\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufffe\uffff]"
)
_BLANKS = frozenset(words.BLANKS.split("|"))
_YES = frozenset(words.YES.split("|"))
_NO = frozenset(words.NO.split("|"))
_WHOLE_NUMBER = re.compile(r"([0-9]+)\.0+")
_EXCEL_DAY_0 = date(1899, 12, 30)
_SERIALS = range(36526, 73051)  # the days of this century as Excel counts them
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}
_TIME = r"(?:[T ]+[0-9:.]+ ?(?:am|pm|z)?)?"
_ISO = re.compile(rf"([0-9]{{4}})[-/.]([0-9]{{1,2}})[-/.]([0-9]{{1,2}}){_TIME}", re.IGNORECASE)
_FIGURES = re.compile(
    rf"([0-9]{{1,2}}) ?[-/. ] ?([0-9]{{1,2}}) ?[-/. ] ?([0-9]{{4}}|[0-9]{{2}}){_TIME}", re.IGNORECASE
)
_IN_WORDS = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?(?: of)?[- ,]*([a-z]{3,9})\.?[- ,]*([0-9]{4}|[0-9]{2})")
_MONTH_FIRST = re.compile(r"([a-z]{3,9})\.? ([0-9]{1,2})(?:st|nd|rd|th)?,? ([0-9]{4})")


def plain(text: str) -> str:
    """The text of a cell on one line, without marks that nobody sees; nothing for “N/A”, “-” and their like."""
    if text.isascii() and text.isprintable():  # the quick way, and nearly all cells go it
        tidy = " ".join(text.split())
    else:
        visible = _UNSEEN.sub("", unicodedata.normalize("NFC", text))
        tidy = " ".join("".join(c if _is_drawn(c) else " " for c in visible).split())
    return "" if tidy.lower() in _BLANKS else tidy


def without_decimals(text: str) -> str:
    """A whole number that a spreadsheet wrote as 12.0, as 12; everything else as it is."""
    found = _WHOLE_NUMBER.fullmatch(text)
    return found[1] if found else text


def yes_or_no(text: str) -> str | None:
    """The words “yes” or “no”, or nothing when it is neither."""
    word = without_decimals(text).lower().rstrip(".!")
    return "yes" if word in _YES else "no" if word in _NO else None


def read_day(text: str) -> tuple[date, str | None]:
    """The day, and how it was understood where that is not plain. 3/4/2026 is 3 April.

    Raises CaseworkError when the text is no day, or has no year.
    """
    low = " ".join(
        re.sub(r"\b(mon|tues?|wed(nes)?|thu(rs)?|fri|sat(ur)?|sun)(day)?\b,?", "", text.lower()).split()
    )
    serial = without_decimals(low).split(".")[0]
    if re.fullmatch(r"[0-9]{5}(\.[0-9]+)?", low) and int(serial) in _SERIALS:
        day = _EXCEL_DAY_0 + timedelta(days=int(serial))
        return day, f"The number {text} is how Excel writes {spoken(day)}."
    if found := _ISO.fullmatch(low):
        return _day(text, *(int(part) for part in found.groups())), None
    if found := _FIGURES.fullmatch(low):
        first, second, year = (int(part) for part in found.groups())
        if second > 12 >= first:
            day = _day(text, _full_year(year), first, second)
            return day, f"“{text}” was read as {spoken(day)}, with the month first."
        return _day(text, _full_year(year), second, first), None
    if found := _IN_WORDS.fullmatch(low):
        return _day(text, _full_year(int(found[3])), _MONTHS.get(found[2][:3], 0), int(found[1])), None
    if found := _MONTH_FIRST.fullmatch(low):
        return _day(text, int(found[3]), _MONTHS.get(found[1][:3], 0), int(found[2])), None
    raise _no_day(text)


def list_of(text: str) -> str:
    """Several things in one cell, however they were parted, with a comma between."""
    parts = (part.strip(" .") for part in re.split(r"[;,/|&+•\n]|\band\b", text))
    return ", ".join(part for part in parts if part)


def better_name(name: str) -> str | None:
    """The name as it may be better written, where it is all in capitals, all small, or has the surname first."""
    turned = name
    if name.count(",") == 1:
        family, given = (part.strip() for part in name.split(","))
        if family and given and len(family.split()) <= 3:
            turned = f"{given} {family}"
    letters = [c for c in turned if c.isalpha() and c.upper() != c.lower()]
    if len(letters) > 2 and (turned.isupper() or turned.islower()):
        turned = " ".join(_capital(word) for word in turned.lower().split())
    return turned if turned != name else None


def holds_two_people(name: str) -> bool:
    """Whether a name reads like that of two: “Ada and Ben Okafor”, “Mr & Mrs Okafor”."""
    return re.search(r"\w (?:&|\+|and) \w", name, re.IGNORECASE) is not None


def _capital(word: str) -> str:
    parts = re.split(r"([-'’.])", word)
    written = "".join(part[:1].upper() + part[1:] for part in parts)
    if re.match(r"Mc\w{2}", written):
        written = f"Mc{written[2].upper()}{written[3:]}"
    return written


def _is_drawn(character: str) -> bool:
    return (
        character.isprintable() or character in "\u200c\u200d"
    )  # these two join letters, in Persian names say


def _full_year(year: int) -> int:
    return year + 2000 if year < 100 else year


def _day(text: str, year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise _no_day(text) from None


def _no_day(text: str) -> CaseworkError:
    return CaseworkError(f"“{text[:40]}” is not a day that we can read. Write it like 27 March 2026.")
