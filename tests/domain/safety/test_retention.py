"""How long things are kept."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.domain.safety.retention import (
    ANNOUNCED,
    POLICIES,
    Chosen,
    Kept,
    goes_on,
    in_words,
    is_over,
    plus,
)

DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))


@st.composite
def choices(draw: st.DrawFn) -> tuple[Kept, Chosen]:
    """A kind with a length within its bounds, which may have been another before."""
    kind = draw(st.sampled_from(list(Kept)))
    lengths = st.integers(POLICIES[kind].least, POLICIES[kind].most)
    before = draw(st.none() | lengths)
    return kind, Chosen(draw(lengths), before, draw(DAYS) if before else None)


@pytest.mark.parametrize(
    ("kind", "day", "goes"),
    [
        (Kept.FACTS, date(2026, 8, 31), date(2027, 2, 28)),  # six months after a 31st
        (Kept.AUTHORITY, date(2024, 2, 29), date(2026, 2, 28)),
        (Kept.SUPPORTER, date(2026, 3, 1), date(2027, 3, 1)),
        (Kept.DRAFT, date(2026, 3, 1), date(2026, 5, 30)),
    ],
)
def test_each_kind_goes_after_the_time_of_the_policy(kind: Kept, day: date, goes: date) -> None:
    assert goes_on(kind, day, Chosen(POLICIES[kind].usual)) == goes


def test_the_usual_times_lie_within_what_may_be_chosen() -> None:
    for policy in POLICIES.values():
        assert policy.least <= policy.usual <= policy.most


@given(choices(), DAYS)
def test_nothing_goes_before_both_lengths_or_a_month_after_the_choice(
    choice: tuple[Kept, Chosen], day: date
) -> None:
    kind, chosen = choice
    goes = goes_on(kind, day, chosen)
    assert goes >= plus(kind, day, min(chosen.length, chosen.before or chosen.length))
    if chosen.on and goes < chosen.on + ANNOUNCED:
        assert goes >= plus(kind, day, chosen.before or 0)


@given(choices(), DAYS, DAYS)
def test_it_is_over_exactly_when_the_length_of_that_day_says_so(
    choice: tuple[Kept, Chosen], day: date, today: date
) -> None:
    kind, chosen = choice
    after_choice = chosen.on is None or today >= chosen.on
    if after_choice:
        assert is_over(kind, day, chosen, today) == (plus(kind, day, chosen.on_day(today)) <= today)


@given(choices(), DAYS, st.integers(0, 400))
def test_a_later_contact_never_makes_it_go_sooner(choice: tuple[Kept, Chosen], day: date, later: int) -> None:
    kind, chosen = choice
    assert goes_on(kind, day + timedelta(later), chosen) >= goes_on(kind, day, chosen)


def test_a_length_is_said_as_people_say_it() -> None:
    assert [in_words(Kept.FACTS, 1), in_words(Kept.DRAFT, 90)] == ["1 month", "90 days"]
