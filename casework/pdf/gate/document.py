"""What the gate asks of the PDF as a whole: its title, its language, and that nothing in it runs or leads away."""

import re
from collections.abc import Iterator
from typing import Any

import pikepdf

from casework.pdf.gate.reading import Paper

_TAG = re.compile(r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")
_RUNS = {
    *("/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/ResetForm", "/Rendition", "/Movie", "/Sound"),
    *("/RichMediaExecute", "/Hide", "/SetOCGState", "/Trans", "/GoTo3DView"),
}
_LEADS_AWAY = {"/GoToR", "/GoToE", "/Thread"}


def document_faults(paper: Paper, links: tuple[str, ...] = ()) -> Iterator[str]:
    """What is wrong with the PDF as a whole, in sentences."""
    root: Any = paper.root
    if paper.pdf.is_encrypted:
        yield "It is encrypted, which shuts out some screen readers."
    if not root.get("/MarkInfo", {}).get("/Marked", False) or "/StructTreeRoot" not in root:
        yield "It has no tags, so a screen reader has to guess what is what."
    if not _TAG.match(str(root.get("/Lang", ""))):
        yield "It does not say in which language it is."
    if not root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False):
        yield "It shows the name of its file where its title should stand."
    yield from _record_faults(paper)
    for number, page in enumerate(paper.pages, 1):
        if page.raw.get("/Tabs") != "/S":
            yield f"On page {number} the tab key does not follow the order of reading."
    yield from _movements(paper, links)


def _record_faults(paper: Paper) -> Iterator[str]:
    if "/Metadata" not in paper.root:
        yield "It has no record about itself."
        return
    record = paper.pdf.open_metadata()
    if not str(record.get("dc:title", "")).strip():
        yield "Its record names no title."
    if record.get("pdfuaid:part") != "1":
        yield "Its record does not say that it is PDF/UA-1."


def _movements(paper: Paper, links: tuple[str, ...]) -> Iterator[str]:
    """Everything that would run, or lead out of the paper."""
    if "/XFA" in paper.root.get("/AcroForm", {}):
        yield "It is a form of a kind (XFA) that only few programs open."
    for one in paper.dictionaries:
        kind = one.get("/S")
        if kind in _RUNS or "/JS" in one or "/AA" in one:
            yield "It carries a program or an order that would run by itself."
        elif kind in _LEADS_AWAY or (isinstance(one, pikepdf.Stream) and "/F" in one):
            yield "It leads to another file."
        elif kind == "/URI" and not (links and str(one.get("/URI", "")).startswith(links)):
            yield f"It leads out of the paper, to {one.get('/URI', '')}."
        elif one.get("/Type") == "/Filespec" and "/EF" not in one:
            yield "It leads to another file."
