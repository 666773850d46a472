"""How long a text message is, as the telephone networks count: in parts, each of which is paid for.

A text whose every sign is in the 7-bit alphabet of 3GPP TS 23.038 (section 6.2.1) has 160 places in one part and 153 in
each of several. One sign outside it, and all of the text is sent in UTF-16: 70 places, or 67. A sign that takes two
places is never cut in two. (The numbers were not looked up again for this program; a telephone shows its own count.)
"""

from collections.abc import Iterable
from dataclasses import dataclass

SHORT_ALPHABET = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
TWO_PLACES = frozenset("\f^{}\\[~]|€")  # in the short alphabet they are written with a sign before them
PLACES = {
    True: (160, 153),
    False: (70, 67),
}  # by whether it is in the short alphabet: in one part, in each of several
# What a keyboard puts in by itself, and the sign that says the same in the short alphabet.
PLAIN = {
    "‘": "'",
    "’": "'",
    "“": '"',
    "”": '"',
    "–": "-",
    "—": "-",
    "…": "...",
    "\u00a0": " ",
    "•": "*",
    "`": "'",
}


@dataclass(frozen=True)
class Length:
    """The length of a text: in how many parts it goes, and how many places are left in the last one.

    `costly` are the signs because of which a part holds less than half of what it could.
    """

    parts: int
    left: int
    costly: tuple[str, ...] = ()


def length_of(text: str) -> Length:
    """How long this text is when it is sent."""
    costly = tuple(dict.fromkeys(sign for sign in text if sign not in SHORT_ALPHABET | TWO_PLACES))
    one, each = PLACES[not costly]
    widths = [_places(sign, short=not costly) for sign in text]
    if (used := sum(widths)) <= one:
        return Length(1 if text else 0, one - used, costly)
    parts, used = _filled(widths, each)
    return Length(parts, each - used, costly)


def in_plain_signs(text: str) -> str:
    """The text with the signs that a keyboard curled or stretched written plainly, so that more of it fits."""
    return "".join(PLAIN.get(sign, sign) for sign in text)


def _places(sign: str, *, short: bool) -> int:
    if short:
        return 2 if sign in TWO_PLACES else 1
    return 2 if ord(sign) > 0xFFFF else 1


def _filled(widths: Iterable[int], each: int) -> tuple[int, int]:
    """How many parts are begun, and how many places of the last one are taken."""
    parts, used = 1, 0
    for width in widths:
        if used + width > each:
            parts, used = parts + 1, 0
        used += width
    return parts, used
