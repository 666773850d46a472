"""Updates of the directory: applied at one stroke, told to whoever they touch, and taken back."""

import errno
from datetime import date, timedelta

import pytest

from casework import clock
from casework.domain.case.tasks import TaskState
from casework.domain.errors import CaseworkError, NotFound, OutOfDate
from casework.domain.letters.correspondence import Kind
from casework.domain.letters.letter_values import OnFile
from casework.domain.parliament.directory import Fact, Office
from casework.domain.parliament.directory_answers import HalfAnAnswer, SeatSaid
from casework.domain.parliament.surgeries import Outcome, Promise
from casework.services.campaign import batches
from casework.services.campaign.batch_choice import Choice
from casework.services.case import cases
from casework.services.case.tasks import tasks_of
from casework.services.letters import bundles, correspondence, letters
from casework.services.letters.correspondence import NewPaper
from casework.services.letters.letter_file import on_file
from casework.services.parliament import directory_updates, finding_seats, members, ministers, surgeries
from casework.services.parliament.directory import directory
from casework.services.parliament.surgeries import VisitFacts
from casework.services.timing import deadlines
from casework.storage.database import db
from tests.answers import SOURCE, answers, apply, by_election
from tests.factories import home, make_case, make_user
from tests.supporters import TO_OWN_MP, campaign_of, make_supporters

LEEDS, HOLBORN, HAYES = "E14001323", "E14001290", "E14001276"


@pytest.fixture
def polled() -> date:
    """The day of the invented by-election in Leeds South."""
    return clock.today() - timedelta(days=10)


@pytest.fixture
def new_mp(app, polled):
    """Jo Newly, of Leeds South since that day; Hilary Benn left three weeks before."""
    office = Office(
        "Constituency office", ("1 Row", "Leeds"), "LS1 1AA", "0113 496 0000", "", SOURCE, clock.today(), True
    )
    post = Fact("government post", "Minister of State for Asylum (Home Office)", "2026-11-29", SOURCE)
    committee = Fact("select committee", "Example Committee", "2026-11-29", SOURCE, began="2026-11-01")
    return by_election(
        LEEDS, "Jo Newly", polled, polled - timedelta(days=21), facts=(post, committee), offices=(office,)
    )


def test_a_new_member_is_in_use_everywhere_with_what_is_known_of_them_and_gone_again_after(
    new_mp, polled, organiser
):
    before = directory()
    update = apply(answers(new_mp))
    seat = directory().seat_on(LEEDS, clock.today())
    assert (seat.member.name, seat.term.since, seat.member.as_of) == ("Jo Newly", polled, clock.today())
    (office,) = seat.member.offices
    assert office.kind.startswith("Constituency")
    assert office.phone == "0113 496 0000"
    assert [fact.text for fact in seat.member.committees] == ["Example Committee"]
    assert directory().seat_on(LEEDS, polled - timedelta(days=1)).member is None
    assert directory().seat_on(LEEDS, polled - timedelta(days=22)).member.name == "Hilary Benn"
    assert finding_seats.find("newly")[1] == [seat]
    held = ministers.minister(LEEDS, clock.today())
    assert held.post == "Minister of State for Asylum"
    assert held in ministers.ministers(clock.today())
    checked = directory().seat_on(HOLBORN, clock.today()).member
    assert checked.is_checked  # it was known from one source only, and now from the record
    release = directory().release
    assert (release.update, release.directory_date) == (update.name, clock.today())
    assert directory().lookup("LS11 0ES").constituency.name == "Leeds South"

    assert directory_updates.roll_back(organiser) == ""
    assert directory().seat_on(LEEDS, clock.today()) == before.seat_on(LEEDS, clock.today())
    directory_updates.take_up(update.name, organiser)
    assert directory().seat_on(LEEDS, clock.today()) == seat
    with pytest.raises(NotFound):
        directory_updates.take_up("update-2026-01-01-1", organiser)
    assert directory_updates.prepare(answers(), 1) is None  # all of it is known


@pytest.mark.sqlcipher
def test_updates_go_on_from_one_another_and_a_stale_one_is_refused(new_mp):
    stale = directory_updates.prepare(answers(new_mp), 1)
    first = apply(answers())
    with pytest.raises(OutOfDate):
        directory_updates.apply(stale)
    second = apply(answers(new_mp))
    assert (second.name, second.before) == (f"update-{clock.today()}-2", first.name)
    assert directory_updates.in_use().others == (first.name,)
    assert directory_updates.roll_back() == first.name
    with pytest.raises(CaseworkError, match="Set the clock first"):
        directory_updates.prepare(answers(read_on=clock.today() - timedelta(days=1)), 1)


@pytest.mark.sqlcipher
def test_a_half_answer_or_a_dissolved_parliament_makes_no_update(app):
    whole = answers()
    one = next(iter(whole.seats))
    with pytest.raises(HalfAnAnswer, match="nothing of one seat"):
        directory_updates.prepare(_with(whole, whole.seats - {one}), 1)
    empty = frozenset(SeatSaid(one.gss_code, None) for one in whole.seats)
    with pytest.raises(HalfAnAnswer, match="650 seats of 650"):
        directory_updates.prepare(_with(whole, empty), 1)


def _with(said, seats):
    from dataclasses import replace

    return replace(said, seats=seats)


@pytest.mark.sqlcipher
def test_when_the_line_of_the_trail_cannot_be_kept_the_directory_stays_as_it_was(new_mp, monkeypatch):
    first = apply(answers())

    def full() -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    update = directory_updates.prepare(answers(new_mp), 1)
    with monkeypatch.context() as patch:
        patch.setattr(db.session, "commit", full)
        with pytest.raises(CaseworkError, match="No space left on device"):
            directory_updates.apply(update)
    db.session.rollback()
    assert directory().release.update == first.name
    assert directory_updates.in_use().others == ()


def test_an_open_case_and_a_draft_know_of_a_new_member_and_a_closed_case_does_not(new_mp, polled, organiser):
    case = make_case(organiser, home())
    draft = letters.draft_letter(case, "home-mp-first-contact", organiser, gss_code=LEEDS)
    assert (members.who_can_act(case, clock.today()).new_members, members.new_member_for(draft)) == ((), None)
    update = apply(answers(new_mp))
    codes = directory_updates.changed_seats(update)
    assert directory_updates.touched(codes) == directory_updates.Touched(1, 1)
    assert directory_updates.own_cases_touched(codes, organiser) == [case]
    assert directory_updates.own_cases_touched(codes, make_user(name="Another")) == []
    (told,) = members.who_can_act(case, clock.today()).new_members
    assert (told.on, told.before.name, told.after.name) == (polled, "Hilary Benn", "Jo Newly")
    assert members.new_member_for(draft).after.name == "Jo Newly"
    newer = letters.draft_letter(case, "home-mp-first-contact", organiser, gss_code=LEEDS)
    assert members.new_member_for(newer) is None
    cases.close_case(case, "done", organiser)
    assert members.who_can_act(case, clock.today()).new_members == ()
    assert directory_updates.touched([LEEDS]) == directory_updates.Touched(0, 0)


def test_a_new_mp_is_not_told_what_was_said_with_the_mp_before(new_mp, polled, organiser):
    case = make_case(organiser, home())
    cases.record_asked(case, asked_on=clock.today(), agreed=True, asked_by="Ruth", actor=organiser)
    met = VisitFacts(LEEDS, polled - timedelta(days=60), who_was_met="his caseworker")
    surgeries.record_visit(case, met, Outcome.AGREED, [Promise("Write to the minister")], organiser)
    paper = NewPaper(Kind.US_TO_MEMBER, gss_code=LEEDS, sent_on=polled - timedelta(days=59))
    correspondence.record_paper(case, paper, organiser)
    held = on_file(case, LEEDS)
    assert (held.met_on, held.written_on, len(held.promises)) == (met.held_on, paper.sent_on, 1)
    assert _state(case, "visits") is TaskState.DONE
    apply(answers(new_mp))
    assert on_file(case, LEEDS) == OnFile()
    assert _state(case, "visit") is TaskState.OPEN
    chased = [entry.title for entry in deadlines.for_case(case) if "MP's office" in entry.title]
    assert chased
    assert all(title.endswith("Hilary Benn") for title in chased)
    again = VisitFacts(LEEDS, clock.today())
    surgeries.record_visit(case, again, Outcome.AGREED, [], organiser)
    assert on_file(case, LEEDS).met_on == clock.today()
    assert _state(case, "visits") is TaskState.DONE


def test_letters_for_many_that_were_made_for_the_mp_before_say_so_until_they_are_handed_over(
    new_mp, organiser
):
    case = campaign_of(organiser)
    make_supporters(case, 1, postcode="LS11 0ES")
    batch = batches.start_batch(case, Choice(TO_OWN_MP), organiser)
    assert [way.new_member for way in bundles.ways_of(batch)] == [None]
    apply(answers(new_mp))
    (way,) = bundles.ways_of(batch)
    assert way.new_member.before.name == "Hilary Benn"
    way.bundle.handed_over = 1
    assert [way.new_member for way in bundles.ways_of(batch)] == [None]


def _state(case, key):
    today = clock.today()
    found = tasks_of(case, today, members.who_can_act(case, today), letters.list_letters(case))
    return next((task.state for task in found if task.key == key), None)


@pytest.mark.sqlcipher
def test_a_change_that_the_carried_tables_know_of_is_told_too(organiser, monkeypatch):
    later = clock.now().replace(year=2026, month=11, day=29)
    monkeypatch.setattr(clock, "now", lambda: later)
    case = make_case(organiser, home("WC1H 9JE"))
    assert members.who_can_act(case, clock.today()).new_members == ()  # it was opened after that
    case.opened_at = later - timedelta(days=100)
    (told,) = members.who_can_act(case, clock.today()).new_members
    assert told.words == (
        "The MP for Holborn and St Pancras changed on 8 October 2026: Sagal Abdi-Wali after Keir Starmer."
    )
    assert members.who_can_act(case, date(2026, 9, 1)).new_members == ()  # a day that is over is as it was
