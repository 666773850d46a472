"""What two models look for, each answered as a fact: met, not met or not known, and why."""

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from casework.domain.parliament.criteria import Answer, Criterion, Lists, Typed, finding, findings
from casework.domain.parliament.directory import (
    GENERAL_ELECTIONS,
    Fact,
    Member,
    Seat,
    SeatStatus,
    Term,
    how_first_elected,
)
from casework.reference.directory import directory

LEEDS = directory().constituency("E14001323")
CHANGED = date(2026, 7, 20)
OLD_LIST = Lists(date(2026, 6, 19), CHANGED)
NEW_LIST = Lists(date(2026, 9, 1), CHANGED, frozenset({Criterion.COMMITTEE}))


def sitting(*facts: Fact, first_elected: str = "2024-07-04", majority: int | None = 900) -> Seat:
    """Ada Invented, who sits for Leeds South in these tests."""
    member = Member(
        "Ada Invented", "Ada Invented MP", "Ada", "Invented", "None", "", "", 1, None, first_elected, "a list",
        date(2026, 6, 27), facts=facts,
    )  # fmt: skip
    won = replace(LEEDS.last_election, majority=majority, majority_pct=2.5, held_on=date(2024, 7, 4))
    place = replace(LEEDS, elections=(won,))
    return Seat(
        place,
        date(2026, 11, 1),
        SeatStatus.MEMBER,
        Term(member, date(2024, 7, 4), "general election"),
    )


def post(text: str, dated: str, kind: str = "government post") -> Fact:
    return Fact(kind, text, dated, "a list of posts")


MINISTER = post("Minister for Examples", "2026-06-19")
APPOINTED = post("Ada Invented appointed Minister", "2026-07-20")
ON_COMMITTEE = post("Home Affairs Committee", "2026-09-01", "select committee")
PPS = post("Parliamentary Private Secretary (Treasury)", "2026-08-01")


@pytest.mark.parametrize(
    ("criterion", "seat", "lists", "answer", "because"),
    [
        (Criterion.SMALL_MAJORITY, sitting(), OLD_LIST, Answer.MET, "won by 900 votes (2.5 per cent)"),
        (Criterion.SMALL_MAJORITY, sitting(majority=2_499), OLD_LIST, Answer.MET, "won by 2,499 votes"),
        (Criterion.SMALL_MAJORITY, sitting(majority=2_500), OLD_LIST, Answer.NOT_MET, "won by 2,500 votes"),
        (Criterion.SMALL_MAJORITY, sitting(majority=1), OLD_LIST, Answer.MET, "won by 1 vote "),
        (Criterion.SMALL_MAJORITY, sitting(majority=None), OLD_LIST, Answer.NOT_KNOWN, "not known"),
        (Criterion.NEWLY_ELECTED, sitting(), OLD_LIST, Answer.MET, "First elected on 4 July 2024."),
        (Criterion.NEWLY_ELECTED, sitting(first_elected="2026-06-18"), OLD_LIST, Answer.MET, "18 June 2026"),
        (Criterion.NEWLY_ELECTED, sitting(first_elected="2024-05-02"), OLD_LIST, Answer.NOT_MET, "2 May 2024"),
        (Criterion.NEWLY_ELECTED, sitting(first_elected=""), OLD_LIST, Answer.NOT_KNOWN, "not known"),
        (
            Criterion.NEWLY_ELECTED,
            sitting(post("First elected before 1 May 1997.", "2026-06-27", "first elected"), first_elected=""),
            OLD_LIST, Answer.NOT_MET, "before 1 May 1997",
        ),
        (Criterion.PRIVATE_SECRETARY, sitting(), NEW_LIST, Answer.NOT_KNOWN, "No list of private secretaries"),
        (Criterion.PRIVATE_SECRETARY, sitting(PPS), OLD_LIST, Answer.MET, "(Treasury)"),
        (Criterion.COMMITTEE, sitting(), OLD_LIST, Answer.NOT_KNOWN, "No list of select committees"),
        (Criterion.COMMITTEE, sitting(ON_COMMITTEE), NEW_LIST, Answer.MET, "Home Affairs Committee"),
        (Criterion.COMMITTEE, sitting(), NEW_LIST, Answer.NOT_MET, "Not named"),
        (Criterion.MINISTER, sitting(MINISTER), OLD_LIST, Answer.NOT_KNOWN, "Minister for Examples on 19 June"),
        (Criterion.MINISTER, sitting(), OLD_LIST, Answer.NOT_KNOWN, "a new Prime Minister was appointed on 20 July"),
        (Criterion.MINISTER, sitting(APPOINTED), OLD_LIST, Answer.MET, "appointed Minister"),
        (Criterion.MINISTER, sitting(), NEW_LIST, Answer.NOT_MET, "Not named in the list of posts"),
        (Criterion.MINISTER, sitting(PPS), NEW_LIST, Answer.NOT_MET, "Not named"),
        (Criterion.MINISTER, sitting(), Lists(), Answer.NOT_KNOWN, "No list of posts"),
        (Criterion.RISING_STAR, sitting(), NEW_LIST, Answer.NOT_KNOWN, "No list says so"),
    ],
)  # fmt: skip
def test_each_criterion_is_answered_with_its_reason(criterion, seat, lists, answer, because):
    found = finding(criterion, seat, (), lists)
    assert (found.answer, because in found.reason) == (answer, True), found.reason


def test_an_older_list_is_a_hint_and_no_answer():
    assert finding(Criterion.MINISTER, sitting(MINISTER), (), OLD_LIST).once
    assert not finding(Criterion.MINISTER, sitting(), (), OLD_LIST).once


def typed(criterion: Criterion, day: date, *, is_over: bool = False) -> Typed:
    return Typed(criterion, "What we read", "a newspaper", day, is_over)


def test_what_the_group_typed_answers_what_no_list_knows_until_a_newer_list_does():
    star = finding(Criterion.RISING_STAR, sitting(), [typed(Criterion.RISING_STAR, CHANGED)], OLD_LIST)
    assert (star.answer, star.source, star.when) == (Answer.MET, "a newspaper", "20 July 2026")
    assert "typed by the group" in star.reason
    before = [typed(Criterion.COMMITTEE, date(2026, 8, 1), is_over=True)]
    assert (
        finding(Criterion.COMMITTEE, sitting(ON_COMMITTEE), before, NEW_LIST).reason
        == "Home Affairs Committee."
    )
    later = [*before, typed(Criterion.COMMITTEE, date(2026, 10, 1), is_over=True)]
    assert finding(Criterion.COMMITTEE, sitting(ON_COMMITTEE), later, NEW_LIST).answer is Answer.NOT_MET


def test_what_was_typed_of_a_post_before_the_newest_prime_minister_is_a_hint_and_no_answer():
    before = typed(Criterion.PRIVATE_SECRETARY, date(2026, 7, 19))
    found = finding(Criterion.PRIVATE_SECRETARY, sitting(), [before], OLD_LIST)
    assert (found.answer, found.once) == (Answer.NOT_KNOWN, True)
    assert "A new Prime Minister was appointed on 20 July 2026" in found.reason
    on_the_day = typed(Criterion.PRIVATE_SECRETARY, CHANGED)
    assert finding(Criterion.PRIVATE_SECRETARY, sitting(), [on_the_day], OLD_LIST).answer is Answer.MET
    star = typed(Criterion.RISING_STAR, date(2026, 7, 19))
    assert finding(Criterion.RISING_STAR, sitting(), [star], OLD_LIST).answer is Answer.MET


def test_an_empty_seat_has_no_answers_and_no_answer_is_a_number_or_a_judgement():
    empty = replace(sitting(), status=SeatStatus.VACANT, term=None)
    assert findings(empty, (), OLD_LIST) == ()
    assert {str(answer) for answer in Answer} == {"met", "not met", "not known"}
    words = " ".join(one.words + one.why for one in Criterion).casefold()
    assert not any(word in words for word in ("friendl", "hostile", "score", "target"))


def test_the_days_of_first_elections_are_those_of_general_elections_or_of_single_by_elections():
    members = [
        term.member for one in directory().constituencies() for term in directory().terms(one.gss_code)[-1:]
    ]
    days = Counter(how_first_elected(member)[0] for member in members)
    assert {day for day, number in days.items() if day and number > 3} == GENERAL_ELECTIONS
    benn = directory().seat_on("E14001323", date(2026, 4, 1)).member
    assert how_first_elected(benn) == (date(1999, 6, 10), "by-election")
