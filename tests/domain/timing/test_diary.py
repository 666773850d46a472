from datetime import date, datetime

import pytest

from casework.domain.timing.deadline_rules import Kind, OwedBy
from casework.domain.timing.deadlines import Nearness
from casework.domain.timing.diary import (
    FOLLOW_UP_WORDS,
    VISIT_WORDS,
    DiaryEntry,
    EntrySource,
    in_order,
    most_grave,
)
from casework.domain.timing.settling import StatedFrom

TODAY = date(2026, 11, 20)
AIM_PASSED = "the day to aim for has passed; the last moment"


def entry(**days):
    kind = days.pop("kind", Kind.HARD_LIMIT)
    words = kind.words if kind else FOLLOW_UP_WORDS
    return DiaryEntry(EntrySource.DEADLINE, 1, "C-1", "Samira A.", "Appeal", words, kind=kind, **days)


@pytest.mark.parametrize(
    ("safe", "last", "near", "words"),
    [
        (date(2026, 11, 17), date(2026, 11, 19), Nearness.OVERDUE, "overdue by 1 day"),
        (date(2026, 11, 19), TODAY, Nearness.TODAY, f"{AIM_PASSED} is today"),
        (date(2026, 11, 19), date(2026, 11, 23), Nearness.TODAY, f"{AIM_PASSED} is in 3 days"),
        (TODAY, date(2026, 11, 23), Nearness.TODAY, "due today"),
        (date(2026, 11, 24), date(2026, 11, 24), Nearness.SOON, "in 4 days"),
        (date(2026, 12, 24), date(2027, 1, 4), Nearness.LATER, "in 34 days"),
    ],
)
def test_a_limit_is_overdue_only_after_its_last_day(safe, last, near, words):
    limit = entry(safe_on=safe, last_on=last)
    assert limit.nearness(TODAY) is near
    assert limit.when(TODAY) == words


def test_a_notice_period_that_has_ended_is_neither_due_nor_overdue_but_possible_now():
    notice = entry(kind=Kind.NOTICE_PERIOD, last_on=date(2026, 11, 17), earliest_on=date(2026, 11, 18))
    assert notice.nearness(TODAY) is Nearness.POSSIBLE
    assert notice.when(TODAY) == "for 2 days now"
    assert [notice.begins(date(2026, 11, day)) for day in (17, 18, 19)] == [False, True, False]


def test_a_flight_before_the_end_of_the_notice_period_is_remarked_on():
    notice = entry(
        kind=Kind.NOTICE_PERIOD,
        last_on=date(2026, 11, 25),
        earliest_on=date(2026, 11, 26),
        stated_on=date(2026, 11, 24),
        stated_by="the letter itself",
    )
    assert notice.aim == date(2026, 11, 24)
    assert "before the one we counted (Thursday 26 November 2026)" in notice.warning()


def test_a_flight_after_the_notice_period_is_not_remarked_on():
    assert entry(kind=Kind.NOTICE_PERIOD, earliest_on=TODAY, stated_on=date(2026, 11, 24)).warning() == ""


def test_a_removal_can_begin_on_the_day_we_counted_even_where_the_paper_gives_a_later_one():
    notice = entry(kind=Kind.NOTICE_PERIOD, earliest_on=date(2026, 11, 27), stated_on=date(2026, 11, 29))
    assert (notice.aim, notice.final) == (date(2026, 11, 27), date(2026, 11, 29))
    assert notice.when(TODAY) == "in 7 days"


def test_a_limit_that_somebody_states_later_than_we_counted_says_to_keep_to_the_earlier():
    limit = entry(safe_on=date(2026, 11, 27), last_on=date(2026, 11, 30), stated_on=date(2026, 12, 4))
    assert "later than the day we counted (Monday 30 November 2026)" in limit.warning()
    assert entry(last_on=date(2026, 11, 30), stated_on=date(2026, 11, 30)).warning() == ""


@pytest.mark.parametrize("stated_from", [StatedFrom.LETTER, None])
@pytest.mark.parametrize(
    ("today", "near", "words"),
    [
        (date(2026, 11, 22), Nearness.TODAY, f"{AIM_PASSED} is tomorrow"),
        (date(2026, 11, 23), Nearness.TODAY, "our last day is today"),
        (date(2026, 11, 24), Nearness.OVERDUE, "our last day passed 1 day ago"),
        (date(2026, 11, 25), Nearness.OVERDUE, "our last day passed 2 days ago"),
    ],
)
def test_a_later_day_in_a_letter_does_not_hide_that_our_last_day_is_today_or_gone(
    stated_from, today, near, words
):
    days = {"safe_on": TODAY, "last_on": date(2026, 11, 23), "stated_on": date(2026, 11, 30)}
    limit = entry(**days, stated_from=stated_from)
    assert (limit.nearness(today), limit.when(today)) == (near, words)
    assert limit.has_passed(today) is (near is Nearness.OVERDUE)
    assert "The paper gives Monday 30 November 2026." in limit.warning()


def test_a_later_day_that_a_lawyer_confirmed_and_a_sooner_one_in_a_letter_win_over_our_last_day():
    days = {"safe_on": TODAY, "last_on": date(2026, 11, 23)}
    lawyers = entry(**days, stated_on=date(2026, 11, 30), stated_from=StatedFrom.LAWYER)
    assert (lawyers.final, lawyers.when(date(2026, 11, 25))) == (
        date(2026, 11, 30),
        f"{AIM_PASSED} is in 5 days",
    )
    assert "Make sure that the lawyer saw both" in lawyers.warning()
    sooner = entry(**days, stated_on=date(2026, 11, 19), stated_from=StatedFrom.LETTER)
    assert (sooner.aim, sooner.when(TODAY)) == (date(2026, 11, 19), "overdue by 1 day")


@pytest.mark.parametrize(
    ("hour", "clock", "near", "words"),
    [
        (16, "17:00", Nearness.TODAY, "due today"),
        (17, "17:00", Nearness.OVERDUE, "5 pm has passed: show a lawyer now"),
        (23, "17:00", Nearness.OVERDUE, "5 pm has passed: show a lawyer now"),
        (23, "midnight", Nearness.TODAY, "due today"),
    ],
)
def test_a_day_that_ends_at_5_pm_is_no_longer_due_after_it(hour, clock, near, words):
    at = datetime(2026, 11, 20, hour, 0)
    limit = entry(safe_on=TODAY, last_on=TODAY, clock=clock, as_of=at)
    assert (limit.nearness(TODAY), limit.when(TODAY)) == (near, words)
    assert limit.has_passed(TODAY) is (near is Nearness.OVERDUE)
    theirs = entry(last_on=TODAY, clock="17:00", as_of=at, owed_by=OwedBy.THEM)
    assert theirs.when(TODAY) == ("due today" if hour == 16 else "5 pm has passed")
    tomorrow = entry(last_on=date(2026, 11, 21), clock=clock, as_of=at)
    assert tomorrow.when(TODAY) == "tomorrow"


@pytest.mark.parametrize("kind", [Kind.SERVICE_STANDARD, Kind.POLICY_TARGET, Kind.REVIEW_CYCLE])
def test_what_is_only_aimed_at_is_never_overdue_and_never_grave(kind):
    target = entry(kind=kind, last_on=date(2026, 11, 18))
    assert target.when(TODAY) == "passed 2 days ago"
    assert not target.is_grave


@pytest.mark.parametrize(
    ("held", "words"),
    [(date(2026, 11, 18), "passed 2 days ago"), (TODAY, "today"), (date(2026, 11, 21), "tomorrow")],
)
def test_a_visit_is_today_or_has_passed_and_is_never_overdue(held, words):
    visit = DiaryEntry(EntrySource.VISIT, 1, "C-1", "Samira A.", "Surgery visit", VISIT_WORDS, last_on=held)
    assert visit.when(TODAY) == words


def test_a_limit_is_said_before_a_promise_that_comes_sooner():
    thanks = entry(kind=None, last_on=date(2026, 11, 16))
    limit = entry(safe_on=date(2026, 11, 27), last_on=date(2026, 11, 30))
    assert most_grave([thanks, limit], TODAY) is limit
    assert most_grave([thanks], TODAY) is thanks
    assert most_grave([], TODAY) is None


def test_a_window_that_is_over_does_not_stand_before_a_limit_that_runs():
    window = {"window_from": date(2026, 6, 1), "window_until": date(2026, 6, 21)}
    over = entry(kind=Kind.LATEST_STATE_ACT, last_on=date(2026, 6, 21), **window)
    limit = entry(safe_on=date(2026, 11, 27), last_on=date(2026, 11, 30))
    assert most_grave([over, limit], TODAY) is limit
    assert most_grave([over], TODAY) is over


def test_the_soonest_comes_first_and_what_has_no_day_comes_last():
    unknown = entry(cannot_say="Bank holidays are not known.")
    late, soon = entry(last_on=date(2026, 12, 1)), entry(safe_on=TODAY, last_on=date(2026, 12, 24))
    assert in_order([unknown, late, soon]) == [soon, late, unknown]
    assert unknown.nearness(TODAY) is Nearness.LATER


def test_a_window_makes_removal_possible_now_until_it_is_over():
    window = {"window_from": date(2026, 11, 20), "window_until": date(2026, 12, 10)}
    notice = entry(kind=Kind.NOTICE_PERIOD, earliest_on=date(2026, 11, 27), **window)
    itself = entry(kind=Kind.LATEST_STATE_ACT, last_on=date(2026, 12, 10), **window)
    for one in (notice, itself):
        assert (one.aim, one.when(TODAY), one.is_grave) == (TODAY, "possible now", True)
        assert one.nearness(TODAY) is Nearness.POSSIBLE
    assert notice.when(date(2026, 11, 28)) == "for 1 day now"
    assert itself.nearness(date(2026, 12, 10)) is Nearness.POSSIBLE
    assert itself.nearness(date(2026, 12, 11)) is Nearness.ENDED
    assert itself.when(date(2026, 12, 12)) == "ended 2 days ago"


def test_beside_a_window_a_notice_does_not_say_that_they_may_not_act_before_it_has_ended():
    window = {"window_from": date(2026, 11, 20), "window_until": date(2026, 11, 24)}
    notice = entry(kind=Kind.NOTICE_PERIOD, earliest_on=date(2026, 11, 27), **window)
    assert notice.meaning(TODAY) == (
        "From Friday 20 November 2026 until Tuesday 24 November 2026 departure details alone are enough for a removal. "
        "By the notice alone it would be Friday 27 November 2026."
    )
    assert "may not act" in notice.meaning(date(2026, 11, 25))


def test_a_window_that_begins_tomorrow_is_not_open_yet():
    window = {"window_from": date(2026, 11, 21), "window_until": date(2026, 12, 11)}
    itself = entry(kind=Kind.LATEST_STATE_ACT, last_on=date(2026, 12, 11), **window)
    assert (itself.in_window(TODAY), itself.when(TODAY)) == (True, "tomorrow")


def test_a_window_that_is_over_before_the_notice_ends_no_longer_counts():
    window = {"window_from": date(2026, 11, 1), "window_until": date(2026, 11, 18)}
    notice = entry(kind=Kind.NOTICE_PERIOD, earliest_on=date(2026, 11, 23), **window)
    assert (notice.when(TODAY), notice.nearness(TODAY)) == ("in 3 days", Nearness.SOON)
