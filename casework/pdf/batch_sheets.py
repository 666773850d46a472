"""The sheets around a pile of letters: one before each heap, with boxes to count it out and in; and labels."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from casework.pdf.letter_text import text_to_html

LABELS = (3, 7)  # across and down, each 63.5 by 38.1 mm: the sheet of 21 that stationers sell
_PAGE = Markup("""<!doctype html>
<html lang="en-GB"><head><meta charset="utf-8"><title>{title}</title></head>
<body class="{kind}" data-group="{foot}">
{body}</body></html>""")
_SHEET = Markup("""<p class="heap__number">Heap {number}</p>
<h1>{heading}</h1>
<p class="heap__about">{about}</p>
<p class="heap__count">{count}</p>
<p class="heap__box">Counted out, before signing:</p>
<p class="heap__box">Counted in, signed:</p>
<p class="heap__box">Missing or spoilt:</p>
<p class="heap__box">Who counted, and when:</p>
<p class="heap__note">This sheet stays with us. Take it off before the letters are handed over.</p>
""")


@dataclass(frozen=True)
class Sheet:
    """What stands on the sheet before a heap: nothing about any signer."""

    heading: str
    about: str
    count: int


def sheet_html(sheet: Sheet, number: int) -> str:
    """The sheet before a heap, as HTML."""
    words = f"{sheet.count:,} letter{'' if sheet.count == 1 else 's'}"
    body = _SHEET.format(
        number=number, heading=text_to_html(sheet.heading), about=text_to_html(sheet.about), count=words
    )
    return _PAGE.format(title=f"{sheet.heading}: {words}", kind="sheet heap", foot="", body=body)


def labels_html(labels: Iterable[Sequence[str]], title: str) -> str:
    """A sheet of 21 labels to a page of A4, as HTML; a label is its lines."""
    across, down = LABELS
    pages, rows = [], [list(one) for one in labels]
    for at in range(0, len(rows), across * down):
        cells = Markup("").join(
            Markup('<div class="label"><p>{}</p></div>').format(Markup("<br>").join(map(text_to_html, lines)))
            for lines in rows[at : at + across * down]
        )
        pages.append(Markup('<div class="labels">{}</div>\n').format(cells))
    return _PAGE.format(title=title, kind="on-labels", foot="", body=Markup("").join(pages))
