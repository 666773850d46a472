"""Bank holidays, calendars and counting said again by other means: for tests to hold ours against."""

from datetime import date, timedelta
from functools import cache

import holidays
import numpy as np
from dateutil.relativedelta import relativedelta
from govuk_bank_holidays.bank_holidays import BankHolidays as Published
from hypothesis import strategies as st

from casework.domain.timing.counting import Counting, Unit
from casework.reference.regions import DEFAULT_REGION, REGIONS

THIRTY_YEARS = range(1999, 2029)
SUBDIVISIONS = {"england-and-wales": "ENG", "scotland": "SCT", "northern-ireland": "NIR"}
ONE_DAY = timedelta(days=1)


@cache
def by_holidays(region, years=THIRTY_YEARS):
    """The bank holidays of the `holidays` package."""
    return frozenset(holidays.country_holidays("GB", subdiv=SUBDIVISIONS[region], years=years))


@cache
def by_published(region):
    """The bank holidays that `govuk-bank-holidays` carries."""
    rows = Published(use_cached_holidays=True).get_holidays(division=region)
    return frozenset(row["date"] for row in rows)


# What each of the nine calendars calls a day off, said again here apart from the rule book: whose bank holidays (None:
# nobody's, and no weekend either), and whether 27 to 31 December are off.
HERE, ENGLAND, ANYWHERE = "here", "England and Wales", "anywhere"
REGIONS_OF = {ENGLAND: [DEFAULT_REGION], ANYWHERE: list(REGIONS)}
CALENDARS = {
    "ftt_iac": (HERE, True),
    "ut_iac_appeal": (HERE, True),
    "ut_jr": (HERE, False),
    "removal_notice": (HERE, False),
    "notices_regs_business_day": (HERE, False),
    "foi": (ANYWHERE, False),
    "sec_tribunal": (HERE, False),
    "office_ew": (ENGLAND, False),
    "calendar_days": (None, False),
}


def is_off(day, key, region):
    """Whether the calendar is closed on this day, by the `holidays` package."""
    whose, december = CALENDARS[key]
    if whose is None:
        return False
    regions = REGIONS_OF.get(whose, [region])
    in_december = december and (day.month, day.day) in [(12, number) for number in range(27, 32)]
    return day.weekday() >= 5 or in_december or any(day in by_holidays(one) for one in regions)


def days_of(years):
    first, after = date(years[0], 1, 1), date(years[-1] + 1, 1, 1)
    return [first + timedelta(days=number) for number in range((after - first).days)]


def some_day(first, last):
    """A day drawn by lot; every other one lies at the end of a month or by Christmas, where counting goes wrong."""
    all_days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    awkward = [day for day in all_days if day.day >= 28 or (day.month == 12 and day.day >= 10)]
    return st.sampled_from(all_days) | st.sampled_from(awkward)


def walked(day, number, key, region):
    """The day so many working days on, or back, found by looking at one day after the other."""
    step = ONE_DAY if number > 0 else -ONE_DAY
    left = abs(number)
    while left:
        day += step
        left -= not is_off(day, key, region)
    return day


def read_otherwise(start, length, counting, key, region):
    """The last day of a time, read from the words by other means: walking, numpy's days, dateutil's months."""
    first = start if counting is Counting.BEGINNING_WITH else start + ONE_DAY  # the day that is day 1
    if length.unit is Unit.WORKING_DAYS:
        return walked(first - ONE_DAY, length.number, key, region)
    if length.unit is Unit.MONTHS and counting is Counting.AFTER_DAY:
        return start + relativedelta(months=length.number)
    if length.unit is Unit.MONTHS:
        same_number = first + relativedelta(months=length.number)
        return same_number if same_number.day != first.day else same_number - ONE_DAY
    days = {Unit.WEEKS: 7 * length.number, Unit.CALENDAR_DAYS: length.number}[length.unit]
    return (np.datetime64(first, "D") + np.timedelta64(days - 1, "D")).astype(object)
