import threading
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from casework import clock
from casework.domain.errors import CaseworkError, NotFound, OutOfDate
from casework.domain.letters.correspondence import Kind, ResponseKind
from casework.domain.timing.removals import Ending, Outside
from casework.services import windows
from casework.services.case import cases
from casework.services.case.timeline import timeline
from casework.services.letters import correspondence
from casework.services.letters.correspondence import NewPaper
from casework.services.parliament import chasing
from casework.services.timing import deadlines, removal_dates, removal_ends, removals, settling
from casework.services.timing.diary import entry_of_deadline
from casework.services.timing.removals import RemovalFacts
from casework.storage.database import db
from casework.storage.models import Deadline, User
from tests.factories import detained_at, home, make_case

MAUNDY_THURSDAY = date(2026, 4, 2)
BEFORE = date(2026, 3, 1)


@pytest.fixture
def scotland(organiser):
    """Somebody held at Dungavel over Easter."""
    return make_case(organiser, home(), detained_at("dungavel", since=BEFORE))


def notice(given=MAUNDY_THURSDAY, **more):
    return NewPaper(
        Kind.HOME_OFFICE_RESPONSE, ResponseKind.REMOVAL_NOTICE, dated=given, received_on=given,
        received_how="hand", **more,
    )  # fmt: skip


def known(row, **more):
    """The facts of an attempt with some of them changed."""
    return replace(removals.facts_of(row), **more)


def open_notices(case):
    rows = db.session.scalars(
        select(Deadline).where(Deadline.case_id == case.id, Deadline.settled_on.is_(None))
    )
    return [row for row in rows if row.rule_key == "removal_notice_period"]


def test_easter_monday_counts_in_scotland_and_good_friday_does_not(organiser, scotland):
    row = removals.record_removal(scotland, RemovalFacts(notice_given_on=MAUNDY_THURSDAY), organiser)
    assert removals.clock_of(row).first_day == date(2026, 4, 11)
    (kept,) = open_notices(scotland)
    assert "Scotland, where they were held" in kept.working["region_why"]


def test_another_part_of_the_uk_can_be_chosen_and_counts_instead(organiser, scotland):
    facts = RemovalFacts(notice_given_on=MAUNDY_THURSDAY, region="england-and-wales")
    row = removals.record_removal(scotland, facts, organiser)
    assert removals.clock_of(row).first_day == date(2026, 4, 14)
    removals.change_removal(scotland, row.id, known(row, region=None), row.version, organiser)
    assert removals.clock_of(row).first_day == date(2026, 4, 11)


def test_where_nobody_knows_where_they_are_the_earliest_reading_is_shown(organiser):
    case = make_case(organiser)
    row = removals.record_removal(case, RemovalFacts(notice_given_on=MAUNDY_THURSDAY), organiser)
    assert removals.clock_of(row).first_day == date(2026, 4, 11)  # Scotland’s, the earliest of the three
    assert "do not know where they were" in open_notices(case)[0].working["region_why"]


def test_a_notice_recorded_in_the_file_starts_the_clock_with_the_flight_it_names(organiser, scotland):
    paper = correspondence.record_paper(
        scotland, notice(stated_on=date(2026, 4, 16), is_flight=True), organiser
    )
    row = removals.running(scotland)
    assert (row.notice_given_on, row.notice_how, row.departs_on) == (
        MAUNDY_THURSDAY,
        "hand",
        date(2026, 4, 16),
    )
    assert row.correspondence_id == paper.id
    assert removals.of_paper(paper) is row
    assert [one.removal_id for one in open_notices(scotland)] == [row.id]
    assert len(row.steps) > 5


def test_a_notice_recorded_on_the_clock_and_then_in_the_file_is_one_date(organiser, scotland):
    row = removals.record_removal(scotland, RemovalFacts(notice_given_on=MAUNDY_THURSDAY), organiser)
    paper = correspondence.record_paper(scotland, notice(), organiser)
    (kept,) = open_notices(scotland)
    assert (kept.removal_id, kept.correspondence_id) == (row.id, paper.id)
    assert row.correspondence_id == paper.id
    assert removals.list_removals(scotland) == [row]


def test_a_clock_that_knew_only_the_flight_learns_the_notice_from_the_file(organiser, scotland):
    row = removals.record_removal(scotland, RemovalFacts(departs_on=date(2026, 4, 20)), organiser)
    assert removals.clock_of(row).first_day is None
    correspondence.record_paper(scotland, notice(), organiser)
    assert removals.clock_of(row).first_day == date(2026, 4, 11)


def test_a_second_notice_in_the_file_stands_beside_the_first_until_somebody_says_what_it_is(
    organiser, scotland
):
    correspondence.record_paper(scotland, notice(), organiser)
    correspondence.record_paper(scotland, notice(date(2026, 4, 9)), organiser)
    row = removals.running(scotland)
    assert [one.event_on for one in removal_dates.notice_dates(row)] == [MAUNDY_THURSDAY, date(2026, 4, 9)]
    assert removals.clock_of(row).first_day == date(2026, 4, 11)
    facts = known(row, notice_given_on=date(2026, 4, 9))
    removals.change_removal(scotland, row.id, facts, row.version, organiser, new_notice=True)
    assert [one.event_on for one in removal_dates.notice_dates(row)] == [date(2026, 4, 9)]


def test_a_date_opened_by_hand_is_taken_up_and_not_doubled(organiser, scotland):
    by_hand = deadlines.record_deadline(scotland, "removal_notice_period", MAUNDY_THURSDAY, None, organiser)
    assert removals.suggested(scotland).notice_given_on == MAUNDY_THURSDAY
    row = removals.record_removal(scotland, removals.suggested(scotland), organiser)
    assert open_notices(scotland) == [by_hand]
    assert by_hand.removal_id == row.id


def test_a_case_has_one_running_clock(organiser, scotland):
    removals.record_removal(scotland, RemovalFacts(flight="XX 123"), organiser)
    with pytest.raises(OutOfDate, match="running already"):
        removals.record_removal(scotland, RemovalFacts(flight="XX 456"), organiser)


def test_two_people_who_start_the_clock_at_the_same_moment_make_one(app, organiser, scotland):
    reference, number = scotland.reference, organiser.id
    came: list[str] = []
    together = threading.Barrier(2)

    def start() -> None:
        with app.app_context():
            actor = db.session.get(User, number)
            together.wait()
            try:
                removals.record_removal(cases.get_case(reference, actor), RemovalFacts(flight="XX 1"), actor)
                came.append("started")
            except OutOfDate:
                came.append("out of date")
            db.session.remove()

    runs = [threading.Thread(target=start) for _ in range(2)]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    assert sorted(came) == ["out of date", "started"]
    assert len(removals.list_removals(scotland)) == 1


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({}, "notice_given_on"),
        ({"departs_at": "07:05"}, "departs_on"),
        ({"flight": "XX 1", "notice_given_at": "16:00"}, "notice_given_on"),
        ({"notice_given_on": date(2026, 4, 2), "departs_on": date(2026, 4, 1)}, "departs_on"),
        ({"details_given_on": date(2026, 4, 2), "departs_on": date(2026, 4, 1)}, "departs_on"),
        ({"departs_on": date(2026, 3, 29), "departs_at": "01:30"}, "departs_at"),
        ({"notice_given_on": date(2023, 11, 19)}, "notice_given_on"),
        ({"flight": "XX 1", "region": "Kent"}, "region"),
        ({"flight": "XX 1", "carriage": "boat"}, "carriage"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(organiser, scotland, facts, field):
    with pytest.raises(CaseworkError) as refused:
        removals.record_removal(scotland, RemovalFacts(**facts), organiser)
    assert refused.value.field == field


@pytest.mark.parametrize("hour", ["00:30", "02:00"])
def test_the_other_hours_of_the_night_in_which_the_clocks_change_are_taken(organiser, scotland, hour):
    row = removals.record_removal(
        scotland, RemovalFacts(departs_on=date(2026, 3, 29), departs_at=hour), organiser
    )
    assert removals.flight_moment(row) == datetime.fromisoformat(f"2026-03-29T{hour}")


def test_another_destination_is_asked_about_before_anything_is_saved(organiser, scotland):
    facts = RemovalFacts(notice_given_on=MAUNDY_THURSDAY, destination="Eritrea")
    row = removals.record_removal(scotland, facts, organiser)
    with pytest.raises(CaseworkError, match="new notice") as asked:
        removals.change_removal(scotland, row.id, known(row, destination="Rwanda"), row.version, organiser)
    assert asked.value.field == "new_notice"
    db.session.rollback()
    assert row.destination == "Eritrea"


def test_a_new_notice_starts_new_five_days_and_keeps_the_old_date_as_settled(organiser, scotland):
    facts = RemovalFacts(notice_given_on=MAUNDY_THURSDAY, destination="Eritrea")
    row = removals.record_removal(scotland, facts, organiser)
    later = known(row, destination="Rwanda", notice_given_on=date(2026, 4, 9))
    removals.change_removal(scotland, row.id, later, row.version, organiser, new_notice=True)
    assert removals.clock_of(row).first_day == date(2026, 4, 17)
    (old,) = deadlines.settled_in(scotland)
    assert "new notice" in old.settled_how


def test_a_new_notice_needs_its_own_day(organiser, scotland):
    facts = RemovalFacts(notice_given_on=MAUNDY_THURSDAY, destination="Eritrea")
    row = removals.record_removal(scotland, facts, organiser)
    with pytest.raises(CaseworkError) as refused:
        removals.change_removal(
            scotland, row.id, known(row, destination="Rwanda"), row.version, organiser, new_notice=True
        )
    assert refused.value.field == "notice_given_on"


def test_a_day_that_was_typed_wrong_is_put_right_on_the_same_date(organiser, scotland):
    row = removals.record_removal(scotland, RemovalFacts(notice_given_on=MAUNDY_THURSDAY), organiser)
    (before,) = open_notices(scotland)
    facts = known(row, notice_given_on=date(2026, 4, 1))
    removals.change_removal(scotland, row.id, facts, row.version, organiser, new_notice=False)
    assert open_notices(scotland) == [before]
    assert before.earliest_on == date(2026, 4, 10)
    (move,) = before.moves
    assert (move.was["earliest"], move.now["earliest"]) == ("2026-04-11", "2026-04-10")
    assert "put right" in move.because


def test_a_day_on_which_the_rule_did_not_apply_is_refused_when_it_is_put_right_too(organiser, scotland):
    row = removals.record_removal(scotland, RemovalFacts(notice_given_on=MAUNDY_THURSDAY), organiser)
    facts = known(row, notice_given_on=date(2023, 11, 1))
    with pytest.raises(CaseworkError, match="applies only from") as refused:
        removals.change_removal(scotland, row.id, facts, row.version, organiser, new_notice=False)
    assert refused.value.field == "notice_given_on"


def test_the_flight_stands_beside_the_counted_day_and_moves_with_it(organiser, scotland):
    row = removals.record_removal(scotland, RemovalFacts(notice_given_on=MAUNDY_THURSDAY), organiser)
    for day in (date(2026, 4, 10), date(2026, 4, 20)):
        removals.change_removal(scotland, row.id, known(row, departs_on=day), row.version, organiser)
        assert open_notices(scotland)[0].stated_on == day
    assert removals.clock_of(row).flight_too_soon is False


def test_what_a_lawyer_confirmed_is_not_overwritten_by_the_flight(organiser, scotland):
    row = removals.record_removal(scotland, RemovalFacts(notice_given_on=MAUNDY_THURSDAY), organiser)
    (kept,) = open_notices(scotland)
    settling.state(scotland, kept.id, date(2026, 4, 15), "the lawyer, by phone", organiser)
    removals.change_removal(
        scotland, row.id, known(row, departs_on=date(2026, 4, 20)), row.version, organiser
    )
    assert (kept.stated_on, kept.stated_by) == (date(2026, 4, 15), "the lawyer, by phone")


def test_two_people_who_change_the_details_at_once_do_not_lose_the_first(organiser, scotland):
    row = removals.record_removal(scotland, RemovalFacts(notice_given_on=MAUNDY_THURSDAY), organiser)
    version, theirs, mine = row.version, known(row, flight="XX 123"), known(row, airline="An airline")
    removals.change_removal(scotland, row.id, theirs, version, organiser)
    with pytest.raises(OutOfDate):
        removals.change_removal(scotland, row.id, mine, version, organiser)
    assert row.flight == "XX 123"


@pytest.fixture
def attempt(organiser, scotland):
    """An attempt with a flight on 16 April."""
    facts = RemovalFacts(notice_given_on=MAUNDY_THURSDAY, departs_on=date(2026, 4, 16), departs_at="07:05")
    return removals.record_removal(scotland, facts, organiser)


def end(attempt, ended_as, organiser, **more):
    facts = {"on": date(2026, 4, 16), "why": "The pilot refused."} | more
    return removal_ends.end_removal(
        attempt.case, attempt.id, ended_as, facts.pop("on"), facts.pop("why"), organiser, **facts
    )


def test_a_failed_attempt_opens_21_days_from_the_day_in_the_departure_notice(organiser, scotland, attempt):
    end(
        attempt,
        Ending.FAILED,
        organiser,
        stated_on=date(2026, 4, 16),
        outside=Outside.YES,
        on=date(2026, 4, 17),
    )
    (window,) = windows.windows_of(scotland, date(2026, 4, 17))
    assert (window.rule_key, window.last_on) == ("removal_after_failed_attempt", date(2026, 5, 6))
    assert open_notices(scotland) == []
    assert removals.running(scotland) is None
    again = removals.record_removal(scotland, RemovalFacts(departs_on=date(2026, 5, 6)), organiser)
    assert removals.clock_of(again).flight_in_window


def test_a_failure_that_was_the_home_offices_own_opens_no_window(organiser, scotland, attempt):
    end(attempt, Ending.FAILED, organiser, outside=Outside.NO)
    assert windows.windows_of(scotland, date(2026, 4, 17)) == []


def test_a_failure_of_unknown_reason_opens_the_window_with_its_condition(organiser, scotland, attempt):
    end(attempt, Ending.FAILED, organiser, stated_on=date(2026, 4, 16), outside=Outside.UNKNOWN)
    (window,) = windows.windows_of(scotland, date(2026, 4, 17))
    assert "Only if" in window.working["condition"]


@pytest.mark.parametrize(
    ("ended_as", "more", "field"),
    [
        (Ending.FAILED, {}, "outside"),
        (Ending.FAILED, {"outside": Outside.YES}, "stated_on"),
        (Ending.FAILED, {"outside": Outside.YES, "stated_on": date(2026, 4, 18)}, "stated_on"),
        (Ending.CANCELLED, {"on": date(2026, 4, 1)}, "ended_on"),
        (Ending.CANCELLED, {"why": None}, "ended_why"),
        (Ending.REMOVED, {"on": clock.today() + timedelta(1)}, "ended_on"),
    ],
)
def test_an_end_that_leaves_something_out_is_refused_at_its_field(organiser, attempt, ended_as, more, field):
    with pytest.raises(CaseworkError) as refused:
        end(attempt, ended_as, organiser, **more)
    assert refused.value.field == field
    db.session.rollback()
    assert attempt.ended_as is None


def test_a_cancelled_attempt_settles_its_date_and_can_be_taken_back(organiser, scotland, attempt):
    end(attempt, Ending.CANCELLED, organiser, why="The court ordered it.")
    assert open_notices(scotland) == []
    removal_ends.reopen_removal(scotland, attempt.id, organiser)
    assert len(open_notices(scotland)) == 1
    assert removals.running(scotland) is attempt


def test_taking_a_failure_back_closes_the_window_that_it_opened(organiser, scotland, attempt):
    end(attempt, Ending.FAILED, organiser, stated_on=date(2026, 4, 16), outside=Outside.YES)
    removal_ends.reopen_removal(scotland, attempt.id, organiser)
    assert windows.windows_of(scotland, date(2026, 4, 17)) == []


def test_an_old_attempt_is_not_taken_back_while_another_runs(organiser, scotland, attempt):
    end(attempt, Ending.CANCELLED, organiser)
    removals.record_removal(scotland, RemovalFacts(flight="XX 9"), organiser)
    with pytest.raises(OutOfDate):
        removal_ends.reopen_removal(scotland, attempt.id, organiser)


def test_a_courts_decision_opens_a_window_at_once_with_21_days_after_that_day(organiser, scotland, attempt):
    removal_ends.record_court_decision(scotland, attempt.id, date(2026, 4, 14), organiser)
    (window,) = windows.windows_of(scotland, date(2026, 4, 17))
    assert window.last_on == date(2026, 5, 5)
    assert removals.clock_of(attempt).windows[0].opens == date(2026, 4, 14)
    with pytest.raises(CaseworkError, match="already"):
        removal_ends.record_court_decision(scotland, attempt.id, date(2026, 4, 14), organiser)


def test_an_office_is_rung_the_same_day_while_a_flight_or_a_window_is_near(organiser):
    free = make_case(organiser, home())
    assert chasing.chase_variant(free, MAUNDY_THURSDAY) == chasing.ORDINARY
    row = removals.record_removal(free, RemovalFacts(departs_on=date(2026, 4, 16)), organiser)
    assert chasing.chase_variant(free, MAUNDY_THURSDAY) == chasing.URGENT
    end(row, Ending.FAILED, organiser, stated_on=date(2026, 4, 16), outside=Outside.YES)
    assert chasing.chase_variant(free, MAUNDY_THURSDAY) == chasing.URGENT


def test_what_happened_tells_of_the_notice_once_and_of_the_end(organiser, scotland, attempt):
    correspondence.record_paper(scotland, notice(), organiser)
    end(attempt, Ending.CANCELLED, organiser, why="The court ordered it.")
    told = [event.words for event in timeline(scotland)]
    assert told[0] == "Removal: cancelled"
    assert [words for words in told if "otice" in words] == ["A letter from the Home Office: removal notice"]


def test_an_attempt_of_another_case_is_not_there(organiser, attempt):
    with pytest.raises(NotFound):
        removals.get_removal(make_case(organiser), attempt.id)


def test_a_window_moves_the_notice_beside_it_until_it_is_settled(organiser, scotland):
    today = clock.today()
    row = removals.record_removal(scotland, RemovalFacts(notice_given_on=today), organiser)
    (kept,) = open_notices(scotland)
    counted = kept.aim_on
    window = removal_ends.record_court_decision(scotland, row.id, today - timedelta(1), organiser)
    assert (window.aim_on, window.final_on) == (today - timedelta(1), today + timedelta(20))
    assert (kept.aim_on, kept.final_on) == (today - timedelta(1), counted)
    settling.settle(scotland, window.id, "Leave was granted.", today, organiser)
    assert kept.aim_on == kept.final_on == counted


def test_a_notice_that_comes_while_a_window_is_open_is_put_under_it(organiser, scotland):
    today = clock.today()
    deadlines.record_deadline(scotland, "removal_port_refusal", today - timedelta(1), None, organiser)
    removals.record_removal(scotland, RemovalFacts(notice_given_on=today), organiser)
    (kept,) = open_notices(scotland)
    assert kept.aim_on == today - timedelta(1)
    assert (kept.window_from, kept.window_until) == (today - timedelta(1), today + timedelta(6))


def test_of_windows_that_follow_on_one_another_a_notice_keeps_the_whole_time(organiser, scotland):
    today = clock.today()
    for stated in (today - timedelta(19), today - timedelta(7)):
        deadlines.record_deadline(scotland, "removal_after_failed_attempt", stated, None, organiser)
    removals.record_removal(scotland, RemovalFacts(notice_given_on=today), organiser)
    (kept,) = open_notices(scotland)
    assert (kept.window_from, kept.window_until) == (today - timedelta(19), today + timedelta(13))
    assert entry_of_deadline(kept).when(today + timedelta(2)) == "possible now"
