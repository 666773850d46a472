"""What the page of a case says is next."""

from dataclasses import replace
from datetime import date

from casework.domain.tasks import CaseFacts, TaskState, tasks

NEW = CaseFacts(
    name="Samira", has_lawyer=False, has_home=True, first_member="Alex Sample MP", members_to_write_to=3
)


def state_of(facts: CaseFacts, key: str) -> TaskState | None:
    return next((task.state for task in tasks(facts) if task.key == key), None)


def test_a_lawyer_comes_first_and_the_person_is_asked_next() -> None:
    assert [task.key for task in tasks(NEW)][:2] == ["adviser", "asked"]


def test_nobody_writes_before_the_person_was_asked() -> None:
    assert state_of(NEW, "asked") is TaskState.FIRST


def test_a_no_from_the_person_stops_the_contact_and_says_so() -> None:
    said_no = replace(NEW, asked_on=date(2026, 3, 24), agreed=False)
    task = next(task for task in tasks(said_no) if task.key == "asked")
    assert task.state is TaskState.FIRST
    assert "until they say yes" in task.why


def test_an_authority_is_printed_then_signed_then_done() -> None:
    assert state_of(NEW, "print_authority") is TaskState.OPEN
    assert state_of(replace(NEW, authority_printed=True), "record_authority") is TaskState.OPEN
    assert state_of(replace(NEW, authority_signed_on=date(2026, 3, 25)), "authority") is TaskState.DONE


def test_letters_are_counted_until_every_mp_has_one() -> None:
    assert "1 of 3" in next(t.words for t in tasks(replace(NEW, members_written_to=1)) if t.key == "letters")
    assert state_of(replace(NEW, members_written_to=3), "letters") is TaskState.DONE


def test_a_case_without_a_home_asks_for_it() -> None:
    assert state_of(replace(NEW, has_home=False), "home") is TaskState.OPEN


def test_a_settled_case_has_nothing_left_to_do() -> None:
    settled = replace(
        NEW,
        has_lawyer=True,
        asked_on=date(2026, 3, 24),
        agreed=True,
        authority_signed_on=date(2026, 3, 25),
        visited=True,
        members_written_to=3,
    )
    assert {task.state for task in tasks(settled)} == {TaskState.DONE}
