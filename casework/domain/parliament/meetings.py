"""Meetings planned for one month: how far each is, and what the plan lacks."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from itertools import groupby
from typing import Protocol

from casework.domain.said import AND, count, in_a_row, in_month, on_day
from casework.domain.words import say


class State(StrEnum):
    """How far a meeting is."""

    TO_ASK = "to-ask"
    ASKED = "asked"
    FIXED = "fixed"
    HELD = "held"
    NOT_NOW = "not-now"

    @property
    def words(self) -> str:
        """What a page calls it."""
        return _WORDS[self]


_WORDS = {
    State.TO_ASK: "Still to ask for",
    State.ASKED: "Asked for, no day yet",
    State.FIXED: "The day is fixed",
    State.HELD: "It took place",
    State.NOT_NOW: "Not this month",
}


class Planned(Protocol):
    """What is asked of a meeting."""

    @property
    def state(self) -> str: ...
    @property
    def held_on(self) -> date | None: ...
    @property
    def who_goes(self) -> str | None: ...


def month_words(month: date) -> str:
    """The month as people write it: "January 2027"."""
    return in_month(month)


def is_in(month: date, day: date) -> bool:
    """Whether a day lies in this month."""
    return (day.year, day.month) == (month.year, month.month)


def summary(meetings: Sequence[Planned]) -> str:
    """How far the plan is: "6 meetings: 2 have a day, 1 took place"."""
    if not meetings:
        return "No meetings yet."
    days = sum(1 for one in meetings if one.state == State.FIXED)
    held = sum(1 for one in meetings if one.state == State.HELD)
    number = count(len(meetings), "meeting")
    done = [count(days, "has a day", "have a day")] if days else []
    done += [say("{many} took place", many=held)] if held else []
    if not done:
        return say("{meetings}: none has a day yet.", meetings=number)
    return say("{meetings}: {done}.", meetings=number, done=in_a_row(done))


def lacking(month: date, meetings: Sequence[Planned]) -> list[str]:
    """What to look at again, in sentences: nobody goes, a day outside the month, two on one day."""
    live = [one for one in meetings if one.state != State.NOT_NOW]
    said: list[str] = []
    alone = sum(1 for one in live if not one.who_goes)
    if alone:
        said.append(f"{'One meeting has' if alone == 1 else f'{alone} meetings have'} nobody who goes yet.")
    days = sorted(one.held_on for one in live if one.held_on)
    outside = sorted({day for day in days if not is_in(month, day)})
    if outside:
        said.append(
            say("Not in {month}: {days}.", month=month_words(month), days=in_a_row(map(on_day, outside), AND))
        )
    twice = [day for day, same in groupby(days) if len(list(same)) > 1]
    if twice:
        said.append(say("More than one meeting on {days}.", days=in_a_row(map(on_day, twice), AND)))
    return said
