"""The same letter by other programs: Typst, ReportLab and headless Chromium, each where it is installed."""

import re
import resource
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from io import BytesIO
from shutil import which

from casework.pdf.stamp.markup import take_apart

FONTS = "/usr/share/fonts/truetype/noto/NotoSerif-{}.ttf"
TYPST_HEAD = """
#set document(title: "Letters")
#set page(paper: "a4", margin: (top: 18mm, right: 22mm, bottom: 21mm, left: 24.6mm))
#set text(font: "Noto Serif", size: 11pt, lang: "en", region: "GB")
"""
TYPST_PAGE = """
#block(height: 51mm, width: 100%)[
#place(top + right)[#set text(10pt); #align(right)[{sender}]]
#place(top + left, dy: 21.5mm)[#set text(10.5pt); {window}]
]
{rest}
"""


@dataclass(frozen=True)
class Rival:
    """Another way to make the letters."""

    name: str
    tagged: bool
    letters: int
    make: Callable[[], object]
    in_children: bool = False  # another process does the work

    def rate(self) -> float:
        """Letters in a second of the processor, with all threads."""
        start = self._used()
        self.make()
        return self.letters / (self._used() - start)

    def _used(self) -> float:
        if not self.in_children:
            return time.process_time()
        spent = resource.getrusage(resource.RUSAGE_CHILDREN)
        return spent.ru_utime + spent.ru_stime


def rivals(pages: Sequence[str], css: str) -> Iterator[Rival]:
    """Those that are installed."""
    yield from typst_rivals(pages)
    yield from reportlab_rivals(pages[:100])
    yield from chromium_rivals(pages[:200], css)


def parts(html: str) -> tuple[str, str, list[str]]:
    """The window, the sender and the paragraphs of a letter, as HTML with nothing in it but bold and line ends."""
    leaves = take_apart(html).leaves
    window, sender, *rest = [re.sub(r"</?(?:bdi|span)[^>]*>|\n", "", leaf).strip() for leaf in leaves]
    return window, sender, rest


def typst_rivals(pages: Sequence[str]) -> Iterator[Rival]:
    """Typst, one letter a document and all in one. It uses all cores, whose time is added up."""
    try:
        import typst
    except ImportError:
        return
    sources = [typst_page(page) for page in pages]
    whole = TYPST_HEAD + "#pagebreak()".join(sources)
    tagged = b"/StructTreeRoot" in typst.compile((TYPST_HEAD + sources[0]).encode(), format="pdf")

    def singly() -> None:
        for source in sources[:100]:
            typst.compile((TYPST_HEAD + source).encode(), format="pdf")

    yield Rival("Typst, a letter a document", tagged, 100, singly)
    yield Rival(
        "Typst, all in one", tagged, len(sources), lambda: typst.compile(whole.encode(), format="pdf")
    )


def typst_page(html: str) -> str:
    """A letter in Typst's own language."""
    window, sender, rest = parts(html)
    written = [_typst(part) for part in rest]
    written[2] = f"= {written[2]}"  # the subject
    return TYPST_PAGE.format(sender=_typst(sender), window=_typst(window), rest="\n\n".join(written))


def _typst(text: str) -> str:
    text = text.replace("<strong>", "\0").replace("</strong>", "\1").replace("<br>", "\2")
    text = re.sub(r"([\\#$*_`<>@=~\[\]/-])", r"\\\1", unescape(text).strip("\2"))
    return text.replace("\0", "#strong[").replace("\1", "]").replace("\2", " #linebreak() ")


def reportlab_rivals(pages: Sequence[str]) -> Iterator[Rival]:
    """ReportLab, one letter a document; it makes no tags."""
    try:
        from reportlab.lib.styles import ParagraphStyle
        from reportlab.pdfbase import pdfmetrics
        from reportlab.pdfbase.ttfonts import TTFont
        from reportlab.platypus import Paragraph, SimpleDocTemplate
    except ImportError:
        return
    for name in ("Regular", "Bold"):
        pdfmetrics.registerFont(TTFont(f"Serif{name}", FONTS.format(name)))
    pdfmetrics.registerFontFamily("SerifRegular", normal="SerifRegular", bold="SerifBold")
    plain = ParagraphStyle("plain", fontName="SerifRegular", fontSize=11, leading=14.85, spaceAfter=7)
    right = ParagraphStyle("right", parent=plain, alignment=2)

    def singly() -> None:
        for page in pages:
            window, sender, rest = parts(page)
            texts = [(sender, right), (window, plain), *((part, plain) for part in rest)]
            flow = [
                Paragraph(text.replace("strong>", "b>").replace("<br>", "<br/>"), style)
                for text, style in texts
            ]
            SimpleDocTemplate(BytesIO(), title="Letter").build(flow)

    yield Rival("ReportLab, a letter a document", tagged=False, letters=len(pages), make=singly)


def chromium_rivals(pages: Sequence[str], css: str) -> Iterator[Rival]:
    """Headless Chromium, all letters in one document; its start is counted too, since nobody prints without it."""
    found = which("chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return
    if not found:
        return
    bodies = [page.partition("<body")[2].partition(">")[2].partition("</body>")[0] for page in pages]
    parted = "<div style='break-before: page'></div>".join(bodies)
    html = f"<html lang='en-GB'><title>Letters</title><style>{css}</style><body>{parted}</body></html>"

    def together() -> None:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
            sheet = browser.new_page()
            sheet.set_content(html)
            sheet.pdf(tagged=True, prefer_css_page_size=True)
            browser.close()

    yield Rival("Chromium, 200 in one", tagged=True, letters=len(pages), make=together, in_children=True)
