"""Working days: which days count under a set of rules, and how far ahead that is known."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from casework.domain.dates import spoken
from casework.domain.errors import UnknownHolidays

ONE_DAY = timedelta(days=1)
SATURDAY = 5
DECEMBER_CLOSURE = (27, 31)
DECEMBER_CLOSURE_NAME = "27 to 31 December, not a working day under these rules"


@dataclass(frozen=True)
class WorkingCalendar:
    """The days on which time runs for one set of rules in one part of the UK.

    `holidays` are bank holidays by date with their names; `known_from` and `known_until` are the first and
    the last day for which they are known. Outside them no answer is guessed. A calendar on which every
    day counts (`every_day`) knows all days.
    """

    key: str
    name: str
    holidays: Mapping[date, str] = field(default_factory=dict)
    known_from: date = date.min
    known_until: date = date.max
    weekend: bool = True
    december_closure: bool = False
    every_day: bool = False
    _working: list[int] = field(default_factory=list, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.every_day:
            known = range(self.known_from.toordinal(), self.known_until.toordinal() + 1)
            self._working.extend(n for n in known if self._closed(date.fromordinal(n)) is None)

    def is_working_day(self, day: date) -> bool:
        """Whether time runs on this day. Raises UnknownHolidays when only an unpublished list could tell."""
        return self.why_closed(day) is None

    def why_closed(self, day: date) -> str | None:
        """Why this day does not count, in words, or None when it does.

        Raises UnknownHolidays when only a list of bank holidays not yet published could tell.
        """
        closed = self._closed(day)
        if closed is None and not self.knows(day):
            raise self._unknown(day)
        return closed

    def knows(self, day: date) -> bool:
        """Whether the bank holidays of this day are known."""
        return self.every_day or self.known_from <= day <= self.known_until

    def add_working_days(self, day: date, days: int) -> date:
        """The working day that is `days` working days after `day`, which is itself day 0.

        A negative number counts backwards. Raises UnknownHolidays outside the known dates.
        """
        if self.every_day or days == 0:
            return day + timedelta(days=days)
        if days > 0:
            return self._at(bisect_right(self._working, day.toordinal()) + days - 1, day)
        return self._at(bisect_left(self._working, day.toordinal()) + days, day)

    def on_or_after(self, day: date) -> date:
        """This day if it is a working day, otherwise the next. Raises UnknownHolidays."""
        if self.every_day:
            return day
        return self._at(bisect_left(self._working, day.toordinal()), day)

    def on_or_before(self, day: date) -> date:
        """This day if it is a working day, otherwise the one before. Raises UnknownHolidays."""
        if self.every_day:
            return day
        return self._at(bisect_right(self._working, day.toordinal()) - 1, day)

    def _at(self, index: int, start: date) -> date:
        if not self.knows(start):
            raise self._unknown(start)
        if index < 0:
            raise self._unknown(self.known_from - ONE_DAY)
        if index >= len(self._working):
            raise self._unknown(self.known_until + ONE_DAY)
        return date.fromordinal(self._working[index])

    def _closed(self, day: date) -> str | None:
        if self.every_day:
            return None
        if day in self.holidays:
            return self.holidays[day]
        if self.weekend and day.weekday() >= SATURDAY:
            return "Saturday" if day.weekday() == SATURDAY else "Sunday"
        first, last = DECEMBER_CLOSURE
        if self.december_closure and day.month == 12 and first <= day.day <= last:
            return DECEMBER_CLOSURE_NAME
        return None

    def _unknown(self, day: date) -> UnknownHolidays:
        if day < self.known_from:
            known = f"We know bank holidays from {spoken(self.known_from)} only"
        else:
            known = f"Bank holidays are known only until {spoken(self.known_until)}"
        return UnknownHolidays(f"{known}, so this date cannot be worked out. Ask a lawyer for the date.")
