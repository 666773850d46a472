"""Batches: the states of many letters and of each, their order on paper, and how far the work is, in words."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from casework.domain.case.likeness import folded


class BatchState(StrEnum):
    """How far a batch is. Waiting is what nobody has begun; done is what has nothing left to make."""

    WAITING = "waiting"
    RUNNING = "running"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    DONE = "done"

    @property
    def words(self) -> str:
        """The state in words."""
        return STATE_WORDS[self]

    @property
    def is_at_work(self) -> bool:
        """Whether a worker may take a letter of it."""
        return self in AT_WORK


class LetterState(StrEnum):
    """How far one letter is. What was made stays as it is."""

    WAITING = "waiting"
    WORKING = "working"
    MADE = "made"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Order(StrEnum):
    """In which order the letters are printed."""

    CONSTITUENCY = "constituency"
    SURNAME = "surname"
    TABLE = "table"

    @property
    def words(self) -> str:
        """The order as somebody chooses it."""
        return ORDER_WORDS[self]


ORDER_WORDS = {
    Order.CONSTITUENCY: "By constituency, to hand each MP a bundle",
    Order.SURNAME: "By surname, to find each signer at one desk",
    Order.TABLE: "By table, to lay them out in a hall",
}
STATE_WORDS = {
    BatchState.WAITING: "Waiting to begin",
    BatchState.RUNNING: "Being made",
    BatchState.PAUSED: "Paused",
    BatchState.CANCELLED: "Cancelled",
    BatchState.DONE: "All that can be made is made",
}
AT_WORK = (BatchState.WAITING, BatchState.RUNNING)
MOVES: dict[BatchState, frozenset[BatchState]] = {
    BatchState.WAITING: frozenset(
        {BatchState.RUNNING, BatchState.PAUSED, BatchState.CANCELLED, BatchState.DONE}
    ),
    BatchState.RUNNING: frozenset({BatchState.PAUSED, BatchState.CANCELLED, BatchState.DONE}),
    BatchState.PAUSED: frozenset({BatchState.WAITING, BatchState.CANCELLED}),
    BatchState.CANCELLED: frozenset(),
    BatchState.DONE: frozenset({BatchState.WAITING}),  # a letter that failed is tried again
}
# Beyond so many tries it is the letter that stops the program, and not somebody else.
MOST_TRIES = 5
LATELY = timedelta(seconds=20)
_NUMBERS = re.compile(r"(\d+)")
_LAST_WITHOUT_TABLE = ((2, 0, ""),)


def may_become(now: BatchState, then: BatchState) -> bool:
    """Whether a batch in one state may be brought into the other."""
    return then in MOVES[now]


def surname_key(name: str) -> tuple[str, str]:
    """By the last word of the name, then by the whole: capitals and accents make no difference."""
    plain = " ".join(folded(name, apart=False).text.split())
    return plain.rpartition(" ")[2], plain


def table_key(table: str | None) -> tuple[tuple[int, int, str], ...]:
    """Table 2 before Table 10; who has no table comes last."""
    parts = [part for part in _NUMBERS.split(folded(table or "", apart=False).text.strip()) if part.strip()]
    if not parts:
        return _LAST_WITHOUT_TABLE
    return tuple((0, int(one), "") if one.isdecimal() else (1, 0, one.strip()) for one in parts)


@dataclass(frozen=True)
class Placed:
    """What says where one letter lies in the pile."""

    signer: str
    constituency: str
    table: str | None = None


def order_key(order: Order) -> Callable[[Placed], tuple[object, ...]]:
    """What to sort by."""
    if order is Order.TABLE:
        return lambda one: (table_key(one.table), surname_key(one.signer))
    if order is Order.SURNAME:
        return lambda one: surname_key(one.signer)
    return lambda one: (one.constituency.casefold(), surname_key(one.signer))


@dataclass(frozen=True)
class Progress:
    """How many letters are in which state, and how fast they are made."""

    waiting: int = 0
    working: int = 0
    made: int = 0
    failed: int = 0
    cancelled: int = 0
    per_second: float | None = None  # while it is not known, or nothing is being made: None

    @property
    def total(self) -> int:
        """All letters of the batch, those that were cancelled too."""
        return self.waiting + self.working + self.made + self.failed + self.cancelled

    @property
    def left(self) -> int:
        """What is still to be made."""
        return self.waiting + self.working

    @property
    def words(self) -> str:
        """ "31 of 47, 2 need you"."""
        need = f", {self.failed:,} need{'s' if self.failed == 1 else ''} you" if self.failed else ""
        return f"{self.made:,} of {self.total:,}{need}"

    @property
    def rate_words(self) -> str:
        """ "about 12 a second", "about 40 a minute"; empty while it is not known."""
        if not self.per_second:
            return ""
        if self.per_second >= 2:
            return f"about {self.per_second:,.0f} a second"
        return f"about {max(1, round(self.per_second * 60)):,} a minute"

    @property
    def time_left(self) -> str:
        """ "about 1 minute left"; empty while nobody can say."""
        if not self.per_second or not self.left:
            return ""
        return f"{spoken_time(self.left / self.per_second)} left"


def pace(made_at: Sequence[datetime], now: datetime) -> float | None:
    """How many letters a second were made lately; None while too few were, or nothing was for a while."""
    lately = sorted(one for one in made_at if now - one <= LATELY)
    if len(lately) < 3:
        return None
    seconds = (lately[-1] - lately[0]).total_seconds()
    return (len(lately) - 1) / seconds if seconds > 0 else None


def spoken_time(seconds: float) -> str:
    """A stretch of time as people say it: "less than a minute", "about 3 minutes", "about 2 hours"."""
    if seconds < 45:
        return "less than a minute"
    minutes = max(1, round(seconds / 60))
    if minutes < 90:
        return f"about {minutes} minute{'' if minutes == 1 else 's'}"
    hours = round(minutes / 60)
    return f"about {hours} hours"


def refuse_more(less: int | None, more: int, less_words: str, more_words: str) -> str:
    """Why a number cannot be: more signed than were printed, more handed over than were signed. Empty where it can."""
    if less is None:
        return f"First write down how many were {less_words}."
    if more > less:
        return f"Only {less:,} were {less_words}, so {more:,} cannot be {more_words}. Check both numbers."
    return ""
