"""The first hour: kept answer by answer, finished once, and what it leaves open closes itself."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from casework import clock
from casework.domain.case.intake import Door, Said
from casework.domain.errors import OutOfDate
from casework.services.case import case_places, cases, finding_out, intake, intake_finish, task_owners
from casework.services.case.tasks import tasks_of
from casework.services.consent import need_to_know
from casework.services.letters import letters
from casework.services.parliament.members import who_can_act
from casework.services.safety import sweeping
from casework.services.timing import removals
from casework.storage.database import db
from casework.storage.models import Case, InstanceNote, IntakeAnswer
from tests.factories import home, make_case, make_user

TODAY = clock.today()


@pytest.fixture
def row(organiser):
    return intake.begin(Door.DETAINED, "who", Said.SAID, {"name_used": "Samira"}, organiser)


def test_an_answer_of_before_is_never_written_over_what_came_since(row, organiser):
    other = make_user(name="Idris Vane")
    intake.answer(row, "lawyer", Said.NONE, {}, 0, other)
    with pytest.raises(OutOfDate):
        intake.answer(row, "lawyer", Said.SAID, {"representative_name": "N. Okafor"}, 0, organiser)
    kept = intake.answers_of(row)["lawyer"]
    assert (kept.state, kept.by.name) == (Said.NONE, "Idris Vane")
    intake.answer(row, "lawyer", Said.SAID, {"representative_name": "N. Okafor"}, kept.version, organiser)
    assert intake.answers_of(row)["lawyer"].told == {"representative_name": "N. Okafor"}


def test_two_who_finish_open_one_case_and_a_late_answer_is_not_lost_in_silence(row, organiser):
    case = intake_finish.finish(row, {}, organiser)
    for late in (
        lambda: intake_finish.finish(row, {}, organiser),
        lambda: intake.answer(row, "home", Said.SAID, {"home_postcode": "LS11 0ES"}, 0, organiser),
        lambda: intake.throw_away(row, organiser),
    ):
        with pytest.raises(OutOfDate, match="the case is open"):
            late()
    assert db.session.scalar(select(func.count(Case.id))) == 1
    assert row.reference == case.reference
    assert db.session.scalar(select(func.count(IntakeAnswer.id))) == 0


def test_what_nobody_goes_on_with_goes_with_the_daily_sweep_and_what_is_new_stays(row, organiser):
    new = intake.begin(Door.REFUSED, "who", Said.SAID, {"name_used": "Idris"}, organiser)
    yesterday = (TODAY - timedelta(1)).isoformat()
    for key in (sweeping.DAILY, sweeping.HELD_BACK):
        db.session.merge(InstanceNote(key=key, value=yesterday))
    row.changed_at = clock.now() - timedelta(31)
    db.session.commit()
    sweeping.sweep()
    assert intake.list_open(organiser) == [new]
    assert [one.told for one in db.session.scalars(select(IntakeAnswer))] == [{"name_used": "Idris"}]


def test_a_flight_starts_the_plan_and_the_urgent_drafts(organiser):
    row = intake.begin(Door.FLIGHT, "who", Said.SAID, {"name_used": "Samira"}, organiser)
    where = {"held_at": "yarls-wood", "home_postcode": "LS11 0ES"}
    intake.answer(row, "held_home", Said.SAID, where, 0, organiser)
    leaves = (TODAY + timedelta(1)).isoformat()
    intake.answer(row, "flight", Said.SAID, {"departs_on": leaves, "departs_at": "23:40"}, 0, organiser)
    case = intake_finish.finish(row, {}, organiser)
    flight = removals.running(case)
    assert flight
    assert removals.flight_moment(flight).hour == 23
    assert {one.template for one in letters.list_letters(case)} == {
        "form-of-authority", "home-mp-urgent", "detention-mp", "question-to-lawyer", "airline-sheet",
    }  # fmt: skip
    assert [one.key for one in finding_out.in_case(case)] == ["language"]


def test_what_is_to_be_found_out_closes_itself_and_opens_again_when_it_was_wrong(row, organiser):
    intake.answer(row, "home", Said.UNKNOWN, {}, 0, organiser)
    intake.answer(row, "before", Said.NONE, {}, 0, organiser)
    case = intake_finish.finish(row, {}, organiser)

    def to_do():
        found = tasks_of(case, TODAY, who_can_act(case, TODAY), [])
        return {one.finding for one in found if one.finding and one.state != "done"}

    assert "home" in to_do()
    assert "former" not in to_do(), "somebody said that there is none"
    place = case_places.add_place(case, home(), organiser)
    assert "home" not in to_do()
    case_places.remove_place(case, place.id, organiser)
    assert "home" in to_do()
    finding_out.settle(case, "home", organiser, settled=True)
    assert "home" not in to_do()
    finding_out.settle(case, "home", organiser, settled=False)
    assert "home" in to_do()


def test_whoever_leaves_a_case_leaves_its_tasks_and_an_heir_takes_them_on(organiser):
    case, mina = make_case(organiser, home()), make_user(name="Mina Castellan")
    task_owners.share_out(case, {"adviser": mina.id, "letters": organiser.id}, organiser)
    assert task_owners.names(case) == {"adviser": "Mina Castellan", "letters": "Ruth Ellery"}
    cases.remove_from_team(case, mina.id, organiser)
    assert task_owners.names(case) == {"letters": "Ruth Ellery"}


def test_somebody_let_in_by_a_task_sees_no_more_of_what_is_hidden_than_whoever_gave_it(organiser):
    case, mina = make_case(organiser, home()), make_user(name="Mina Castellan")
    need_to_know.member_of(case, organiser).sees = ""
    task_owners.share_out(case, {"adviser": mina.id}, organiser)
    assert not need_to_know.seen_by(case, mina)
