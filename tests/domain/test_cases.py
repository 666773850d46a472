"""Places over time, and the numbers that offices use."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from casework.domain.cases import REFERENCE_KINDS, PlaceKind, Stay, looks_unusual, remarks_on_stays

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


def test_a_home_office_reference_of_the_usual_shape_passes_in_small_letters_too() -> None:
    assert not looks_unusual("home_office", "a1234567")
    assert looks_unusual("home_office", "nonsense")


def test_every_reference_has_a_label_and_a_hint() -> None:
    assert all(kind.label and kind.hint for kind in REFERENCE_KINDS.values())
