from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.domain.errors import UnknownHolidays
from casework.domain.timing.working_days import WorkingCalendar

EASTER_MONDAY = date(2026, 4, 6)
YEAR_2026 = WorkingCalendar(
    "test",
    "A made-up office",
    holidays={
        date(2026, 4, 3): "Good Friday",
        EASTER_MONDAY: "Easter Monday",
        date(2026, 12, 25): "Christmas Day",
    },
    known_from=date(2026, 1, 1),
    known_until=date(2026, 12, 31),
)
TRIBUNAL = WorkingCalendar(
    "tribunal",
    "A made-up tribunal",
    known_from=date(2026, 1, 1),
    known_until=date(2027, 12, 31),
    december_closure=True,
)
EVERY_DAY = WorkingCalendar("all", "Every day counts", every_day=True)
DAYS_OF_2026 = st.dates(date(2026, 1, 1), date(2026, 12, 31))


def test_a_plain_thursday_is_a_working_day():
    assert YEAR_2026.is_working_day(date(2026, 4, 2))


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2026, 4, 3), "Good Friday"),
        (date(2026, 4, 4), "Saturday"),
        (date(2026, 4, 5), "Sunday"),
        (EASTER_MONDAY, "Easter Monday"),
    ],
)
def test_a_closed_day_says_why(day, why):
    assert YEAR_2026.why_closed(day) == why


def test_a_tribunal_is_closed_from_27_to_31_december_and_says_so():
    closed = [day for day in range(20, 32) if "27 to 31" in (TRIBUNAL.why_closed(date(2026, 12, day)) or "")]
    assert closed == [28, 29, 30, 31]  # the 27th is a Sunday, and says so
    assert TRIBUNAL.why_closed(date(2026, 12, 27)) == "Sunday"


def test_working_days_step_over_good_friday_and_easter_monday():
    assert YEAR_2026.add_working_days(date(2026, 4, 2), 1) == date(2026, 4, 7)


def test_a_weekend_is_no_working_day_even_where_holidays_are_unknown():
    assert YEAR_2026.is_working_day(date(2030, 1, 5)) is False


@pytest.mark.parametrize("day", [date(2025, 12, 31), date(2027, 1, 1)])
def test_whether_a_weekday_outside_the_known_years_counts_is_not_guessed(day):
    with pytest.raises(UnknownHolidays):
        YEAR_2026.is_working_day(day)


def test_counting_past_the_last_known_day_is_refused_in_words():
    with pytest.raises(UnknownHolidays, match="known only until 31 December 2026"):
        YEAR_2026.add_working_days(date(2026, 12, 30), 2)


def test_counting_up_to_the_last_known_day_is_answered():
    assert YEAR_2026.add_working_days(date(2026, 12, 30), 1) == date(2026, 12, 31)


def test_counting_back_past_the_first_known_day_is_refused_in_words():
    with pytest.raises(UnknownHolidays, match="from 1 January 2026 only"):
        YEAR_2026.on_or_before(date(2026, 1, 1) - timedelta(days=1))


@pytest.mark.parametrize("ask", [YEAR_2026.on_or_after, YEAR_2026.on_or_before])
def test_rolling_from_a_day_that_is_not_known_is_refused(ask):
    with pytest.raises(UnknownHolidays):
        ask(date(2027, 1, 2))


def test_where_every_day_counts_no_day_is_ever_unknown():
    assert EVERY_DAY.is_working_day(date(2099, 12, 25))
    assert EVERY_DAY.add_working_days(date(2099, 12, 25), 10) == date(2100, 1, 4)
    assert EVERY_DAY.on_or_after(date(2099, 12, 25)) == EVERY_DAY.on_or_before(date(2099, 12, 25))


@given(DAYS_OF_2026.filter(lambda day: day < date(2026, 12, 1)), st.integers(1, 15))
def test_adding_working_days_passes_over_exactly_that_many(day, days):
    end = YEAR_2026.add_working_days(day, days)
    between = [day + timedelta(days=n) for n in range(1, (end - day).days + 1)]
    assert sum(YEAR_2026.is_working_day(one) for one in between) == days
    assert YEAR_2026.is_working_day(end)


@given(DAYS_OF_2026.filter(lambda day: date(2026, 2, 1) < day < date(2026, 12, 1)), st.integers(1, 15))
def test_counting_forwards_and_back_again_returns_to_the_same_working_day(day, days):
    start = YEAR_2026.on_or_after(day)
    assert YEAR_2026.add_working_days(YEAR_2026.add_working_days(start, days), -days) == start


@given(DAYS_OF_2026)
def test_a_rolled_day_is_a_working_day_and_none_lies_between(day):
    if day > date(2026, 12, 24) or day == date(2026, 1, 1):
        return
    later, sooner = YEAR_2026.on_or_after(day), YEAR_2026.on_or_before(day)
    assert sooner <= day <= later
    assert YEAR_2026.is_working_day(later)
    assert YEAR_2026.is_working_day(sooner)
    skipped = [sooner + timedelta(days=n) for n in range(1, (later - sooner).days)]
    assert not any(YEAR_2026.is_working_day(one) for one in skipped)


@given(
    DAYS_OF_2026.filter(lambda day: day < date(2026, 11, 1)),
    st.integers(1, 15),
    st.sets(DAYS_OF_2026, max_size=5),
)
def test_another_holiday_never_makes_a_date_earlier(day, days, more):
    with_more = WorkingCalendar(
        "more",
        "With more holidays",
        holidays={**YEAR_2026.holidays, **dict.fromkeys(more, "One more")},
        known_from=YEAR_2026.known_from,
        known_until=YEAR_2026.known_until,
    )
    assert with_more.add_working_days(day, days) >= YEAR_2026.add_working_days(day, days)
    assert with_more.on_or_after(day) >= YEAR_2026.on_or_after(day)
