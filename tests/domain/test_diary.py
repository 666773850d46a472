from datetime import date

import pytest

from casework.domain.deadline_rules import Kind
from casework.domain.deadlines import Nearness
from casework.domain.diary import FOLLOW_UP_WORDS, DiaryEntry, EntrySource, in_order

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


def test_a_notice_period_that_has_ended_is_urgent_and_not_overdue():
    notice = entry(kind=Kind.NOTICE_PERIOD, last_on=date(2026, 11, 17), earliest_on=date(2026, 11, 18))
    assert notice.nearness(TODAY) is Nearness.TODAY
    assert notice.when(TODAY) == "since 2 days ago"


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


def test_the_soonest_comes_first_and_what_has_no_day_comes_last():
    unknown = entry(cannot_say="Bank holidays are not known.")
    late, soon = entry(last_on=date(2026, 12, 1)), entry(safe_on=TODAY, last_on=date(2026, 12, 24))
    assert in_order([unknown, late, soon]) == [soon, late, unknown]
    assert unknown.nearness(TODAY) is Nearness.LATER
