"""Reads a tagged PDF as a screen reader does: its tree of tags, and the text that stands behind each of them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pikepdf

from casework.pdf.gate.fonts import Font

_SHOWS_TEXT = {"Tj", "TJ", "'", '"'}
_PAINTS = {*_SHOWS_TEXT, *("f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "sh", "Do", "INLINE IMAGE")}
HEADINGS = ("H", "H1", "H2", "H3", "H4", "H5", "H6")
BLOCKS = {"P", *HEADINGS, "Lbl", "LBody", "TH", "TD", "Caption", "BlockQuote", "Note"}


@dataclass
class Content:
    """A piece of a page that stands in one mark: its number there, and its text."""

    page: int
    number: int
    text: str = ""
    actual: str | None = None  # the text that is said in place of the glyphs
    has_artifact: bool = False
    unreadable: bool = False  # some glyph of it stands for no letter

    @property
    def said(self) -> str:
        """The text as it is read out and copied."""
        return self.text if self.actual is None else self.actual


Mark = tuple[str, Content | None]


@dataclass
class Element:
    """One tag with what is in it, in reading order."""

    tag: str
    language: str
    raw: Any
    kids: list[Any] = field(default_factory=list)  # elements, contents, and annotations as the PDF has them

    @property
    def elements(self) -> list["Element"]:
        """The tags that are directly in it."""
        return [kid for kid in self.kids if isinstance(kid, Element)]

    @property
    def annotations(self) -> list[Any]:
        """The links and form fields that are directly in it."""
        return [kid for kid in self.kids if not isinstance(kid, Element | Content)]

    def walk(self) -> Iterator["Element"]:
        """The element and all in it, in reading order."""
        yield self
        for kid in self.elements:
            yield from kid.walk()

    def contents(self) -> Iterator[tuple[Content, "Element"]]:
        """All pieces of pages in it, each with the tag that holds it."""
        for kid in self.kids:
            if isinstance(kid, Content):
                yield kid, self
            elif isinstance(kid, Element):
                yield from kid.contents()

    @cached_property
    def text(self) -> str:
        """What is read out of it."""
        if "/ActualText" in self.raw:
            return str(self.raw["/ActualText"])
        return "".join(
            kid.text if isinstance(kid, Element) else kid.said
            for kid in self.kids
            if isinstance(kid, Element | Content)
        )


@dataclass
class Page:
    """What a page shows: the marked pieces by their numbers, and how much is painted outside all marks."""

    raw: Any
    pieces: dict[int, Content] = field(default_factory=dict)
    unmarked: list[str] = field(default_factory=list)
    used: dict[str, tuple[Font, set[int]]] = field(default_factory=dict)  # each font, the codes shown in it


class Paper:
    """A PDF, read."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self.pdf = pdf
        self.root: Any = pdf.Root
        self.pages = [_read_page(number, page.obj) for number, page in enumerate(pdf.pages)]
        self._page_numbers = {page.raw.objgen: number for number, page in enumerate(self.pages)}
        self.dangling: list[str] = []  # what the tags name and no page has
        self.tagged: set[tuple[int, int]] = set()
        self.top: list[Element] = []
        tree = self.root.get("/StructTreeRoot")
        if tree is not None:
            self._roles = {str(name)[1:]: str(role)[1:] for name, role in tree.get("/RoleMap", {}).items()}
            language = str(self.root.get("/Lang", ""))
            self.top = [self._element(one, language) for one in _listed(tree.get("/K"))]

    @cached_property
    def dictionaries(self) -> list[Any]:
        """Every dictionary and stream of the PDF, each once."""
        return [inner for one in self.pdf.objects for inner in _dictionaries_in(one)]

    def elements(self) -> Iterator[Element]:
        """Every tag in reading order."""
        for one in self.top:
            yield from one.walk()

    def blocks(self) -> Iterator[Element]:
        """The paragraphs, headings, items and cells that hold text themselves, in reading order."""
        for element in self.elements():
            _, *inside = element.walk()
            if element.tag in BLOCKS and not any(one.tag in BLOCKS for one in inside):
                yield element

    def _element(self, raw: Any, language: str) -> Element:
        tag = str(raw.get("/S", "/"))[1:]
        language = str(raw.get("/Lang", language))
        element = Element(self._roles.get(tag, tag), language, raw)
        for kid in _listed(raw.get("/K")):
            element.kids.extend(self._kid(kid, raw, language))
        return element

    def _kid(self, kid: Any, parent: Any, language: str) -> list[Any]:
        """A kid of a tag: another tag, an annotation, or a marked piece of a page."""
        if isinstance(kid, int):
            return self._piece(parent.get("/Pg"), kid)
        if kid.get("/Type") == "/MCR":
            return self._piece(kid.get("/Pg", parent.get("/Pg")), int(kid["/MCID"]))
        if kid.get("/Type") == "/OBJR":
            return [kid["/Obj"]]
        return [self._element(kid, language)]

    def _piece(self, page: Any, number: int) -> list[Content]:
        at = self._page_numbers.get(page.objgen) if page is not None else None
        if at is None or number not in self.pages[at].pieces:
            self.dangling.append(f"piece {number}")
            return []
        self.tagged.add((at, number))
        return [self.pages[at].pieces[number]]


def _listed(kids: Any) -> list[Any]:
    if kids is None:
        return []
    return list(kids) if isinstance(kids, pikepdf.Array) else [kids]


def _dictionaries_in(one: Any) -> Iterator[Any]:
    if isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
        yield one
        values = [value for _, value in one.items()]
    else:
        values = list(one) if isinstance(one, pikepdf.Array) else []
    for value in values:
        if isinstance(value, pikepdf.Object) and not value.is_indirect:
            yield from _dictionaries_in(value)


def _read_page(number: int, raw: Any) -> Page:
    """Go through the page's drawing, and note under which mark each text and each stroke stands."""
    page = Page(raw)
    fonts = {str(name): Font(font) for name, font in raw.get("/Resources", {}).get("/Font", {}).items()}
    marks: list[Mark] = []
    font: Font | None = None
    used: set[int] = set()
    for step in pikepdf.parse_content_stream(raw):
        operands, name = step.operands, str(step.operator)
        if name in ("BMC", "BDC"):
            marks.append(_mark(page, number, operands, marks))
        elif name == "EMC":
            if marks:
                marks.pop()
        elif name == "Tf":
            font = fonts.get(str(operands[0]))
            if font is not None:
                font, used = page.used.setdefault(str(operands[0]), (font, set()))
        elif name in _PAINTS:
            codes = _codes(operands, font) if name in _SHOWS_TEXT and font else []
            used.update(codes)
            letters = [font.means(code) for code in codes] if font else []
            unreadable = font is not None and font.letters is not None and not all(letters)
            _put(page, marks, "".join(letters) or name, text=bool(letters), unreadable=unreadable)
    return page


def _mark(page: Page, number: int, operands: Any, marks: list[Mark]) -> Mark:
    """What a mark begins: a piece of text under its number, or something without one, such as decoration."""
    tag = str(operands[0])[1:]
    properties = operands[1] if len(operands) > 1 else {}
    if not isinstance(properties, pikepdf.Dictionary):
        properties = page.raw["/Resources"].get("/Properties", {}).get(str(properties), {})
    if "/MCID" not in properties:
        if tag == "Artifact":
            for _, content in marks:
                if content is not None:
                    content.has_artifact = True
        return tag, None
    piece = int(properties["/MCID"])
    content = page.pieces.setdefault(piece, Content(number, piece))
    if "/ActualText" in properties:
        content.actual = str(properties["/ActualText"])
    return tag, content


def _codes(operands: Any, font: Font) -> list[int]:
    shown = operands[0] if isinstance(operands[0], pikepdf.Array) else [operands[-1]]
    return [code for one in shown if isinstance(one, pikepdf.String) for code in font.codes(bytes(one))]


def _put(page: Page, marks: list[Mark], what: str, *, text: bool, unreadable: bool) -> None:
    """Put what is painted, a text or a stroke, where it belongs."""
    content = next((content for _, content in reversed(marks) if content is not None), None)
    if content is not None:
        content.text += what if text else ""
        content.unreadable = content.unreadable or unreadable
    elif not any(tag == "Artifact" for tag, _ in marks):
        page.unmarked.append(what)
