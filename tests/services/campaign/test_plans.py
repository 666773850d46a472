"""The plan of a campaign: two people at once lose nothing, and no day is invented."""

from datetime import timedelta

import pytest

from casework import clock
from casework.domain.campaign.plans import DayKind
from casework.domain.errors import CaseworkError, NotFound, OutOfDate
from casework.domain.safety.accounts import Role
from casework.services.campaign import plans, reach
from casework.services.campaign.plans import DayFacts, TaskFacts
from casework.services.safety import bins
from casework.services.timing import deadlines
from tests.factories import home, make_case, make_user

TODAY = clock.today()


@pytest.fixture
def case(organiser):
    return make_case(organiser, home())


def test_two_who_write_different_parts_at_once_both_keep_theirs(case, organiser):
    plans.save_part(case, "objective", "A fresh decision", 0, organiser)
    plans.save_part(case, "schools", "The primary in Beeston", 0, organiser)
    assert {key: row.text for key, row in plans.parts_of(case).items()} == {
        "objective": "A fresh decision",
        "schools": "The primary in Beeston",
    }


def test_two_who_write_one_part_at_once_lose_nothing_and_the_second_is_told(case, organiser):
    plans.save_part(case, "objective", "A fresh decision", 0, organiser)
    for version in (0, 7):
        with pytest.raises(OutOfDate):
            plans.save_part(case, "objective", "Something else", version, organiser)
    row = plans.parts_of(case)["objective"]
    plans.save_part(case, "objective", "Both", row.version, organiser)
    assert plans.parts_of(case)["objective"].text == "Both"


def test_dates_of_the_case_stand_in_the_plan_by_themselves_beside_the_typed_ones(case, organiser):
    deadlines.record_deadline(case, "sar", TODAY, None, organiser)
    reach.set_plan_date(
        case, on=TODAY + timedelta(9), what="The debate", wanted=None, version=None, actor=organiser
    )
    plans.save_day(case, DayFacts(DayKind.MEETING, TODAY, "Friends meet", at="7.30 pm"), organiser)
    plans.save_day(case, DayFacts(DayKind.DAY, TODAY - timedelta(1), "Over", source="A leaflet"), organiser)
    days = plans.days_of(case)
    assert days[0].what == "Friends meet"
    assert days[0].at == "19:30"
    assert any("The debate" in one.what for one in days)
    assert len([one for one in days if one.row_id is None]) == 2
    assert "Over" not in [one.what for one in days]


def test_a_typed_day_says_where_it_was_read_and_a_meeting_of_ours_need_not(case, organiser):
    with pytest.raises(CaseworkError) as refused:
        plans.save_day(case, DayFacts(DayKind.DAY, TODAY, "Refugee Week begins"), organiser)
    assert refused.value.field == "source"
    assert plans.list_days(case) == []


def test_two_who_change_one_day_or_one_task_do_not_overwrite_each_other(case, organiser):
    day = plans.save_day(case, DayFacts(DayKind.MEETING, TODAY, "Friends meet"), organiser)
    task = plans.save_task(case, TaskFacts("Book the hall", who="Ada"), organiser)
    plans.save_day(case, DayFacts(DayKind.MEETING, TODAY, "In the hall"), organiser, day_id=day.id, version=1)
    plans.save_task(case, TaskFacts("Book the hall", organiser.id), organiser, task_id=task.id, version=1)
    with pytest.raises(OutOfDate):
        plans.save_day(case, DayFacts(DayKind.MEETING, TODAY, "No"), organiser, day_id=day.id, version=1)
    with pytest.raises(OutOfDate):
        plans.save_task(case, TaskFacts("No"), organiser, task_id=task.id, version=1)
    assert (day.what, plans.whose(task)) == ("In the hall", organiser.name)


def test_a_task_is_given_to_nobody_who_does_not_work_on_the_case(case, organiser):
    with pytest.raises(CaseworkError) as refused:
        plans.save_task(case, TaskFacts("Book the hall", make_user(Role.VOLUNTEER).id), organiser)
    assert refused.value.field == "owner"


def test_days_and_tasks_of_another_case_are_not_there(case, organiser):
    other = make_case(organiser)
    day = plans.save_day(other, DayFacts(DayKind.MEETING, TODAY, "Friends meet"), organiser)
    task = plans.save_task(other, TaskFacts("Book the hall"), organiser)
    for ask in (
        lambda: plans.remove_day(case, day.id, organiser),
        lambda: plans.tick_task(case, task.id, organiser, done=True),
        lambda: plans.save_part(case, "nothing such", "x", 0, organiser),
    ):
        with pytest.raises(NotFound):
            ask()


def test_a_task_lies_in_the_bin_without_a_typed_name_which_may_be_a_supporters(case, organiser):
    task = plans.save_task(case, TaskFacts("Book the hall", who="Zebulon Quill"), organiser)
    plans.remove_task(case, task.id, organiser)
    (thrown,) = bins.list_bin(case)
    bins.bring_back(case, thrown.kind, thrown.id, organiser)
    assert [(row.what, plans.whose(row)) for row in plans.list_tasks(case)] == [("Book the hall", "")]
