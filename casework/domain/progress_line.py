"""A count over the days against a date, as SVG: values in, text out."""

from collections.abc import Callable, Sequence
from datetime import date
from html import escape

from casework.domain.said import count, on_day, upfirst
from casework.domain.words import say

_WIDTH, _HEIGHT = 400, 200
_LEFT, _RIGHT, _TOP, _BOTTOM = 12, 388, 34, 158
Speak = Callable[[str], str]
Count = tuple[date, int]


def draw_progress(
    counts: Sequence[Count],
    today: date,
    *,
    name: str,
    what: str,
    target: tuple[date, str] | None = None,
    speak: Speak = str,
) -> str:
    """A `figure`: a line that steps up on each day with a new count, up to today, and the date it is for.

    `counts` are days in order with the total reached, `what` is what is counted ("letters signed"), and
    `name` begins the ids; `speak` says words in the reader's language. Without any count there is a sentence and no
    picture.
    """
    known = [pair for pair in sorted(counts) if pair[0] <= today]
    says = speak(_sentences(known, today, what, target))
    if not known:
        return f'<figure class="progress"><figcaption>{escape(says)}</figcaption></figure>'
    end = max(today, target[0]) if target else today
    line = _Axes(known[0][0], end, max(number for _, number in known), speak)
    return (
        f'<figure class="progress"><svg xmlns="http://www.w3.org/2000/svg" '
        f'viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        f'aria-labelledby="{name}-title" aria-describedby="{name}-says">'
        f'<title id="{name}-title">{escape(speak(say("{what}, day by day", what=upfirst(what))))}</title>'
        f'<desc id="{name}-says">{escape(says)}</desc>'
        f'<path class="progress__axis" d="M{_LEFT} {_BOTTOM}H{_RIGHT}"/>'
        f"{line.steps(known, today)}{line.days()}{line.target(target, today) if target else ''}"
        f"</svg><figcaption>{escape(says)}</figcaption></figure>"
    )


def _sentences(known: Sequence[Count], today: date, what: str, target: tuple[date, str] | None) -> str:
    if not known:
        told = say("No {what} yet.", what=what)
    elif len(known) == 1:
        told = say("{many} {what} on {day}.", many=known[0][1], what=what, day=on_day(known[0][0]))
    else:
        (first, few), (last, many) = known[0], known[-1]
        told = say(
            "{few} {what} by {first}, {many} by {last}.",
            few=few, what=what, first=on_day(first), many=many, last=on_day(last),
        )  # fmt: skip
    if not target:
        return told
    away = (target[0] - today).days
    days = count(abs(away), "day")
    told_all = {"so_far": told, "event": target[1], "day": on_day(target[0], weekday=True), "days": days}
    if not away:
        return say("{so_far} {event}: {day}, today.", **told_all)
    if away > 0:
        return say("{so_far} {event}: {day}, {days} from now.", **told_all)
    return say("{so_far} {event}: {day}, {days} ago.", **told_all)


class _Axes:
    """Where a day and a count stand in the picture."""

    def __init__(self, first: date, last: date, most: int, speak: Speak) -> None:
        self.first, self.last, self.most, self.speak = first, last, most, speak

    def x(self, day: date) -> int:
        days = (self.last - self.first).days
        return _LEFT + round((_RIGHT - _LEFT) * (day - self.first).days / days) if days else _LEFT

    def y(self, count: int) -> int:
        return _BOTTOM - (round((_BOTTOM - _TOP) * count / self.most) if self.most > 0 else 0)

    def steps(self, known: Sequence[Count], today: date) -> str:
        path = f"M{self.x(known[0][0])} {self.y(known[0][1])}"
        path += "".join(f"H{self.x(day)}V{self.y(count)}" for day, count in known[1:])
        x, y = self.x(today), self.y(known[-1][1])
        at_the_end = x > _WIDTH / 2
        first = "" if len(known) == 1 else self._text(_LEFT, self.y(known[0][1]) - 6, str(known[0][1]), False)
        return (
            f'<path class="progress__line" d="{path}H{x}"/><circle class="progress__now" cx="{x}" cy="{y}" r="4"/>'
            f"{first if self.y(known[0][1]) - y > 16 else ''}"
            f"{self._text(x, y - 9, str(known[-1][1]), at_the_end, 'progress__count')}"
        )

    def days(self) -> str:
        """The first day and the last in words, under the line."""
        end = self.speak(on_day(self.last))
        last = "" if self.first == self.last else self._text(_RIGHT, _BOTTOM + 18, end, True)
        begin = self.speak(on_day(self.first, year=bool(not last)))
        return self._text(_LEFT, _BOTTOM + 18, begin, False) + last

    def target(self, target: tuple[date, str], today: date) -> str:
        day, words = target
        if not self.first <= day <= self.last:
            return ""
        x = self.x(day)
        return (
            f'<path class="progress__target" d="M{x} {_TOP - 14}V{_BOTTOM}"/>'
            f"{self._text(x, _BOTTOM + 36, words, x > _WIDTH / 2)}"
        )

    @staticmethod
    def _text(x: int, y: int, words: str, before: bool, kind: str = "") -> str:
        anchor = ' text-anchor="end"' if before else ""
        named = f' class="{kind}"' if kind else ""
        return f'<text x="{x}" y="{y}"{anchor}{named}>{escape(words)}</text>'
