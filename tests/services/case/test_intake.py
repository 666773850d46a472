"""The first hour: kept answer by answer, finished once, and what it leaves open closes itself."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from casework import clock
from casework.domain.case.intake import Door, Said
from casework.domain.case.places import PlaceKind
from casework.domain.consent.publicity import Audience
from casework.domain.errors import CaseworkError, OutOfDate
from casework.domain.timing.events import DETAINED
from casework.services.case import case_places, cases, finding_out, intake, intake_finish, task_owners
from casework.services.case.case_places import NewPlace
from casework.services.case.tasks import tasks_of
from casework.services.consent import need_to_know
from casework.services.letters import correspondence, letters, pack_lists
from casework.services.parliament.members import who_can_act
from casework.services.safety import sweeping
from casework.services.timing import removal_dates, removals
from casework.storage.database import db
from casework.storage.models import Case, CaseEvent, InstanceNote, IntakeAnswer
from tests.factories import detained_at, home, make_case, make_user

TODAY = clock.today()


def said_back(answer, names):
    return [f"{name}: {answer.told[name]}" for name in sorted(names & answer.told.keys())]


def said(organiser, question, told, door=Door.DETAINED, state=Said.UNKNOWN):
    """The case after a first hour in which this alone was typed, and "Don't know yet" chosen beside it."""
    row = intake.begin(door, question, state, told, organiser)
    return intake_finish.finish(row, {}, organiser, said_back)


def open_in(case):
    return {one.key for one in finding_out.in_case(case) if one.is_open}


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
    case = intake_finish.finish(row, {}, organiser, said_back)
    for late in (
        lambda: intake_finish.finish(row, {}, organiser, said_back),
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
    case = intake_finish.finish(row, {}, organiser, said_back)
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
    case = intake_finish.finish(row, {}, organiser, said_back)

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


def test_a_removal_notice_of_which_nobody_knows_the_day_counts_from_its_date_until_the_day_is_found(
    organiser,
):
    case = said(organiser, "papers", {"response": "removal notice", "dated": "2026-11-27"})
    (paper,) = correspondence.list_papers(case)
    assert (paper.dated, paper.received_on) == (date(2026, 11, 27), None)
    attempt = removals.running(case)
    assert removals.clock_of(attempt).first_day == date(2026, 12, 5)
    (kept,) = removal_dates.notice_dates(attempt)
    assert kept.working["condition"] == correspondence.DAY_NOT_KNOWN
    assert "papers" in open_in(case), "on which day is still to be found out"

    def put_right(**facts):
        facts = replace(removals.facts_of(attempt), **facts)
        removals.change_removal(case, attempt.id, facts, attempt.version, organiser, new_notice=False)

    put_right(flight="XX 123")
    assert removal_dates.notice_dates(attempt) == [kept], "what else is found out does not end it"
    for given, first in ((27, date(2026, 12, 5)), (30, date(2026, 12, 8))):
        put_right(notice_given_on=date(2026, 11, given))
        assert removal_dates.notice_dates(attempt) == [kept]
        assert (removals.clock_of(attempt).first_day, kept.working["condition"]) == (first, "")
    assert "papers" not in open_in(case)


def test_a_removal_notice_of_no_day_at_all_still_starts_the_clock(organiser):
    case = said(organiser, "papers", {"response": "removal notice", "received_how": "hand"})
    assert [one.response_kind for one in correspondence.list_papers(case)] == ["removal notice"]
    assert removals.clock_of(removals.running(case)).first_day is None
    assert "papers" in open_in(case)


def test_a_no_counts_whoever_heard_it_and_a_yes_that_nobody_could_ask_for_is_none(organiser):
    case = said(organiser, "asked", {"agreed": "no"})
    assert (case.agreed_to_mps, case.asked_about_mps_on, case.asked_about_mps_by) == (False, TODAY, None)
    case = said(organiser, "asked", {"agreed": "yes", "asked_by": "Ruth"})
    assert case.agreed_to_mps is None
    assert "asked" in open_in(case)
    assert "agreed: yes\nasked_by: Ruth" in case.notes[0].text


def test_whoever_is_detained_and_nobody_knows_where_has_the_dates_of_a_detention(organiser):
    yesterday = TODAY - timedelta(1)
    case = said(organiser, "where", {"held_since": yesterday.isoformat()})
    began = select(CaseEvent.happened_on).where(CaseEvent.case_id == case.id, CaseEvent.name == DETAINED)
    assert db.session.scalars(began).all() == [yesterday]
    assert case.places[0].is_unknown
    assert "place" in open_in(case)
    assert not who_can_act(case, TODAY).unplaced, "there is no constituency to choose"
    with pytest.raises(CaseworkError, match="says that they are detained"):
        finding_out.settle(case, "place", organiser, settled=True)
    for since in (None, yesterday - timedelta(1)):
        place = case_places.add_place(case, detained_at(since=since), organiser)
        assert case.places == [place], "the place that was not known is known now"
        assert (place.name, place.since) == ("Yarl's Wood", since or yesterday)
        assert "place" not in open_in(case)
        blank = NewPlace(PlaceKind.DETENTION, since=yesterday)
        case_places.change_place(case, place.id, blank, place.version, organiser)
    case_places.add_place(case, detained_at(since=TODAY), organiser)
    assert len(case.places) == 2, "one that begins later may be a transfer"


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("papers", {"response": "refusal", "received_how": "post"}),
        ("papers", {"dated": "2026-11-20"}),
        ("home", {"home_kind": "care of"}),
        ("home", {"home_since": "2026-11-01"}),
        ("before", {"former1_since": "2020-01-01", "former1_until": "2021-01-01"}),
        ("asked", {"asked_by": "Ruth, @ the centre"}),
    ],
)
def test_what_is_not_enough_for_a_place_of_its_own_stands_in_a_note(organiser, question, told):
    case = said(organiser, question, told)
    (note,) = case.notes
    assert note.hidden is None
    assert all(f"{name}: {words.replace('@', 'at ')}" in note.text for name, words in told.items())
    assert question in open_in(case) or question == "before"


def test_what_is_known_of_a_flight_of_an_unknown_day_is_kept(organiser):
    told = {"flight": "XX 123", "airline": "Example Air", "departs_at": "07:05"}
    case = said(organiser, "flight", told, Door.FLIGHT)
    attempt = removals.running(case)
    assert (attempt.flight, attempt.airline, attempt.departs_on) == ("XX 123", "Example Air", None)
    assert "flight" in open_in(case)
    assert "departs_at: 07:05" in case.notes[0].text


def first_page(case):
    return pack_lists.first_hour(case, Audience.LAWYER).rows


def test_the_pack_begins_with_a_removal_notice_and_its_first_day(organiser):
    told = {"response": "removal notice", "dated": "2026-11-29", "received_on": "2026-11-30"}
    what, how = first_page(said(organiser, "papers", told))[0]
    assert what == "Removal"
    assert how == (
        "Notice given on Monday 30 November 2026\n"
        "Possible from Tuesday 8 December 2026, if departure details have also been given"
    )


def test_the_pack_says_as_far_as_we_know_where_nobody_knows_when_the_notice_was_given(organiser):
    how = first_page(said(organiser, "papers", {"response": "removal notice", "dated": "2026-11-27"}))[0][1]
    assert how == (
        "Possible from Saturday 5 December 2026, if departure details have also been given, as far as we know"
    )


def test_the_pack_warns_of_a_notice_of_no_day_at_all(organiser):
    what, how = first_page(said(organiser, "papers", {"response": "removal notice"}))[0]
    assert (what, how.partition(".")[0]) == ("Removal", "There is a notice")


def test_the_pack_gives_the_counted_day_and_the_flight(organiser):
    told = {"response": "removal notice", "received_on": "2026-11-30", "departs_on": "2026-12-20"}
    (_, removal), (flight, leaves) = first_page(said(organiser, "papers", told))[:2]
    assert removal.endswith("Possible from Tuesday 8 December 2026")
    assert (flight, leaves.strip()) == ("The flight", "Sunday 20 December 2026")
