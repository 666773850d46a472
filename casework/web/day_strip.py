"""The days of a deadline, as the page draws them: one cell a day, under their weekdays."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from casework.domain.said import SPACE, first_of_month, in_a_row, of_ours, typed

MARKS = {
    "safe": "aim",
    "last": "last",
    "due": "by",
    "period_ends": "ends",
    "earliest": "from",
    "window_ends": "ends",
    "deemed_served": "served",
}
WEEKEND = ("Saturday", "Sunday")


@dataclass(frozen=True)
class Cell:
    """One day: what stands in its box, whether it counts, and whether it is one of the dates that came out."""

    day: date
    label: str
    small: str
    why: str
    counts: bool
    is_end: bool


def cells(working: dict[str, Any]) -> list[Cell]:
    """The cells of a counted deadline, from what was kept of its working; empty when nothing was counted."""
    marked: dict[str, list[str]] = {}
    for name, day in working.get("dates", {}).items():
        if name in MARKS:
            marked.setdefault(day, []).append(MARKS[name])
    return [_cell(step, marked.get(step["date"], [])) for step in working.get("days", [])]


def is_whole(strip: list[Cell]) -> bool:
    """Whether every day is there, so that the days can be drawn under their weekdays."""
    return len(strip) > 1 and all(
        later.day - sooner.day == timedelta(days=1) for sooner, later in pairwise(strip)
    )


@dataclass(frozen=True)
class Remark:
    """Why one day, or several in a row, do not count or matter."""

    first: date
    last: date
    why: str


def remarks(strip: list[Cell]) -> list[Remark]:
    """What there is to say of the days, those with the same reason in a row taken together.

    A day that does not count says so with its reason. A weekend that counts like any other day needs no words,
    unless it is one of the dates that came out.
    """
    found: list[Remark] = []
    whole = is_whole(strip)
    for cell in strip:
        plain = cell.counts and ("(" not in cell.why or cell.why.endswith(("(Saturday)", "(Sunday)")))
        if whole and plain and not cell.is_end:
            continue
        why = _said(cell, is_first=cell is strip[0])
        if found and found[-1].why == why and cell.day - found[-1].last == timedelta(days=1):
            found[-1] = Remark(found[-1].first, cell.day, why)
        else:
            found.append(Remark(cell.day, cell.day, why))
    return found


@dataclass(frozen=True)
class Service:
    """How a notice counts as served: the days, where it was posted, and what else is to be said."""

    posted: date | None
    served: date | None
    authority: str
    days: list[Remark]
    sentences: list[str]


def service(working: dict[str, Any]) -> Service | None:
    """How the notice that started a deadline counts as served; None where nothing had to be taken as so."""
    kept = working.get("service")
    if not kept:
        return None
    posted, served = (
        date.fromisoformat(kept[name]) if name in kept else None for name in ("posted", "served")
    )
    return Service(posted, served, kept.get("authority", ""), remarks(cells(kept)), kept["remarks"])


def _said(cell: Cell, *, is_first: bool) -> str:
    """The reason as a list says it; a day that is open but comes after the time needs no more than its own."""
    if cell.counts or cell.is_end or is_first or "not a working day" in cell.why:
        return cell.why
    return "the weekend, not working days" if cell.why in WEEKEND else f"{cell.why}, not a working day"


def _cell(step: dict[str, Any], marks: list[str]) -> Cell:
    day = date.fromisoformat(step["date"])
    number = "" if step["number"] is None else str(step["number"])
    label = first_of_month(day) if day.day == 1 else str(day.day)
    small = in_a_row([*([typed(number)] if number else []), *map(of_ours, dict.fromkeys(marks))], SPACE)
    return Cell(day, label, small, step["why"], bool(number), bool(marks))
