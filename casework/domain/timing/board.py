"""The board: by what it is narrowed, and where its next page begins."""

import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from casework.domain.timing.deadline_rules import Kind, WaitingFor
from casework.domain.timing.diary import EntrySource


class Whose(StrEnum):
    """Whose dates: mine, or those that nobody takes care of yet."""

    ME = "me"
    NOBODY = "nobody"


class When(StrEnum):
    """Which days: those up to a week from today, those behind us, or what has no day yet."""

    WEEK = "week"
    OVERDUE = "overdue"
    TO_WORK_OUT = "to-work-out"


# On these a right or the person's staying hangs, beside the limits that we must keep.
GRAVE_KINDS = (Kind.NOTICE_PERIOD, Kind.LATEST_STATE_ACT)


@dataclass(frozen=True)
class Filters:
    """What to show of the board; each narrows it further. `cases` are references: empty for every case.

    `grave`: only limits that we must keep, notice periods, and windows in which they may act with less notice.
    """

    whose: Whose | None = None
    when: When | None = None
    grave: bool = False
    waiting_for: WaitingFor | None = None
    kind: Kind | EntrySource | None = None
    cases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cursor:
    """The place of one date in the order of the board: `aim` is None for what has no day yet.

    Of two with the same days the source decides, and of one source the number of the row, so that no two are equal.
    """

    aim: date | None
    final: date | None
    source: int
    row: int

    def __str__(self) -> str:
        days = (day.isoformat() if day else "0" for day in (self.aim, self.final))
        return "_".join((*days, str(self.source), str(self.row)))

    @classmethod
    def read(cls, text: str) -> "Cursor | None":
        """The place that an address names; None when it names none."""
        parts = text.split("_")
        if len(parts) != 4 or len(text) > 60 or not text.isascii():
            return None
        try:
            aim, final = (None if part == "0" else date.fromisoformat(part) for part in parts[:2])
            source, row = (int(part) for part in parts[2:])
        except ValueError:
            return None
        return cls(aim, final, source, row) if 0 <= row < 2**63 and 0 <= source < 10 else None


def initials(name: str) -> str:
    """A name as its first letters, for a shared screen or a printed page: "S. A." for "Samira Ahmadi"."""
    return " ".join(f"{first}." for word in name.split() if (first := _first_letter(word)))


def _first_letter(word: str) -> str:
    letters = "".join(char for char in word if char.isalpha() or unicodedata.category(char).startswith("M"))
    marks = 1
    while marks < len(letters) and unicodedata.category(letters[marks]).startswith("M"):
        marks += 1
    return letters[:marks]
