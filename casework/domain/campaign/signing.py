"""The days on which somebody reports ("signs"): who waits for word, until what hour, and what if none comes.

It is never kept why somebody reports. Hours are wall-clock times in the UK.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from casework.domain.errors import CaseworkError

EVERY = {0: "This day only", 1: "Every week", 2: "Every two weeks", 4: "Every four weeks"}
MOST_AT_ONCE = 26
MOST_DAYS = 120
MOST_CONTACTS = 12
# So long a day on which nobody said anything stands under Today.
STANDS_FOR = timedelta(days=3)

# What the person may agree to carry on a card. Without a tick it is not printed.
ON_CARD = {
    "name": "Their name, as they use it",
    "languages": "The languages they speak",
    "lawyer": "Their lawyer, with the number",
    "look_after": "Who and what somebody has to look after: medicines, children, pets, keys",
    "theirs": "The words in their own language",
}


class Standing(StrEnum):
    """How a reporting day stands at a moment."""

    TO_COME = "to come"
    TODAY = "today"
    NO_WORD = "no word"
    HEARD = "heard"
    NOT_SAID = "not said"


@dataclass(frozen=True)
class Day:
    """A reporting day. `word_by` is the hour until which word has to come; where none is agreed, the end of the day."""

    on: date
    word_by: time | None = None
    heard: bool = False

    def standing(self, now: datetime) -> Standing:
        """How it stands at this moment by the clocks of the UK."""
        if self.heard:
            return Standing.HEARD
        if now.date() < self.on:
            return Standing.TO_COME
        if now.date() == self.on and (self.word_by is None or now.time() < self.word_by):
            return Standing.TODAY
        return Standing.NO_WORD if now.date() <= self.on + STANDS_FOR else Standing.NOT_SAID


def days_from(first: date, every: int, number: int) -> list[date]:
    """The days that come again: from the first one, every so many weeks. Raises CaseworkError for what cannot be."""
    if every not in EVERY:
        raise CaseworkError("Choose how often.", field="every")
    if every == 0:
        return [first]
    if not 1 <= number <= MOST_AT_ONCE:
        raise CaseworkError(f"Type for how many times, from 1 to {MOST_AT_ONCE}.", field="number")
    return [first + timedelta(weeks=every * turn) for turn in range(number)]
