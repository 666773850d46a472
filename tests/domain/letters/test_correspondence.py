from datetime import date

import pytest

from casework.domain.letters.correspondence import (
    Event,
    Kind,
    Paper,
    Remedy,
    ResponseKind,
    chains,
    events_of,
)
from casework.domain.timing.triggers import Told

SENT, RECEIVED = date(2026, 11, 3), date(2026, 11, 5)
CAME = Told(sent=SENT, received=RECEIVED)


def response(kind, **more):
    return events_of(Kind.HOME_OFFICE_RESPONSE, CAME, response=kind, **more)


def test_a_refusal_keeps_both_its_days_for_the_rules_to_choose_from():
    assert response(ResponseKind.REFUSAL, remedy=Remedy.APPEAL) == [Event("decision_sent", CAME)]
    assert response(ResponseKind.REFUSAL, remedy=Remedy.REVIEW) == [Event("decision_received", CAME)]


def test_a_review_for_a_person_in_detention_is_an_event_of_its_own():
    events = response(ResponseKind.REFUSAL, remedy=Remedy.REVIEW, detained=True)
    assert events == [Event("decision_received_in_detention", CAME)]


def test_where_the_letter_does_not_say_what_can_be_done_both_dates_are_kept():
    names = [event.name for event in response(ResponseKind.DECISION)]
    assert names == ["decision_sent", "decision_received"]


def test_where_the_letter_says_that_neither_is_possible_it_is_a_decision_that_leaves_only_the_courts():
    assert response(ResponseKind.REFUSAL, remedy=Remedy.NEITHER) == [Event("decision_made", CAME)]


def test_a_decision_that_reaches_somebody_abroad_is_an_event_of_its_own_whatever_it_says():
    for remedy in (Remedy.APPEAL, Remedy.REVIEW, Remedy.UNCLEAR):
        events = response(ResponseKind.REFUSAL, remedy=remedy, abroad=True)
        assert events == [Event("decision_received_abroad", CAME)]


def test_a_removal_notice_starts_from_the_day_it_was_given():
    assert response(ResponseKind.REMOVAL_NOTICE) == [Event("removal_notice_given", Told(on=RECEIVED))]


@pytest.mark.parametrize(
    "kind", [ResponseKind.ACKNOWLEDGMENT, ResponseKind.HOLDING, ResponseKind.SUBSTANTIVE]
)
def test_a_letter_that_decides_nothing_starts_nothing(kind):
    assert response(kind) == []


def test_our_letter_starts_the_chase_and_the_mps_letter_starts_the_wait_for_the_home_office():
    sent = Told(sent=SENT)
    assert events_of(Kind.US_TO_MEMBER, sent) == [Event("letter_to_member", Told(on=SENT))]
    assert events_of(Kind.MEMBER_TO_HOME_OFFICE, sent) == [Event("member_letter_received", Told(on=SENT))]


OURS = Paper(1, Kind.US_TO_MEMBER, date(2026, 11, 2))
MPS = Paper(2, Kind.MEMBER_TO_HOME_OFFICE, date(2026, 11, 9), answers_id=1)


def answer(kind):
    return Paper(3, Kind.HOME_OFFICE_RESPONSE, date(2026, 11, 18), kind, answers_id=2)


def test_our_letter_waits_for_the_mps_office_since_the_day_it_was_sent():
    (chain,) = chains([OURS])
    assert [(wait.for_whom, wait.since) for wait in chain.waiting] == [("the MP’s office", OURS.day)]


def test_once_the_mp_has_written_the_chain_waits_for_the_home_office():
    (chain,) = chains([MPS, OURS])
    assert chain.papers == (OURS, MPS)
    assert [(wait.for_whom, wait.since) for wait in chain.waiting] == [
        ("the Home Office to answer the MP", MPS.day)
    ]


@pytest.mark.parametrize("kind", [ResponseKind.ACKNOWLEDGMENT, ResponseKind.HOLDING])
def test_an_acknowledgment_or_a_holding_reply_does_not_end_the_wait(kind):
    (chain,) = chains([OURS, MPS, answer(kind)])
    assert len(chain.waiting) == 1


def test_an_answer_ends_the_wait():
    (chain,) = chains([OURS, MPS, answer(ResponseKind.SUBSTANTIVE)])
    assert chain.waiting == ()
    assert [paper.id for paper in chain.papers] == [1, 2, 3]


def test_letters_that_answer_each_other_in_a_ring_still_come_out_once():
    ring = [Paper(1, Kind.OTHER_OUT, SENT, answers_id=2), Paper(2, Kind.OTHER_IN, RECEIVED, answers_id=1)]
    assert sorted(paper.id for chain in chains(ring) for paper in chain.papers) == [1, 2]


def test_the_chain_with_the_newest_letter_comes_first():
    later = Paper(9, Kind.OTHER_IN, date(2026, 11, 19))
    assert [chain.papers[0].id for chain in chains([OURS, later])] == [9, 1]


def test_every_kind_has_its_words():
    for kinds in (Kind, ResponseKind, Remedy):
        assert len({kind.words for kind in kinds}) == len(kinds)
