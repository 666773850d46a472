"""What can happen in a case and start or end dates, and what it says of where the person is."""

from collections.abc import Iterable
from datetime import date

LEFT_UK, CAME_BACK = "departure", "came_back"


def abroad_on(moves: Iterable[tuple[str, date]], day: date) -> bool:
    """Whether the person is abroad on this day, from the days they left the UK and came back, as they were recorded.

    They are abroad from the day they left, and in the UK again from the day they came back.
    """
    until_now = [(on, number, name) for number, (name, on) in enumerate(moves) if on <= day]
    return bool(until_now) and max(until_now)[2] == LEFT_UK
