"""The ladder: three that fit, smallest first, and never one beyond the consent in force."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.domain.campaign.ladder import (
    ACTIVE_FOR,
    MUCH,
    RUNGS,
    Campaign,
    Load,
    Somebody,
    by_load,
    count,
    next_three,
    speaks,
    spoken_languages,
)
from casework.domain.case.hands import ThingKind
from casework.domain.consent.publicity import Agreement, Audience, Kind, Level, may_say

TODAY = date(2026, 11, 29)
AGREED = Campaign(Agreement(Level.SUPPORTERS, frozenset({Kind.NAME})))
ANYBODY = Somebody(has_seat=True)


def keys(one: Somebody, campaign: Campaign) -> list[str]:
    return [rung.key for rung in next_three(one, campaign)]


def test_who_did_nothing_yet_is_shown_the_three_smallest_things() -> None:
    assert keys(ANYBODY, AGREED) == ["sign", "card", "letter"]


def test_who_wrote_a_letter_is_shown_what_comes_after_it_and_not_the_letter() -> None:
    assert keys(Somebody(did=frozenset({"letter"}), has_seat=True), AGREED) == ["bring", "drive", "cook"]


def test_at_the_top_of_the_ladder_the_smaller_things_that_were_left_out_come_again() -> None:
    assert keys(Somebody(did=frozenset({"role", "host"}), has_seat=True), AGREED) == [
        "sign",
        "card",
        "letter",
    ]


def test_what_somebody_offers_and_the_case_needs_comes_first_even_if_it_is_a_large_thing() -> None:
    needed = Campaign(AGREED.agreement, needs=frozenset({"host", "cook"}))
    assert "host" in keys(Somebody(offers=frozenset({"host"}), has_seat=True), needed)


def test_nobody_is_asked_to_translate_from_english_or_to_write_who_said_no() -> None:
    did = frozenset(RUNGS) - {"translate", "letter", "surgery"}
    assert keys(Somebody(did=did, writes=False, languages=spoken_languages("English")), AGREED) == []
    fits = Somebody(did=did, languages=spoken_languages("English; Dari"), has_seat=True)
    assert keys(fits, AGREED) == ["letter", "translate", "surgery"]


def test_where_the_person_said_no_to_mps_nobody_is_asked_to_write_to_one() -> None:
    said_no = Campaign(AGREED.agreement, may_write=False)
    assert not {"card", "letter", "surgery"} & set(keys(ANYBODY, said_no))


def test_a_visit_in_detention_is_not_named_where_nobody_may_know_that_somebody_is_held() -> None:
    left = Somebody(did=frozenset(RUNGS) - {"visit"})
    held = Campaign(AGREED.agreement, held=True)
    assert keys(left, held) == []
    told = Agreement(Level.SUPPORTERS, frozenset({Kind.PLACE_OF_DETENTION}))
    assert keys(left, Campaign(told, held=True)) == ["visit"]
    assert keys(left, Campaign(told, held=False)) == []


def test_the_page_is_shared_only_where_there_is_one() -> None:
    public = Agreement(Level.CHANGED_NAME)
    assert "share" not in keys(ANYBODY, Campaign(public))
    assert keys(ANYBODY, Campaign(public, has_page=True))[0] == "share"


@given(
    did=st.frozensets(st.sampled_from(sorted(RUNGS))),
    offers=st.frozensets(st.sampled_from(sorted(RUNGS))),
    needs=st.frozensets(st.sampled_from(sorted(RUNGS))),
    level=st.sampled_from(Level),
    items=st.frozensets(st.sampled_from(Kind)),
    audience=st.sampled_from([Audience.SUPPORTERS, Audience.PUBLIC]),
    held=st.booleans(),
)
def test_whatever_somebody_did_and_offers_nothing_goes_beyond_the_consent(
    did: frozenset[str],
    offers: frozenset[str],
    needs: frozenset[str],
    level: Level,
    items: frozenset[Kind],
    audience: Audience,
    held: bool,
) -> None:
    agreement = Agreement(level, items)
    campaign = Campaign(agreement, audience, has_page=True, held=held, needs=needs)
    shown = next_three(Somebody(did=did, offers=offers, languages=("dari",), has_seat=True), campaign)
    assert len(shown) <= 3
    assert not did & {rung.key for rung in shown}
    for rung in shown:
        assert rung.level <= level
        assert all(may_say(kind, audience, agreement) for kind in rung.tells)


def test_willing_active_and_resting_are_counted_by_the_day_of_the_last_thing() -> None:
    last = {1: TODAY - ACTIVE_FOR, 2: TODAY - ACTIVE_FOR - timedelta(days=1), 3: TODAY}
    found = count(last, {1, 2, 3, 4}, 6, TODAY)
    assert (found.all, found.willing, found.active, found.resting) == (6, 4, 2, 1)


def test_whoever_has_least_in_hand_stands_first_and_much_is_said_without_blame() -> None:
    ruth, mina = Load("Ruth", {ThingKind.PROMISE: 3}, MUCH - 3), Load("Mina", {ThingKind.VISIT: 1})
    assert by_load([ruth, mina]) == [mina, ruth]
    assert (ruth.is_much, mina.is_much) == (True, False)


@pytest.mark.parametrize(
    ("languages", "wanted", "fits"),
    [("English, Dari", "dari", True), ("Dari.", "Dari", True), (None, "Dari", False), (None, None, True)],
)
def test_a_translator_speaks_the_language_that_is_needed(
    languages: str | None, wanted: str | None, fits: bool
) -> None:
    assert speaks(languages, wanted) is fits
