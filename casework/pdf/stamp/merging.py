"""A whole tagged PDF put into another that is being written: its pages, its fonts if they are new, and its tags."""

from dataclasses import dataclass, field
from typing import Any
from zlib import compress

import pikepdf

from casework.pdf.stamp.copying import Copier, as_written
from casework.pdf.stamp.writing import Writer

_OF_ITS_OWN = ("/Contents", "/Parent", "/StructParents", "/Annots")


@dataclass
class Merged:
    """Where the parts of the PDF are now."""

    part: int = 0
    pages: list[int] = field(default_factory=list)
    marks: list[int] = field(default_factory=list)  # what belongs to each key, from the first that was free
    names: list[tuple[str, int]] = field(default_factory=list)  # the tags that others name


def merge(writer: Writer, copier: Copier, pdf: pikepdf.Pdf, parent: int, above: int, key: int) -> Merged:
    """Put in a PDF: its pages under `parent`, its tags as one part under the tag `above`, its keys from `key` on."""
    return _Merging(writer, copier, pdf, key).all(parent, above)


class _Merging:
    def __init__(self, writer: Writer, copier: Copier, pdf: pikepdf.Pdf, key: int) -> None:
        self.writer = writer
        self.copier = copier
        self.pdf = pdf
        self.key = key
        self.done = Merged()
        self.own: dict[tuple[int, int], int] = {}  # pages, tags and annotations, which refer to one another
        tree = pikepdf.NumberTree(pdf.Root.StructTreeRoot.ParentTree)
        self.parents = dict(tree.items())

    def all(self, parent: int, above: int) -> Merged:
        for page in self.pdf.pages:
            self.own[page.obj.objgen] = self.writer.reserve()
            for one in page.obj.get("/Annots", []):
                self.own[one.objgen] = self.writer.reserve()
        top = self.pdf.Root.StructTreeRoot.K
        (document,) = top if isinstance(top, pikepdf.Array) else [top]
        self._number(document)
        for page in self.pdf.pages:
            self._page(page.obj, parent)
        for page in self.pdf.pages:
            for one in page.obj.get("/Annots", []):
                self._annotation(one)
        self.done.part = self._tag(document, above)
        return self.done

    def _number(self, element: Any) -> None:
        self.own[element.objgen] = self.writer.reserve()
        for kid in _kids(element):
            if _is_tag(kid):
                self._number(kid)

    def _page(self, page: Any, parent: int) -> None:
        number, contents = self.own[page.objgen], self.writer.reserve()
        content = b"\n".join(one.read_bytes() for one in _contents(page))
        self.writer.put_stream(contents, compress(content))
        entries = [
            name.encode() + b" " + self._written(one) for name, one in page.items() if name not in _OF_ITS_OWN
        ]
        notes = b" ".join(b"%d 0 R" % self.own[one.objgen] for one in page.get("/Annots", []))
        keyed = b""
        if "/StructParents" in page:
            keyed = b"/StructParents %d" % self._next_key(self.parents[int(page.StructParents)])
        beside = b"/Annots[%b]" % notes if notes else b""
        self.writer.put(
            number,
            b"<<%b/Parent %d 0 R/Contents %d 0 R%b%b>>"
            % (b"".join(entries), parent, contents, keyed, beside),
        )
        self.done.pages.append(number)

    def _annotation(self, one: Any) -> None:
        entries = [
            name.encode() + b" " + self._written(value)
            for name, value in one.items()
            if name != "/StructParent"
        ]
        if "/StructParent" in one:
            entries.append(b"/StructParent %d" % self._next_key(self.parents[int(one.StructParent)]))
        self.writer.put(self.own[one.objgen], b"<<" + b"".join(entries) + b">>")

    def _next_key(self, belongs: Any) -> int:
        """The next key in the list of what belongs to pages and annotations, for this."""
        if isinstance(belongs, pikepdf.Array):
            number = self.writer.reserve()
            self.writer.put(number, as_written(belongs, self._reference, top=True))
        else:
            number = self.own[belongs.objgen]
        self.done.marks.append(number)
        return self.key + len(self.done.marks) - 1

    def _tag(self, element: Any, above: int) -> int:
        number = self.own[element.objgen]
        name = b"/Part" if element.S == "/Document" else element.S.unparse()
        kids = [
            b"%d 0 R" % self._tag(kid, number) if _is_tag(kid) else self._written(kid)
            for kid in _kids(element)
        ]
        entries = [
            key.encode() + b" " + self._renamed(key, value)
            for key, value in element.items()
            if key not in ("/K", "/P", "/S", "/NS")
        ]
        if "/ID" in element:
            self.done.names.append((self._name(element.ID), number))
        self.writer.put(
            number, b"<</S%b/P %d 0 R/K[%b]%b>>" % (name, above, b" ".join(kids), b"".join(entries))
        )
        return number

    def _renamed(self, key: str, value: Any) -> bytes:
        """An entry of a tag. The names of table headers are made different from those of other letters."""
        if key == "/ID":
            return pikepdf.String(self._name(value)).unparse()
        if key == "/A" and isinstance(value, pikepdf.Dictionary) and "/Headers" in value:
            named = pikepdf.Array([pikepdf.String(self._name(one)) for one in value.Headers])
            value = pikepdf.Dictionary(
                {name: named if name == "/Headers" else one for name, one in value.items()}
            )
        return self._written(value)

    def _name(self, given: Any) -> str:
        return f"{self.key}-{given}"

    def _written(self, value: Any) -> bytes:
        return as_written(value, self._reference)

    def _reference(self, found: Any) -> bytes:
        if found.objgen in self.own:
            return b"%d 0 R" % self.own[found.objgen]
        return self.copier.copy(found)


def _kids(element: Any) -> list[Any]:
    kids = element.get("/K", [])
    return list(kids) if isinstance(kids, pikepdf.Array) else [kids]


def _is_tag(kid: Any) -> bool:
    return isinstance(kid, pikepdf.Dictionary) and "/S" in kid


def _contents(page: Any) -> list[Any]:
    return list(page.Contents) if isinstance(page.Contents, pikepdf.Array) else [page.Contents]
