"""Working days: which days count under a set of rules, and how far ahead that is known."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

from casework.domain.dates import spoken
from casework.domain.errors import UnknownHolidays

ONE_DAY = timedelta(days=1)
SATURDAY = 5
DECEMBER_CLOSURE = (27, 31)
DECEMBER_CLOSURE_NAME = "27 to 31 December, not a working day under these rules"


@dataclass(frozen=True, slots=True)
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
    _working: list[date] = field(default_factory=list, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """List the working days. A book with one more holiday has some thirty calendars, so this takes no time."""
        if not self.every_day:
            ordinary = _ordinary(self.known_from, self.known_until, self.weekend, self.december_closure)
            self._working.extend(day for day in ordinary if day not in self.holidays)

    def is_working_day(self, day: date) -> bool:
        """Whether time runs on this day. Raises UnknownHolidays when only an unpublished list could tell."""
        return self.why_closed(day) is None

    def why_closed(self, day: date) -> str | None:
        """Why this day does not count, in words, or None when it does.

        Raises UnknownHolidays when only a list of bank holidays not yet published could tell.
        """
        closed = self.closed(day)
        if closed is None and not self.knows(day):
            raise self._unknown(day)
        return closed

    def closed(self, day: date) -> str | None:
        """Why this day does not count, as far as is known: of days that are not, only weekends."""
        if self.every_day:
            return None
        if day in self.holidays:
            return self.holidays[day]
        return _closed_anyway(day, self.weekend, self.december_closure)

    def knows(self, day: date) -> bool:
        """Whether the bank holidays of this day are known."""
        return self.every_day or self.known_from <= day <= self.known_until

    def add_working_days(self, day: date, days: int) -> date:
        """The working day that is `days` working days after `day`, which is itself day 0.

        A negative number counts backwards. Raises UnknownHolidays outside the known dates.
        """
        try:
            if days > 0:
                return self._working[self._last(day) + days]
            if days < 0:
                return self._earlier(self._next(day) + days)
        except LookupError:
            if not self.every_day:
                raise self._unknown(day, back=days < 0) from None
        return day + timedelta(days)

    def working_days_between(self, day: date, until: date) -> int:
        """How many working days after `day`, which is itself day 0, up to and with `until`; 0 on a day before it.

        It turns `add_working_days` round. Raises UnknownHolidays outside the known dates.
        """
        if until <= day:
            return 0
        if self.every_day:
            return (until - day).days
        try:
            return self._last(until) - self._last(day)
        except LookupError:
            raise self._unknown(until if self.knows(day) else day) from None

    def on_or_after(self, day: date) -> date:
        """This day if it is a working day, otherwise the next. Raises UnknownHolidays."""
        if self.every_day:
            return day
        try:
            return self._working[self._next(day)]
        except LookupError:
            raise self._unknown(day) from None

    def on_or_before(self, day: date) -> date:
        """This day if it is a working day, otherwise the one before. Raises UnknownHolidays."""
        if self.every_day:
            return day
        try:
            return self._earlier(self._last(day))
        except LookupError:
            raise self._unknown(day, back=True) from None

    def _last(self, day: date) -> int:
        """The place in the list of the last working day up to this one. Raises LookupError outside the known days."""
        if not self.knows(day):
            raise LookupError(day)
        return bisect_right(self._working, day) - 1

    def _next(self, day: date) -> int:
        """The place in the list of the next working day from this one on. Raises LookupError outside the known days."""
        if not self.knows(day):
            raise LookupError(day)
        return bisect_left(self._working, day)

    def _earlier(self, place: int) -> date:
        if place < 0:
            raise IndexError(place)
        return self._working[place]

    def _unknown(self, day: date, *, back: bool = False) -> UnknownHolidays:
        if day < self.known_from or (back and day <= self.known_until):
            known = f"We know bank holidays from {spoken(self.known_from)} only"
        else:
            known = f"Bank holidays are known only until {spoken(self.known_until)}"
        return UnknownHolidays(f"{known}, so this date cannot be worked out. Ask a lawyer for the date.")


def _closed_anyway(day: date, weekend: bool, december_closure: bool) -> str | None:
    """Why this day does not count in any year, whatever the bank holidays are."""
    if weekend and day.weekday() >= SATURDAY:
        return "Saturday" if day.weekday() == SATURDAY else "Sunday"
    first, last = DECEMBER_CLOSURE
    if december_closure and day.month == 12 and first <= day.day <= last:
        return DECEMBER_CLOSURE_NAME
    return None


@cache
def _ordinary(first: date, last: date, weekend: bool, december_closure: bool) -> tuple[date, ...]:
    """The days from the first to the last on which time runs unless they are bank holidays, for every calendar."""
    days = map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1))
    return tuple(day for day in days if _closed_anyway(day, weekend, december_closure) is None)
