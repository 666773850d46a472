"""A letter that WeasyPrint prints so that others may be stamped from it, or be compared with it."""

from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pikepdf

from casework.pdf import LaidOut, lay_out
from casework.pdf.stamp.blocks import Block, check_plain, kinds_of
from casework.pdf.stamp.breaking import Look
from casework.pdf.stamp.drawing import fonts_chosen
from casework.pdf.stamp.faces import Face, agree
from casework.pdf.stamp.markup import Run, Unlike
from casework.pdf.tagging import drawn_boxes


@dataclass
class Exemplar:
    """A letter that WeasyPrint has printed."""

    laid: LaidOut
    whole: bytes  # the PDF
    content: bytes  # the content stream of its first page
    drawn: dict[int, Any]  # the text box of each of its marks


def print_whole(html: str, css: str) -> Exemplar:
    """The letter as WeasyPrint prints it."""
    laid = lay_out(html, css)
    drawn: dict[int, Any] = {}

    def look(pdf: Any) -> None:
        drawn.update({mark: box for (page, mark), box in drawn_boxes(pdf).items() if page == 0})

    whole = laid.written(also=look)
    return Exemplar(laid, whole, content_of(whole), drawn)


def content_of(whole: bytes) -> bytes:
    """The content stream of the first page of a PDF."""
    with pikepdf.open(BytesIO(whole)) as pdf:
        return pdf.pages[0].Contents.read_bytes()


class Faces:
    """The fonts of a batch, each at each of its sizes."""

    def __init__(self) -> None:
        self._known: dict[tuple[bytes, str], Face] = {}
        self._kept: list[Any] = []  # what has to stay for the fonts to stay

    def learn(self, exemplar: Exemplar, block: Block, runs: tuple[Run, ...]) -> dict[tuple[str, ...], Look]:
        """How each kind of text in a block is printed. Raises Unlike for what is more than plain text."""
        chosen = fonts_chosen(exemplar.content)
        marks = {id(box): mark for mark, box in exemplar.drawn.items()}
        language = block.box.style["lang"]
        looks = {}
        for kind, box in kinds_of(block, runs).items():
            check_plain(box, block, language)
            face = self._face(exemplar, box, chosen[marks[id(box)]], language)
            looks[kind] = Look(face, together=box.style["white_space"] == "nowrap")
        return looks

    def serve_all(self, document: Any) -> None:
        """Have the fonts of a document carry every letter that the batch may need."""
        for font in document.fonts.values():
            letters, widths = dict(font.to_unicode), dict(font.widths)
            for face in self._of(font.hash):
                face.forget({one for one, width in face.widths.items() if widths.get(one, width) != width})
                letters, widths = {**face.alphabet, **letters}, {**face.widths, **widths}
            font.to_unicode, font.widths = dict(sorted(letters.items())), dict(sorted(widths.items()))

    def _of(self, name: str) -> list[Face]:
        return [face for (chosen, _), face in self._known.items() if chosen.startswith(f"/{name} ".encode())]

    def _face(self, exemplar: Exemplar, box: Any, chosen: bytes, language: str) -> Face:
        if (chosen, language) not in self._known:
            from weasyprint.text.fonts import font_features, get_pango_font_key
            from weasyprint.text.line_break import Layout

            style = box.style
            named = ("kerning", "variant_ligatures", "variant_position", "variant_caps", "variant_numeric")
            rest = ("variant_alternates", "variant_east_asian", "feature_settings")
            if font_features(*(style[f"font_{name}"] for name in (*named, *rest))):
                raise Unlike("text is set with features of its font")
            layout = Layout(style)
            layout.set_text(box.text.strip()[0])
            line, _ = layout.get_first_line()
            font = line.runs[0].data.item.analysis.font
            key, _, size = get_pango_font_key(font)
            printed = exemplar.laid.document.fonts[key]
            if printed.bitmap or printed.png or printed.svg or printed.colr or printed.missing:
                raise Unlike("text is set in a font of pictures, or in one that lacks letters")
            self._kept.append(layout)
            self._known[chosen, language] = Face(font, size, language, chosen)
            agree(self._of(printed.hash))
        return self._known[chosen, language]
