"""The days of a deadline, as the page draws them: one cell a day, under their weekdays."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

MARKS = {
    "safe": "aim",
    "last": "last",
    "due": "by",
    "period_ends": "ends",
    "earliest": "from",
    "window_ends": "ends",
}


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


def _cell(step: dict[str, Any], marks: list[str]) -> Cell:
    day = date.fromisoformat(step["date"])
    number = "" if step["number"] is None else str(step["number"])
    label = f"{day.day} {day:%b}" if day.day == 1 else str(day.day)
    small = " ".join(dict.fromkeys([number, *marks] if number else marks))
    return Cell(day, label, small, step["why"], bool(number), bool(marks))
