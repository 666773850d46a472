"""A shape of letter, to be kept beside them: everything of their PDFs but what each of them says.

It is WeasyPrint's own PDF of the first letter of the shape, with that letter's words taken out and with fonts that
serve the whole batch. Two processes that make the same shape from different letters make the same bytes.
"""

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from io import BytesIO
from typing import Any
from xml.etree import ElementTree

import pikepdf

from casework.pdf.stamp.markup import Unlike
from casework.pdf.stamp.tags import Tag

_TITLE = re.compile(rb"(?s)(<dc:title>.*?<rdf:li[^>]*>)(.*?)(</rdf:li>)")
_OF_ITS_OWN = ("/Contents", "/Parent", "/StructParents")
_LEFT_OUT = ("/Outlines", "/StructTreeRoot", "/Metadata", "/Pages")


@dataclass(frozen=True)
class Heading:
    """A heading that a reader's list of contents leads to."""

    block: int
    x: str
    y: str


@dataclass(frozen=True)
class Shape:
    """What is the same in all letters of one shape."""

    key: str
    exemplar: bytes  # to be kept; `open_shape` makes the shape of it again


@dataclass(frozen=True)
class Opened:
    """A shape that is ready to have letters put in."""

    pdf: pikepdf.Pdf
    tags: tuple[Tag | int, ...]
    order: tuple[int, ...]  # the blocks, as they are drawn
    headings: tuple[Heading, ...]
    record: bytes  # what the PDF says about itself, without a title


def open_shape(exemplar: bytes) -> Shape:
    """The shape that was kept. Its key is counted from it, so that no other can have the same."""
    return Shape(sha256(exemplar).hexdigest(), exemplar)


@lru_cache(maxsize=64)
def opened(shape: Shape) -> Opened:
    """A shape that is read once in a process."""
    pdf = pikepdf.open(BytesIO(shape.exemplar))
    about = _about(pdf)
    return Opened(
        pdf,
        tuple(one if isinstance(one, int) else Tag.from_list(one) for one in about["tags"]),
        tuple(about["order"]),
        tuple(Heading(*one) for one in about["headings"]),
        pdf.Root.Metadata.read_bytes(),
    )


def make_shape(
    pdf: pikepdf.Pdf, tags: tuple[Tag | int, ...], order: tuple[int, ...], texts: list[str]
) -> Shape:
    """The shape of a letter's PDF; `texts` are those of its blocks."""
    root, (page,) = pdf.Root, pdf.pages
    if "/Names" in root or "/Annots" in page or "/AcroForm" in root:
        raise Unlike("the letter has links, attachments or form fields")
    about = {
        "tags": [one if isinstance(one, int) else one.as_list() for one in tags],
        "order": order,
        "headings": [[one.block, one.x, one.y] for one in _headings(root, texts)],
    }
    record = titled(root.Metadata.read_bytes(), "")
    for name in ("/Outlines", "/StructTreeRoot"):
        if name in root:
            del root[name]
    root.Metadata = pdf.make_stream(record, Type=pikepdf.Name.Metadata, Subtype=pikepdf.Name.XML)
    page.Contents = pdf.make_stream(b"")
    pdf.trailer.Info = pikepdf.Dictionary(Producer=pdf.trailer.Info.Producer)
    if "/ID" in pdf.trailer:
        del pdf.trailer.ID  # it was counted from the letter's words
    root.PieceInfo = pikepdf.Dictionary(Casework=pdf.make_stream(json.dumps(about).encode()))
    out = BytesIO()
    pdf.save(
        out,
        deterministic_id=True,
        fix_metadata_version=False,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
    )
    return open_shape(out.getvalue())


def titled(record: bytes, title: str) -> bytes:
    """What a PDF says about itself, with another title."""
    element = ElementTree.Element("t")
    element.text = title
    escaped = (
        ElementTree.tostring(element, encoding="utf-8")
        .partition(b"<t")[2]
        .partition(b">")[2]
        .removesuffix(b"</t>")
    )
    return _TITLE.sub(lambda found: found[1] + escaped + found[3], record, count=1)


def page_entries(page: Any) -> list[tuple[str, Any]]:
    """The entries of a page that are no letter's own."""
    return [(name, value) for name, value in page.items() if name not in _OF_ITS_OWN]


def root_entries(root: Any) -> list[tuple[str, Any]]:
    """The entries of a catalogue that are no letter's own."""
    return [(name, value) for name, value in root.items() if name not in (*_LEFT_OUT, "/PieceInfo", "/Names")]


def _about(pdf: pikepdf.Pdf) -> Any:
    try:
        return json.loads(pdf.Root.PieceInfo.Casework.read_bytes())
    except AttributeError:
        raise ValueError("this is no shape of letters") from None


def _headings(root: Any, texts: list[str]) -> list[Heading]:
    found: list[Heading] = []
    one = root.get("/Outlines", pikepdf.Dictionary()).get("/First")
    while one is not None:
        if "/First" in one:
            raise Unlike("the headings have others under them")
        try:
            block = texts.index(str(one.Title))
        except ValueError:
            raise Unlike("a heading is listed that is no block of its own") from None
        found.append(Heading(block, str(one.Dest[2]), str(one.Dest[3])))
        one = one.get("/Next")
    return found
