"""The content stream of a page: what of it is the same for all letters, and where the lines of its blocks stand.

Numbers are written as WeasyPrint writes them, to a millionth. Ours are added up in another order, which may change the
sixteenth figure; so a number that is about to be rounded the other way is refused, and all others are the same.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from casework.pdf.stamp.blocks import Block, Room
from casework.pdf.stamp.breaking import Line
from casework.pdf.stamp.faces import UNITS
from casework.pdf.stamp.markup import TooLong, Unlike

_PIECE = re.compile(
    rb"/Span\n<</MCID (\d+)>>\nBDC\n(.*?)BT\n(?:1 0 0 -1 \S+ \S+ Tm\n(/\S+ \S+ Tf)\n\[[^\]]*\] TJ\n)?ET\nEMC\n",
    re.DOTALL,
)
_PIXEL = 1 / UNITS


@dataclass(frozen=True, eq=False)
class Place:
    """Where the lines of one block are drawn."""

    block: int
    before: bytes  # what stands in the stream before them: the same for every letter
    ink: bytes  # what chooses their colour
    x: float
    width: float
    from_right: bool
    at: float  # of the first line
    height: float
    lines: int  # in the exemplar
    moves: bool  # whether one line more pushes down what follows

    def filled(self, lines: Sequence[Line], mark: int, pushed: float) -> bytes:
        """These lines, pushed down so far, with their marks counted from this one."""
        parts: list[bytes] = []
        ink, y = self.ink, self.at + pushed
        for line in lines:
            x = self.x
            if self.from_right:
                x += self.width - sum(piece.width for piece in line) * _PIXEL
            stands = number(y)
            for piece in line:
                if piece.written:
                    shown = b"\n1 0 0 -1 %b %b Tm\n%b\n[%b] TJ" % (
                        number(x),
                        stands,
                        piece.chosen,
                        piece.written,
                    )
                else:
                    shown = b""
                parts.append(b"/Span\n<</MCID %d>>\nBDC\n%bBT%b\nET\nEMC\n" % (mark, ink, shown))
                ink = b""
                mark += 1
                x += piece.width * _PIXEL
            y += self.height
        return b"".join(parts)


@dataclass(frozen=True, eq=False)
class Setting:
    """A block of a letter, set in lines."""

    lines: Sequence[Line]
    word: str  # its tags
    marks: int  # how many pieces of text it has
    drawn: dict[tuple[Place, int, float], bytes] = field(
        default_factory=dict
    )  # for the blocks that many letters have


@dataclass(frozen=True)
class Drawing:
    """A content stream with its blocks taken out."""

    places: tuple[Place, ...]  # in the order in which they are drawn
    after: bytes
    room: Room  # below the last block, in the exemplar

    def filled(self, blocks: Sequence["Setting"]) -> bytes:
        """The content stream of a letter with these blocks. Raises Unlike if it does not surely fit on its page."""
        pushed = self._pushed(blocks)
        parts: list[bytes] = []
        mark = 0
        for place in self.places:
            block = blocks[place.block]
            key = (place, mark, pushed[place.block])
            if key not in block.drawn:
                block.drawn[key] = place.filled(block.lines, mark, pushed[place.block])
            parts += (place.before, block.drawn[key])
            mark += block.marks
        parts.append(self.after)
        return b"".join(parts)

    def _pushed(self, blocks: Sequence["Setting"]) -> list[float]:
        """How far each block is pushed down by the lines that those above it have more than in the exemplar."""
        pushed = [0.0] * len(blocks)
        down = 0.0
        for place in sorted(self.places, key=lambda one: one.block):
            pushed[place.block] = down
            if place.moves:
                down += (len(blocks[place.block].lines) - place.lines) * place.height
        if down > self.room.at_most + 0.01:
            raise TooLong("the letter has more than one page")
        if down > self.room.surely - 0.01:
            raise Unlike("the letter does not surely fit on one page")
        return pushed


@lru_cache(maxsize=8192)
def number(value: float) -> bytes:
    """A number as WeasyPrint writes it. Raises Unlike where the last figure is not certain."""
    millionths = value * 1e6
    if abs(millionths % 1 - 0.5) < 1e-4:
        raise Unlike("a number lies halfway between two figures")
    if value.is_integer():
        return b"%d" % value
    return f"{value:f}".rstrip("0").encode()


def read_drawing(content: bytes, blocks: Sequence[Block], drawn: dict[int, Any], room: Room) -> Drawing:
    """Take the lines of the blocks out of a content stream; `drawn` says which text box each mark stands for."""
    owner = {id(text): at for at, block in enumerate(blocks) for text in block.texts}
    places: list[Place] = []
    marks = dict.fromkeys(range(len(blocks)), 0)
    end = 0
    for found in _PIECE.finditer(content):
        at = owner.get(id(drawn.get(int(found[1]))))
        if at is None:
            raise Unlike("something is drawn that is no text of a block")
        if places and places[-1].block == at:
            if found.start() != end or found[2]:
                raise Unlike("the lines of a block are not drawn one after another")
        elif marks[at]:
            raise Unlike("a block is drawn in two parts")
        else:
            places.append(_place(at, blocks[at], content[end : found.start()], found[2]))
        if int(found[1]) != sum(marks.values()) or drawn[int(found[1])] is not blocks[at].texts[marks[at]]:
            raise Unlike("the lines of a block are drawn in another order")
        marks[at] += 1
        end = found.end()
    if any(marks[at] != len(block.texts) for at, block in enumerate(blocks)):
        raise Unlike("not all text is drawn as text")
    constant = b"".join(place.before for place in places) + content[end:]
    if b"MCID" in constant or b"ActualText" in content:
        raise Unlike("something is marked that is no text of a block")
    return Drawing(tuple(places), content[end:], room)


def _place(at: int, block: Block, before: bytes, ink: bytes) -> Place:
    return Place(
        at, before, ink, block.x, block.width, block.align == "end", block.at[0], block.height, len(block.at),
        moves=not block.fixed,
    )  # fmt: skip


def fonts_chosen(content: bytes) -> dict[int, bytes]:
    """The words that choose the font of each mark."""
    return {int(found[1]): found[3] for found in _PIECE.finditer(content) if found[3]}
