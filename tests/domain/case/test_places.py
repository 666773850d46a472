"""Places over time: gaps, overlaps, and which home counts on a day."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from casework.domain.case.places import (
    PlaceKind,
    Stay,
    detention_began,
    former_homes_on,
    held_on,
    home_on,
    homes_on,
    remarks_on_stays,
)

HELD = PlaceKind.DETENTION
HOME = PlaceKind.HOME


def test_two_places_of_detention_on_the_same_days_are_remarked_on() -> None:
    stays = [
        Stay("Brook House", HELD, date(2026, 3, 3), date(2026, 3, 20)),
        Stay("Dungavel House", HELD, date(2026, 3, 10), None),
    ]
    assert remarks_on_stays(stays) == ["Brook House and Dungavel House overlap."]


def test_days_between_two_homes_are_counted() -> None:
    stays = [
        Stay("Leeds", HOME, date(2020, 1, 1), date(2021, 1, 1)),
        Stay("Bradford", HOME, date(2021, 1, 11), None),
    ]
    assert remarks_on_stays(stays) == ["9 days are not covered between Leeds and Bradford."]


def test_a_move_on_one_day_is_neither_overlap_nor_gap() -> None:
    stays = [
        Stay("Brook House", HELD, date(2026, 3, 3), date(2026, 3, 20)),
        Stay("Dungavel House", HELD, date(2026, 3, 20), None),
    ]
    assert remarks_on_stays(stays) == []


def test_somebody_detained_still_has_a_home() -> None:
    stays = [Stay("Leeds", HOME, date(2020, 1, 1), None), Stay("Yarl's Wood", HELD, date(2026, 3, 3), None)]
    assert remarks_on_stays(stays) == []


def test_a_stay_that_ends_before_it_begins_is_remarked_on() -> None:
    assert remarks_on_stays([Stay("Leeds", HOME, date(2021, 1, 1), date(2020, 1, 1))]) == [
        "Leeds ends before it begins."
    ]


def test_an_earlier_place_without_a_last_day_is_asked_about() -> None:
    stays = [Stay("Leeds", HOME, date(2020, 1, 1), None), Stay("Bradford", HOME, date(2022, 1, 1), None)]
    assert "has no last day" in remarks_on_stays(stays)[0]


@given(
    start=st.dates(date(2000, 1, 1), date(2030, 1, 1)),
    lengths=st.lists(st.integers(0, 400), min_size=1, max_size=6),
)
def test_homes_that_follow_each_other_day_by_day_are_never_remarked_on(
    start: date, lengths: list[int]
) -> None:
    stays = []
    for number, length in enumerate(lengths):
        end = start + timedelta(days=length)
        stays.append(Stay(f"Home {number}", HOME, start, end))
        start = end
    assert remarks_on_stays(stays) == []


def test_a_former_home_without_a_last_day_is_not_asked_whether_it_is_over() -> None:
    stays = [
        Stay("Leeds", PlaceKind.FORMER_HOME, date(2020, 1, 1), None),
        Stay("Bradford", HOME, date(2022, 1, 1), None),
    ]
    assert remarks_on_stays(stays) == []


TODAY = date(2026, 4, 1)
LEEDS = Stay("Leeds", HOME, date(2021, 5, 1), None)
LEEDS_UNTIL_TAKEN = Stay("Leeds", HOME, date(2021, 5, 1), date(2026, 3, 3))
BRADFORD_ONCE = Stay("Bradford", PlaceKind.FORMER_HOME, None, None)
YARLS_WOOD = Stay("Yarl’s Wood", HELD, date(2026, 3, 3), None)


def test_a_former_home_is_never_the_home_of_somebody_who_is_free() -> None:
    assert home_on([BRADFORD_ONCE], TODAY) is None
    assert home_on([BRADFORD_ONCE, LEEDS], TODAY) == LEEDS
    assert former_homes_on([BRADFORD_ONCE, LEEDS], TODAY) == [BRADFORD_ONCE]


def test_a_home_that_ended_is_not_the_home_of_somebody_who_is_free() -> None:
    assert home_on([LEEDS_UNTIL_TAKEN], TODAY) is None
    assert former_homes_on([LEEDS_UNTIL_TAKEN], TODAY) == [LEEDS_UNTIL_TAKEN]


def test_somebody_detained_keeps_the_home_they_were_taken_from() -> None:
    places = [BRADFORD_ONCE, LEEDS_UNTIL_TAKEN, YARLS_WOOD]
    assert homes_on(places, TODAY) == [LEEDS_UNTIL_TAKEN]
    assert former_homes_on(places, TODAY) == [BRADFORD_ONCE]


def test_somebody_detained_of_whom_only_a_former_home_is_known_keeps_that_one() -> None:
    assert home_on([BRADFORD_ONCE, YARLS_WOOD], TODAY) == BRADFORD_ONCE


def test_of_two_homes_on_a_day_the_newer_counts_first() -> None:
    newer = Stay("Otley", PlaceKind.CARE_OF, date(2026, 1, 1), None)
    assert homes_on([LEEDS, newer], TODAY) == [newer, LEEDS]


def test_on_the_day_of_a_transfer_only_the_new_place_counts() -> None:
    before = Stay("Yarl’s Wood", HELD, date(2026, 3, 3), date(2026, 3, 20))
    after = Stay("Brook House", HELD, date(2026, 3, 20), None)
    assert held_on([before, after], date(2026, 3, 20)) == [after]
    assert held_on([before, after], date(2026, 3, 2)) == []


def test_somebody_taken_and_moved_on_the_same_day_is_at_the_second_place() -> None:
    taken_to = Stay("Yarl’s Wood", HELD, date(2026, 3, 20), date(2026, 3, 20))
    moved_to = Stay("Dungavel House", HELD, date(2026, 3, 20), None)
    assert held_on([taken_to, moved_to], date(2026, 3, 20)) == [moved_to]
    assert held_on([taken_to], date(2026, 3, 20)) == [taken_to]


def test_detention_began_where_it_first_began_through_every_transfer() -> None:
    first = Stay("Yarl’s Wood", HELD, date(2026, 3, 3), date(2026, 3, 20))
    second = Stay("Brook House", HELD, date(2026, 3, 20), date(2026, 4, 1))
    third = Stay("Dungavel House", HELD, date(2026, 4, 2), None)
    assert detention_began([third, first, second], date(2026, 4, 10)) == date(2026, 3, 3)
    assert detention_began([first], date(2026, 4, 10)) is None


def test_a_detention_that_ended_is_not_part_of_the_next_one() -> None:
    long_ago = Stay("Yarl’s Wood", HELD, date(2025, 3, 3), date(2025, 3, 20))
    now = Stay("Brook House", HELD, date(2026, 3, 20), None)
    assert detention_began([long_ago, now], date(2026, 4, 10)) == date(2026, 3, 20)
