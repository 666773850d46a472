"""What is one letter's own, packed small, and how it is put into a PDF that is being written."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from zlib import compress, decompress

from casework.pdf.stamp.shape import Opened
from casework.pdf.stamp.tags import Tag
from casework.pdf.stamp.writing import Writer

_HEAD = 4  # bytes that say how long the head of a packed letter is


@dataclass(frozen=True)
class Own:
    """One letter's own."""

    title: str
    words: tuple[str, ...]  # the tags in each of its blocks
    headings: tuple[str, ...]
    content: bytes  # deflated

    def packed(self) -> bytes:
        """The same as bytes."""
        head = compress(json.dumps([self.title, self.words, self.headings], ensure_ascii=False).encode())
        return len(head).to_bytes(_HEAD, "big") + head + self.content

    def with_few_tags(self) -> "Own":
        """The same without the tags that say nothing: those of line ends, and those round one piece of text alone.

        They are a third of all tags, and no reader hears them.
        """
        words = tuple(word.replace("(())", "").replace("(t)", "t") for word in self.words)
        return replace(self, words=words)


def unpack(piece: bytes) -> Own:
    """The letter's own that was packed."""
    end = _HEAD + int.from_bytes(piece[:_HEAD], "big")
    title, words, headings = json.loads(decompress(piece[_HEAD:end]))
    return Own(title, tuple(words), tuple(headings), piece[end:])


@dataclass(frozen=True)
class Put:
    """Where a letter is in the PDF."""

    page: int
    top: int  # its tag
    marks: int  # the list that says to which tag each of its marks belongs


def put_letter(
    writer: Writer, shape: Opened, own: Own, entries: bytes, key: int, above: int, top: bytes
) -> Put:
    """Write one letter. `entries` are those of its page, `top` the name of its tag, and `above` is the one above it."""
    page = writer.reserve(2)
    writer.put_stream(page + 1, own.content)
    writer.put(page, b"<<%b/Contents %d 0 R/StructParents %d>>" % (entries, page + 1, key))
    tags = _Tags(writer, own.words, _first_marks(shape.order, own.words), page)
    number = tags.put(Tag(top.decode(), shape.tags), above)
    marks = writer.reserve()
    writer.put(marks, b"[" + b" ".join([b"%d 0 R" % one for one in tags.of_marks]) + b"]")
    return Put(page, number, marks)


def _first_marks(order: Sequence[int], words: Sequence[str]) -> list[int]:
    """The number of the first mark in each block: they are counted as they are drawn."""
    first, mark = [0] * len(words), 0
    for block in order:
        first[block] = mark
        mark += words[block].count("t")
    return first


class _Tags:
    """The tags of one letter, as they are written."""

    def __init__(self, writer: Writer, words: Sequence[str], first_marks: list[int], page: int) -> None:
        self.writer = writer
        self.words = words
        self.first_marks = first_marks
        self.page = page
        self.of_marks = [0] * sum(word.count("t") for word in words)

    def put(self, tag: Tag, above: int) -> int:
        number = self.writer.reserve()
        kids: list[int] = []
        for one in tag.inside:
            if isinstance(one, int):
                kids += self._put_word(self.words[one], self.first_marks[one], number)
            else:
                kids.append(self.put(one, number))
        inside = b" ".join([b"%d 0 R" % kid for kid in kids])
        page = b"" if tag.name in ("Document", "Part") else b"/Pg %d 0 R" % self.page
        self.writer.put(
            number, b"<</Type/StructElem/S/%b/P %d 0 R%b/K[%b]>>" % (tag.name.encode(), above, page, inside)
        )
        return number

    def _put_word(self, word: str, mark: int, above: int) -> list[int]:
        """The tags in a block; returns those directly under its own."""
        put, page = self.writer.put, self.page
        number = self.writer.reserve(len(word) - word.count(")"))
        under: list[list[int]] = [[]]
        parents = [above]
        for letter in word:
            if letter == ")":
                kids = b" ".join([b"%d 0 R" % kid for kid in under.pop()])
                own = parents.pop()
                put(own, b"<</Type/StructElem/S/Span/P %d 0 R/Pg %d 0 R/K[%b]>>" % (parents[-1], page, kids))
                continue
            under[-1].append(number)
            if letter == "(":
                parents.append(number)
                under.append([])
            else:
                put(
                    number,
                    b"<</Type/StructElem/S/Span/P %d 0 R/Pg %d 0 R/K[%d]>>" % (parents[-1], page, mark),
                )
                self.of_marks[mark] = number
                mark += 1
            number += 1
        return under[0]
