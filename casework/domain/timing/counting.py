"""Counting from one date to another in days, working days, weeks and months, and showing each step."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from casework.domain.dates import spoken
from casework.domain.said import count
from casework.domain.timing.working_days import ONE_DAY, WorkingCalendar

HOURS_IN_A_DAY = 24


class Unit(StrEnum):
    """What a length is counted in.

    `HOURS` are whole days of 24. `IN_NOTICE`: the date stands in the notice itself. `NONE`: there is no date at all.
    """

    HOURS = "hours"
    CALENDAR_DAYS = "calendar_days"
    WORKING_DAYS = "working_days"
    WEEKS = "weeks"
    MONTHS = "months"
    IN_NOTICE = "in_notice"
    NONE = "none"


class Counting(StrEnum):
    """Which day is day 1.

    AFTER_DAY: "N days after X": the day after X is day 1. BEGINNING_WITH: "N days beginning with X": X is
    day 1. BEGINNING_WITH_DAY_AFTER: the same words about the day after X.
    """

    AFTER_DAY = "after_day"
    BEGINNING_WITH = "beginning_with"
    BEGINNING_WITH_DAY_AFTER = "beginning_with_day_after"


@dataclass(frozen=True)
class Length:
    """How long a time is, such as 14 calendar days."""

    number: int
    unit: Unit

    def __str__(self) -> str:
        words = self.unit.value.replace("_", " ")
        return f"{self.number} {words[:-1] if self.number == 1 else words}"

    @property
    def words(self) -> str:
        """The same, so that it can be said in another language."""
        said = {
            Unit.HOURS: count(self.number, "hour"),
            Unit.CALENDAR_DAYS: count(self.number, "calendar day"),
            Unit.WORKING_DAYS: count(self.number, "working day"),
            Unit.WEEKS: count(self.number, "week"),
            Unit.MONTHS: count(self.number, "month"),
        }
        return said.get(self.unit, str(self))


class CountedDay(NamedTuple):
    """One day of a count: its number, or None with the reason that it does not count."""

    day: date
    number: int | None
    why: str

    @property
    def counted(self) -> bool:
        """Whether the day has a number."""
        return self.number is not None


def add_months(start: date, months: int) -> date:
    """The same day so many months on; in a month without such a day, its last day."""
    index = start.year * 12 + start.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def last_day(start: date, length: Length, counting: Counting, calendar: WorkingCalendar) -> date:
    """The last day of a time that starts from `start`, before any rolling.

    Raises UnknownHolidays when working days past the known holidays are needed.
    """
    day_zero = start - ONE_DAY if counting is Counting.BEGINNING_WITH else start
    if length.unit is Unit.WORKING_DAYS:
        return calendar.add_working_days(day_zero, length.number)
    if length.unit is Unit.MONTHS:
        return _last_day_of_months(start, length.number, counting)
    if length.unit is Unit.HOURS:
        return start + timedelta(days=length.number // HOURS_IN_A_DAY)
    days = length.number * 7 if length.unit is Unit.WEEKS else length.number
    return day_zero + timedelta(days)


def _last_day_of_months(start: date, months: int, counting: Counting) -> date:
    """Months "beginning with" a day end on the day before the same day number.

    Where the last month has no such day they end on its last day (a general reading that nobody has
    confirmed for the bail rule: the reference marks it so).
    """
    if counting is Counting.AFTER_DAY:
        return add_months(start, months)
    first = start if counting is Counting.BEGINNING_WITH else start + ONE_DAY
    end = add_months(first, months)
    return end - ONE_DAY if end.day == first.day else end


def count_days(
    start: date,
    length: Length,
    counting: Counting,
    calendar: WorkingCalendar,
    offices: WorkingCalendar | None = None,
) -> list[CountedDay]:
    """Every day from the start to the last day of the time, each with its number or the reason it has none.

    Months and hours are not counted in days: they show the first day and the last only. `offices` names the closed
    days of a time in which every day counts.
    """
    end = last_day(start, length, counting, calendar)
    if length.unit is Unit.HOURS:
        return [_start(start), CountedDay(end, length.number, f"{length} on: the same hour of this day")]
    if length.unit is Unit.MONTHS:
        first = CountedDay(start, 0, "the day it begins with, which counts")
        months = CountedDay(end, length.number, _months_on(start, end, length, counting))
        return [first if counting is Counting.BEGINNING_WITH else _start(start), months]
    if length.number == 0:
        return [CountedDay(start, 0, "the same day")]
    strip = [] if counting is Counting.BEGINNING_WITH else [_start(start)]
    closed_on = (offices or calendar).closed if calendar.every_day else calendar.closed
    skips = length.unit is Unit.WORKING_DAYS
    day = start if counting is Counting.BEGINNING_WITH else start + ONE_DAY
    number = 0
    while day <= end:
        closed = closed_on(day)
        if closed and skips:
            strip.append(CountedDay(day, None, closed))
        else:
            number += 1
            strip.append(CountedDay(day, number, f"day {number} ({closed})" if closed else f"day {number}"))
        day += ONE_DAY
    return strip


def _start(day: date) -> CountedDay:
    return CountedDay(day, None, "the day it starts from, which is not counted")


def _months_on(start: date, end: date, length: Length, counting: Counting) -> str:
    if counting is Counting.BEGINNING_WITH:
        return f"{length} beginning with {spoken(start)} end here"
    if end.day != start.day:
        return f"{length} on: this month has no {_ordinal(start.day)}, so its last day"
    return f"{length} on: the same day of the month"


def _ordinal(number: int) -> str:
    return f"{number}{'st' if number == 31 else 'th'}"
