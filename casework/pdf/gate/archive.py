"""What the gate asks of a PDF that is kept for years: PDF/A-2a, or PDF/A-3a where it carries other files."""

from collections.abc import Iterator
from typing import Any

import pikepdf

from casework.pdf.gate.reading import Paper

_PRINTED, _HIDDEN = 4, 1 | 2 | 32  # the bits of an annotation: printed; invisible, hidden, not shown


def archive_faults(paper: Paper) -> Iterator[str]:
    """Why this PDF would not be taken for PDF/A, in sentences."""
    yield from _record(paper)
    if not _colours_known(paper.root):
        yield "It does not say what its colours mean."
    if "/ID" not in paper.pdf.trailer:
        yield "It has no number of its own."
    for number, page in enumerate(paper.pages, 1):
        for one in page.raw.get("/Annots", []):
            bits = int(one.get("/F", 0))
            if one.get("/Subtype") != "/Popup" and (not bits & _PRINTED or bits & _HIDDEN):
                yield f"A link or field on page {number} would not be printed."
            if one.get("/Subtype") == "/Widget" and "/AP" not in one:
                yield f"How a field on page {number} looks is left to the program that shows it."
    if paper.root.get("/AcroForm", {}).get("/NeedAppearances", False):
        yield "How its fields look is left to the program that shows them."
    if any(_filters(one) & {"/LZWDecode", "/Crypt"} for one in paper.dictionaries):
        yield "It is packed in a way that an archive does not take."
    if any(one.get("/Subtype") == "/Image" and one.get("/Interpolate") for one in paper.dictionaries):
        yield "A picture in it may be smoothed by the program that shows it."
    yield from _files(paper)


def _record(paper: Paper) -> Iterator[str]:
    if "/Metadata" not in paper.root:
        return
    record, about = paper.pdf.open_metadata(), paper.pdf.docinfo
    if record.get("pdfaid:part") not in ("2", "3") or record.get("pdfaid:conformance") != "A":
        yield "Its record does not say that it is PDF/A-2a or PDF/A-3a."
    written = paper.root["/Metadata"].read_bytes()
    if b"pdfuaid" in written and b"http://www.aiim.org/pdfa/ns/schema#" not in written:
        yield "Its record uses a word that PDF/A does not know, and does not explain it."
    for name, key in (("/Title", "dc:title"), ("/Producer", "pdf:Producer")):
        if str(about.get(name, "")) != str(record.get(key, "")):
            yield f"Its record and its older list of properties do not agree ({name[1:]})."


def _colours_known(root: Any) -> bool:
    for intent in root.get("/OutputIntents", []):
        profile = intent.get("/DestOutputProfile")
        if intent.get("/S") == "/GTS_PDFA1" and profile is not None:
            return bool(profile.read_bytes()[36:40] == b"acsp")
    return False


def _filters(one: Any) -> set[str]:
    if not isinstance(one, pikepdf.Stream):
        return set()
    given: Any = one.get("/Filter", [])
    return {str(name) for name in (given if isinstance(given, pikepdf.Array) else [given])}


def _files(paper: Paper) -> Iterator[str]:
    """Other files may travel along in PDF/A-3 alone, and each says what it is to the paper."""
    carried = [one for one in paper.dictionaries if one.get("/Type") == "/Filespec"]
    if not carried:
        return
    if paper.pdf.open_metadata().get("pdfaid:part") != "3":
        yield "It carries other files, which only PDF/A-3 may."
    named = {one.objgen for one in paper.root.get("/AF", [])}
    for one in carried:
        file = one.get("/EF", {}).get("/F", {})
        whole = all(key in one for key in ("/F", "/UF", "/AFRelationship")) and "/Subtype" in file
        if not whole or one.objgen not in named or "/ModDate" not in file.get("/Params", {}):
            yield f"The file {one.get('/UF', one.get('/F', ''))} is carried without saying what it is."
