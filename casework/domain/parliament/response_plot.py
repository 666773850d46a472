"""How long answers took against a standard, as SVG: values in, text out."""

from collections.abc import Mapping
from html import escape

from casework.domain.parliament.response_times import Figures

_WIDTH, _LEFT, _RIGHT, _ROW = 330, 10, 320, 54
_TOP = 30


def draw_response_times(rows: Mapping[str, Figures], standard: int, *, name: str) -> str:
    """A `figure`: for each kind of wait a line from the shortest to the longest, with a mark at the middle one.

    The dashed line is the standard, in working days. The table beside it has the same figures; `name` begins the ids.
    """
    if not rows:
        return ""
    last = max(standard, *(one.longest for one in rows.values()))
    says = " ".join(_sentence(words, one) for words, one in rows.items())
    height = _TOP + _ROW * len(rows) + 24
    drawn = "".join(_row(number, words, one, last) for number, (words, one) in enumerate(rows.items()))
    x = _x(standard, last)
    bottom = height - 20
    before = ' text-anchor="end"' if x > _WIDTH / 2 else ""
    return (
        f'<figure class="waits"><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" '
        f'aria-labelledby="{name}-title" aria-describedby="{name}-says">'
        f'<title id="{name}-title">Working days until an answer, from the shortest to the longest</title>'
        f'<desc id="{name}-says">{escape(says)} The standard is {standard} working days.</desc>'
        f'<path class="waits__standard" d="M{x} {_TOP - 12}V{bottom}"/>'
        f'<text x="{x}" y="{_TOP - 16}"{before}>{standard} working days</text>'
        f'{drawn}<path class="waits__axis" d="M{_LEFT} {bottom}H{_RIGHT}"/>'
        f'<text x="{_LEFT}" y="{bottom + 16}">0</text>'
        f'<text x="{_RIGHT}" y="{bottom + 16}" text-anchor="end">{last}</text></svg>'
        f"<figcaption>Each line runs from the shortest wait to the longest, in working days. The dot is the middle "
        f"one: half were quicker.</figcaption></figure>"
    )


def _sentence(words: str, one: Figures) -> str:
    return f"{words}: {one.count} measured, middle {one.middle}, from {one.shortest} to {one.longest}."


def _row(number: int, words: str, one: Figures, last: int) -> str:
    y = _TOP + _ROW * number + 38
    first, end, middle = _x(one.shortest, last), _x(one.longest, last), _x(one.median, last)
    anchor = ' text-anchor="end"' if middle > _WIDTH * 0.8 else ' text-anchor="middle"' if middle > 40 else ""
    return (
        f'<text class="waits__name" x="{_LEFT}" y="{y - 22}">{escape(words)}</text>'
        f'<path class="waits__range" d="M{first} {y}H{max(end, first + 1)}"/>'
        f'<circle class="waits__middle" cx="{middle}" cy="{y}" r="6"/>'
        f'<text class="waits__count" x="{middle}" y="{y - 8}"{anchor}>{one.middle}</text>'
    )


def _x(days: float, last: int) -> int:
    return _LEFT + round((_RIGHT - _LEFT) * days / last) if last else _LEFT
