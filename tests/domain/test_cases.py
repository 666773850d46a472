"""The numbers that offices use."""

from casework.domain.cases import REFERENCE_KINDS, looks_unusual


def test_a_home_office_reference_of_the_usual_shape_passes_in_small_letters_too() -> None:
    assert not looks_unusual("home_office", "a1234567")
    assert looks_unusual("home_office", "nonsense")


def test_every_reference_has_a_label_and_a_hint() -> None:
    assert all(kind.label and kind.hint for kind in REFERENCE_KINDS.values())
