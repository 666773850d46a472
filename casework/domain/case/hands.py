"""What everybody has in hand over all cases: dates, promises, visits, tasks, talks and next steps, by whose."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from casework.domain.said import count, in_a_row, of_ours


class ThingKind(StrEnum):
    """A thing that somebody does, most by a day. Its value is how a tick box names it.

    A share is a task of the page of a case that somebody took on; it has no day.
    """

    DATE = "d"
    PROMISE = "f"
    VISIT = "v"
    TASK = "t"
    CONTACT = "c"
    SHARE = "s"


# What one of it is called.
WORDS = {
    ThingKind.DATE: "Date",
    ThingKind.PROMISE: "Promise",
    ThingKind.VISIT: "Visit",
    ThingKind.TASK: "Task",
    ThingKind.CONTACT: "Talk with supporters",
    ThingKind.SHARE: "Next step",
}

# What stands above a column that counts them.
HEADINGS = {
    ThingKind.DATE: "Dates",
    ThingKind.PROMISE: "Promises to chase",
    ThingKind.VISIT: "Planned visits",
    ThingKind.TASK: "Tasks of the plan",
    ThingKind.CONTACT: "Talks with supporters",
    ThingKind.SHARE: "Next steps taken on",
}


def counted(kind: ThingKind, number: int) -> str:
    """So many of a kind, in words."""
    return {
        ThingKind.DATE: count(number, "date"),
        ThingKind.PROMISE: count(number, "promise"),
        ThingKind.VISIT: count(number, "visit"),
        ThingKind.TASK: count(number, "task"),
        ThingKind.CONTACT: count(number, "talk with supporters", "talks with supporters"),
        ThingKind.SHARE: count(number, "next step"),
    }[kind]


@dataclass(frozen=True)
class Thing:
    """One thing to do in one case. `who` is somebody without an account who does it, by name."""

    kind: ThingKind
    row: int
    reference: str
    person: str
    title: str
    on: date | None
    owner_id: int | None
    who: str = ""

    @property
    def pick(self) -> str:
        """How a tick box names it, with whose it was when the page was made."""
        return f"{self.kind}{self.row}.{self.owner_id or 0}"


@dataclass(frozen=True)
class Hands:
    """What one person has in hand, the soonest first; `user_id` is None for what is nobody's yet."""

    user_id: int | None
    name: str
    things: list[Thing] = field(default_factory=list)

    @property
    def nearest(self) -> date | None:
        """The soonest day of it."""
        return next((thing.on for thing in self.things if thing.on), None)

    def overdue(self, today: date) -> int:
        """How many of its days are over."""
        return sum(1 for thing in self.things if thing.on and thing.on < today)

    def counts(self) -> list[tuple[ThingKind, int]]:
        """How many there are of each kind, in their order."""
        number = Counter(thing.kind for thing in self.things)
        return [(kind, number[kind]) for kind in ThingKind if number[kind]]

    @property
    def in_words(self) -> str:
        """The same in words: "2 dates, 1 visit"."""
        return in_a_row(counted(kind, number) for kind, number in self.counts()) or of_ours(NOTHING)


NOBODY = "Nobody yet"
NOTHING = "nothing"
BY_NAME = "Somebody without an account"


def by_person(things: Iterable[Thing], people: Mapping[int, str]) -> list[Hands]:
    """What is nobody's first, then what others do by name, then each of these people, in their order."""
    nobody, others = Hands(None, NOBODY), Hands(None, BY_NAME)
    found: dict[int | None, Hands] = {user_id: Hands(user_id, name) for user_id, name in people.items()}
    for thing in sorted(things, key=lambda one: (one.on or date.max, one.reference, one.kind, one.row)):
        if thing.owner_id in found:
            found[thing.owner_id].things.append(thing)
        else:
            (others if thing.who else nobody).things.append(thing)
    return [*(one for one in (nobody, others) if one.things), *found.values()]
