"""What an authority covers on a day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.domain.consent.consent import Given, State, check, check_withdrawal, covers, state
from casework.domain.errors import CaseworkError

SIGNED = date(2026, 3, 25)  # a Wednesday
UNTIL_SEPTEMBER = Given(SIGNED, ends_on=date(2026, 9, 25), gss_codes=("E14001235",), scope=("ask", "replies"))
DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 3, 24), State.NOT_YET),
        (date(2026, 3, 25), State.IN_FORCE),
        (date(2026, 9, 25), State.IN_FORCE),
        (date(2026, 9, 26), State.ENDED),
    ],
)
def test_an_authority_counts_from_the_day_of_the_signature_to_its_last_day_with_both(day, expected):
    assert state(UNTIL_SEPTEMBER, day) is expected


def test_a_withdrawal_works_on_its_own_day_and_for_good():
    withdrawn = Given(SIGNED, withdrawn_on=date(2026, 4, 1), scope=("ask",))
    assert covers(withdrawn, date(2026, 3, 31))
    assert not covers(withdrawn, date(2026, 4, 1))
    assert state(withdrawn, date(2036, 4, 1)) is State.WITHDRAWN


def test_an_authority_for_one_mp_does_not_cover_another_and_one_without_names_covers_all():
    assert covers(UNTIL_SEPTEMBER, SIGNED, "E14001235")
    assert not covers(UNTIL_SEPTEMBER, SIGNED, "E14001063")
    assert covers(Given(SIGNED, scope=("ask",)), SIGNED, "E14001063")


def test_only_what_was_ticked_is_covered():
    assert covers(UNTIL_SEPTEMBER, SIGNED, purpose="ask")
    assert not covers(UNTIL_SEPTEMBER, SIGNED, purpose="file")


@given(signed=DAYS, lasts=st.integers(0, 800), withdrawn=st.none() | st.integers(0, 800), day=DAYS)
def test_no_day_is_covered_outside_the_time_from_signature_to_end_or_withdrawal(
    signed, lasts, withdrawn, day
):
    ends_on = signed + timedelta(lasts)
    withdrawn_on = None if withdrawn is None else signed + timedelta(withdrawn)
    one = Given(signed, ends_on, withdrawn_on, scope=("ask",))
    inside = signed <= day <= ends_on and (withdrawn_on is None or day < withdrawn_on)
    assert covers(one, day) is inside


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (Given(date(2026, 11, 21), scope=("ask",)), "signed_on"),
        (Given(SIGNED, ends_on=date(2026, 3, 24), scope=("ask",)), "ends_on"),
        (Given(SIGNED), "scope"),
        (Given(SIGNED, scope=("everything",)), "scope"),
    ],
)
def test_what_cannot_be_right_is_refused_at_its_field(wrong, field):
    with pytest.raises(CaseworkError) as refused:
        check(wrong, today=date(2026, 11, 20))
    assert refused.value.field == field


def test_nobody_can_withdraw_before_signing_or_on_a_day_to_come():
    for day in (date(2026, 3, 24), date(2026, 11, 21)):
        with pytest.raises(CaseworkError):
            check_withdrawal(UNTIL_SEPTEMBER, day, today=date(2026, 11, 20))
