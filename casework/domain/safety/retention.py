"""How long each kind of thing is kept, from when it counts, and when it is told of before it goes.

No law names these times. The UK GDPR says only that nothing about a person may be kept longer than it is needed
(article 5(1)(e); not checked, nobody read the article for this). The times are the group's own policy: those here stand
until an organiser chooses others.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from casework.domain.said import count
from casework.domain.timing.counting import add_months

# So many days before something goes, pages say so. A shorter time that somebody chose holds after as many days.
ANNOUNCED = timedelta(days=30)
OWN_POLICY = "The group’s own policy. No law names a time."


class Kept(StrEnum):
    """A kind of thing that goes by itself."""

    FACTS = "facts"
    AUTHORITY = "authority"
    SUPPORTER = "supporter"
    DRAFT = "draft"


class Unit(StrEnum):
    """What a length is counted in."""

    MONTHS = "months"
    DAYS = "days"


@dataclass(frozen=True)
class Policy:
    """How long one kind is kept: the usual length, and the least and the most that may be chosen."""

    what: str
    counts_from: str
    unit: Unit
    usual: int
    least: int
    most: int
    postponed_by: str
    source: str = OWN_POLICY


POLICIES = {
    Kept.FACTS: Policy(
        "What is known of a case",
        "the day on which the case was closed, or the last change in it after that",
        Unit.MONTHS,
        6,
        1,
        36,
        "Anything that somebody records in the case, or opening it again, starts the time anew.",
    ),
    Kept.AUTHORITY: Policy(
        "Forms of authority and campaign consents",
        "the day on which they ended or were taken back",
        Unit.MONTHS,
        24,
        6,
        72,
        "While one is in force its time has not begun. They are kept for longer as proof of what was agreed to.",
    ),
    Kept.SUPPORTER: Policy(
        "Supporters",
        "the last day on which they were in touch",
        Unit.MONTHS,
        12,
        1,
        60,
        "Signing up, writing, signing or a word from them starts the time anew. Who stops is gone at once.",
    ),
    Kept.DRAFT: Policy(
        "Drafts of letters",
        "the day on which somebody last saved them",
        Unit.DAYS,
        90,
        30,
        365,
        "Saving a draft starts the time anew.",
    ),
}

# What goes by itself after a time that nobody chooses: in the program's hands, and short.
FIXED = (
    ("What was deleted", "30 days in the bin", "so that a mistake can be undone"),
    ("First hours that nobody finished", "30 days after the last answer", "they hold people"),
    (
        "Rows of spreadsheets that nobody added",
        "30 days; 2 before the columns were chosen",
        "they hold people",
    ),
    ("Marks that keep a form from being saved twice", "7 days", "they name the page that a form led to"),
    ("Tries to sign in that failed", "one day", "names and addresses are kept as a keyed hash only"),
    ("Links that let somebody in once", "30 days after they ended", "only a hash of each is kept"),
    ("Links to a person’s own view", "30 days after they ended", "only a hash of each is kept"),
    ("What somebody opened last", "30 days, and ten things at most", "only kinds and numbers are kept"),
    ("A copy of the database that an update made", "30 days", "it holds what was erased meanwhile"),
    ("The trail", "as long as this Casework", "it holds who did what and when, and no words of any case"),
)


@dataclass(frozen=True)
class Chosen:
    """The length that holds for one kind. `before` held until `on`, the day of the choice; both are empty at first."""

    length: int
    before: int | None = None
    on: date | None = None

    def on_day(self, today: date) -> int:
        """The length that counts on this day: a shorter one not before a month after it was chosen."""
        if self.before is None or self.on is None or today >= self.on + ANNOUNCED:
            return self.length
        return max(self.before, self.length)


def plus(kind: Kept, day: date, length: int) -> date:
    """The day that comes this length after another."""
    if POLICIES[kind].unit is Unit.MONTHS:
        return add_months(day, length)
    return day + timedelta(days=length)


def goes_on(kind: Kept, counts_from: date, chosen: Chosen) -> date:
    """The day on which something goes, unless its time starts anew before."""
    new = plus(kind, counts_from, chosen.length)
    if chosen.before is None or chosen.on is None or chosen.before <= chosen.length:
        return new
    return min(plus(kind, counts_from, chosen.before), max(new, chosen.on + ANNOUNCED))


def is_over(kind: Kept, counts_from: date, chosen: Chosen, today: date) -> bool:
    """Whether its time is over."""
    return goes_on(kind, counts_from, chosen) <= today


def is_announced(goes: date, today: date) -> bool:
    """Whether pages say by now that something goes."""
    return goes <= today + ANNOUNCED


def in_words(kind: Kept, length: int) -> str:
    """A length as people say it: "6 months", "1 month"."""
    return count(length, "month") if POLICIES[kind].unit is Unit.MONTHS else count(length, "day")
