"""One file to print from: many letters in one tagged PDF, their fonts once, written as they come.

Nothing is kept of a letter but a few numbers, so the file may be longer than the memory is large.
"""

from array import array
from io import BytesIO
from typing import Any
from zlib import compress

import pikepdf

from casework.pdf.stamp.copying import Copier
from casework.pdf.stamp.letter import put_letter, unpack
from casework.pdf.stamp.merging import Merged, merge
from casework.pdf.stamp.shape import Shape, opened, page_entries, root_entries, titled
from casework.pdf.stamp.whole import RECORD, string, written
from casework.pdf.stamp.writing import Out, Writer


class PrintFile:
    """A file to print from, as it is written: a /Document with a /Part for each letter."""

    def __init__(self, out: Out, title: str) -> None:
        self._title = title
        self._writer = Writer(out)
        self._copier = Copier(self._writer)
        self._root = self._writer.reserve(6)
        self._info, self._pages, self._tree, self._parents, self._document = range(
            self._root + 1, self._root + 6
        )
        self._kids, self._parts, self._marks = array("I"), array("I"), array("I")
        self._catalogue: tuple[bytes, bytes, bytes] | None = (
            None  # entries, record and maker, from the first letter
        )
        self._entries: dict[str, bytes] = {}  # of the page, by shape
        self._names: list[tuple[str, int]] = []

    @property
    def pages(self) -> int:
        """How many pages it has so far."""
        return len(self._kids)

    def add(self, piece: bytes, shape: Shape | None) -> None:
        """Put in a letter from what is its own and its shape; without one the piece is a whole PDF."""
        if shape is None:
            self.add_pdf(piece)
            return
        kept = opened(shape)
        if shape.key not in self._entries:
            self._entries[shape.key] = written(self._copier, page_entries(kept.pdf.pages[0]))
        self._begin(kept.pdf, kept.record)
        own = unpack(piece).with_few_tags()
        entries = self._entries[shape.key] + b"/Parent %d 0 R" % self._pages
        put = put_letter(self._writer, kept, own, entries, len(self._marks), self._document, b"Part")
        self._kids.append(put.page)
        self._parts.append(put.top)
        self._marks.append(put.marks)

    def add_pdf(self, whole: bytes) -> None:
        """Put in all pages of a tagged PDF, with its tags and its fonts."""
        with pikepdf.open(BytesIO(whole)) as pdf:
            self._begin(pdf, pdf.Root.Metadata.read_bytes())
            merged: Merged = merge(
                self._writer, self._copier, pdf, self._pages, self._document, len(self._marks)
            )
        self._kids.extend(merged.pages)
        self._parts.append(merged.part)
        self._marks.extend(merged.marks)
        self._names += merged.names

    def finish(self) -> None:
        """Write the end; the file is whole then. Raises ValueError if nothing was put in."""
        if self._catalogue is None:
            raise ValueError("a file to print from needs at least one letter")
        writer, (entries, record, maker) = self._writer, self._catalogue
        writer.put(self._pages, b"<</Type/Pages/Count %d/Kids[%b]>>" % (self.pages, _references(self._kids)))
        parts = (self._tree, _references(self._parts))
        writer.put(self._document, b"<</Type/StructElem/S/Document/P %d 0 R/K[%b]>>" % parts)
        marks = b" ".join([b"%d %d 0 R" % one for one in enumerate(self._marks)])
        writer.put(self._parents, b"<</Nums[%b]>>" % marks)
        names = b" ".join([b"%b %d 0 R" % (string(name), number) for name, number in sorted(self._names)])
        writer.put(
            self._tree,
            b"<</Type/StructTreeRoot/K[%d 0 R]/ParentTree %d 0 R/ParentTreeNextKey %d%b>>"
            % (
                self._document,
                self._parents,
                len(self._marks),
                b"/IDTree<</Names[%b]>>" % names if names else b"",
            ),
        )
        about = writer.reserve()
        writer.put_stream(about, compress(titled(record, self._title)), RECORD)
        whole = (entries, self._pages, self._tree, about)
        writer.put(self._root, b"<<%b/Pages %d 0 R/StructTreeRoot %d 0 R/Metadata %d 0 R>>" % whole)
        writer.put(self._info, b"<</Producer %b/Title %b>>" % (maker, string(self._title)))
        writer.finish(self._root, self._info)

    def _begin(self, pdf: Any, record: bytes) -> None:
        """What the file says about itself is what its first letter says, but for the title."""
        if self._catalogue is None:
            entries = written(self._copier, root_entries(pdf.Root))
            self._catalogue = (entries, record, self._copier.copy(pdf.trailer.Info.Producer))


def _references(numbers: "array[int]") -> bytes:
    return b" ".join([b"%d 0 R" % one for one in numbers])
