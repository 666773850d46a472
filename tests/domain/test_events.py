"""What happens in a case, and what it says of where the person is."""

from datetime import date

from casework.domain.events import CAME_BACK, LEFT_UK, abroad_on

LEFT, BACK = (LEFT_UK, date(2026, 3, 2)), (CAME_BACK, date(2026, 6, 5))


def test_nobody_is_abroad_before_a_departure_was_recorded():
    assert not abroad_on([], date(2026, 3, 2))
    assert not abroad_on([LEFT], date(2026, 3, 1))


def test_somebody_who_left_is_abroad_from_that_day_until_they_come_back():
    assert abroad_on([LEFT, BACK], date(2026, 3, 2))
    assert abroad_on([BACK, LEFT], date(2026, 6, 4))
    assert not abroad_on([LEFT, BACK], date(2026, 6, 5))


def test_of_two_moves_on_one_day_the_one_recorded_last_counts():
    same_day = (CAME_BACK, LEFT[1])
    assert not abroad_on([LEFT, same_day], LEFT[1])
    assert abroad_on([same_day, LEFT], LEFT[1])
