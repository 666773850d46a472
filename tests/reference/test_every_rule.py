"""Every rule of the book, each of its lengths, from days drawn by lot in all parts of the UK."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.domain.timing.counting import Counting, Length, Unit
from casework.domain.timing.deadline_rules import EndRule, Kind, OwedBy
from casework.domain.timing.deadlines import cautious, work_out
from casework.reference.regions import REGIONS
from casework.reference.rule_book import rule_book
from tests.reference.oracles import is_off, read_otherwise, some_day

ONE_DAY = timedelta(days=1)
SOME_REGION = st.sampled_from(list(REGIONS))
SOME_DAY = some_day(date(2024, 2, 1), date(2027, 11, 1))
LENGTHS = [
    (rule.key, variant)
    for rule in rule_book().rules.values()
    for variant in (rule.variants or ([] if rule.no_date else [None]))
]
every_length = pytest.mark.parametrize(
    ("key", "variant"), LENGTHS, ids=["-".join(filter(None, one)) for one in LENGTHS]
)
few = settings(max_examples=15)


def asked(key, variant, region, day, nth=1):
    """The answer of the book, for this day or for the first on which the rule was in force."""
    rule = rule_book().rule(key)
    start = max(day, rule.in_force_from or day)
    return rule_book().work_out(rule, start, region, variant=variant, nth=nth)


def answered_otherwise(worked, region, nth):
    """The dates by the other reading of the rule's own words: nothing of the engine's counting is in it."""
    rule = worked.rule
    length = rule.length_for(worked.variant)
    length = Length(length.number * nth, length.unit)
    counting = rule.counting_for(worked.variant)
    if length.unit is Unit.HOURS:
        length = Length(length.number // 24, Unit.CALENDAR_DAYS)
    end = read_otherwise(worked.trigger_date, length, counting, rule.calendar, region)
    if rule.kind in (Kind.NOTICE_PERIOD, Kind.EARLIEST_DATE):
        return {"period_ends": end, "earliest": end + ONE_DAY}
    if rule.kind is Kind.LATEST_STATE_ACT:
        return {"window_ends": end}
    if rule.kind is Kind.DEEMED_SERVICE:
        return {"deemed_served": end}
    if rule.kind is Kind.REVIEW_CYCLE and counting is Counting.BEGINNING_WITH:
        return {"due": end + ONE_DAY}
    last = end
    while rule.end_rule is EndRule.ROLL_FORWARD and is_off(last, rule.calendar, region):
        last += ONE_DAY
    raw = {} if length.unit is Unit.WORKING_DAYS else {"raw": end}
    if rule.kind is not Kind.HARD_LIMIT:
        return {"due": last}
    if rule.owed_by is OwedBy.THEM:
        return raw | {"due": last}
    safe = end - timedelta(days=rule.safe_margin_days)
    while is_off(safe, rule.safe_calendar or rule.calendar, region):
        safe -= ONE_DAY
    return raw | {"safe": max(safe, worked.trigger_date), "last": last}


@every_length
@few
@given(region=SOME_REGION, day=SOME_DAY, nth=st.integers(1, 6))
def test_a_rule_makes_the_dates_that_another_reading_of_it_makes(key, variant, region, day, nth):
    if rule_book().rule(key).kind is not Kind.REVIEW_CYCLE:
        nth = 1
    worked = asked(key, variant, region, day, nth)
    assert worked.dates == answered_otherwise(worked, region, nth)


@every_length
@few
@given(region=SOME_REGION, day=SOME_DAY)
def test_the_explanation_of_a_rule_agrees_with_its_dates(key, variant, region, day):
    worked = asked(key, variant, region, day)
    strip = worked.days
    length = worked.length
    assert strip[0].day == worked.trigger_date
    assert max(worked.dates.values()) == strip[-1].day
    assert [step.day for step in strip if step.counted][-1:] == [worked.ends]
    if length.unit in (Unit.MONTHS, Unit.HOURS):
        begins = [0] if worked.counting is Counting.BEGINNING_WITH else []
        assert [step.number for step in strip if step.counted] == [*begins, length.number]
        return
    assert {later.day - sooner.day for sooner, later in pairwise(strip)} <= {ONE_DAY}
    assert set(worked.dates.values()) <= {step.day for step in strip}
    days = length.number * 7 if length.unit is Unit.WEEKS else length.number
    assert [step.number for step in strip if step.counted] == (list(range(1, days + 1)) or [0])


@every_length
@few
@given(region=SOME_REGION, day=SOME_DAY)
def test_the_safe_day_is_a_working_day_and_never_after_the_last_nor_before_the_start(
    key, variant, region, day
):
    worked = asked(key, variant, region, day)
    if worked.safe is None:
        assert worked.aim == worked.final
        return
    assert worked.trigger_date <= worked.safe <= (worked.raw or worked.last) <= worked.last
    offices = rule_book().working_calendar(worked.rule.safe_calendar or worked.rule.calendar, region)
    assert offices.is_working_day(worked.safe) or worked.safe == worked.trigger_date


@every_length
@few
@given(region=SOME_REGION, day=SOME_DAY)
def test_an_end_that_rolls_is_a_working_day_and_passes_over_none(key, variant, region, day):
    worked = asked(key, variant, region, day)
    if worked.rule.end_rule is not EndRule.ROLL_FORWARD:
        assert worked.final in (worked.ends, worked.ends + ONE_DAY)
        return
    calendar = rule_book().working_calendar(worked.rule.calendar, region)
    assert calendar.is_working_day(worked.final)
    passed = [worked.ends + timedelta(days=n) for n in range((worked.final - worked.ends).days)]
    assert not any(calendar.is_working_day(one) for one in passed)


@every_length
@few
@given(region=SOME_REGION, day=SOME_DAY, more=st.sets(SOME_DAY, max_size=5), near=st.sets(st.integers(0, 60)))
def test_another_holiday_never_makes_a_date_of_a_rule_earlier(key, variant, region, day, more, near):
    before = asked(key, variant, region, day)
    more = more | {before.trigger_date + timedelta(days=number) for number in near}

    def closed(calendar):
        return replace(calendar, holidays={**calendar.holidays, **dict.fromkeys(more, "One more")})

    after = work_out(
        before.rule, before.trigger_date, closed(before.calendar), variant=variant, offices=closed(before.offices)
    )  # fmt: skip
    assert after.dates.keys() == before.dates.keys()
    moved_back = {"safe"} if before.length.unit is not Unit.WORKING_DAYS else set()
    for name, was in before.dates.items():
        now = after.dates[name]
        assert now <= was if name in moved_back else now >= was


@every_length
@few
@given(day=SOME_DAY)
def test_where_it_is_unclear_which_part_of_the_uk_counts_the_earliest_is_the_safe_one(key, variant, day):
    rule = rule_book().rule(key)
    answers = rule_book().work_out_in_all(rule, max(day, rule.in_force_from or day), variant=variant)
    for region, ours in answers.items():
        assert ours == asked(key, variant, region, day)
        found = cautious(ours, answers.values())
        assert found.last == ours.last
        assert all(found.aim <= one.aim for one in answers.values() if one.safe or one.earliest)
        if found.safe:
            assert found.safe <= found.last
        if found.earliest:
            assert found.earliest == found.period_ends + ONE_DAY
