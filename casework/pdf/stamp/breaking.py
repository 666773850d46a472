"""The lines of a block, broken as WeasyPrint breaks them, or not at all.

WeasyPrint puts as much on a line as fits and Pango says where a line may end; so far it is arithmetic, which is done
here. What hangs on more than that is left to WeasyPrint by raising Unlike: a line that is full to a fiftieth of a
pixel, a word longer than its line, and a line's end that has to be looked for in an earlier stretch of letters.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from casework.pdf.stamp.faces import UNITS, Face, Shaped, may_part
from casework.pdf.stamp.markup import Run, Unlike

_CLEAR = 20  # 1,024ths of a pixel by which a line must fit, or not fit


class UnknownKind(Unlike):
    """A kind of text that was not seen yet. It can be learned."""


@dataclass(frozen=True, slots=True)
class Look:
    """How one kind of text is printed."""

    face: Face
    together: bool  # it stays on one line


@dataclass(frozen=True, slots=True)
class Piece:
    """What of one run stands on one line."""

    run: int
    written: bytes  # its glyphs; empty for one that shows nothing
    width: int  # in 1,024ths of a pixel
    chosen: bytes  # the words that choose its font


Line = tuple[Piece, ...]


def lines_of(runs: Sequence[Run], looks: Mapping[tuple[str, ...], Look], width: float) -> list[Line]:
    """The lines of a block of this width. Raises Unlike where they are not certain."""
    breaker = _Breaker(runs, looks, int(width * UNITS))
    for number, run in enumerate(runs):
        if run.ends_line:
            breaker.end_line()
        else:
            breaker.add(number, run)
    if breaker.line:
        breaker.end_line()
    return breaker.done


class _Breaker:
    """A line that is being filled, and those before it."""

    def __init__(self, runs: Sequence[Run], looks: Mapping[tuple[str, ...], Look], width: int) -> None:
        self.runs = runs
        self.looks = looks
        self.width = width
        self.room = width
        self.done: list[Line] = []
        self.line: list[tuple[int, Shaped, int, int]] = []

    def add(self, number: int, run: Run) -> None:
        """Put a run on the line, and what does not fit on lines after it."""
        look = self.looks.get(run.kind)
        if look is None:
            raise UnknownKind("letters of a kind that no earlier letter had")
        shaped = look.face.shaped(run.text)
        start, end = 0, len(run.text)
        while True:
            if not self.line:
                start = end - len(run.text[start:].lstrip(" "))
                if start == end:
                    return
            if self._fits(shaped, start, _printed(shaped, start, end)):
                return self._put(number, shaped, start, end)
            stop = None if look.together else self._last_that_fits(shaped, start)
            if stop is not None:
                printed = _printed(shaped, start, stop)
                if printed > start:
                    self._put(number, shaped, start, printed)
                start = stop
            elif not self.line:
                raise Unlike("a word is longer than its line")
            elif start or not may_part(self.runs[number - 1].text[-1], run.text[0], look.face.language):
                raise Unlike("a line ends where its last stretch of letters cannot be parted")
            self.end_line()

    def end_line(self) -> None:
        """Begin a new line."""
        last = len(self.line) - 1
        self.done.append(tuple(_piece(*one, ends=at == last) for at, one in enumerate(self.line)))
        self.line, self.room = [], self.width

    def _put(self, number: int, shaped: Shaped, start: int, stop: int) -> None:
        self.line.append((number, shaped, start, stop))
        self.room -= shaped.width(start, stop)

    def _last_that_fits(self, shaped: Shaped, start: int) -> int | None:
        """Where the line ends in this run, if it does."""
        breaks, room = shaped.breaks, self.room
        first = low = bisect_right(breaks, start)
        high = len(breaks)
        while low < high:
            middle = (low + high) // 2
            if shaped.about(start, _printed(shaped, start, breaks[middle])) <= room:
                low = middle + 1
            else:
                high = middle
        for near in breaks[max(low - 1, first) : low + 1]:  # the last that fits and the first that does not
            self._fits(shaped, start, _printed(shaped, start, near))
        return breaks[low - 1] if low > first else None

    def _fits(self, shaped: Shaped, start: int, stop: int) -> bool:
        """Whether a part fits, as it stands in its run and cut out of it: both must say the same, clearly."""
        about, room = shaped.about(start, stop), self.room
        alone = shaped.width(start, stop) if stop > start else 0
        if abs(about - room) < _CLEAR or abs(alone - room) < _CLEAR or (alone < room) != (about < room):
            raise Unlike("a line is full to a hair’s breadth")
        return about < room


def _piece(number: int, shaped: Shaped, start: int, stop: int, *, ends: bool) -> Piece:
    """What is printed of a part of a run. A space that ends a line takes no room, though WeasyPrint still writes it."""
    printed = _printed(shaped, start, stop)
    if ends and printed < stop:
        width = shaped.width(start, printed) if printed > start else 0
    else:
        width = shaped.width(start, stop)
    written = shaped.cut(start, stop) if printed > start else b""
    return Piece(number, written, width, shaped.face.chosen)


def _printed(shaped: Shaped, start: int, stop: int) -> int:
    """Where a part ends without the spaces at its end."""
    return start + len(shaped.text[start:stop].rstrip(" "))
