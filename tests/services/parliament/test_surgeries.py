from dataclasses import replace
from datetime import date, timedelta

import pytest

from casework import clock
from casework.domain.errors import CaseworkError, OutOfDate
from casework.domain.parliament.surgeries import THANKS, Outcome, Promise
from casework.services.parliament import surgeries
from casework.services.parliament.surgeries import VisitFacts
from casework.services.timing import deadlines
from tests.factories import detained_at, home, make_case

LEEDS_SOUTH = "E14001323"
FRIDAY = date(2026, 11, 13)


def held(**more):
    return VisitFacts(**{"gss_code": LEEDS_SOUTH, "held_on": FRIDAY, "who_went": "Idris", **more})


def test_a_planned_visit_stands_in_the_list_of_dates_until_it_is_recorded(organiser):
    case = make_case(organiser, home())
    day = clock.today() + timedelta(days=2)
    visit = surgeries.plan_visit(case, held(held_on=day), organiser)
    (entry,) = deadlines.for_case(case)
    assert (entry.title, entry.final) == (f"Surgery visit: {visit.member_name}", day)
    surgeries.record_visit(
        case, held(), Outcome.REFUSED, [], organiser, visit_id=visit.id, version=visit.version
    )
    assert "visit:" not in [entry.title for entry in deadlines.for_case(case)]


def test_each_promise_is_chased_on_its_day_and_whoever_was_met_is_thanked(organiser):
    case = make_case(organiser, home())
    promise = Promise("Write to the minister", "the MP", date(2026, 11, 18))
    surgeries.record_visit(case, held(), Outcome.AGREED, [promise], organiser)
    entries = deadlines.for_case(case)
    assert [(entry.title, entry.final) for entry in entries] == [
        ("Write to the minister", date(2026, 11, 18)),
        (THANKS, date(2026, 11, 20)),  # five working days after the visit
    ]


def test_a_visit_for_somebody_held_is_followed_up_the_same_day(organiser):
    case = make_case(organiser, detained_at())
    surgeries.record_visit(case, held(), Outcome.UNSURE, [Promise("Ring back")], organiser)
    follow_ups = [entry for entry in deadlines.for_case(case) if entry.source == "follow-up"]
    assert {entry.final for entry in follow_ups} == {FRIDAY}


def test_when_nothing_came_of_a_visit_the_office_is_still_chased(organiser):
    case = make_case(organiser, home())
    visit = surgeries.record_visit(case, held(), Outcome.NO_ANSWER, [], organiser)
    (entry,) = deadlines.for_case(case)
    assert entry.title == "Chase the MP's office: Hilary Benn"
    assert deadlines.get_deadline(case, entry.id).visit_id == visit.id


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        (held(held_on=None), "held_on"),
        (held(held_on=clock.today() + timedelta(days=1)), "held_on"),
        (held(gss_code=""), "gss_code"),
    ],
    ids=["no day", "a day to come", "no MP"],
)
def test_a_visit_that_cannot_have_been_is_answered_at_its_field(organiser, facts, field):
    case = make_case(organiser, home())
    with pytest.raises(CaseworkError) as error:
        surgeries.record_visit(case, facts, Outcome.AGREED, [], organiser)
    assert error.value.field == field


def test_two_people_do_not_record_the_same_visit_twice(organiser):
    case = make_case(organiser, home())
    visit = surgeries.plan_visit(case, held(), organiser)
    version = visit.version
    surgeries.record_visit(case, held(), Outcome.AGREED, [], organiser, visit_id=visit.id, version=version)
    with pytest.raises(OutOfDate, match="Somebody recorded"):
        surgeries.record_visit(
            case, held(), Outcome.REFUSED, [], organiser, visit_id=visit.id, version=version
        )


def test_two_people_do_not_overwrite_each_others_plan(organiser):
    case = make_case(organiser, home())
    visit = surgeries.plan_visit(case, held(held_on=None), organiser)
    version = visit.version
    surgeries.change_plan(case, visit.id, held(held_on=None, who_went="Ruth"), version, organiser)
    with pytest.raises(OutOfDate, match="Somebody changed"):
        surgeries.change_plan(case, visit.id, held(held_on=None, who_went="Idris"), version, organiser)


def test_a_follow_up_is_finished_once_or_put_off(organiser):
    case = make_case(organiser, home())
    visit = surgeries.record_visit(case, held(), Outcome.REFUSED, [Promise("Ring back")], organiser)
    (row,) = visit.follow_ups
    later = clock.today() + timedelta(days=3)
    surgeries.move_follow_up(case, row.id, later, "They are away.", organiser)
    assert [entry.final for entry in deadlines.for_case(case)] == [later]
    surgeries.finish_follow_up(case, row.id, "They rang.", organiser)
    assert deadlines.for_case(case) == []
    with pytest.raises(OutOfDate):
        surgeries.finish_follow_up(case, row.id, "They rang.", organiser)


def test_only_a_visit_that_did_not_take_place_can_be_taken_out(organiser):
    case = make_case(organiser, home())
    planned = surgeries.plan_visit(case, held(held_on=None), organiser)
    surgeries.cancel_visit(case, planned.id, organiser)
    assert surgeries.list_visits(case) == []
    took_place = surgeries.record_visit(case, held(), Outcome.AGREED, [], organiser)
    with pytest.raises(CaseworkError, match="took place"):
        surgeries.cancel_visit(case, took_place.id, organiser)


def test_what_was_recorded_of_a_visit_can_be_put_right_and_a_promise_added(app, organiser):
    case = make_case(organiser, home())
    visit = surgeries.record_visit(
        case, held(), Outcome.AGREED, [Promise("Write to the minister")], organiser
    )
    surgeries.correct_visit(
        case,
        visit.id,
        replace(held(), who_was_met="The caseworker, not the MP"),
        Outcome.UNSURE,
        [Promise("Ring us on Monday")],
        visit.version,
        organiser,
    )
    assert visit.who_was_met == "The caseworker, not the MP"
    assert [row.what for row in visit.follow_ups].count("Write to the minister") == 1
    assert "Ring us on Monday" in [row.what for row in visit.follow_ups]
    assert sum("thanks" in row.what for row in visit.follow_ups) == 1


def test_a_correction_of_a_visit_that_somebody_else_changed_is_refused(app, organiser):
    case = make_case(organiser, home())
    visit = surgeries.record_visit(case, held(), Outcome.AGREED, [], organiser)
    with pytest.raises(OutOfDate):
        surgeries.correct_visit(case, visit.id, held(), Outcome.UNSURE, [], visit.version - 1, organiser)
