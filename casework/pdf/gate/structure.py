"""What the gate asks of the tags: headings in order, lists as lists, tables with their headers, fields with labels."""

from collections.abc import Iterator
from typing import Any

import pikepdf

from casework.pdf.gate.reading import HEADINGS, Element, Paper

_STANDARD = {
    *HEADINGS,
    *("Document", "Part", "Art", "Sect", "Div", "BlockQuote", "Caption", "TOC", "TOCI", "Index", "NonStruct"),
    *(
        "Private",
        "P",
        "L",
        "LI",
        "Lbl",
        "LBody",
        "Table",
        "TR",
        "TH",
        "TD",
        "THead",
        "TBody",
        "TFoot",
        "Span",
    ),
    *("Quote", "Note", "Reference", "BibEntry", "Code", "Link", "Annot", "Figure", "Formula", "Form"),
    *("Ruby", "RB", "RT", "RP", "Warichu", "WT", "WP"),
}
# What may stand directly in a tag, for the tags that are particular about it.
_TAKES = {
    "L": {"LI", "L", "Caption"},
    "LI": {"Lbl", "LBody"},
    "Table": {"TR", "THead", "TBody", "TFoot", "Caption"},
    "THead": {"TR"},
    "TBody": {"TR"},
    "TFoot": {"TR"},
    "TR": {"TH", "TD"},
}
_STANDS_IN = {
    "LI": {"L"},
    "Lbl": {"LI"},
    "LBody": {"LI"},
    "TR": {"Table", "THead", "TBody", "TFoot"},
    "TH": {"TR"},
    "TD": {"TR"},
}


def structure_faults(paper: Paper) -> Iterator[str]:
    """What is wrong with the tags, in sentences."""
    for top in paper.top:
        yield from _nesting(top)
    yield from _headings(paper)
    for element in paper.elements():
        if element.tag == "Table":
            yield from _table(element)
        elif element.tag == "Figure" and not _words(element.raw, "/Alt"):
            yield "A picture says nothing to somebody who cannot see it."
    yield from _annotations(paper)
    listed = pikepdf.NameTree(tree) if (tree := paper.root.get("/StructTreeRoot", {}).get("/IDTree")) else {}
    if any("/ID" in element.raw and str(element.raw["/ID"]) not in listed for element in paper.elements()):
        yield "The headers of a table are not listed, so that its cells cannot name them."


def _nesting(element: Element) -> Iterator[str]:
    if element.tag not in _STANDARD:
        yield f"It uses a tag that no reader knows, “{element.tag}”."
    for kid in element.elements:
        takes, stands_in = _TAKES.get(element.tag), _STANDS_IN.get(kid.tag)
        if (takes and kid.tag not in takes) or (stands_in and element.tag not in stands_in):
            yield f"A tag stands in the wrong place: {kid.tag} in {element.tag}."
        yield from _nesting(kid)


def _headings(paper: Paper) -> Iterator[str]:
    before = 0
    for element in paper.elements():
        if element.tag not in HEADINGS[1:]:
            continue
        level = HEADINGS.index(element.tag)
        if level > before + 1:
            yield f"The heading “{element.text[:60]}” skips a level."
        if not element.text.strip():
            yield "A heading is empty."
        before = level


def _table(table: Element) -> Iterator[str]:
    rows = [row for row in _rows(table) if row.elements]
    widths = {sum(_span(cell, "/ColSpan") for cell in row.elements) for row in rows}
    spans_rows = any(_span(cell, "/RowSpan") > 1 for row in rows for cell in row.elements)
    if len(widths) > 1 and not spans_rows:
        yield f"The rows of the table “{_first_words(table)}” have different lengths."
    heads = [cell for row in rows for cell in row.elements if cell.tag == "TH"]
    if not heads:
        yield f"The table “{_first_words(table)}” has no headers."
        return
    names = {str(cell.raw["/ID"]) for cell in heads if "/ID" in cell.raw}
    for row in rows:
        for cell in row.elements:
            named = [str(one) for one in _attribute(cell, "/Headers") or []]
            if cell.tag == "TD" and cell.text.strip() and not (named and names.issuperset(named)):
                yield f"The cell “{cell.text.strip()[:60]}” belongs to no header of its table."


def _rows(table: Element) -> Iterator[Element]:
    for kid in table.elements:
        if kid.tag == "TR":
            yield kid
        else:
            yield from _rows(kid)


def _span(cell: Element, name: str) -> int:
    return int(_attribute(cell, name) or 1)


def _attribute(cell: Element, name: str) -> Any:
    """An attribute of a cell. They stand in one dictionary, or in a list of them."""
    given = cell.raw.get("/A", {})
    for one in [given] if hasattr(given, "keys") else given:
        if hasattr(one, "keys") and name in one:
            return one[name]
    return None


def _first_words(element: Element) -> str:
    return element.text.strip()[:40]


def _annotations(paper: Paper) -> Iterator[str]:
    """Links and form fields: each in its tag, with words for somebody who cannot see it."""
    holders = {one.objgen: element for element in paper.elements() for one in element.annotations}
    for number, page in enumerate(paper.pages, 1):
        for one in page.raw.get("/Annots", []):
            kind, holder = str(one.get("/Subtype", "/"))[1:], holders.get(one.objgen)
            wanted = {"Widget": "Form", "Link": "Link"}.get(kind, "Annot")
            what = {"Widget": "form field", "Link": "link"}.get(kind, "note")
            if holder is None or holder.tag != wanted:
                yield f"A {what} on page {number} stands outside the order of reading."
            if kind == "Widget" and not (_words(one, "/TU") or _words(one.get("/Parent", {}), "/TU")):
                yield f"A form field on page {number} has no label."
            if kind == "Link" and not _words(one, "/Contents"):
                yield f"A link on page {number} has no words."


def _words(one: Any, key: str) -> str:
    return str(one.get(key, "")).strip()
