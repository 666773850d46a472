"""Text as letters print it: other scripts set apart, bold, dates in words, what is not known in brackets."""

import re
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from markupsafe import Markup, escape

from casework.domain.dates import spoken
from casework.domain.parliament.scripts import language_tag, runs

_BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*", re.DOTALL)
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_WEEKDAYS = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
_KEPT_TOGETHER = re.compile(
    rf"\b(?:(?:{_WEEKDAYS}) )?\d{{1,2}} (?:{_MONTHS})(?: \d{{4}})?\b"  # a date
    r"|\b0\d{3,4} \d{3}(?: \d{4}|\d{3})\b"  # a telephone number
    r"|\b[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b"  # a postcode
)
_CELL = re.compile(r"</?(?:td|th|tr|li|p|h[1-6]|d[tdl]|div|section|br)\b")
_INVISIBLE_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


def short_date(day: date | datetime | None) -> str:
    """ "2 April 2026"; empty for no date."""
    return spoken(day) if day else ""


def long_date(day: date | datetime | None) -> str:
    """ "Thursday 2 April 2026"; empty for no date."""
    return spoken(day, weekday=True) if day else ""


def needed(value: object, what: str) -> str:
    """The value, or the words for it in brackets when it is not known."""
    if value:
        return str(value).strip()
    return f"[{what.replace('[', '').replace(']', '')}]"  # one pair of brackets, even where words were merged


def with_stop(text: str) -> str:
    """The sentence with a full stop at its end, unless it has its own."""
    text = text.strip()
    return text if not text or text[-1] in ".!?…" else f"{text}."


def upfirst(text: str) -> str:
    """The text with its first letter as a capital and the rest as it was."""
    return text[:1].upper() + text[1:]


def cleaned(text: str) -> str:
    """The text without unseen signs that no font draws or that would turn a line round."""
    return _INVISIBLE_CONTROLS.sub("", text)


def in_latin(text: str) -> bool:
    """Whether a field of a form can show the text: it has one font, and that has no other scripts."""
    return not any(run.script for run in runs(text))


def text_of_page(html: str) -> str:
    """Every word that a page shows, without its marks."""
    body = html.partition("</head>")[2]
    # A label and its value stand in two cells: without a space between them neither would be found.
    return Markup(_CELL.sub(r" \g<0>", body)).striptags()  # noqa: S704


@lru_cache(maxsize=512)  # most sentences of many letters are the same
def text_to_html(text: str, languages: str = "") -> Markup:
    """The text escaped, each stretch in another script isolated with its own language, `**bold**` made strong.

    Dates, telephone numbers and postcodes are isolated too, and stay on one line.
    Marks that steer direction are dropped, since the isolation does their work and they could turn a line round.
    """
    pieces = [
        Markup('<bdi lang="{}">{}</bdi>').format(language_tag(run.script, languages), run.text)
        if run.script
        else _KEPT_TOGETHER.sub(r'<bdi class="together">\g<0></bdi>', str(escape(run.text)))
        for run in runs(cleaned(text))
    ]
    escaped = "".join(str(piece) for piece in pieces)
    return Markup(_BOLD.sub(r"<strong>\1</strong>", escaped))  # noqa: S704 all is escaped


def paragraphs(text: str, printed: Any = text_to_html) -> list[Markup]:
    """The paragraphs of a block, parted by blank lines; a single line end stays a line end."""
    parts = [part.strip() for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n"))]
    return [Markup("<br>").join(lines_of(part, printed)) for part in parts if part]


def lines_of(text: str, printed: Any) -> list[Markup]:
    """The lines of a block, without those that are empty."""
    return [printed(line.strip()) for line in text.splitlines() if line.strip()]
