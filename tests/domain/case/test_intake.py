"""The three doors of the first hour: what is asked at each, in how many pages, and what stays to be found out."""

import pytest

from casework.domain.case.intake import (
    FINDINGS,
    TO_TAKE_ON,
    Door,
    OpenFinding,
    Said,
    next_after,
    open_keys,
    questions,
    taken_as,
    to_find_out,
)

# Beside the questions: signing in, the list of cases, who does what (not before a flight), what is ready.
BESIDE = {Door.DETAINED: 4, Door.REFUSED: 4, Door.FLIGHT: 3}


@pytest.mark.parametrize(("door", "most"), [(Door.DETAINED, 12), (Door.REFUSED, 12), (Door.FLIGHT, 6)])
def test_a_door_asks_for_no_more_pages_than_it_may(door: Door, most: int) -> None:
    assert len(questions(door)) + BESIDE[door] <= most


def test_the_way_on_leads_over_what_was_left_out_and_ends_when_all_is_answered() -> None:
    after = next_after(Door.DETAINED, "urgent", {"who", "urgent"})
    assert after
    assert after.key == "where"
    assert next_after(Door.FLIGHT, "flight", {"who", "held_home", "flight"}) is None


def test_what_nobody_knows_and_nobody_ruled_out_is_to_be_found_out() -> None:
    said = {"who": Said.SAID, "lawyer": Said.NONE, "home": Said.UNKNOWN}
    found = to_find_out(Door.DETAINED, said, known={"name", "place"})
    assert found == ["language", "home", "former", "papers", "asked", "urgent"]


def test_every_question_looks_for_something_that_can_be_found_out() -> None:
    assert {key for door in Door for one in questions(door) for key in one.finds} == set(FINDINGS)


def test_a_thing_is_open_until_it_is_known_or_ruled_out() -> None:
    known = OpenFinding("home", known=True, settled=False)
    ruled_out = OpenFinding("flight", known=False, settled=True)
    assert open_keys([known, ruled_out, OpenFinding("name", known=False, settled=False)]) == {"name"}


def test_a_task_is_one_thing_to_whoever_takes_it_on_however_far_it_is() -> None:
    assert {taken_as("print_authority"), taken_as("record_authority"), taken_as("authority")} == {"authority"}
    assert taken_as("find_out", "lawyer") == "adviser"
    assert {taken_as("find_out", "home"), taken_as("letters")} <= set(TO_TAKE_ON)
