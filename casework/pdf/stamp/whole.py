"""One letter as a PDF of its own, put together from what is its own and from its shape."""

from io import BytesIO
from typing import Any
from zlib import compress

from casework.pdf.stamp.copying import Copier
from casework.pdf.stamp.letter import Own, put_letter, unpack
from casework.pdf.stamp.shape import Opened, Shape, opened, page_entries, root_entries, titled
from casework.pdf.stamp.writing import Writer

RECORD = b"/Type/Metadata/Subtype/XML/Filter/FlateDecode"


def pdf_of(piece: bytes, shape: Shape | None) -> bytes:
    """One letter as a whole PDF, tagged and fit for the archive. Without a shape the piece is the PDF already."""
    if shape is None:
        return piece
    own, kept = unpack(piece), opened(shape)
    out = BytesIO()
    writer = Writer(out)
    copier = Copier(writer)
    root = writer.reserve(5)
    pages, tree, parents, info = range(root + 1, root + 5)
    page = written(copier, page_entries(kept.pdf.pages[0])) + b"/Parent %d 0 R" % pages
    put = put_letter(writer, kept, own, page, 0, tree, b"Document")
    writer.put(pages, b"<</Type/Pages/Count 1/Kids[%d 0 R]>>" % put.page)
    writer.put(parents, b"<</Nums[0 %d 0 R]>>" % put.marks)
    writer.put(
        tree, b"<</Type/StructTreeRoot/K[%d 0 R]/ParentTree %d 0 R/ParentTreeNextKey 1>>" % (put.top, parents)
    )
    record = writer.reserve()
    writer.put_stream(record, compress(titled(kept.record, own.title)), RECORD)
    writer.put(
        root,
        b"<<%b%b/Pages %d 0 R/StructTreeRoot %d 0 R/Metadata %d 0 R>>"
        % (
            written(copier, root_entries(kept.pdf.Root)),
            _outlines(writer, kept, own, put.page),
            pages,
            tree,
            record,
        ),
    )
    writer.put(
        info, b"<</Producer %b/Title %b>>" % (copier.copy(kept.pdf.trailer.Info.Producer), string(own.title))
    )
    writer.finish(root, info)
    return out.getvalue()


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
