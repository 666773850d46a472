"""Calendars and counting held against other libraries: all parts of the UK, thirty years of days."""

from datetime import date, timedelta
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.domain.timing.counting import Counting, Length, Unit, count_days, last_day
from casework.domain.timing.working_days import WorkingCalendar
from casework.reference.bank_holidays import bank_holidays
from casework.reference.regions import REGIONS
from casework.reference.rule_book import rule_book
from tests.reference.oracles import (
    CALENDARS,
    REGIONS_OF,
    THIRTY_YEARS,
    by_holidays,
    by_published,
    days_of,
    is_off,
    read_otherwise,
    some_day,
    walked,
)

OUR_YEARS = range(bank_holidays().known_from.year, bank_holidays().known_until.year + 1)
PUBLISHED_YEARS = range(2012, 2029)

# Every day on which another list differs from ours, in our years, with the reason. A difference that is not
# here fails a test, and so does one of these that has gone.
NOT_BUNDLED = "announced late: on gov.uk, but not in the copy that this library carries"
ON_A_WEEKEND = (
    "this library names the day itself as well; gov.uk names only the working day that stands for it"
)
PUBLISHED_LACKS = {"scotland": {date(2026, 6, 15): NOT_BUNDLED}}
HOLIDAYS_HAS_MORE = {
    "england-and-wales": dict.fromkeys(
        [date(2026, 12, 26), date(2027, 12, 25), date(2027, 12, 26), date(2028, 1, 1)], ON_A_WEEKEND
    ),
    "scotland": dict.fromkeys(
        [
            *(date(2024, 11, 30), date(2025, 11, 30), date(2026, 12, 26), date(2027, 1, 2)),
            *(date(2027, 12, 25), date(2027, 12, 26), date(2028, 1, 1), date(2028, 1, 2)),
        ],
        ON_A_WEEKEND,
    ),
    "northern-ireland": dict.fromkeys(
        [
            *(date(2024, 3, 17), date(2025, 7, 12), date(2026, 7, 12), date(2026, 12, 26)),
            *(date(2027, 12, 25), date(2027, 12, 26), date(2028, 1, 1)),
        ],
        ON_A_WEEKEND,
    ),
}


def ours(region):
    return frozenset(bank_holidays().named(region))


def weekdays(days):
    return {day for day in days if day.weekday() < 5}


@pytest.mark.parametrize("region", REGIONS)
def test_the_published_list_differs_from_ours_exactly_as_we_say(region):
    published = {day for day in by_published(region) if day.year in OUR_YEARS}
    assert ours(region) - published == set(PUBLISHED_LACKS.get(region, {}))
    assert published - ours(region) == set()


@pytest.mark.parametrize("region", REGIONS)
def test_the_holidays_package_differs_from_ours_exactly_as_we_say(region):
    theirs = by_holidays(region, OUR_YEARS)
    assert theirs - ours(region) == set(HOLIDAYS_HAS_MORE[region])
    assert ours(region) - theirs == set()
    assert weekdays(HOLIDAYS_HAS_MORE[region]) == set()


@pytest.mark.parametrize("region", REGIONS)
def test_the_two_other_lists_agree_on_weekdays_as_far_back_as_gov_uk_goes(region):
    theirs = weekdays(day for day in by_holidays(region) if day.year in PUBLISHED_YEARS)
    assert theirs - by_published(region) == set(PUBLISHED_LACKS.get(region, {}))
    assert by_published(region) - theirs == set()


def test_every_calendar_of_the_rule_book_is_said_again_here():
    assert set(CALENDARS) == set(rule_book().calendars)


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("key", CALENDARS)
def test_every_day_of_every_calendar_is_open_or_closed_as_the_other_list_says(key, region):
    calendar = rule_book().working_calendar(key, region)
    wrong = [day for day in days_of(OUR_YEARS) if calendar.is_working_day(day) == is_off(day, key, region)]
    assert wrong == []


@cache
def thirty_years(key, region):
    """A calendar like that of the rule book, of the other library's bank holidays, over thirty years."""
    whose, december = CALENDARS[key]
    regions = REGIONS_OF.get(whose, [region])
    return WorkingCalendar(
        key,
        key,
        holidays={day: "bank holiday" for one in regions for day in by_holidays(one)},
        known_from=date(THIRTY_YEARS[0], 1, 1),
        known_until=date(THIRTY_YEARS[-1], 12, 31),
        every_day=whose is None,
        december_closure=december,
    )


@cache
def in_numpy(key, region):
    """The same days off for numpy."""
    off = [day for day in days_of(THIRTY_YEARS) if is_off(day, key, region)]
    week = "1111111" if CALENDARS[key][0] is None else "1111100"
    return np.busdaycalendar(weekmask=week, holidays=np.array(off, dtype="datetime64[D]"))


def numpy_offset(days, number, roll, key, region):
    starts = np.array(days, dtype="datetime64[D]")
    found = np.busday_offset(starts, number, roll=roll, busdaycal=in_numpy(key, region))
    return found.astype(object).tolist()


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("key", CALENDARS)
def test_working_days_are_added_and_taken_from_every_day_of_thirty_years_as_numpy_does(key, region):
    calendar = thirty_years(key, region)
    inner = days_of(THIRTY_YEARS[1:-1])
    for number in (1, 2, 5, 12, 20):
        ahead = [calendar.add_working_days(day, number) for day in inner]
        back = [calendar.add_working_days(day, -number) for day in inner]
        assert ahead == numpy_offset(inner, number, "backward", key, region)
        assert back == numpy_offset(inner, -number, "forward", key, region)


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("key", CALENDARS)
def test_every_day_of_thirty_years_rolls_to_the_working_day_to_which_numpy_rolls_it(key, region):
    calendar, inner = thirty_years(key, region), days_of(THIRTY_YEARS[1:-1])
    assert [calendar.on_or_after(day) for day in inner] == numpy_offset(inner, 0, "forward", key, region)
    assert [calendar.on_or_before(day) for day in inner] == numpy_offset(inner, 0, "backward", key, region)


SOME_CALENDAR = st.sampled_from(list(CALENDARS))
SOME_REGION = st.sampled_from(list(REGIONS))
SOME_DAY = some_day(date(2000, 1, 1), date(2027, 12, 31))


@given(SOME_CALENDAR, SOME_REGION, SOME_DAY, st.integers(-60, 60))
def test_any_number_of_working_days_is_what_walking_from_day_to_day_finds(key, region, day, number):
    assert thirty_years(key, region).add_working_days(day, number) == walked(day, number, key, region)


@given(SOME_CALENDAR, SOME_REGION, SOME_DAY, st.integers(1, 60))
def test_forwards_and_back_again_ends_on_the_same_working_day(key, region, day, number):
    calendar = thirty_years(key, region)
    there = calendar.add_working_days(day, number)
    assert calendar.add_working_days(there, -number) == calendar.on_or_before(day)
    back = calendar.add_working_days(day, -number)
    assert calendar.add_working_days(back, number) == calendar.on_or_after(day)


@given(SOME_CALENDAR, SOME_REGION, SOME_DAY)
def test_a_rolled_day_is_a_working_day_and_none_was_passed_over(key, region, day):
    calendar = thirty_years(key, region)
    sooner, later = calendar.on_or_before(day), calendar.on_or_after(day)
    assert sooner <= day <= later
    assert calendar.is_working_day(sooner)
    assert calendar.is_working_day(later)
    between = [sooner + timedelta(days=number) for number in range(1, (later - sooner).days)]
    assert all(is_off(one, key, region) for one in between)


@given(SOME_CALENDAR, SOME_REGION, SOME_DAY, st.integers(1, 30), st.sets(SOME_DAY, max_size=6))
def test_more_holidays_move_nothing_forwards_to_an_earlier_day_nor_back_to_a_later_one(
    key, region, day, number, more
):
    few = thirty_years(key, region)
    many = few if few.every_day else closed_also_on(few, more)
    assert many.add_working_days(day, number) >= few.add_working_days(day, number)
    assert many.on_or_after(day) >= few.on_or_after(day)
    assert many.add_working_days(day, -number) <= few.add_working_days(day, -number)
    assert many.on_or_before(day) <= few.on_or_before(day)


def closed_also_on(calendar, days):
    return WorkingCalendar(
        calendar.key,
        calendar.name,
        holidays={**calendar.holidays, **dict.fromkeys(days, "One more")},
        known_from=calendar.known_from,
        known_until=calendar.known_until,
        december_closure=calendar.december_closure,
    )


COUNTED_UNITS = st.sampled_from([Unit.WORKING_DAYS, Unit.CALENDAR_DAYS, Unit.WEEKS, Unit.MONTHS])


@given(SOME_CALENDAR, SOME_REGION, SOME_DAY, COUNTED_UNITS, st.integers(1, 12), st.sampled_from(Counting))
def test_every_counting_convention_ends_where_another_reading_of_its_words_does(
    key, region, start, unit, number, counting
):
    length = Length(number, unit)
    end = last_day(start, length, counting, thirty_years(key, region))
    assert end == read_otherwise(start, length, counting, key, region)


@given(SOME_CALENDAR, SOME_REGION, SOME_DAY, COUNTED_UNITS, st.integers(1, 12), st.sampled_from(Counting))
def test_the_explanation_numbers_the_days_without_a_gap_and_ends_where_the_count_does(
    key, region, start, unit, number, counting
):
    calendar, length = thirty_years(key, region), Length(number, unit)
    strip = count_days(start, length, counting, calendar)
    assert strip[0].day == start
    assert strip[-1].day == last_day(start, length, counting, calendar)
    numbers = [step.number for step in strip if step.counted]
    days = number * 7 if unit is Unit.WEEKS else number
    months = [0, number] if counting is Counting.BEGINNING_WITH else [number]
    assert numbers == (months if unit is Unit.MONTHS else list(range(1, days + 1)))
    if unit is Unit.WORKING_DAYS:
        assert not any(is_off(step.day, key, region) for step in strip if step.counted)
        not_counted = [step.day for step in strip if not step.counted and step.day != start]
        assert all(is_off(day, key, region) for day in not_counted)
