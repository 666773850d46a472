"""What happens in a case, and what it says of where the person is."""

from datetime import date

from casework.domain.timing.events import CAME_BACK, LEFT_UK, left_on

LEFT, BACK = (LEFT_UK, date(2026, 3, 2)), (CAME_BACK, date(2026, 6, 5))


def test_nobody_is_abroad_before_a_departure_was_recorded():
    assert not left_on([], date(2026, 3, 2))
    assert not left_on([LEFT], date(2026, 3, 1))


def test_somebody_who_left_is_abroad_from_that_day_until_they_come_back():
    assert left_on([LEFT, BACK], date(2026, 3, 2)) == LEFT[1]
    assert left_on([BACK, LEFT], date(2026, 6, 4)) == LEFT[1]
    assert not left_on([LEFT, BACK], date(2026, 6, 5))


def test_of_two_moves_on_one_day_the_one_recorded_last_counts():
    same_day = (CAME_BACK, LEFT[1])
    assert not left_on([LEFT, same_day], LEFT[1])
    assert left_on([same_day, LEFT], LEFT[1])
