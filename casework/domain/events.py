"""What can happen in a case and start or end dates, and what it says of where the person is."""

from collections.abc import Iterable
from datetime import date

LEFT_UK, CAME_BACK = "departure", "came_back"


def left_on(moves: Iterable[tuple[str, date]], day: date) -> date | None:
    """The day on which the person left, when they are abroad on this day, from the moves as they were recorded.

    They are abroad from the day they left, and in the UK again from the day they came back.
    """
    until_now = [(on, number, name) for number, (name, on) in enumerate(moves) if on <= day]
    on, _, name = max(until_now, default=(None, 0, ""))
    return on if name == LEFT_UK else None


def abroad_on(moves: Iterable[tuple[str, date]], day: date) -> bool:
    """Whether the person is abroad on this day."""
    return left_on(moves, day) is not None
