"""The plan of a campaign on one page: its parts, its days and who does what."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


@dataclass(frozen=True)
class Part:
    """One part of the plan: what it is called, and what helps to fill it in."""

    key: str
    title: str
    hint: str


_PARTS = (
    Part("objective", "What we want", "One sentence. Who has to decide what, and by when?"),
    Part(
        "reader",
        "What whoever reads this can do",
        "The first thing to ask of anybody who comes to the meeting.",
    ),
    Part("obstacles", "What stands in the way", "What has been said against it so far, and by whom?"),
)
_ALLIES = (
    Part("groups", "Groups", "Refugee and visitor groups, charities, choirs, clubs. Whom do we know there?"),
    Part("schools", "Schools", "Ask the person first: a school may not know their history."),
    Part("faith", "Faith groups", "Churches, mosques, temples, synagogues, meetings."),
    Part("unions", "Unions", "A branch of the person’s own work, or of a supporter’s."),
    Part("women", "Women’s groups", "Groups that would speak for the person, or beside them."),
    Part(
        "diaspora",
        "People from the same country",
        "Ask the person first whether this is safe: word may reach those whom they fear.",
    ),
)
_REST = (
    Part("messengers", "Who is heard", "Which neighbour, teacher or employer does this MP listen to?"),
    Part("notes", "Also", "Whatever else belongs on the page."),
)
ALLIES = tuple(part.key for part in _ALLIES)
PARTS = {part.key: part for part in (*_PARTS, *_ALLIES, *_REST)}
LONGEST = 2_000
MOST_DAYS, MOST_TASKS = 60, 100
# Nobody wrote its days down here with a source, so none is given: whoever reads them types them.
REFUGEE_WEEK = (
    "Refugee Week comes in June. Its days are not in our list: add them with the place where you read them."
)


class DayKind(StrEnum):
    """What a typed day is."""

    DAY = "day"
    MEETING = "meeting"


DAY_WORDS = {DayKind.DAY: "A day that matters", DayKind.MEETING: "A meeting of ours"}


@dataclass(frozen=True)
class DayLine:
    """A day of the plan. `row_id` is that of a typed one; others come by themselves, and lead to where they stand."""

    on: date
    what: str
    at: str | None = None
    place: str | None = None
    source: str | None = None
    row_id: int | None = None


def in_order(days: Iterable[DayLine]) -> list[DayLine]:
    """The soonest first; of one day, what has an hour in the order of the hours, then the rest."""
    return sorted(days, key=lambda one: (one.on, one.at is None, one.at or "", one.what))
