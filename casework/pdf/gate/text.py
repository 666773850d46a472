"""What the gate asks of the text: all of it tagged, drawn by a font that is there, and readable as letters."""

from collections.abc import Iterator

from casework.domain.parliament.scripts import fits, runs
from casework.pdf.gate.reading import Content, Element, Page, Paper


def text_faults(paper: Paper) -> Iterator[str]:
    """What is wrong with the text, in sentences."""
    for number, page in enumerate(paper.pages):
        yield from _marks(paper, number, page)
        yield from _fonts(number, page)
    if paper.dangling:
        yield "Some tags stand for nothing on any page."
    for top in paper.top:
        yield from _said(top, covered=False)


def _marks(paper: Paper, number: int, page: Page) -> Iterator[str]:
    shown = f"on page {number + 1}"
    for one in page.unmarked[:1]:
        yield f"Something {shown} is neither tagged nor marked as decoration: “{one[:60]}”."
    for piece in page.pieces.values():
        if (number, piece.number) not in paper.tagged:
            yield f"A text {shown} stands in no tag: “{piece.text.strip()[:60]}”."
        if piece.has_artifact:
            yield f"Decoration stands inside of text {shown}: “{piece.text.strip()[:60]}”."


def _fonts(number: int, page: Page) -> Iterator[str]:
    for font, codes in page.used.values():
        if not font.embedded:
            yield f"The font {font.name} does not travel with the paper."
        if font.letters is None:
            yield f"The font {font.name} does not say which letters its glyphs stand for."
        if not all(font.has(code) for code in codes):
            yield f"Page {number + 1} shows a box where the font {font.name} has no such letter."


def _said(element: Element, *, covered: bool) -> Iterator[str]:
    """Faults of each piece of text, by what is said for it: its glyphs, or a text that is given in their place."""
    covered = covered or "/ActualText" in element.raw
    for kid in element.kids:
        if isinstance(kid, Element):
            yield from _said(kid, covered=covered)
        elif isinstance(kid, Content):
            if kid.unreadable and kid.actual is None and not covered:
                yield f"Glyphs on page {kid.page + 1} stand for no letter: “{kid.text.strip()[:60]}”."
            yield from _language(str(element.raw.get("/ActualText", kid.said)), element.language)


def _language(text: str, language: str) -> Iterator[str]:
    for run in runs(text):
        if run.script and not fits(run.script, language):
            yield f"“{run.text[:60]}” is not marked as another language than {language or 'none'}."
