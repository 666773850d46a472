"""What an update makes of who sits where: in any order, without any loss, and twice the same."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.domain.parliament.directory import (
    FIRST_KNOWN_DAY,
    ONE_SOURCE,
    Constituency,
    Fact,
    Member,
    Result,
    Term,
)
from casework.domain.parliament.directory_answers import (
    Answers,
    HalfAnAnswer,
    Left,
    MemberSaid,
    Poll,
    SeatSaid,
    refuse_half,
    refuse_unlikely,
)
from casework.domain.parliament.directory_changes import Sitting, is_sound, settle, settle_seat
from casework.domain.parliament.directory_differences import About, differences
from casework.domain.parliament.new_members import new_member, was_with_another

TODAY = date(2026, 11, 29)
LEEDS = "E14000001"
POLL = date(2026, 10, 8)


def member(number: int | None, name: str, **more: object) -> Member:
    given, _, family = name.rpartition(" ")
    facts = {"party": "Example Party", "party_note": "", "email": "", "twfy_id": 7, "first_elected": ""}
    return Member(
        name, f"{name} MP", given, family, member_id=number, source="tables", as_of=date(2026, 6, 27),
        **{**facts, **more},  # type: ignore[arg-type]
    )  # fmt: skip


def said(number: int, name: str, since: date | None = FIRST_KNOWN_DAY, **more: object) -> MemberSaid:
    given, _, family = name.rpartition(" ")
    facts = {"party": "Example Party", "email": "", "first_elected": ""}
    return MemberSaid(number, name, f"{name} MP", family, given, since=since, **{**facts, **more})  # type: ignore[arg-type]


def result(on: date, winner: str = "Eve Newly", **more: object) -> Result:
    by = "by-election" if on > FIRST_KNOWN_DAY else "general election"
    found = Result(on, by, "", winner, "Other Party", 9000, 50.0, "Dee", "", 8000, 1000, 5.0, "Parliament")
    return replace(found, **more)


def poll(on: date, winner_id: int | None, winner: str = "Eve Newly") -> Poll:
    return Poll(result(on, winner), winner_id)


BEN = Sitting(
    (Term(member(12, "Ben Sample"), FIRST_KNOWN_DAY, "general election"),), (result(FIRST_KNOWN_DAY, "Ben Sample"),)
)  # fmt: skip


def settled(before: Sitting, seat: SeatSaid, on: date = TODAY) -> Sitting:
    return settle_seat(before, seat, Answers(on, f"Parliament, {on}", frozenset([seat])))


def spans(sitting: Sitting) -> list[tuple[str, date, date | None]]:
    return [(term.member.name, term.since, term.until) for term in sitting.terms]


def test_a_by_election_ends_one_term_when_its_member_left_and_begins_another():
    left = Left(12, date(2026, 9, 1), "Resigned")
    after = settled(BEN, SeatSaid(LEEDS, said(14, "Eve Newly", POLL), left, frozenset([poll(POLL, 14)])))
    assert spans(after) == [
        ("Ben Sample", FIRST_KNOWN_DAY, date(2026, 9, 1)),
        ("Eve Newly", POLL, None),
    ]
    assert after.terms[0].note == "The member left on 1 September 2026, as UK Parliament lists it (Resigned)."
    assert [one.held_on for one in after.elections] == [FIRST_KNOWN_DAY, POLL]
    told = differences({LEEDS: BEN}, {LEEDS: after}, {LEEDS: "Leeds Example"})
    assert [one.words for one in told] == [
        "Leeds Example: Eve Newly (Example Party) is the MP since 8 October 2026, after Ben Sample.",
        "Leeds Example: Eve Newly (Other Party) won the by-election of 8 October 2026, by 1,000 votes.",
    ]


def test_an_empty_seat_is_empty_from_the_day_that_is_said_or_else_from_the_day_it_was_seen():
    left = Left(12, date(2026, 9, 1))
    assert settled(BEN, SeatSaid(LEEDS, None, left)).terms[-1].until == date(2026, 9, 1)
    seen = settled(BEN, SeatSaid(LEEDS, None)).terms[-1]
    assert seen.until == TODAY
    assert "the exact day may be earlier" in seen.note
    again = settled(settled(BEN, SeatSaid(LEEDS, None)), SeatSaid(LEEDS, said(12, "Ben Sample")))
    assert spans(again) == spans(BEN)  # it was not empty after all


def test_who_came_and_went_between_two_updates_is_not_forgotten():
    first, second = date(2025, 5, 1), date(2026, 3, 5)
    polls = frozenset([poll(second, 15, "Fay Third"), poll(first, 14)])
    after = settled(BEN, SeatSaid(LEEDS, said(15, "Fay Third", second), None, polls))
    assert spans(after) == [
        ("Ben Sample", FIRST_KNOWN_DAY, first),
        ("Eve Newly", first, second),
        ("Fay Third", second, None),
    ]
    assert after.terms[1].note == "The day on which the last member left is not known."


def test_a_member_who_was_elected_again_has_two_terms_and_is_no_new_member():
    after = settled(BEN, SeatSaid(LEEDS, said(12, "Ben Sample", POLL), None, frozenset([poll(POLL, 12)])))
    assert [term.member.member_id for term in after.terms] == [12, 12]
    assert new_member(place(), after.terms, FIRST_KNOWN_DAY, TODAY) is None


def test_another_day_of_the_present_state_alone_is_no_election():
    assert spans(settled(BEN, SeatSaid(LEEDS, said(12, "Ben Sample", POLL)))) == spans(BEN)


def test_a_member_known_from_one_source_becomes_one_of_the_record_and_keeps_what_parliament_never_says():
    statement = Fact("statement on detained people", "Has said so.", "undated", "a book")
    old = Fact("government post", "Minister for Old", "2026-06-19", "a list")
    eve = member(None, "Eve Newly", certainty=ONE_SOURCE, facts=(old, statement))
    before = Sitting((Term(eve, POLL, "by-election"),), (result(POLL, certainty=ONE_SOURCE, majority=None),))
    post = Fact("government post", "Minister for New", "2026-11-29", "Parliament")
    seat = SeatSaid(LEEDS, said(14, "Dame Eve Newly", POLL, facts=(post,)), None, frozenset([poll(POLL, 14)]))
    after = settled(before, seat)
    now = after.terms[-1].member
    assert (len(after.terms), now.member_id, now.is_checked, now.twfy_id) == (1, 14, True, 7)
    assert now.facts == (post, statement)
    assert (after.elections[-1].majority, after.elections[-1].certainty) == (1000, "published record")
    told = differences({LEEDS: before}, {LEEDS: after}, {LEEDS: "Leeds Example"})
    assert [one.about for one in told] == [About.ELECTION, About.POST, About.NAME]


days = st.dates(min_value=date(2024, 8, 1), max_value=date(2027, 6, 1))
numbers = st.integers(min_value=11, max_value=15)
NAMES = {11: "Ann Invented", 12: "Ben Invented", 13: "Cai Invented", 14: "Dee Invented", 15: "Eve Invented"}


@st.composite
def seats_said(draw: st.DrawFn, code: str, offset: int) -> SeatSaid:
    """Anything that may be said of a seat, likely or not. Members of two seats never are the same."""
    number = draw(st.none() | numbers)
    sits = None
    if number is not None:
        since = draw(st.none() | st.just(FIRST_KNOWN_DAY) | days)
        sits = said(number + offset, NAMES[number], since, party=draw(st.sampled_from(("", "One", "Two"))))
    left = draw(st.none() | st.builds(Left, numbers.map(lambda one: one + offset), days))
    held = draw(st.lists(st.tuples(days, st.none() | numbers), max_size=3, unique_by=lambda one: one[0]))
    polls = [poll(on, one and one + offset, NAMES[one or 11]) for on, one in held]
    return SeatSaid(code, sits, left, frozenset(polls))


CODES = (LEEDS, "E14000002", "E14000003")


@st.composite
def answers(draw: st.DrawFn) -> Answers:
    said = [draw(seats_said(code, 100 * index)) for index, code in enumerate(CODES)]
    return Answers(draw(st.dates(min_value=date(2025, 1, 1), max_value=TODAY)), "Parliament", frozenset(said))


def before() -> dict[str, Sitting]:
    return {
        code: Sitting(
            (
                Term(
                    member(12 + 100 * index, "Ben Invented"),
                    FIRST_KNOWN_DAY,
                    "general election",
                ),
            ),
            BEN.elections,
        )
        for index, code in enumerate(CODES)
    }


@settings(max_examples=30)
@given(answers(), answers(), st.permutations(CODES))
def test_whatever_is_said_any_order_and_twice_make_the_same_and_terms_stay_sound(first, second, order):
    known = before()
    for said in sorted((first, second), key=lambda one: one.read_on):
        after = settle(known, said)
        assert settle(after, said) == after
        one_by_one = known
        for code in order:
            own = frozenset(one for one in said.seats if one.gss_code == code)
            one_by_one = settle(one_by_one, replace(said, seats=own))
        assert one_by_one == after
        for code in CODES:
            assert is_sound(after[code].terms)
            assert after[code].terms[-1].since <= said.read_on
            # what was history stays history
            kept = len(known[code].terms) - 1
            assert after[code].terms[:kept] == known[code].terms[:kept]
            assert after[code].terms[kept].since == known[code].terms[kept].since
        assert {one.gss_code for one in differences(known, after, dict.fromkeys(CODES, "x"))} <= set(CODES)
        known = after


@settings(max_examples=15)
@given(answers(), st.sampled_from(CODES))
def test_an_answer_that_lacks_a_seat_names_one_twice_or_one_too_many_is_refused(said, lost):
    refuse_half(said, CODES)
    own = {one.gss_code: one for one in said.seats}
    with pytest.raises(HalfAnAnswer, match="nothing of one seat"):
        refuse_half(replace(said, seats=said.seats - {own[lost]}), CODES)
    with pytest.raises(HalfAnAnswer, match="does not know"):
        refuse_half(said, [code for code in CODES if code != lost])
    twice = replace(own[lost], member=None, left=Left(1, FIRST_KNOWN_DAY, "another"))
    with pytest.raises(HalfAnAnswer, match="two members for one seat"):
        refuse_half(replace(said, seats=said.seats | {twice}), CODES)


def test_more_changes_than_is_likely_need_somebody_to_look():
    refuse_unlikely(40, 650)
    with pytest.raises(HalfAnAnswer, match="say --many"):
        refuse_unlikely(41, 650)


def place() -> Constituency:
    return Constituency(LEEDS, "Leeds Example", "", "England", "", 1, "", 0.0, 0.0, (), 0, 0.0, BEN.elections)


def test_a_new_member_is_told_to_whoever_began_before_or_before_it_was_heard_of():
    seat = SeatSaid(LEEDS, said(14, "Eve Newly", POLL), None, frozenset([poll(POLL, 14)]))
    terms = settled(BEN, seat).terms
    found = new_member(place(), terms, date(2026, 10, 20), TODAY)  # after the poll, before it was heard of
    assert found
    assert found.words == "The MP for Leeds Example changed on 8 October 2026: Eve Newly after Ben Sample."
    assert "Write to Eve Newly from the start" in found.to_do
    assert new_member(place(), terms, TODAY + timedelta(days=1), TODAY + timedelta(days=1)) is None
    empty = new_member(place(), settled(BEN, SeatSaid(LEEDS, None)).terms, TODAY, TODAY)
    assert empty
    assert (
        empty.words == "The MP for Leeds Example left by 29 November 2026: Ben Sample. Nobody sits there now."
    )
    assert (
        new_member(place(), terms, FIRST_KNOWN_DAY, date(2026, 10, 7)) is None
    )  # nothing had changed by then


@pytest.mark.parametrize(
    ("name", "day", "with_another"),
    [
        ("Ben Sample", TODAY, True),  # after the poll, by a letter that did not know of it
        ("Dame Eve Newly", date(2026, 3, 1), False),
        ("her caseworker", date(2026, 10, 7), True),
        ("her caseworker", POLL, False),
        ("", None, False),
    ],
)
def test_what_was_with_somebody_before_is_known_by_the_name_and_else_by_the_day(name, day, with_another):
    seat = SeatSaid(LEEDS, said(14, "Eve Newly", POLL), None, frozenset([poll(POLL, 14)]))
    assert was_with_another(settled(BEN, seat).terms, name, day, TODAY) is with_another
    assert not was_with_another(BEN.terms, name, day, TODAY)
