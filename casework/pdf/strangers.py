"""PDFs and photos that strangers made: how many pages, pictures, what they carry, each asked of a process of its own.

Whatever such a file asks for, it is at most this memory and this time, and what ends then is that process alone.
"""

import json
from pathlib import Path

from casework.apart import TooMuch, ask
from casework.pdf import stranger_reader
from casework.pdf.stranger_reader import NOT_ALL

_MEMORY_MB = 1_000
_SECONDS = 10
LOCKED = -1

__all__ = ["LOCKED", "TooMuch", "carried", "page_image", "pages", "photo", "without_traces"]


def pages(pdf: bytes) -> int:
    """How many pages there are: none where it is no whole PDF, LOCKED where a password locks it. Raises TooMuch."""
    answer = _ask(pdf, "pages")
    return int(json.loads(answer)) if answer is not None else 0


def page_image(pdf: bytes, number: int, scale: float = 1.5) -> bytes:
    """One page as a PNG; scale 1 is 72 dots to the inch. Raises IndexError for no page, TooMuch."""
    png = _ask(pdf, "picture", str(number), str(scale))
    if not png:
        raise IndexError(f"there is no page {number}")
    return png


def carried(pdf: bytes) -> list[str]:
    """What it carries besides its pages that could do something by itself, by the names for it in a PDF."""
    try:
        answer = _ask(pdf, "carried")
    except TooMuch:
        answer = None
    return list(json.loads(answer)) if answer is not None else [NOT_ALL]


def photo(content: bytes, kinds: tuple[str, ...], longest: int) -> bytes:
    """A photo of one of these kinds as a PNG, no longer than this on a side. Raises TooMuch."""
    png = _ask(content, "photo", " ".join(kinds), str(longest))
    if not png:
        raise TooMuch
    return png


def without_traces(content: bytes, kinds: tuple[str, ...]) -> bytes | None:
    """A photo of one of these kinds without what a camera wrote into it; None for a damaged one. Raises TooMuch."""
    return _ask(content, "without traces", " ".join(kinds)) or None


def _ask(pdf: bytes, *question: str) -> bytes | None:
    """The answer of a process of its own; None where it stumbled over a damaged PDF. Raises TooMuch."""
    reader = Path(stranger_reader.__file__)
    return ask(reader, pdf, *question, memory_mb=_MEMORY_MB, seconds=_SECONDS)
