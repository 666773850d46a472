"""The numbers that offices use."""

from casework.domain.case.cases import REFERENCE_KINDS, looks_unusual, tidy_reference


def test_a_home_office_reference_of_the_usual_shape_passes_in_small_letters_too() -> None:
    assert not looks_unusual("home_office", "a1234567")
    assert looks_unusual("home_office", "nonsense")


def test_every_reference_has_a_label_and_a_hint() -> None:
    assert all(kind.label and kind.hint for kind in REFERENCE_KINDS.values())


def test_a_number_of_the_usual_shape_is_kept_in_capitals_and_any_other_as_it_was_typed() -> None:
    assert tidy_reference("home_office", " k7654321 ") == "K7654321"
    assert tidy_reference("home_office", "ask Ruth") == "ask Ruth"
