"""One letter as a PDF of its own, put together from what is its own and from its shape."""

from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import Any
from zlib import compress

from casework.pdf.stamp.copying import Copier
from casework.pdf.stamp.letter import Own, put_letter, unpack
from casework.pdf.stamp.shape import Opened, Shape, opened, page_entries, root_entries, titled
from casework.pdf.stamp.writing import Writer

_ROOT = (
    1  # the number of the catalogue; the four after it are the pages, the tags, the marks and the properties
)
RECORD = b"/Type/Metadata/Subtype/XML/Filter/FlateDecode"


def pdf_of(piece: bytes, shape: Shape | None) -> bytes:
    """One letter as a whole PDF, tagged and fit for the archive. Without a shape the piece is the PDF already."""
    if shape is None:
        return piece
    own, kept, begun = unpack(piece), opened(shape), _begin(shape)
    out = BytesIO()
    writer = begun.writer.going_on(out, begun.written)
    pages, tree, parents, info = range(_ROOT + 1, _ROOT + 5)
    put = put_letter(writer, kept, own, begun.page + b"/Parent %d 0 R" % pages, 0, tree, b"Document")
    writer.put(pages, b"<</Type/Pages/Count 1/Kids[%d 0 R]>>" % put.page)
    writer.put(parents, b"<</Nums[0 %d 0 R]>>" % put.marks)
    writer.put(
        tree, b"<</Type/StructTreeRoot/K[%d 0 R]/ParentTree %d 0 R/ParentTreeNextKey 1>>" % (put.top, parents)
    )
    record = writer.reserve()
    writer.put_stream(record, compress(titled(kept.record, own.title)), RECORD)
    writer.put(
        _ROOT,
        b"<<%b%b/Pages %d 0 R/StructTreeRoot %d 0 R/Metadata %d 0 R>>"
        % (begun.root, _outlines(writer, kept, own, put.page), pages, tree, record),
    )
    writer.put(info, b"<</Producer %b/Title %b>>" % (begun.maker, string(own.title)))
    writer.finish(_ROOT, info)
    return out.getvalue()


@dataclass(frozen=True)
class _Begun:
    """A PDF with all that is the same in each letter of a shape."""

    writer: Writer
    written: bytes
    page: bytes
    root: bytes
    maker: bytes


@lru_cache(maxsize=64)
def _begin(shape: Shape) -> _Begun:
    kept, out = opened(shape), BytesIO()
    writer = Writer(out, level=6)
    assert writer.reserve(5) == _ROOT
    copier = Copier(writer)
    page, root = (
        written(copier, page_entries(kept.pdf.pages[0])),
        written(copier, root_entries(kept.pdf.Root)),
    )
    return _Begun(writer, out.getvalue(), page, root, copier.copy(kept.pdf.trailer.Info.Producer))


def written(copier: Copier, entries: list[tuple[str, Any]]) -> bytes:
    """Entries of a dictionary, with what they lead to copied."""
    return b"".join(name.encode() + b" " + copier.copy(value) for name, value in entries)


def string(text: str) -> bytes:
    """A text as it stands in a PDF."""
    import pydyf

    return bytes(pydyf.String(text).data)


def _outlines(writer: Writer, shape: Opened, own: Own, page: int) -> bytes:
    """The headings that a reader lists beside the page."""
    if not shape.headings:
        return b""
    top = writer.reserve(1 + len(shape.headings))
    last = top + len(shape.headings)
    for at, (heading, title) in enumerate(zip(shape.headings, own.headings, strict=True), top + 1):
        beside = (b"/Prev %d 0 R" % (at - 1) if at > top + 1 else b"") + (
            b"/Next %d 0 R" % (at + 1) if at < last else b""
        )
        place = b"[%d 0 R/XYZ %b %b 0]" % (page, heading.x.encode(), heading.y.encode())
        writer.put(at, b"<</Title %b/Parent %d 0 R/Count 0/Dest%b%b>>" % (string(title), top, place, beside))
    writer.put(top, b"<</Count %d/First %d 0 R/Last %d 0 R>>" % (len(shape.headings), top + 1, last))
    return b"/Outlines %d 0 R" % top
