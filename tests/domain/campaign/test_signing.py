"""Reporting days: which come, and from when no word is no word."""

from datetime import date, datetime, time

import pytest

from casework.domain.campaign.signing import Day, Standing, days_from
from casework.domain.errors import CaseworkError

TUESDAY = date(2026, 3, 24)


@pytest.mark.parametrize(
    ("now", "standing"),
    [
        (datetime(2026, 3, 23, 23, 59), Standing.TO_COME),
        (datetime(2026, 3, 24, 11, 29), Standing.TODAY),
        (datetime(2026, 3, 24, 11, 30), Standing.NO_WORD),
        (datetime(2026, 3, 27, 23, 0), Standing.NO_WORD),
        (datetime(2026, 3, 28, 0, 0), Standing.NOT_SAID),
    ],
)
def test_no_word_is_no_word_from_the_agreed_minute_on_and_for_three_days(
    now: datetime, standing: Standing
) -> None:
    assert Day(TUESDAY, time(11, 30)).standing(now) is standing


def test_without_an_agreed_hour_the_day_is_waited_out() -> None:
    assert Day(TUESDAY).standing(datetime(2026, 3, 24, 23, 59)) is Standing.TODAY
    assert Day(TUESDAY).standing(datetime(2026, 3, 25, 0, 0)) is Standing.NO_WORD


def test_once_word_came_nothing_is_left_to_do() -> None:
    assert Day(TUESDAY, time(11, 30), heard=True).standing(datetime(2026, 3, 24, 12)) is Standing.HEARD


def test_days_come_again_on_the_same_weekday_over_the_change_of_the_clocks() -> None:
    assert days_from(TUESDAY, 2, 3) == [TUESDAY, date(2026, 4, 7), date(2026, 4, 21)]
    assert days_from(TUESDAY, 0, 0) == [TUESDAY]


@pytest.mark.parametrize(("every", "number", "field"), [(3, 2, "every"), (1, 0, "number"), (1, 27, "number")])
def test_days_that_cannot_be_are_refused_at_their_field(every: int, number: int, field: str) -> None:
    with pytest.raises(CaseworkError) as refused:
        days_from(TUESDAY, every, number)
    assert refused.value.field == field
