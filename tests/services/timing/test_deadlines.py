from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from casework import clock
from casework.domain.errors import CaseworkError, NoDate, NotFound, OutOfDate
from casework.domain.safety.accounts import Role
from casework.domain.timing.deadline_rules import How
from casework.domain.timing.settling import SettledAs
from casework.domain.timing.triggers import Told
from casework.services.case import cases
from casework.services.parliament import chasing
from casework.services.timing import counting, deadlines, settling
from casework.services.timing.board import board
from casework.storage.database import db
from tests.factories import detained_at, home, make_case, make_user

REFUSED = date(2026, 3, 20)  # a Friday; day 14 is Good Friday


def test_a_date_keeps_its_rule_its_days_and_its_working(organiser):
    case = make_case(organiser, home())
    row = deadlines.record_deadline(case, "ftt_appeal_in_uk", REFUSED, None, organiser)
    assert (row.safe_on, row.last_on) == (date(2026, 4, 2), date(2026, 4, 7))
    assert row.working["authority"] == "SI 2014/2604 r.19(2)"
    assert row.working["dates"]["raw"] == "2026-04-03"
    assert "In Scotland it would be Monday 6 April 2026" in row.working["difference"]


def test_the_holidays_are_those_of_the_place_where_the_person_is_held(organiser):
    glasgow = home("G1 1XX")  # a sector of Glasgow: whether it is exact does not matter here
    case = make_case(organiser, glasgow, detained_at("dungavel"))
    region = counting.region_of(case, date(2026, 6, 12))
    assert region.key == "scotland"
    assert "held" in region.why
    row = deadlines.record_deadline(case, "removal_notice_period", date(2026, 6, 12), None, organiser)
    assert row.earliest_on == date(2026, 6, 23)  # 15 June is a holiday in Scotland only


def test_before_the_detention_the_holidays_are_those_of_the_home(organiser):
    case = make_case(organiser, home("LS11 8PG"), detained_at("dungavel", since=date(2026, 3, 3)))
    assert counting.region_of(case, date(2026, 3, 2)).key == "england-and-wales"


def test_on_the_day_of_a_transfer_to_another_part_the_earliest_day_of_all_is_the_first(organiser):
    moved = date(2026, 11, 25)
    yarls_wood = replace(detained_at("yarls-wood"), until=moved)
    case = make_case(organiser, home(), yarls_wood, detained_at("dungavel", since=moved))
    row = deadlines.record_deadline(case, "removal_notice_period", moved, None, organiser)
    assert row.earliest_on == date(2026, 12, 3)  # 30 November is a holiday in Scotland only
    assert row.working["region_why"] == (
        "On that day they were in more than one part of the UK: Scotland, and England and Wales. "
        "This counts as in Scotland."
    )
    assert "in Scotland alone it would be Friday 4 December 2026" in row.working["caution"]
    day_after = deadlines.record_deadline(case, "removal_notice_period", date(2026, 11, 26), None, organiser)
    assert day_after.earliest_on == date(2026, 12, 5)
    assert counting.region_of(case, date(2026, 11, 24)).known


@pytest.mark.parametrize("day", [date(2026, 11, 25), date(2026, 11, 27)])
def test_on_the_first_and_the_last_day_of_a_detention_they_may_have_been_at_home(organiser, day):
    stay = replace(detained_at("dungavel", since=date(2026, 11, 25)), until=date(2026, 11, 27))
    case = make_case(organiser, home(), stay)
    assert not counting.region_of(case, day).known
    between = counting.region_of(case, date(2026, 11, 26))
    assert (between.key, between.known) == ("scotland", True)


def test_on_the_day_of_a_move_both_homes_count(organiser):
    moved = date(2026, 11, 25)
    case = make_case(organiser, home(until=moved), home("G1 1XX", since=moved))
    assert [counting.region_of(case, moved + timedelta(days)).known for days in (-1, 0, 1)] == [
        True,
        False,
        True,
    ]


def test_where_nobody_knows_where_the_person_was_it_says_so(organiser):
    region = counting.region_of(make_case(organiser), REFUSED)
    assert region.key == "england-and-wales"
    assert "do not know" in region.why


def test_a_date_past_the_known_holidays_is_kept_as_to_work_out_with_the_reason(organiser, monkeypatch):
    case = make_case(organiser, home())
    row = deadlines.add_deadline(case, "ftt_appeal_in_uk", date(2028, 12, 20), organiser)
    assert row.last_on is None
    assert "31 December 2028" in row.cannot_say
    (entry,) = deadlines.for_case(case)
    assert entry.when(clock.today()) == "to work out"


def test_an_office_is_rung_the_same_day_for_somebody_held_and_after_five_working_days_otherwise(organiser):
    held = make_case(organiser, detained_at())
    free = make_case(organiser, home())
    friday = date(2026, 11, 20)
    assert chasing.chase_day(held, friday) == friday
    assert chasing.chase_day(free, friday) == date(2026, 11, 27)


def test_a_running_removal_notice_makes_the_chase_urgent_until_it_is_settled(organiser):
    case = make_case(organiser, home())
    notice = deadlines.record_deadline(case, "removal_notice_period", date(2026, 11, 18), None, organiser)
    assert chasing.chase_variant(case, date(2026, 11, 20)) == "detained_or_removal_date"
    settling.settle(case, notice.id, "withdrawn", clock.today(), organiser)
    assert chasing.chase_variant(case, date(2026, 11, 20)) == "otherwise"


def test_the_list_holds_the_open_dates_of_open_cases_that_one_works_on_soonest_first(organiser):
    mine = make_case(organiser, home())
    other = make_user(Role.VOLUNTEER, "Idris Vale")
    closed = make_case(organiser, home(), name="Closed B.")
    for case in (mine, closed):
        deadlines.record_deadline(case, "sar", date(2026, 11, 2), None, organiser)
        deadlines.record_deadline(case, "ftt_appeal_in_uk", date(2026, 11, 12), None, organiser)
    cases.close_case(closed, "It ended.", organiser)
    titles = [entry.title for entry in board(organiser).dates]
    assert titles == [
        "Appeal to the First-tier Tribunal, person in the UK (detained or not)",
        "Subject access request (Home Office file, GCID notes, detention notes)",
    ]
    assert board(other).dates == []


def test_a_settled_date_leaves_the_list_and_can_come_back(organiser):
    case = make_case(organiser, home())
    row = deadlines.record_deadline(case, "sar", date(2026, 11, 2), None, organiser)
    settling.settle(case, row.id, "They answered.", clock.today(), organiser)
    assert deadlines.for_case(case) == []
    assert [entry.settled_how for entry in deadlines.settled_in(case)] == ["They answered."]
    settling.reopen(case, row.id, organiser)
    assert [entry.id for entry in deadlines.for_case(case)] == [row.id]


def test_who_settles_second_is_told_who_was_first_and_loses_nothing(organiser):
    case = make_case(organiser, home())
    row = deadlines.record_deadline(case, "sar", date(2026, 11, 2), None, organiser)
    settling.settle(case, row.id, "They answered.", clock.today(), organiser)
    with pytest.raises(OutOfDate, match="They answered"):
        settling.settle(case, row.id, "No idea", clock.today(), organiser)


@pytest.mark.parametrize(
    ("how", "days_on", "field"), [("", 0, "how"), ("Tomorrow it will be", 1, "on")], ids=["silent", "early"]
)
def test_settling_needs_words_and_a_day_that_has_come(organiser, how, days_on, field):
    case = make_case(organiser, home())
    row = deadlines.record_deadline(case, "sar", date(2026, 11, 2), None, organiser)
    with pytest.raises(CaseworkError) as error:
        settling.settle(case, row.id, how, clock.today() + timedelta(days=days_on), organiser)
    assert error.value.field == field


def test_a_date_that_the_lawyer_confirmed_wins_and_ours_stays_beside_it(organiser):
    case = make_case(organiser, home())
    row = deadlines.record_deadline(case, "ftt_appeal_in_uk", REFUSED, None, organiser)
    settling.state(case, row.id, date(2026, 4, 1), "the lawyer, by phone", organiser)
    (entry,) = deadlines.for_case(case)
    assert (entry.final, entry.last_on, entry.aim) == (date(2026, 4, 1), date(2026, 4, 7), date(2026, 4, 1))
    settling.state(case, row.id, None, None, organiser)
    (entry,) = deadlines.for_case(case)
    assert entry.final == date(2026, 4, 7)


def test_a_stated_date_says_who_stated_it(organiser):
    case = make_case(organiser, home())
    row = deadlines.record_deadline(case, "sar", date(2026, 11, 2), None, organiser)
    with pytest.raises(CaseworkError) as error:
        settling.state(case, row.id, date(2026, 12, 1), None, organiser)
    assert error.value.field == "stated_by"


def test_a_date_of_another_case_is_not_there(organiser):
    one, other = make_case(organiser, home()), make_case(organiser, home())
    row = deadlines.record_deadline(one, "sar", date(2026, 11, 2), None, organiser)
    with pytest.raises(NotFound):
        deadlines.get_deadline(other, row.id)


def test_a_rule_that_does_not_fit_the_day_leaves_nothing_behind(organiser):
    case = make_case(organiser, home())
    with pytest.raises(CaseworkError, match="only from 4 April 2024"):
        deadlines.record_deadline(case, "admin_review_in_uk", date(2024, 4, 3), None, organiser)
    db.session.rollback()
    assert deadlines.for_case(case) == []


def test_only_a_removal_notice_is_a_removal_and_not_every_notice_period(organiser):
    case = make_case(organiser, home())
    friday = date(2026, 11, 20)
    deadlines.record_deadline(case, "nrm_recovery_period", date(2026, 11, 2), None, organiser)
    deadlines.record_deadline(case, "asylum_support_move_on", date(2026, 11, 2), "standard", organiser)
    assert [entry.is_removal for entry in deadlines.for_case(case)] == [False, False]
    assert chasing.chase_day(case, friday) == date(2026, 11, 27)
    deadlines.record_deadline(case, "removal_notice_period", date(2026, 11, 18), None, organiser)
    assert [entry.is_removal for entry in deadlines.for_case(case)].count(True) == 1
    assert chasing.chase_day(case, friday) == friday


def test_a_date_that_stands_in_the_notice_is_to_work_out_until_somebody_types_it(organiser):
    case = make_case(organiser, home())
    row = deadlines.record_deadline(case, "s120_notice", date(2026, 11, 16), None, organiser)
    assert row.cannot_say == "The day stands in the notice itself. Use the date on the notice."
    (entry,) = deadlines.for_case(case)
    assert entry.when(clock.today()) == "to work out"
    settling.state(case, row.id, date(2026, 11, 30), "page 2 of the notice", organiser)
    (entry,) = deadlines.for_case(case)
    assert entry.final == date(2026, 11, 30)


def test_a_rule_that_sets_no_date_opens_none_and_says_why(organiser):
    case = make_case(organiser, home())
    with pytest.raises(NoDate, match="no time limit for further submissions"):
        deadlines.record_deadline(case, "further_submissions", date(2026, 11, 16), None, organiser)
    assert deadlines.for_case(case) == []


POSTED = date(2026, 12, 24)  # taken as served on 30 December: 29 and 30 are business days here


def posted_at_christmas(organiser, monkeypatch, recorded_on):
    monkeypatch.setattr(clock, "today", lambda: recorded_on)
    case = make_case(organiser, home())
    told = Told(posted=POSTED, how=How.POST)
    return deadlines.add_deadline(case, "admin_review_in_uk", POSTED, organiser, told=told)


def test_a_posted_notice_whose_arrival_nobody_knows_counts_from_the_day_it_is_taken_as_served(
    organiser, monkeypatch
):
    row = posted_at_christmas(organiser, monkeypatch, date(2027, 1, 4))
    assert row.event_on == date(2026, 12, 30)
    assert row.last_on == date(2027, 1, 13)
    assert Told.read(row.told) == Told(posted=POSTED, how=How.POST, known_by=date(2027, 1, 4))
    assert row.working["service"]["served"] == "2026-12-30"
    assert row.working["service"]["authority"] == "SI 2003/658 reg.7(4)-(6)"


def test_a_posted_notice_that_somebody_holds_before_it_counts_as_served_counts_from_that_day(
    organiser, monkeypatch
):
    row = posted_at_christmas(organiser, monkeypatch, date(2026, 12, 28))
    assert row.event_on == date(2026, 12, 28)
    assert row.last_on == date(2027, 1, 11)
    (remark,) = row.working["service"]["remarks"]
    assert "taken as served on 30 December 2026, but it was known of on 28 December 2026" in remark
    assert "type the day on which it came" in remark
    monkeypatch.setattr(clock, "today", lambda: date(2027, 2, 1))
    counting.count(row)  # as at any later start
    assert row.last_on == date(2027, 1, 11)


def test_what_was_told_of_a_notice_is_counted_from_anew_whenever_the_date_is_counted_again(organiser):
    case = make_case(organiser, home())
    told = Told(posted=date(2026, 12, 24), how=How.POST)
    row = deadlines.add_deadline(case, "admin_review_in_uk", date(2026, 12, 24), organiser, told=told)
    row.event_on = date(2026, 12, 31)
    counting.count(row)
    assert row.event_on == date(2026, 12, 30)


def test_of_a_posted_notice_that_came_the_earlier_of_arrival_and_deemed_service_counts(organiser):
    case = make_case(organiser, home())
    told = Told(sent=date(2026, 11, 2), received=date(2026, 11, 9), how=How.POST)
    row = deadlines.add_deadline(case, "admin_review_in_uk", date(2026, 11, 9), organiser, told=told)
    assert row.event_on == date(2026, 11, 4)
    assert "the earlier of the two is used" in row.working["service"]["remarks"][0]


def test_where_nobody_knows_in_which_part_of_the_uk_a_posted_notice_is_served_soonest_anywhere(organiser):
    told = Told(posted=date(2026, 12, 31), how=How.POST)
    case = make_case(organiser)
    row = deadlines.add_deadline(case, "admin_review_in_uk", date(2026, 12, 31), organiser, told=told)
    assert row.event_on == date(2027, 1, 5)  # in Scotland it would be 6 January


def test_a_notice_posted_past_the_known_holidays_is_kept_as_to_work_out(organiser):
    told = Told(posted=date(2028, 12, 29), how=How.POST)
    case = make_case(organiser, home())
    row = deadlines.add_deadline(case, "admin_review_in_uk", date(2028, 12, 29), organiser, told=told)
    assert row.last_on is None
    assert "31 December 2028" in row.cannot_say


def test_a_later_turn_of_a_review_is_counted_from_the_start(organiser):
    case = make_case(organiser, detained_at(since=date(2026, 1, 31)))
    row = deadlines.add_deadline(case, "detention_monthly_reasons", date(2026, 1, 31), organiser, turn=2)
    assert row.last_on == date(2026, 3, 31)


def saved_by_somebody_else(row):
    """Another connection saves the same row at this moment."""
    with db.engine.connect() as other:
        other.execute(text("UPDATE deadlines SET version = version + 1 WHERE id = :id"), {"id": row.id})
        other.commit()


@pytest.mark.parametrize("what", ["settle", "state", "reopen"])
def test_of_two_who_save_in_the_same_moment_the_second_is_told_and_changes_nothing(organiser, what):
    case = make_case(organiser, home())
    row = deadlines.record_deadline(case, "sar", date(2026, 11, 2), None, organiser)
    if what == "reopen":
        settling.settle(case, row.id, "They answered.", clock.today(), organiser)
    saving = {
        "settle": lambda: settling.settle(case, row.id, "They answered.", clock.today(), organiser),
        "state": lambda: settling.state(case, row.id, date(2026, 12, 1), "page 2", organiser),
        "reopen": lambda: settling.reopen(case, row.id, organiser),
    }
    assert row.version  # it was read
    before = (row.settled_on, row.stated_on)
    saved_by_somebody_else(row)
    with pytest.raises(OutOfDate, match="Somebody else changed this date"):
        saving[what]()
    assert (row.settled_on, row.stated_on) == before


def test_the_second_of_two_reviews_begins_when_the_first_is_met_and_not_when_it_does_not_apply(organiser):
    case = make_case(organiser, detained_at(since=date(2026, 9, 1)))
    (review,) = deadlines.for_case(case)
    settling.settle(case, review.id, "Reasons came.", clock.today(), organiser)
    (following,) = deadlines.for_case(case)
    assert following.id != review.id
    settling.settle(case, following.id, "Set free.", clock.today(), organiser, as_=SettledAs.NOT_APPLICABLE)
    assert deadlines.for_case(case) == []


def test_what_was_told_of_a_notice_is_kept_and_decides_from_which_day_it_counts(organiser):
    case = make_case(organiser, home())
    told = Told(sent=date(2026, 11, 2), received=date(2026, 11, 10), how=How.POST)
    row = deadlines.record_told(case, "admin_review_in_uk", told, None, organiser)
    assert row.told == {"sent": "2026-11-02", "received": "2026-11-10", "how": "post"}
    assert row.event_on == date(2026, 11, 4)  # served on the second working day, before it arrived
    assert row.last_on == date(2026, 11, 18)


def test_a_rule_that_does_not_fit_the_person_is_not_kept(organiser):
    case = make_case(organiser, detained_at(since=date(2026, 9, 1)))
    told = Told(received=date(2026, 11, 10))
    with pytest.raises(CaseworkError, match="people who are not detained"):
        deadlines.record_told(case, "admin_review_in_uk", told, None, organiser)
    db.session.commit()
    assert "admin_review_in_uk" not in [entry.rule_key for entry in deadlines.for_case(case)]


def test_a_day_that_has_not_come_starts_nothing_in_a_case(organiser):
    case = make_case(organiser, home())
    with pytest.raises(CaseworkError) as error:
        deadlines.record_told(
            case, "ftt_appeal_in_uk", Told(sent=clock.today() + timedelta(1)), None, organiser
        )
    assert error.value.field == "sent"
