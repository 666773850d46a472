"""What is known of an office: how it is said, and from when it has to be asked again."""

from datetime import date

import pytest

from casework.domain.parliament.meetings import State, lacking, summary
from casework.domain.parliament.offices import WORDS, OfficeKind, is_stale, learned
from casework.storage.models import Meeting


@pytest.mark.parametrize(
    ("learned_on", "today", "stale"),
    [
        (date(2026, 3, 3), date(2026, 9, 3), False),
        (date(2026, 3, 3), date(2026, 9, 4), True),
        (date(2025, 8, 31), date(2026, 2, 28), False),
        (date(2025, 8, 31), date(2026, 3, 1), True),
    ],
)
def test_what_was_learned_more_than_six_months_ago_is_to_be_asked_again(learned_on, today, stale):
    assert is_stale(learned_on, today) is stale
    assert ("ask again" in learned(learned_on, "Ada", today)) is stale


def test_what_was_learned_says_when_and_by_whom():
    assert learned(date(2026, 3, 3), "Ada", date(2026, 4, 1)) == "learned 3 March 2026 by Ada"
    assert set(WORDS) == set(OfficeKind)


def meeting(state: State, day: int | None = None, who: str | None = "Ada", month: int = 1) -> Meeting:
    return Meeting(state=state, held_on=date(2027, month, day) if day else None, who_goes=who)


def test_a_plan_says_how_far_it_is_and_what_it_lacks():
    month = date(2027, 1, 1)
    meetings = [
        meeting(State.FIXED, 8), meeting(State.FIXED, 8), meeting(State.HELD, 4), meeting(State.FIXED, 1, month=2),
        meeting(State.TO_ASK, who=None), meeting(State.NOT_NOW, who=None),
    ]  # fmt: skip
    assert summary(meetings) == "6 meetings: 3 have a day, 1 took place."
    assert lacking(month, meetings) == [
        "One meeting has nobody who goes yet.",
        "Not in January 2027: 1 February 2027.",
        "More than one meeting on 8 January 2027.",
    ]
    assert summary([]) == "No meetings yet."
