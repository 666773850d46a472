"""Pages of a pack that are lists: what happened, the papers there are, whom to ring."""

from collections.abc import Sequence

from markupsafe import Markup

from casework.pdf import make_pdf
from casework.pdf.letter_text import text_to_html

_PAGE = Markup("""<!doctype html>
<html lang="en-GB"><head><meta charset="utf-8"><title>{plain_title}</title></head>
<body class="sheet listing" data-group="{foot}"><h1>{title}</h1>
<p class="lead">{lead}</p>
{table}<p class="notice">This is information, put together by a support group. It is not legal advice.</p>
</body></html>""")
_HEADER, _FACT = Markup('<th scope="row">{}</th>'), Markup("<td>{}</td>")
_TABLE = Markup("<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>")


def list_page(
    title: str,
    lead: str,
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    css: str,
    foot: str,
    languages: str = "",
) -> bytes:
    """A page, or as many as it takes, with a table, where there are rows. The first thing of each is its header."""
    cells = Markup("").join(
        Markup("<tr>{}</tr>").format(
            Markup("").join(_cell(at, text, languages) for at, text in enumerate(row))
        )
        for row in rows
    )
    named = Markup("").join(Markup("<th>{}</th>").format(one) for one in head)
    table = _TABLE.format(head=named, rows=cells) if rows else Markup("<p>Nothing is kept yet.</p>\n")
    html = _PAGE.format(
        plain_title=title, title=text_to_html(title, languages), lead=text_to_html(lead, languages), foot=foot,
        table=table,
    )  # fmt: skip
    return make_pdf(html, css)


def _cell(at: int, text: str, languages: str) -> Markup:
    lines = Markup("<br>").join(text_to_html(line, languages) for line in text.splitlines() if line.strip())
    return (_FACT if at else _HEADER).format(lines)
