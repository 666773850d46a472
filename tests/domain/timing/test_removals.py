from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.domain.errors import CaseworkError, UnknownHolidays
from casework.domain.timing.removals import (
    CLOSES,
    OPENS,
    STEPS,
    Clock,
    Flight,
    Window,
    WorkingHours,
    airline_held_back,
    latest_hour,
    may_be_new_notice,
    read_hour,
    stops_of,
)
from casework.domain.timing.working_days import ONE_DAY, WorkingCalendar

GOOD_FRIDAY, EASTER_MONDAY = date(2026, 4, 3), date(2026, 4, 6)
YEARS = {"known_from": date(2025, 1, 1), "known_until": date(2027, 12, 31)}
HOLIDAYS = {GOOD_FRIDAY: "Good Friday", EASTER_MONDAY: "Easter Monday", date(2026, 12, 25): "Christmas Day"}
ENGLAND = WorkingHours(WorkingCalendar("test", "Where Easter Monday is closed", HOLIDAYS, **YEARS))
SCOTLAND = WorkingHours(WorkingCalendar("test", "Where it is open", {GOOD_FRIDAY: "Good Friday"}, **YEARS))
MOMENTS = st.datetimes(datetime(2026, 2, 1), datetime(2026, 12, 31, 23, 59))
LENGTHS = st.timedeltas(timedelta(minutes=1), timedelta(hours=60))
HOUR = timedelta(hours=1)


def test_a_step_before_a_flight_on_tuesday_morning_falls_into_the_hours_of_monday():
    assert ENGLAND.back_from(datetime(2026, 4, 14, 7, 5), 8 * HOUR) == datetime(2026, 4, 13, 9)
    assert ENGLAND.back_from(datetime(2026, 4, 14, 14, 35), 4 * HOUR) == datetime(2026, 4, 14, 10, 35)


def test_counting_back_over_easter_leaves_out_the_closed_days_of_that_part_of_the_uk():
    tuesday = datetime(2026, 4, 7, 9)
    assert ENGLAND.back_from(tuesday, HOUR) == datetime(2026, 4, 2, 16)
    assert SCOTLAND.back_from(tuesday, HOUR) == datetime(2026, 4, 6, 16)


def test_the_night_in_which_the_clocks_change_takes_no_working_hour_away():
    sunday_the_clocks_go_forward = datetime(2026, 3, 29, 12)
    monday = datetime(2026, 3, 30, 10)
    assert ENGLAND.back_from(sunday_the_clocks_go_forward, HOUR) == datetime(2026, 3, 27, 16)
    assert ENGLAND.back_from(monday, 2 * HOUR) == datetime(2026, 3, 27, 16)
    assert ENGLAND.between(datetime(2026, 3, 27, 16), monday) == 2 * HOUR


def are_open(moment):
    """Whether an office in England can be reached at this moment."""
    return ENGLAND.calendar.is_working_day(moment.date()) and OPENS <= moment.time() < CLOSES


@given(MOMENTS, LENGTHS)
def test_a_latest_hour_is_never_one_in_which_nobody_works(moment, length):
    assert are_open(ENGLAND.back_from(moment, length))


@given(MOMENTS, LENGTHS)
def test_forwards_from_a_latest_hour_there_is_as_much_time_as_was_counted_back(moment, length):
    start = ENGLAND.back_from(moment, length)
    assert ENGLAND.between(start, moment) == length
    assert ENGLAND.between(start + timedelta(minutes=1), moment) < length


@given(MOMENTS, MOMENTS, LENGTHS)
def test_a_later_flight_never_makes_a_step_due_earlier(one, other, length):
    sooner, later = sorted((one, other))
    assert ENGLAND.back_from(sooner, length) <= ENGLAND.back_from(later, length)


@given(MOMENTS, LENGTHS, LENGTHS)
def test_a_step_that_needs_more_time_is_never_due_later(moment, one, other):
    shorter, longer = sorted((one, other))
    assert ENGLAND.back_from(moment, longer) <= ENGLAND.back_from(moment, shorter)


@given(MOMENTS, LENGTHS, st.dates(date(2026, 1, 1), date(2026, 12, 31)))
def test_another_holiday_never_makes_a_step_due_later(moment, length, closed):
    more = WorkingHours(WorkingCalendar("test", "One more", HOLIDAYS | {closed: "A new holiday"}, **YEARS))
    assert more.back_from(moment, length) <= ENGLAND.back_from(moment, length)


@given(st.datetimes(datetime(2026, 3, 20), datetime(2026, 4, 12)), st.integers(1, 40))
def test_counting_back_agrees_with_walking_back_minute_by_minute(moment, minutes):
    moment = moment.replace(second=0, microsecond=0)
    walked, left = moment, minutes
    while left:
        walked -= timedelta(minutes=1)
        left -= are_open(walked)
    assert ENGLAND.back_from(moment, timedelta(minutes=minutes)) == walked


def test_no_hour_is_guessed_where_the_holidays_are_not_known():
    with pytest.raises(UnknownHolidays):
        ENGLAND.back_from(datetime(2028, 1, 3, 12), HOUR)


@given(MOMENTS, st.sampled_from([kind.hours for kind in STEPS if kind.hours]))
def test_a_step_is_given_on_the_full_hour_and_with_no_less_time_than_it_needs(moment, hours):
    by = latest_hour(hours, moment, ENGLAND)
    assert (by.minute, by.second) == (0, 0)
    assert are_open(by)
    assert ENGLAND.between(by, moment) >= hours * HOUR


def test_the_lawyer_comes_at_once_and_every_other_step_has_its_hours():
    assert STEPS[0].key == "lawyer"
    assert [kind.key for kind in STEPS if kind.hours == 0] == ["lawyer"]
    assert latest_hour(0, datetime(2026, 4, 14, 7), ENGLAND) is None
    assert latest_hour(8, None, ENGLAND) is None


FIRST_DAY = date(2026, 4, 14)


def test_the_plan_counts_back_from_the_flight_and_else_from_the_first_possible_moment():
    assert Clock().count_back_from is None
    assert Clock(FIRST_DAY).count_back_from == datetime(2026, 4, 14)
    assert Clock(FIRST_DAY, Flight(date(2026, 4, 16), time(7, 5))).count_back_from == datetime(
        2026, 4, 16, 7, 5
    )


def test_a_flight_without_an_hour_may_leave_at_the_start_of_its_day():
    assert Clock(FIRST_DAY, Flight(date(2026, 4, 16))).count_back_from == datetime(2026, 4, 16)


def test_a_flight_on_the_first_day_is_not_too_soon_and_one_the_day_before_is():
    assert not Clock(FIRST_DAY, Flight(FIRST_DAY, time(0, 5))).flight_too_soon
    assert Clock(FIRST_DAY, Flight(FIRST_DAY - ONE_DAY, time(23, 55))).flight_too_soon
    assert not Clock(None, Flight(FIRST_DAY)).flight_too_soon


def test_a_flight_in_a_window_after_a_failed_attempt_needs_no_new_five_days():
    window = Window(date(2026, 4, 1), date(2026, 4, 21))
    soon = Clock(FIRST_DAY, Flight(date(2026, 4, 10)), (window,))
    assert soon.flight_in_window
    assert not soon.flight_too_soon
    assert not Clock(FIRST_DAY, Flight(date(2026, 4, 22)), (window,)).flight_in_window


def test_without_a_notice_an_open_window_means_that_it_can_be_any_day():
    assert Clock(windows=(Window(date(2026, 4, 1), date(2026, 4, 21)),)).count_back_from == datetime(
        2026, 4, 1
    )


@pytest.mark.parametrize("level", [None, 0, 2])
def test_without_a_yes_to_being_public_there_is_no_airline_sheet(level):
    assert "Not without their consent" in airline_held_back(level, "commercial")


def test_the_airline_sheet_waits_for_level_three_and_never_fits_a_charter():
    assert airline_held_back(3, "commercial") == ""
    assert "charter" in airline_held_back(5, "charter")


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("14:35", time(14, 35)),
        ("14.35", time(14, 35)),
        ("1435", time(14, 35)),
        ("735", time(7, 35)),
        (" 2.35 PM ", time(14, 35)),
        ("7am", time(7)),
        ("12 a.m.", time(0)),
        ("12pm", time(12)),
        ("noon", time(12)),
        ("0:05", time(0, 5)),
    ],
)
def test_an_hour_is_taken_as_people_type_it(text, hour):
    assert read_hour(text) == hour


@pytest.mark.parametrize("text", ["25:00", "12:60", "14 pm", "7", "soon", "", "1:2", "²:00", "99999", "0 am"])
def test_what_is_no_hour_is_refused_in_words(text):
    with pytest.raises(CaseworkError):
        read_hour(text)


@given(st.times())
def test_every_hour_of_the_day_can_be_typed_and_read_back(hour):
    hour = hour.replace(second=0, microsecond=0)
    for written in (f"{hour:%H:%M}", f"{hour:%H%M}", f"{hour:%I.%M %p}"):
        assert read_hour(written) == hour


GIVEN = date(2026, 4, 2)


@pytest.mark.parametrize(
    ("before", "after", "asked"),
    [
        ((GIVEN, "Eritrea", None), (GIVEN, "Eritrea", "Istanbul"), False),
        ((GIVEN, "Eritrea", None), (GIVEN, "eritrea.", None), False),
        ((None, None, None), (GIVEN, "Eritrea", "Istanbul"), False),
        ((GIVEN, "Eritrea", None), (GIVEN, "Rwanda", None), True),
        ((GIVEN, "Eritrea", "Istanbul"), (GIVEN, "Eritrea", "Istanbul, Cairo"), True),
        ((GIVEN, "Eritrea", "Istanbul, Cairo"), (GIVEN, "Eritrea", "cairo then istanbul"), False),
        ((GIVEN, "Eritrea", "Istanbul, Cairo"), (GIVEN, "Eritrea", "Istanbul"), False),
        ((GIVEN, "Eritrea", "Istanbul"), (GIVEN, "Eritrea", "Istanbul to Eritrea"), False),
        ((GIVEN, "Eritrea", None), (date(2026, 4, 9), "Eritrea", None), True),
    ],
)
def test_another_destination_a_new_stop_or_another_day_may_be_a_new_notice(before, after, asked):
    assert may_be_new_notice(before, after) is asked


def test_the_stops_of_a_route_are_read_from_how_people_write_them():
    assert stops_of("Nairobi → Kigali via Entebbe - Addis Ababa") == [
        "nairobi",
        "kigali",
        "entebbe",
        "addis ababa",
    ]
    assert stops_of(None) == []


def test_a_window_that_comes_before_the_notice_ends_is_the_first_moment():
    window = Window(date(2026, 4, 10), date(2026, 4, 30))
    clock = Clock(date(2026, 4, 14), windows=(window,))
    assert clock.window_on(date(2026, 4, 9)) is window
    assert clock.possible_from(date(2026, 4, 11)) == date(2026, 4, 10)
    assert clock.window_on(date(2026, 4, 14)) is None
    assert Clock(windows=(window,)).window_on(date(2026, 5, 1)) is None


def test_of_two_windows_that_are_open_the_longer_one_is_said():
    shorter, longer = (Window(date(2026, 4, day), date(2026, 4, day + 20)) for day in (1, 3))
    assert Clock(windows=(shorter, longer)).window_on(date(2026, 4, 4)) is longer
    assert Clock(windows=(shorter, longer)).window_on(date(2026, 4, 2)) is shorter
