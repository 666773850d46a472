"""Whom an @name in a note means."""

import pytest

from casework.domain.case.notes import Named, Person, handles, named_in

RUTH = Person(1, "Ruth Ellery", "ruth@example.org")
ADA = Person(2, "Ada Okafor", "ada")
ADA_OBI = Person(3, "Ada Obi", "obi")
ZOE = Person(4, "Zoë O’Hara", "zoe.o")
TEAM = (RUTH, ADA, ADA_OBI, ZOE)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("@ruth please ring", {1}),
        ("(@Ruth), please", {1}),
        ("See @Ruth Ellery's list.", {1}),
        ("@ruth@example.org", {1}),
        ("@RuthEllery and @Ruth.Ellery.", {1}),
        ("@Ada Obi, not the other", {3}),
        ("@obi and @ada okafor", {2, 3}),
        ("@zoe and @ZOË", {4}),
        ("Write to ruth@example.org or @ noon", set()),
        ("@@ruth", set()),
    ],
)
def test_a_name_after_an_at_means_whoever_has_it(text: str, meant: set[int]) -> None:
    assert named_in(text, TEAM) == Named(frozenset(meant))


def test_a_name_that_nobody_or_several_have_is_said_back() -> None:
    assert named_in("@ruthie, @ruth, @nobody.", TEAM) == Named(frozenset({1}), ("ruthie", "nobody"))
    assert named_in("@Ada: look", TEAM) == Named(frozenset(), (), ("Ada",)), "though one signs in as ada"
    assert named_in("@ruth.smith", TEAM).unknown == ("ruth.smith",)


def test_what_is_offered_to_type_means_the_same_person() -> None:
    offered = handles(TEAM)
    assert offered == {1: "@Ruth", 2: "@Ada.Okafor", 3: "@Ada.Obi", 4: "@Zoë"}
    for person, typed in offered.items():
        assert named_in(f"{typed}, look", TEAM).ids == {person}
