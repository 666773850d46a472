from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.domain.errors import CaseworkError
from casework.domain.timing.counting import Counting, Length, Unit, add_months, count_days, last_day
from casework.domain.timing.deadline_rules import Kind
from casework.domain.timing.deadlines import Nearness, check_year, nearness, nearness_words
from casework.domain.timing.working_days import WorkingCalendar

EVERY_DAY = WorkingCalendar("all", "Every day counts", every_day=True)
FRIDAY = date(2026, 11, 20)
DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))


def days_after(number, counting):
    return last_day(FRIDAY, Length(number, Unit.CALENDAR_DAYS), counting, EVERY_DAY)


def test_fourteen_days_after_a_friday_end_on_a_friday():
    assert days_after(14, Counting.AFTER_DAY) == date(2026, 12, 4)


def test_a_period_beginning_with_a_day_counts_that_day():
    assert days_after(21, Counting.BEGINNING_WITH) == date(2026, 12, 10)


def test_a_period_beginning_with_the_day_after_is_one_day_longer():
    assert days_after(21, Counting.BEGINNING_WITH_DAY_AFTER) == date(2026, 12, 11)


def test_twenty_four_weeks_beginning_with_13_august_are_168_days():
    length = Length(24, Unit.WEEKS)
    end = last_day(date(2026, 8, 12), length, Counting.BEGINNING_WITH_DAY_AFTER, EVERY_DAY)
    assert end == date(2027, 1, 27)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 30), 1, date(2028, 2, 29)),
        (date(2026, 3, 31), 1, date(2026, 4, 30)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 15), 12, date(2027, 12, 15)),
    ],
)
def test_a_month_on_is_the_same_day_number_or_the_last_day_of_a_shorter_month(start, months, end):
    assert add_months(start, months) == end


@pytest.mark.parametrize(
    ("start", "end"),
    [(date(2026, 7, 20), date(2026, 11, 19)), (date(2026, 10, 31), date(2027, 2, 28))],
)
def test_four_months_beginning_with_a_day_end_the_day_before_its_number(start, end):
    assert last_day(start, Length(4, Unit.MONTHS), Counting.BEGINNING_WITH, EVERY_DAY) == end


@given(DAYS, st.integers(1, 60), st.sampled_from(Counting))
def test_every_day_of_a_count_is_shown_once_and_in_order(start, number, counting):
    length = Length(number, Unit.CALENDAR_DAYS)
    strip = count_days(start, length, counting, EVERY_DAY)
    assert strip[0].day == start
    assert strip[-1].day == last_day(start, length, counting, EVERY_DAY)
    assert [step.number for step in strip if step.counted] == list(range(1, number + 1))
    assert {later.day - sooner.day for sooner, later in pairwise(strip)} <= {timedelta(days=1)}


def test_a_count_of_months_says_when_the_month_is_too_short():
    strip = count_days(date(2026, 1, 31), Length(1, Unit.MONTHS), Counting.AFTER_DAY, EVERY_DAY)
    assert strip[-1].why == "1 month on: this month has no 31st, so its last day"


def test_a_count_of_months_beginning_with_a_day_says_that_this_day_counts():
    strip = count_days(date(2026, 7, 20), Length(4, Unit.MONTHS), Counting.BEGINNING_WITH, EVERY_DAY)
    assert [step.why for step in strip] == [
        "the day it begins with, which counts",
        "4 months beginning with 20 July 2026 end here",
    ]
    assert all(step.counted for step in strip)


@pytest.mark.parametrize(
    ("day", "near", "words"),
    [
        (date(2026, 11, 18), Nearness.OVERDUE, "overdue by 2 days"),
        (date(2026, 11, 19), Nearness.OVERDUE, "overdue by 1 day"),
        (FRIDAY, Nearness.TODAY, "due today"),
        (date(2026, 11, 21), Nearness.SOON, "tomorrow"),
        (date(2026, 11, 27), Nearness.SOON, "in 7 days"),
        (date(2026, 11, 28), Nearness.LATER, "in 8 days"),
    ],
)
def test_what_is_due_today_is_not_overdue(day, near, words):
    assert nearness(day, FRIDAY) is near
    assert nearness_words(day, FRIDAY) == words


def test_a_day_from_which_removal_is_possible_is_never_called_overdue():
    assert nearness_words(date(2026, 11, 18), FRIDAY, kind=Kind.NOTICE_PERIOD) == "for 2 days now"
    assert nearness_words(FRIDAY, FRIDAY, kind=Kind.NOTICE_PERIOD) == "from today"


def test_every_kind_of_date_speaks_for_itself_and_only_a_limit_speaks_of_a_right_lost():
    assert len({kind.words.name for kind in Kind}) == len(Kind)
    threatening = [kind for kind in Kind if "right may be lost" in kind.words.meaning]
    assert threatening == [Kind.HARD_LIMIT]


def test_a_length_is_said_in_words():
    assert str(Length(1, Unit.MONTHS)) == "1 month"
    assert str(Length(14, Unit.CALENDAR_DAYS)) == "14 calendar days"


def test_twenty_four_hours_end_on_the_next_day():
    length = Length(24, Unit.HOURS)
    assert last_day(FRIDAY, length, Counting.AFTER_DAY, EVERY_DAY) == date(2026, 11, 21)
    strip = count_days(FRIDAY, length, Counting.AFTER_DAY, EVERY_DAY)
    assert [step.why for step in strip][-1] == "24 hours on: the same hour of this day"


@pytest.mark.parametrize("year", [1, 1899, 2101, 9999])
def test_a_year_that_nobody_can_mean_is_refused_in_words(year):
    with pytest.raises(CaseworkError, match=f"The year {year} cannot be right") as error:
        check_year(date(year, 1, 1))
    assert error.value.field == "trigger_date"
