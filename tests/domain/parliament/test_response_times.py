"""How long answers take: what is measured, and what may be shown to whom."""

from datetime import date, timedelta
from statistics import median

from hypothesis import given
from hypothesis import strategies as st

from casework.domain.letters.correspondence import Kind, ResponseKind
from casework.domain.parliament.response_plot import draw_response_times
from casework.domain.parliament.response_times import (
    FEWEST_ANSWERS,
    FEWEST_CASES,
    Figures,
    Filed,
    Measure,
    Wait,
    figures,
    shown,
    waits,
)
from casework.domain.timing.working_days import WorkingCalendar
from casework.reference.rule_book import rule_book

ASKED = Filed(1, 1, Kind.MEMBER_TO_HOME_OFFICE, date(2026, 9, 1))


def came(number: int, day: date, response: ResponseKind, **more: object) -> Filed:
    return Filed(number, 1, Kind.HOME_OFFICE_RESPONSE, day, response=response, answers_id=1, **more)  # type: ignore[arg-type]


def ends(*letters: Filed) -> dict[Wait, date | None]:
    return {one.wait: one.ended_on for one in waits([ASKED, *letters])}


def test_a_holding_reply_is_a_first_word_and_the_first_answer_after_it_ends_the_wait():
    holding = came(2, date(2026, 9, 8), ResponseKind.HOLDING)
    first = came(3, date(2026, 10, 20), ResponseKind.SUBSTANTIVE)
    second = came(4, date(2026, 10, 27), ResponseKind.REFUSAL)
    assert ends() == {Wait.TO_MEMBER: None}
    assert ends(holding) == {Wait.TO_MEMBER: None, Wait.WORD_TO_MEMBER: holding.day}
    assert ends(second, first, holding)[Wait.TO_MEMBER] == first.day


def test_what_somebody_found_in_an_answer_counts_before_what_it_was_recorded_as():
    empty = came(2, date(2026, 9, 8), ResponseKind.SUBSTANTIVE, holds_off=True)
    assert ends(empty) == {Wait.TO_MEMBER: None, Wait.WORD_TO_MEMBER: empty.day}
    whole = came(3, date(2026, 9, 8), ResponseKind.HOLDING, holds_off=False)
    assert ends(whole) == {Wait.TO_MEMBER: whole.day}


def test_a_letter_of_a_day_before_the_question_is_no_answer_to_it_and_another_letter_out_waits_for_nobody():
    assert ends(came(2, date(2026, 8, 31), ResponseKind.SUBSTANTIVE)) == {Wait.TO_MEMBER: None}
    assert waits([Filed(1, 1, Kind.OTHER_OUT, date(2026, 9, 1))]) == []


numbers = st.lists(st.integers(0, 400), min_size=1, max_size=40)


@given(numbers)
def test_half_of_the_waits_are_as_short_as_the_middle_one_and_half_as_long(days):
    found = figures(days)
    assert found is not None
    assert sum(one <= found.median for one in days) * 2 >= len(days)
    assert sum(one >= found.median for one in days) * 2 >= len(days)
    assert found.median == median(days)
    assert (found.shortest, found.longest, found.count) == (min(days), max(days), len(days))
    assert float(found.middle.replace("½", ".5")) == found.median


measures = st.lists(st.builds(Measure, st.integers(0, 99), st.integers(1, 6), st.booleans()), max_size=30)


@given(measures)
def test_what_the_reader_may_not_see_is_shown_with_enough_of_its_like_or_not_at_all(known):
    said, left_out = shown(known)
    unseen = [one for one in said if not one.seen]
    enough = len(unseen) >= FEWEST_ANSWERS and len({one.case_id for one in unseen}) >= FEWEST_CASES
    assert not unseen or enough
    assert [one for one in said if one.seen] == [one for one in known if one.seen]
    assert left_out == (len(said) < len(known))


CALENDAR = rule_book().working_calendar("office_ew")
days = st.dates(date(2025, 1, 2), date(2026, 12, 31))


@given(days, st.integers(0, 200))
def test_counting_the_working_days_between_turns_adding_them_round(first, number):
    last = CALENDAR.add_working_days(first, number)
    assert CALENDAR.working_days_between(first, last) == number


@given(days, days)
def test_the_working_days_between_are_those_that_a_walk_through_the_calendar_meets(first, last):
    walked = (first + timedelta(days=one) for one in range(1, (last - first).days + 1))
    assert CALENDAR.working_days_between(first, last) == sum(map(CALENDAR.is_working_day, walked))


def test_where_every_day_counts_the_days_between_are_those_of_the_calendar():
    every = WorkingCalendar("x", "x", every_day=True)
    assert every.working_days_between(date(2026, 1, 1), date(2026, 1, 31)) == 30


def test_the_picture_says_in_words_what_its_lines_show():
    drawn = draw_response_times({"Who <answers>": Figures(4, 12.5, 3, 47)}, 20, name="x")
    assert (
        "Who &lt;answers&gt;: 4 measured, middle 12½, from 3 to 47. The standard is 20 working days." in drawn
    )
    assert 'role="img" aria-labelledby="x-title" aria-describedby="x-says"' in drawn
    assert draw_response_times({}, 20, name="x") == ""
