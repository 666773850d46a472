"""Packs: several finished papers behind a page of contents, in one PDF that is still tagged and fit for the archive."""

import hashlib
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any

import pikepdf
from markupsafe import Markup
from pikepdf import Array, Dictionary, Name

from casework.domain.errors import CaseworkError
from casework.pdf import Attached, lay_out
from casework.pdf.letter_text import text_to_html

# Where the page of contents points until the papers stand behind it. It leads nowhere and is gone from what is written.
_SOON = "https://contents.invalid/"
_PAGE = Markup("""<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><title>{plain_title}</title></head>
<body class="sheet contents" data-group="{foot}"><h1>{title}</h1>
{papers}{files}</body></html>""")
_PAPERS = Markup("""<h2>What is in it</h2><table><thead><tr><th>Paper</th><th>Pages</th></tr></thead>
<tbody>{rows}</tbody></table>
""")
_FILES = Markup("""<h2>Files that travel with this PDF</h2>
<p>They are attached to it whole and unchanged. The long number is the SHA-256 of each: if it is the same for a copy,
so is the copy.</p>
<table><thead><tr><th>File</th><th>What it is</th></tr></thead><tbody>{rows}</tbody></table>
""")
_PAPER_ROW = Markup(
    '<tr><th scope="row"><a href="{soon}{number}">{number}. {title}</a></th><td>{pages}</td></tr>'
)
_FILE_ROW = Markup(
    '<tr><th scope="row">{name}</th><td>{about}<br><span class="contents__hash">{sha}</span></td></tr>'
)


@dataclass(frozen=True)
class Paper:
    """A finished paper of a pack: what it is called there, and its PDF, which has to be tagged."""

    title: str
    pdf: bytes


def make_pack(
    title: str,
    papers: Sequence[Paper],
    *,
    files: Sequence[Attached] = (),
    css: str = "",
    foot: str = "",
    language: str = "en-GB",
) -> bytes:
    """One PDF: a page of contents, then the papers page by page as they were made, each with a bookmark.

    Its pages are numbered "2-1" for the first page of the second paper, which agrees with what is printed on them.
    `files` are attached whole, each with its SHA-256 on the page of contents; the pack is PDF/A-3a then, otherwise
    PDF/A-2a. The same papers and files give the same bytes. `css` is the stylesheet of the letters.
    Raises CaseworkError that names a paper which cannot be bound in, as a scan cannot: attach it instead.
    """
    # A list of attached files has to stand in the order of their names.
    numbered = [replace(one, name=f"{number:02} {one.name}") for number, one in enumerate(files, 1)]
    with ExitStack() as open_ones:
        opened = [open_ones.enter_context(_opened(paper)) for paper in papers]
        html = _contents(title, papers, [len(one.pages) for one in opened], numbered, foot, language)
        contents = lay_out(html, css, attached=numbered).written()
        pack = open_ones.enter_context(pikepdf.open(BytesIO(contents)))
        _bind(pack, papers, opened, title)
        written = BytesIO()
        pack.save(written, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return written.getvalue()


def _opened(paper: Paper) -> pikepdf.Pdf:
    try:
        opened = pikepdf.open(BytesIO(paper.pdf))
    except pikepdf.PdfError:
        raise CaseworkError(f"“{paper.title}” cannot be read as a PDF. Attach it instead.") from None
    is_ours = "/StructTreeRoot" in opened.Root and opened.open_metadata().get("pdfaid:part") in ("2", "3")
    if not is_ours:
        opened.close()
        raise CaseworkError(
            f"“{paper.title}” is not tagged and fit for the archive, so it cannot be bound into a pack. "
            "Attach it instead."
        )
    return opened


def _contents(
    title: str,
    papers: Sequence[Paper],
    counts: Sequence[int],
    files: Sequence[Attached],
    foot: str,
    language: str,
) -> str:
    """The page of contents as HTML."""
    rows = [
        _PAPER_ROW.format(
            soon=_SOON, number=number, title=text_to_html(paper.title), pages=_pages(number, count)
        )
        for number, (paper, count) in enumerate(zip(papers, counts, strict=True), 1)
    ]
    attached = [
        _FILE_ROW.format(
            name=text_to_html(one.name),
            about=text_to_html(one.about),
            sha=hashlib.sha256(one.data).hexdigest(),
        )
        for one in files
    ]
    return _PAGE.format(
        language=language, plain_title=title, title=text_to_html(title), foot=foot,
        papers=_PAPERS.format(rows=Markup("").join(rows)) if rows else "",
        files=_FILES.format(rows=Markup("").join(attached)) if attached else "",
    )  # fmt: skip


def _pages(number: int, count: int) -> str:
    return f"{number}-1" if count == 1 else f"{number}-1 to {number}-{count}"


def _bind(pack: pikepdf.Pdf, papers: Sequence[Paper], opened: Sequence[pikepdf.Pdf], title: str) -> None:
    """Put the papers behind the page of contents, with their tags, their bookmarks and the numbers of their pages."""
    starts, root = [0], pack.Root
    for number, (paper, one) in enumerate(zip(papers, opened, strict=True), 1):
        starts.append(len(pack.pages))
        pack.add_pages_from(one)
        _bind_tags(pack, one, starts[-1], number, paper.title)
    titles = [title, *(paper.title for paper in papers)]
    _point_links(pack, starts, titles)
    labels: list[Any] = [0, Dictionary(S=Name.r)]
    for number, start in enumerate(starts[1:], 1):
        labels += [start, Dictionary(S=Name.D, P=f"{number}-")]
    root["/PageLabels"] = Dictionary(Nums=Array(labels))
    root["/PageMode"] = Name.UseOutlines
    with pack.open_outline() as outline:
        outline.root[:] = [pikepdf.OutlineItem(*place, "Fit") for place in zip(titles, starts, strict=True)]


def _bind_tags(pack: pikepdf.Pdf, one: pikepdf.Pdf, start: int, number: int, title: str) -> None:
    """Hang the tags of a paper, whose pages begin at this index, into the tags of the pack."""
    root: Any = pack.Root["/StructTreeRoot"]
    tags: Any = pack.copy_foreign(one.Root["/StructTreeRoot"])
    places = pikepdf.NumberTree(root.ParentTree)
    shift = max(places) + 1
    for key, value in pikepdf.NumberTree(tags.ParentTree).items():
        places[shift + key] = value
    for page in list(pack.pages)[start:]:
        page.obj.StructParents += shift
        for note in page.obj.get("/Annots", []):
            note.StructParent += shift
    names = pikepdf.NameTree(root.IDTree) if "/IDTree" in root else pikepdf.NameTree.new(pack)
    root.IDTree = names.obj
    for top in tags.K:
        top.S, top.P, top.T, top.Lang = Name.Part, root.K[0], title, one.Root["/Lang"]
        root.K[0].K.append(top)
        _rename(top, number, names)


def _rename(tag: Any, number: int, names: pikepdf.NameTree) -> None:
    """Put the number of the paper before the name of each header, since those of two papers may be the same."""
    if "/ID" in tag:
        tag.ID = f"{number}/{tag.ID}"
        names[str(tag.ID)] = tag
    if "/Headers" in tag.get("/A", {}):
        tag.A.Headers = Array([f"{number}/{name}" for name in tag.A.Headers])
    for kid in tag.get("/K", []):
        if isinstance(kid, Dictionary) and "/S" in kid:
            _rename(kid, number, names)


def _point_links(pack: pikepdf.Pdf, starts: Sequence[int], titles: Sequence[str]) -> None:
    """Have the links of the contents go to the first page of each paper."""
    for page in list(pack.pages)[: starts[1] if len(starts) > 1 else None]:
        for note in page.obj.get("/Annots", []):
            number = int(str(note.A.URI).removeprefix(_SOON))
            del note["/A"]
            note.Dest = Array([pack.pages[starts[number]].obj, Name.Fit])
            note.Contents = titles[number]
