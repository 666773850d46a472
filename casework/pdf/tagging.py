"""The tags that a screen reader follows, put right where WeasyPrint leaves something out.

WeasyPrint 70 tags what it prints, but it does not name the language of a passage, it leaves the footer between
content and decoration, it gives a paragraph that runs over the page two tags, and some glyphs do not read back as the
letters they were made from. The box that a tag stands for is known in one place only,
`weasyprint.pdf.tags._build_box_tree`, so that is where this listens. WeasyPrint is pinned, and `gate` with its tests
says at once when another version does any of this differently.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U0001e900-\U0001e95f]")
# Scripts of South and South-East Asia set some signs before the letter they follow, and copying keeps them there.
_OUT_OF_ORDER = re.compile("[\u0900-\u109f\u1780-\u17ff\ua8e0-\ua8ff\uaa60-\uaa7f]")
_UNSEEN = re.compile("[\\s\u00ad\u034f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufe00-\ufe0f]+")
_GLYPHS = re.compile(rb"<([0-9a-f]+)>")
# A block that ran over the page is one block. Rows and cells are not joined, since their headers are worked out by
# page, nor are stretches of a line, which have a tag for each line anyway.
_ONE_ACROSS_PAGES = {
    *("/P", "/H1", "/H2", "/H3", "/H4", "/H5", "/H6", "/L", "/LI", "/LBody", "/NonStruct"),
    *("/Div", "/Sect", "/Art", "/Part", "/BlockQuote"),
}
Place = tuple[int, int]  # the index of a page, and the number of a marked piece of it


@dataclass
class _Notes:
    """What was found while the tags of one PDF were built."""

    artifacts: set[Place] = field(default_factory=set)
    texts: dict[Place, tuple[str, Any]] = field(default_factory=dict)  # the text of a piece, and its tag
    boxes: dict[Place, Any] = field(default_factory=dict)  # the text box that a piece was drawn from
    first: dict[tuple[Any, str], tuple[int, Any]] = field(default_factory=dict)  # a block's page and its tag


def improve_tags() -> None:
    """Have WeasyPrint's tags put right from now on. Call it once."""
    from weasyprint.formatting_structure import boxes
    from weasyprint.layout.absolute import AbsolutePlaceholder
    from weasyprint.pdf import tags

    original = tags._build_box_tree

    def build(
        box: Any, parent: Any, pdf: Any, page: int, nums: Any, annotations: Any, marked: Any
    ) -> Iterator[Any]:
        if isinstance(box, AbsolutePlaceholder):
            box = box._box
        notes = _notes_of(pdf)
        if isinstance(box, boxes.MarginBox):
            _take_out(box, notes, page, nums, marked)
            return
        if box.is_column:  # columns are a matter of the page: the list in them stays one list
            for child in box.children:
                yield from build(child, parent, pdf, page, nums, annotations, marked)
            return
        texts = [(text, marked[text]["mcid"]) for text in _own_texts(box, boxes) if text in marked]
        passes_on = box.element is None or box.element_tag in ("html", "body")  # gives what is in it
        for element in original(box, parent, pdf, page, nums, annotations, marked):
            if passes_on:
                yield element
                continue
            _name(element, box, boxes)
            if not _joined(element, box, notes, pdf, page):
                yield element
        for text, number in texts:
            element = pdf.objects[_number(nums[number])]
            _name_language(element, text, pdf)
            notes.texts[page, number] = (text.text, element)
            notes.boxes[page, number] = text

    tags._build_box_tree = build


def finish_tags(document: Any, pdf: Any) -> None:
    """Make the footer decoration, and say a text beside its glyphs where they would be read as something else."""
    notes = _notes_of(pdf)
    letters = {
        font.hash.encode(): {f"{glyph:04x}".encode(): text for glyph, text in font.to_unicode.items()}
        for font in document.fonts.values()
    }
    for page, number in enumerate(pdf.pages["Kids"][::3]):
        written = pdf.objects[_number(pdf.objects[number]["Contents"])].stream
        for at, glyphs in _read_back(written, letters):
            properties = written[at]
            place = (page, properties["MCID"])
            if place in notes.artifacts:
                written[at - 1] = "/Artifact"
                del properties["MCID"]
                properties["Type"] = "/Pagination"
            elif place in notes.texts:
                _say(*notes.texts[place], glyphs, properties)
    _list_names(pdf)


def drawn_boxes(pdf: Any) -> dict[Place, Any]:
    """The text box of each marked piece of a page, by its place."""
    return _notes_of(pdf).boxes


def _notes_of(pdf: Any) -> _Notes:
    notes: _Notes = pdf.__dict__.setdefault("casework_notes", _Notes())
    return notes


def _take_out(margin: Any, notes: _Notes, page: int, nums: Any, marked: Any) -> None:
    """Give what stands in a margin no tag, and note that it is decoration."""
    for one in margin.descendants():
        if one in marked:
            number = marked.pop(one)["mcid"]
            nums[number] = "null"
            notes.artifacts.add((page, number))


def _own_texts(box: Any, boxes: Any) -> Iterator[Any]:
    """The texts that stand in the box itself, in no box inside it."""
    for child in box.children:
        for one in child.children if isinstance(child, boxes.LineBox) else [child]:
            if isinstance(one, boxes.TextBox):
                yield one


def _name(element: Any, box: Any, boxes: Any) -> None:
    """A block that holds lines is a paragraph, a stretch of a line a span; a heading cell says what it heads."""
    if element["S"] in ("/NonStruct", "/Div"):
        if isinstance(box, boxes.InlineBox):
            element["S"] = "/Span"
        elif box.children and isinstance(box.children[0], boxes.LineBox):
            element["S"] = "/P"
    elif element["S"] == "/TH":
        element["A"]["Scope"] = "/Row" if box.element.get("scope") == "row" else "/Column"


def _joined(element: Any, box: Any, notes: _Notes, pdf: Any, page: int) -> bool:
    """Whether the element carries on a block of an earlier page, and so was put into that one."""
    if element["S"] not in _ONE_ACROSS_PAGES or not hasattr(box.style, "cascaded"):
        return False  # a box without a cascade of its own is one that WeasyPrint put round others
    begun, first = notes.first.setdefault((box.element, element["S"]), (page, element))
    if begun == page:
        return False
    for reference in element["K"]:
        pdf.objects[_number(reference)]["P"] = first.reference
        first["K"].append(reference)
    return True


def _name_language(element: Any, text: Any, pdf: Any) -> None:
    language = text.style["lang"]
    if language and text.text.strip() and language != pdf.catalog["Lang"].string:
        element["Lang"] = _string(language)


def _read_back(written: list[Any], letters: dict[bytes, dict[bytes, str]]) -> list[tuple[int, list[str]]]:
    """Where the marked pieces of a page begin, and what each of their glyphs reads back as."""
    found: list[tuple[int, list[str]]] = []
    font: dict[bytes, str] = {}
    for at, part in enumerate(written):
        if isinstance(part, dict):
            if "MCID" in part:
                found.append((at, []))
        elif not isinstance(part, bytes):
            continue
        elif part.endswith(b" Tf"):
            font = letters.get(part[1:].partition(b" ")[0], {})
        elif part.endswith(b"] TJ") and found:
            found[-1][1].extend(
                font.get(run[place : place + 4], "")
                for run in _GLYPHS.findall(part)
                for place in range(0, len(run), 4)
            )
    return found


def _say(text: str, element: Any, glyphs: list[str], properties: Any) -> None:
    """Say the text where its glyphs would be read wrongly, or some of them would not be read at all.

    Copying takes it from the mark. But what runs from right to left is turned round once more by the programs that
    copy, so there it is said in the tag alone, which is what a screen reader reads.
    """
    shown = "".join(glyphs)
    if _RIGHT_TO_LEFT.search(text):
        if element["S"] == "/Span":
            element["ActualText"] = _string(text)
    elif "" in glyphs or _OUT_OF_ORDER.search(text) or (shown != text and _plain(shown) != _plain(text)):
        properties["ActualText"] = _string(text)


def _list_names(pdf: Any) -> None:
    """List the tags that others name: the headers of tables."""
    import pydyf

    tags = [one for one in pdf.objects if isinstance(one, pydyf.Dictionary) and "ID" in one]
    named = sorted((one["ID"].string, one.reference) for one in tags)
    listed = pydyf.Array()
    for name, reference in named:
        listed += [_string(name), reference]
    if listed:
        pdf.objects[_number(pdf.catalog["StructTreeRoot"])]["IDTree"] = pydyf.Dictionary({"Names": listed})


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", _UNSEEN.sub("", text))


def _number(reference: bytes) -> int:
    return int(reference.split()[0])


def _string(text: str) -> Any:
    import pydyf

    return pydyf.String(text)
