"""Postcodes as people type them, and as Royal Mail writes them. No postcode is looked up here."""

import itertools
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from casework.domain.errors import CaseworkError

CROWN_DEPENDENCIES = {"GY": "Guernsey", "IM": "the Isle of Man", "JE": "Jersey"}
"""The areas of Royal Mail that lie outside the United Kingdom, and so have no member of Parliament."""

_AREA_CODES = (
    "AB AL B BA BB BD BF BH BL BN BR BS BT BX CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC"
    " EH EN EX FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M"
    " ME MK ML N NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW"
    " SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE"
)
_AREAS = frozenset(_AREA_CODES.split())
_OUTWARD = r"[A-Z]{1,2}(?:0|[1-9][0-9]?|[1-9][A-HJKMNPR-Y])"  # no O, I, L or Z stands after the number
_INWARD = r"[0-9][ABD-HJLNP-UW-Z]{2}"  # C, I, K, M, O and V are never used in the last two letters
_WHOLE = re.compile(rf"({_OUTWARD}) ?({_INWARD})").fullmatch
_SECTOR = re.compile(rf"({_OUTWARD}) ([0-9])").fullmatch
_DISTRICT = re.compile(rf"({_OUTWARD})").fullmatch
_SECTOR_AND_MORE = re.compile(
    rf"({_OUTWARD})([0-9])[A-Z]{{1,4}}"
).fullmatch  # LS7 4P: its end is not read yet
_LOOKALIKES = {"0": "0O", "O": "O0", "1": "1IL", "I": "I1", "L": "L1"}
_LONGEST = 100  # characters; whatever is longer is no postcode, and is not worth taking apart
_MOST_CHARACTERS = 8  # of a postcode, with the space in a sector
_MOST_SHOWN = 20

_Shape = Callable[[str], re.Match[str] | None]


class BadPostcode(CaseworkError):
    """What was typed does not have the shape of a postcode."""


@dataclass(frozen=True, slots=True)
class District:
    """The first half of a postcode, such as UB7."""

    code: str

    def __str__(self) -> str:
        return self.code

    def as_sector(self) -> "Sector | None":
        """The sector that was meant if UB70 stands for UB7 0, or nothing."""
        found = _SECTOR(f"{self.code[:-1]} {self.code[-1]}")
        return Sector(*found.groups()) if found else None


@dataclass(frozen=True, slots=True)
class Sector:
    """A postcode without its last two letters, such as UB7 0."""

    district: str
    digit: str

    def __str__(self) -> str:
        return f"{self.district} {self.digit}"


@dataclass(frozen=True, slots=True)
class Postcode:
    """A whole postcode of the right shape. Whether it exists, only the directory can say."""

    outward: str
    inward: str

    def __str__(self) -> str:
        return f"{self.outward} {self.inward}"

    @property
    def area(self) -> str:
        """The letters at the beginning, such as UB."""
        return area_of(self.outward)

    @property
    def district(self) -> str:
        """The first half, such as UB7."""
        return self.outward

    @property
    def sector(self) -> str:
        """All but the last two letters, such as UB7 0."""
        return f"{self.outward} {self.inward[0]}"


def area_of(code: str) -> str:
    """The letters with which a postcode, sector or district begins."""
    return code[:2] if code[1:2].isalpha() else code[:1]


def parse_postcode(text: str) -> Postcode:
    """The postcode that was meant: any spacing or case, and O for 0 or I and L for 1 put right.

    Raises BadPostcode when the text has not the shape of a postcode.
    """
    found = _WHOLE(text)  # the quick way, for text already in standard form
    if found and area_of(text) in _AREAS:
        return Postcode(*found.groups())
    typed = _plain(text).replace(" ", "")
    is_part = _SECTOR(f"{typed[:-1]} {typed[-1:]}")  # BL11 1 is a sector, not B1 1LL with three slips
    reading = None if is_part else _reading(typed, _WHOLE)
    if reading is None:
        raise BadPostcode(_refusal(text), field="postcode")
    return Postcode(*reading)


def parse_partial(text: str) -> Postcode | Sector | District:
    """The postcode, or as much of it as was typed: a sector (UB7 0) or a district (UB7).

    UB70 without a space reads as a district; `District.as_sector` gives the other reading.
    Raises BadPostcode when the text is none of these; it names the part that can be read, where there is one. That
    part is never taken unasked: what was typed after it may be right, and a slip before it.
    """
    try:
        return parse_postcode(text)
    except BadPostcode:
        typed = _plain(text)
        if sector := _reading(typed, _SECTOR):
            return Sector(*sector)
        district = _reading(typed.replace(" ", ""), _DISTRICT)
        if district and not _SECTOR_AND_MORE(typed.replace(" ", "")):  # S1 4P is no SL4P with a slip
            return District(*district)
        if sector := _reading(f"{typed[:-1].replace(' ', '')} {typed[-1:]}", _SECTOR):
            return Sector(*sector)
        if part := _readable_part(typed):
            raise BadPostcode(_offer(text, part), field="postcode") from None
        raise


def _readable_part(typed: str) -> Sector | District | None:
    """What can be read before an end that cannot: LS7 4 of LS7 4PPP, and LS7 of LS7 PP."""
    if sector := _reading(typed.replace(" ", ""), _SECTOR_AND_MORE):
        return Sector(*sector)
    first, _, rest = typed.partition(" ")
    district = _reading(first, _DISTRICT) if rest else None
    return District(*district) if district else None


def _plain(text: str) -> str:
    """Capital letters, digits and single spaces, or nothing when there is anything else."""
    if len(text) > _LONGEST:
        return ""
    upper = unicodedata.normalize("NFKC", text).upper()
    visible = "".join(c for c in upper if unicodedata.category(c) != "Cf")  # zero-width marks from pasting
    spaced = " ".join(re.sub(r"[-–.,]", " ", visible).split())
    return spaced if re.fullmatch(r"[A-Z0-9 ]+", spaced) else ""


def _reading(typed: str, shape: _Shape) -> tuple[str, ...] | None:
    """The parts of the text read in this shape: as typed if that will do, else with the fewest swaps.

    Nothing when no reading begins with an area of Royal Mail, or when two are equally good.
    """
    as_typed = shape(typed)
    if as_typed and area_of(typed) in _AREAS:
        return as_typed.groups()
    if len(typed) > _MOST_CHARACTERS:
        return None
    best: dict[int, list[tuple[str, ...]]] = {}
    for letters in itertools.product(*(_LOOKALIKES.get(c, c) for c in typed)):
        reading = "".join(letters)
        found = shape(reading)
        if found and area_of(reading) in _AREAS:
            swaps = sum(a != b for a, b in zip(letters, typed, strict=True))
            best.setdefault(swaps, []).append(found.groups())
    fewest = best[min(best)] if best else []
    if len(fewest) == 1:
        return fewest[0]
    return as_typed.groups() if as_typed else None


def _offer(text: str, part: Sector | District) -> str:
    return f"“{text.strip()}” is no whole postcode. If you do not know its end, type {part}: that much helps."


def _refusal(text: str) -> str:
    if not text.strip():
        return "Type a postcode, such as SW1A 0AA."
    if len(text) > _MOST_SHOWN:
        return "This is too long for a postcode. A postcode looks like SW1A 0AA."
    return f"“{text.strip()}” does not look like a postcode. A postcode looks like SW1A 0AA."
