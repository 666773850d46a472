from datetime import date

import pytest

from casework.domain.errors import CaseworkError
from casework.domain.parliament.surgeries import THANKS, Chase, Outcome, Promise, follow_ups

FRIDAY = date(2026, 11, 20)
NEXT_FRIDAY = date(2026, 11, 27)


def chases(*promises, outcome=Outcome.REFUSED):
    return follow_ups(promises, held_on=FRIDAY, chase_on=NEXT_FRIDAY, outcome=outcome)


def test_a_promise_is_chased_on_the_day_it_was_promised_for():
    promise = Promise("Write to the minister", "the MP’s caseworker", date(2026, 11, 24))
    assert chases(promise) == [Chase("Write to the minister", "the MP’s caseworker", date(2026, 11, 24))]


def test_a_promise_without_a_day_is_chased_in_our_own_rhythm():
    assert chases(Promise("Ring the centre"))[0].on == NEXT_FRIDAY


@pytest.mark.parametrize("outcome", [Outcome.AGREED, Outcome.UNSURE])
def test_whoever_was_met_is_thanked(outcome):
    assert [chase.what for chase in chases(outcome=outcome)] == [THANKS]


@pytest.mark.parametrize("outcome", [Outcome.REFUSED, Outcome.NO_ANSWER])
def test_nobody_is_thanked_for_a_meeting_that_was_refused(outcome):
    assert chases(outcome=outcome) == []


def test_a_promise_for_a_day_before_the_visit_is_a_slip():
    with pytest.raises(CaseworkError, match="before the visit") as error:
        chases(Promise("Ring", by=date(2026, 11, 19)))
    assert error.value.field == "by"


def test_every_outcome_has_its_words():
    assert len({outcome.words for outcome in Outcome}) == 4
