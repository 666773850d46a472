"""When the next contact is suggested."""

from datetime import date

import pytest

from casework.domain.parliament.next_contacts import FOR_MEMBER, FOR_SUPPORTERS, Step, suggested

TODAY = date(2026, 3, 3)  # a Tuesday


@pytest.mark.parametrize(
    ("step", "day"),
    [
        (Step.WEEK, date(2026, 3, 10)),
        (Step.MONTH, date(2026, 4, 3)),
        (Step.QUARTER, date(2026, 6, 3)),
    ],
)
def test_a_button_says_a_day_on_which_somebody_is_in_the_office(step: Step, day: date) -> None:
    assert step.after(TODAY) == day


def test_no_day_is_a_saturday_or_a_sunday() -> None:
    assert Step.WEEK.after(date(2026, 3, 7)) == date(2026, 3, 16)
    assert Step.MONTH.after(date(2026, 1, 31)) == date(2026, 3, 2)  # 28 February is a Saturday


def test_supporters_hear_something_a_month_after_the_last_word_and_a_member_after_three() -> None:
    last = date(2026, 2, 18)
    assert suggested(last, FOR_SUPPORTERS, TODAY) == date(2026, 3, 18)
    assert suggested(last, FOR_MEMBER, TODAY) == date(2026, 5, 18)


def test_where_the_time_is_over_or_nothing_was_said_yet_it_is_within_a_week() -> None:
    assert suggested(date(2025, 11, 2), FOR_SUPPORTERS, TODAY) == date(2026, 3, 10)
    assert suggested(None, FOR_MEMBER, TODAY) == date(2026, 3, 10)
