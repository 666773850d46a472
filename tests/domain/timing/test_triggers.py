from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.domain.errors import CaseworkError
from casework.domain.timing.counting import Counting, Length, Unit
from casework.domain.timing.deadline_rules import (
    DeadlineRule,
    EndRule,
    How,
    Kind,
    OwedBy,
    Status,
    TriggerIs,
    Variant,
)
from casework.domain.timing.deadlines import work_out
from casework.domain.timing.triggers import Told, choose_variant, not_yet, start_of
from casework.domain.timing.working_days import WorkingCalendar

EVERY_DAY = WorkingCalendar("all", "Every day counts", every_day=True)
FRIDAY = date(2026, 11, 20)
RECEIPT = DeadlineRule(
    key="answer",
    name="Answer a made-up notice",
    in_short="Within two weeks.",
    kind=Kind.HARD_LIMIT,
    owed_by=OwedBy.US,
    actor="somebody",
    trigger="notice received",
    starts=(),
    counting=Counting.AFTER_DAY,
    calendar="all",
    end_rule=EndRule.NO_ROLL,
    authority="nobody's",
    status=Status.RECALLED,
    confidence="low",
    sources=(),
    checked_on=FRIDAY,
    examples=(),
    length=Length(14, Unit.CALENDAR_DAYS),
    trigger_is=TriggerIs.RECEIVED,
    deemed_by="served",
)
SERVED = replace(RECEIPT, key="served", kind=Kind.DEEMED_SERVICE, length=Length(2, Unit.CALENDAR_DAYS))
DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))
TWO_WAYS = replace(
    RECEIPT,
    length=None,
    variants={
        "in_uk_posted": Variant("in_uk_posted", "posted", Length(12, Unit.CALENDAR_DAYS), (How.POST,)),
        "in_uk_emailed": Variant("in_uk_emailed", "emailed", Length(10, Unit.CALENDAR_DAYS), (How.EMAIL,)),
        "abroad": Variant("abroad", "abroad", Length(28, Unit.CALENDAR_DAYS)),
    },
)


def deem(key, posted_on):
    assert key == "served"
    return work_out(SERVED, posted_on, EVERY_DAY)


def start(rule=RECEIPT, **told):
    return start_of(rule, None, Told(**told), deem)


def test_the_day_that_the_rule_names_is_taken_as_it_is():
    assert start(on=FRIDAY).day == FRIDAY


def test_a_posted_notice_starts_on_the_day_it_is_taken_as_served():
    found = start(posted=FRIDAY)
    assert (found.day, found.deemed.deemed_served) == (date(2026, 11, 22),) * 2


@given(DAYS, st.integers(0, 40))
def test_a_day_of_receipt_never_makes_a_posted_notice_start_later(posted, later):
    received = date.fromordinal(posted.toordinal() + later)
    both = start(posted=posted, received=received)
    assert both.day == min(received, start(posted=posted).day)
    assert bool(both.remarks) == (received != both.deemed.deemed_served)


@pytest.mark.parametrize("how", [How.EMAIL, How.HAND, How.PORTAL])
def test_a_notice_that_came_at_once_starts_on_the_day_it_was_sent(how):
    found = start(sent=FRIDAY, how=how)
    assert found.day == FRIDAY
    assert found.remarks == (f"Sent by {how}: the day it was sent is used.",)


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({}, "received"),
        ({"sent": FRIDAY}, "received"),
        ({"sent": FRIDAY, "received": date(2026, 11, 19)}, "received"),
        ({"on": FRIDAY, "sent": FRIDAY}, "on"),
        ({"posted": FRIDAY, "sent": date(2026, 11, 19)}, "sent"),
        ({"posted": FRIDAY, "how": How.EMAIL}, "how"),
    ],
)
def test_a_day_that_is_lacking_or_cannot_be_right_is_asked_for_at_its_field(told, field):
    with pytest.raises(CaseworkError) as error:
        start(**told)
    assert error.value.field == field


def test_a_rule_that_counts_from_sending_does_not_take_the_day_of_receipt():
    sent = replace(RECEIPT, trigger_is=TriggerIs.SENT)
    assert start(sent, posted=FRIDAY).day == FRIDAY
    with pytest.raises(CaseworkError, match="on which it was sent"):
        start(sent, received=FRIDAY)


def test_a_rule_that_counts_from_something_else_asks_for_it_in_its_own_words():
    with pytest.raises(CaseworkError, match=r"This counts from: notice received\. Give that day\."):
        start(replace(RECEIPT, trigger_is=TriggerIs.EVENT), sent=FRIDAY)


def test_the_beginning_of_a_choice_is_enough_when_the_way_of_sending_decides_the_rest():
    assert choose_variant(TWO_WAYS, "in_uk", How.EMAIL) == "in_uk_emailed"
    assert choose_variant(TWO_WAYS, "in_uk_posted", None) == "in_uk_posted"
    assert choose_variant(TWO_WAYS, "abroad", How.EMAIL) == "abroad"
    assert choose_variant(RECEIPT, None, How.EMAIL) is None


@pytest.mark.parametrize(("variant", "how"), [(None, None), (None, How.POST), ("in_uk", None), ("in", None)])
def test_a_choice_that_is_still_open_is_asked_for(variant, how):
    with pytest.raises(CaseworkError, match=r"Say which applies: in_uk_posted \(posted: 12 calendar days\)"):
        choose_variant(TWO_WAYS, variant, how)


def test_a_choice_that_does_not_go_with_the_way_of_sending_is_refused():
    with pytest.raises(CaseworkError, match="“posted” does not fit a notice that came by email"):
        choose_variant(TWO_WAYS, "in_uk_posted", How.EMAIL)


def test_a_day_that_has_not_come_is_said_once():
    assert not_yet([FRIDAY, FRIDAY], FRIDAY) == []
    (words,) = not_yet([FRIDAY, FRIDAY], date(2026, 11, 19))
    assert words.startswith("Friday 20 November 2026 has not come yet")
