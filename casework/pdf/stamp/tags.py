"""The tags of a letter: a tree of which only what stands in the blocks of text differs from letter to letter.

What stands in a block is written as a word: `t` is a piece of text in its tag, `(…)` a stretch with what is in it. So
`t(t)t` is a line with one stretch in the middle, and `t(())` one that the end of a line follows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pikepdf

from casework.pdf.stamp.breaking import Line
from casework.pdf.stamp.markup import Run, Unlike

_LINE_END = "(())"


@dataclass(frozen=True)
class Tag:
    """A tag above the text: its name, and what is in it, which is tags and numbers of blocks."""

    name: str
    inside: tuple["Tag | int", ...]

    def as_list(self) -> list[Any]:
        """The same in lists, to be kept."""
        return [self.name, [one if isinstance(one, int) else one.as_list() for one in self.inside]]

    @classmethod
    def from_list(cls, kept: list[Any]) -> "Tag":
        """The tag that was kept."""
        name, inside = kept
        return cls(name, tuple(one if isinstance(one, int) else cls.from_list(one) for one in inside))


def word_of(runs: Sequence[Run], lines: Sequence[Line]) -> str:
    """What stands in a block, as a word."""
    found: list[str] = []
    ends = _ends_of_lines(runs, lines)
    for line, ended in zip(lines, ends, strict=True):
        open_now: tuple[int, ...] = ()
        for piece in line:
            inside = runs[piece.run].inside
            shared = 0
            while shared < min(len(open_now), len(inside)) and open_now[shared] == inside[shared]:
                shared += 1
            found.append(")" * (len(open_now) - shared) + "(" * (len(inside) - shared) + "t")
            open_now = inside
        found.append(")" * len(open_now) + (_LINE_END if ended else ""))
    return "".join(found)


def _ends_of_lines(runs: Sequence[Run], lines: Sequence[Line]) -> list[bool]:
    """Whether the text itself ends each line."""
    ended = []
    for line in lines:
        after = line[-1].run + 1
        ended.append(after < len(runs) and runs[after].ends_line)
    for at in range(len(lines) - 1):  # a run that goes on, on the next line, did not reach the end after it
        if lines[at + 1] and lines[at + 1][0].run == lines[at][-1].run:
            ended[at] = False
    return ended


def read_tags(pdf: pikepdf.Pdf, owner: dict[int, int]) -> tuple[tuple[Tag | int, ...], dict[int, str]]:
    """The tags of a page without what is in its blocks, and that as words.

    `owner` says to which block a mark belongs.
    """
    top = pdf.Root.StructTreeRoot.K
    (document,) = top if isinstance(top, pikepdf.Array) else [top]
    words: dict[int, str] = {}
    tree = _read(document, owner, words)
    if tree.name != "Document" or set(words) != set(owner.values()):
        raise Unlike("the tags do not hold all blocks")
    return tree.inside, words


def _read(element: Any, owner: dict[int, int], words: dict[int, str]) -> Tag:
    if set(element.keys()) - {"/K", "/P", "/Pg", "/S", "/Type"}:
        raise Unlike("a tag says more than its name")
    name, kids = str(element.S)[1:], list(element.get("/K", []))
    spans = [kid for kid in kids if not isinstance(kid, int) and kid.S == "/Span"]
    if not spans:
        return Tag(name, tuple(_read(kid, owner, words) for kid in kids))
    marks: list[int] = []
    word = "".join(_word(kid, marks) for kid in kids)
    blocks = {owner[mark] for mark in marks}
    if len(blocks) != 1 or len(spans) != len(kids) or marks != list(range(marks[0], marks[0] + len(marks))):
        raise Unlike("the tags of a block hold something else")
    (block,) = blocks
    if block in words:
        raise Unlike("the tags of a block stand in two places")
    words[block] = word
    return Tag(name, (block,))


def _word(element: Any, marks: list[int]) -> str:
    if element.S != "/Span" or set(element.keys()) - {"/K", "/P", "/Pg", "/S", "/Type"}:
        raise Unlike("a stretch of text has a tag of its own")
    kids = list(element.get("/K", []))
    if len(kids) == 1 and isinstance(kids[0], int):
        marks.append(kids[0])
        return "t"
    return "(" + "".join(_word(kid, marks) for kid in kids) + ")"
