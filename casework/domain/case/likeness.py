"""A fact found in a text however it is written: capitals, accents, hyphens, look-alike letters, dates in figures.

A text is folded to plain small letters with the place of each, so that what is found can be cut out of the text.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

# Letters that are drawn alike in another alphabet, and those that are no letter with an accent.
_ALIKE = str.maketrans(
    "авекмнорстухіјѕԁҽαβεικνορτυχłøđıħŧ‐‑‒–—−‘’‚‛ʼʻ′`´ˈ＇يىكةں",
    "abekmhopctyxijsdeaeeiknoptuxlodiht------'''''''''''" + "ییکهن",
) | str.maketrans({"æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "β": "b", "_": " "})
# Drawn as nothing at all, though they count as letters or signs; "*" only makes a word bold.
_UNSEEN = frozenset("\u115f\u1160\u3164\uffa0\u2800*")
_BETWEEN = r"[\W_]{0,3}"
_AT_ITS_START, _AT_ITS_END = r"(?<!\w)", r"(?!(?!s\b)\w)"  # "Samiras" and "Samira's" are hers
_ENOUGH_DIGITS = 4
# How the name of a country goes on where the name of its people does in another way.
_OF_A_COUNTRY = (
    "istani",
    "istan",
    "anistan",
    "lese",
    "nese",
    "ese",
    "ian",
    "ean",
    "ish",
    "an",
    "ia",
    "ey",
    "i",
    "a",
    "n",
)
_GOES_ON = (
    "istanis|istani|istan|anistani|anistan|lese|nese|ese|ians|ian|eans|ean|ish|ans|an|ia|ey|on|is|i|a|n|y|e|o"
)
_SHORTEST_STEM = 4


@dataclass(frozen=True)
class Folded:
    """A text in plain small letters, and for each of them its place in the text as it was."""

    text: str
    places: tuple[int, ...]

    def span(self, found: re.Match[str]) -> tuple[int, int]:
        """Where in the text as it was that stands which was found here."""
        return self.places[found.start()], self.places[found.end() - 1] + 1


@lru_cache(maxsize=64)
def folded(text: str, *, apart: bool = True) -> Folded:
    """The text folded. With `apart` a new word begins at a capital inside a word, and between letters and digits."""
    signs: list[str] = []
    places: list[int] = []
    before = ""
    for place, sign in enumerate(text):
        plain = _plain(sign)
        if not plain:
            continue
        if apart and _is_new_word(before, sign):
            signs.append(" ")
            places.append(place)
        signs.extend(plain)
        places.extend([place] * len(plain))
        before = sign
    return Folded("".join(signs), tuple(places))


@lru_cache(maxsize=4096)
def _plain(sign: str) -> str:
    """One sign as its plain small letters; empty for what is not seen."""
    if sign in _UNSEEN:
        return ""
    kept = []
    for part in unicodedata.normalize("NFKD", sign):
        kind = unicodedata.category(part)
        if kind in ("Mn", "Me", "Cf") or (kind == "Cc" and not part.isspace()):
            continue
        digit = unicodedata.decimal(part, None)
        kept.append(str(digit) if digit is not None else part.casefold())
    # The small letter of a capital with a dot has the dot as a sign of its own.
    return "".join(one for one in "".join(kept).translate(_ALIKE) if unicodedata.category(one) != "Mn")


def _is_new_word(before: str, sign: str) -> bool:
    if not before:
        return False
    return (before.islower() and sign.isupper()) or (
        before.isalnum() and sign.isalnum() and before.isdecimal() != sign.isdecimal()
    )


@lru_cache(maxsize=1024)
def likeness(fact: str, *, is_country: bool = False) -> re.Pattern[str]:
    """Finds the fact in a folded text: a day however it is written, a country by its people and they by it."""
    if day := _day(fact):
        return re.compile(f"{_AT_ITS_START}(?:{_any_way(day)}){_AT_ITS_END}")
    words = re.findall(r"[^\W_]+", folded(fact).text.replace("'", ""))
    if not words:
        return re.compile(r"(?!)")
    if sum(sign.isdecimal() for sign in fact) >= _ENOUGH_DIGITS:
        words = [part for word in words for part in (word if word.isdecimal() else [word])]
    each = [_stem(word) if is_country else "'?".join(word) for word in words]
    return re.compile(_AT_ITS_START + _BETWEEN.join(each) + _AT_ITS_END)


def _day(fact: str) -> date | None:
    """The day that this is in words, as `dates.spoken` has it; None for anything else."""
    try:
        return datetime.strptime(fact, "%d %B %Y").date()
    except ValueError:
        return None


def _stem(word: str) -> str:
    ending = next(
        (one for one in _OF_A_COUNTRY if word.endswith(one) and len(word) - len(one) >= _SHORTEST_STEM), ""
    )
    stem = word.removesuffix(ending)
    return f"{stem}(?:{_GOES_ON})?" if len(stem) >= _SHORTEST_STEM else word


def _any_way(day: date) -> str:
    """The day in words and in figures, in each order that people write it in."""
    number, nth = rf"0?{day.day}", rf"(?:{_BETWEEN}(?:st|nd|rd|th))?"
    month, figure = rf"(?:{day:%B}|{day:%b})".casefold(), rf"0?{day.month}"
    ways = (
        (number + nth, rf"(?:of{_BETWEEN})?{month}", rf"{day.year}"),
        (month, number + nth, rf"{day.year}"),
        (number, figure, rf"(?:{day.year}|{day:%y})"),
        (rf"{day.year}", figure, number),
    )
    return "|".join(_BETWEEN.join(way) for way in ways)
