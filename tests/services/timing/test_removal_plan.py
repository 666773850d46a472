from datetime import date, datetime, timedelta

import pytest

from casework import clock
from casework.domain.errors import CaseworkError, NotFound, OutOfDate
from casework.domain.safety.accounts import Role
from casework.services.case import case_places
from casework.services.timing import removal_plan, removals
from casework.services.timing.removals import RemovalFacts
from tests.factories import detained_at, home, make_case, make_user

LANDED_LONG_AGO = {"departs_on": date(2026, 4, 14), "departs_at": "07:05"}


@pytest.fixture
def case(organiser):
    return make_case(organiser, home(), detained_at())


@pytest.fixture
def attempt(case, organiser):
    """An attempt with a flight on Tuesday 14 April 2026 at 07:05, the week after Easter."""
    return removals.record_removal(case, RemovalFacts(**LANDED_LONG_AGO), organiser)


def line(attempt, key):
    step = next(step for step in attempt.steps if step.key == key)
    return next(one for one in removal_plan.plan_of(attempt).lines if one.id == step.id)


def save(attempt, key, actor, *, who=None, was=None, done=None):
    step = next(step for step in attempt.steps if step.key == key)
    return removal_plan.save_step(attempt.case, attempt.id, step.id, actor, who=who, was=was, done=done)


def test_each_step_has_its_latest_working_hour_before_the_flight(attempt):
    assert line(attempt, "lawyer").by is None
    assert line(attempt, "landing").by == datetime(2026, 4, 13, 9)
    assert line(attempt, "medical").by == datetime(2026, 4, 9, 9)
    hours = [one.by for one in removal_plan.plan_of(attempt).lines if one.by]
    assert hours == sorted(hours)


def test_the_hours_are_those_of_the_part_of_the_uk(organiser):
    case = make_case(organiser, detained_at("dungavel", since=date(2026, 3, 1)))
    facts = RemovalFacts(departs_on=date(2026, 4, 7), departs_at="09:00")
    attempt = removals.record_removal(case, facts, organiser)
    assert line(attempt, "landing").by == datetime(
        2026, 4, 6, 9
    )  # Easter Monday is a working day in Scotland
    case_places.transfer(case, detained_at("yarls-wood", since=date(2026, 4, 1)), organiser)
    assert line(attempt, "landing").by == datetime(2026, 4, 2, 9)


def test_an_hour_that_has_passed_means_now(attempt):
    assert line(attempt, "medical").is_now
    assert removal_plan.plan_of(attempt).left == timedelta(0)


def test_a_flight_far_enough_away_leaves_time_for_all_but_the_lawyer(case, organiser):
    coming = clock.today() + timedelta(days=60)
    attempt = removals.record_removal(case, RemovalFacts(departs_on=coming), organiser)
    plan = removal_plan.plan_of(attempt)
    assert [one.what for one in plan.lines if one.is_now] == ["A lawyer or regulated adviser has the papers"]
    assert plan.left > timedelta(hours=24)


def test_without_a_flight_the_plan_counts_back_from_the_first_possible_moment(case, organiser):
    attempt = removals.record_removal(case, RemovalFacts(notice_given_on=date(2026, 4, 2)), organiser)
    plan = removal_plan.plan_of(attempt)
    assert plan.until == datetime(2026, 4, 14)
    assert line(attempt, "landing").by == datetime(2026, 4, 13, 9)


def test_where_nothing_is_known_every_step_is_for_now(case, organiser):
    attempt = removals.record_removal(case, RemovalFacts(airline="An airline"), organiser)
    plan = removal_plan.plan_of(attempt)
    assert plan.until is None
    assert all(one.is_now and one.by is None for one in plan.lines)


def test_a_flight_past_the_known_holidays_gives_no_hour_and_says_why(case, organiser):
    attempt = removals.record_removal(case, RemovalFacts(departs_on=date(2029, 6, 1)), organiser)
    assert "Bank holidays are known only until" in removal_plan.plan_of(attempt).cannot_say


def test_a_tick_says_who_and_when_and_a_second_one_changes_neither(attempt, organiser):
    idris = make_user(Role.CASEWORKER, "Idris Vane")
    first = save(attempt, "lawyer", idris, done=True).done_at
    save(attempt, "lawyer", organiser, done=True)
    assert (line(attempt, "lawyer").done_by, line(attempt, "lawyer").done_at) == ("Idris Vane", first)
    assert removal_plan.plan_of(attempt).done == 1
    save(attempt, "lawyer", organiser, done=False)
    assert line(attempt, "lawyer").done_by is None


def test_two_people_who_tick_and_name_at_once_lose_nothing(attempt, organiser):
    save(attempt, "visit", organiser, who="Ruth", was=None)
    save(attempt, "visit", organiser, who=None, was=None, done=True)  # whose page still had no name on it
    save(attempt, "landing", organiser, done=True)
    assert (line(attempt, "visit").who, line(attempt, "visit").done_by) == ("Ruth", "Ruth Ellery")
    assert line(attempt, "landing").done_at


def test_a_name_that_somebody_else_wrote_meanwhile_is_not_overwritten_unseen(attempt, organiser):
    save(attempt, "visit", organiser, who="Ruth", was=None)
    with pytest.raises(OutOfDate, match="“Ruth”"):
        save(attempt, "visit", organiser, who="Mina", was=None)
    assert line(attempt, "visit").who == "Ruth"
    save(attempt, "visit", organiser, who="Mina", was="Ruth")
    assert line(attempt, "visit").who == "Mina"


def test_the_airline_sheet_is_held_back_and_cannot_be_ticked_without_a_yes_on_record(attempt, organiser):
    assert "Not without their consent" in line(attempt, "airline").held_back
    with pytest.raises(CaseworkError, match="Not without their consent"):
        save(attempt, "airline", organiser, done=True)
    plan = removal_plan.plan_of(attempt)
    assert plan.to_do == len(plan.lines) - 1


def test_a_step_of_our_own_stands_in_the_order_of_its_hour_and_can_be_taken_out(attempt, organiser):
    step = removal_plan.add_step(attempt.case, attempt.id, "Ask the imam to write", 16, "Mina", organiser)
    own = next(one for one in removal_plan.plan_of(attempt).lines if one.id == step.id)
    assert (own.what, own.who, own.by) == ("Ask the imam to write", "Mina", datetime(2026, 4, 10, 9))
    assert own.by == line(attempt, "mp_letter").by
    removal_plan.remove_step(attempt.case, attempt.id, step.id, organiser)
    assert step.id not in [one.id for one in removal_plan.plan_of(attempt).lines]


@pytest.mark.parametrize(("what", "hours", "field"), [("", 8, "what"), ("Pray", 5, "hours")])
def test_a_step_without_words_or_time_is_refused_at_its_field(attempt, organiser, what, hours, field):
    with pytest.raises(CaseworkError) as refused:
        removal_plan.add_step(attempt.case, attempt.id, what, hours, None, organiser)
    assert refused.value.field == field


def test_a_plan_has_room_for_twelve_steps_of_our_own(attempt, organiser):
    for number in range(12):
        removal_plan.add_step(attempt.case, attempt.id, f"Step {number}", 8, None, organiser)
    with pytest.raises(CaseworkError, match="12"):
        removal_plan.add_step(attempt.case, attempt.id, "One more", 8, None, organiser)


def test_a_step_of_every_plan_cannot_be_taken_out_and_one_of_another_case_is_not_there(attempt, organiser):
    with pytest.raises(CaseworkError, match="every plan"):
        removal_plan.remove_step(attempt.case, attempt.id, attempt.steps[0].id, organiser)
    other = removals.record_removal(make_case(organiser), RemovalFacts(flight="XX 1"), organiser)
    with pytest.raises(NotFound):
        removal_plan.remove_step(other.case, other.id, attempt.steps[0].id, organiser)


def test_a_plan_whose_hours_come_after_the_first_moment_says_from_when_removal_is_possible(case, organiser):
    facts = RemovalFacts(notice_given_on=date(2026, 11, 2), departs_on=clock.today() + timedelta(days=30))
    attempt = removals.record_removal(case, facts, organiser)
    assert removal_plan.plan_of(attempt).possible_from == date(2026, 11, 10)


def test_a_plan_that_ends_before_the_first_moment_has_nothing_to_add(case, organiser):
    attempt = removals.record_removal(case, RemovalFacts(notice_given_on=clock.today()), organiser)
    assert removal_plan.plan_of(attempt).possible_from is None
