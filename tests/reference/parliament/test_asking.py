"""Asking UK Parliament, against a server of our own that is slow, broken, lying or tired on purpose."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from casework.domain.parliament.directory import FACT_KINDS, Constituency, Member, Result, Term
from casework.domain.parliament.directory_answers import Answers, HalfAnAnswer, refuse_half
from casework.domain.parliament.directory_changes import Sitting as Seat
from casework.reference.parliament.asking import Known, ask_all
from casework.reference.parliament.client import LONGEST_WAIT, Client, NoAnswer, Pace
from casework.reference.parliament.kept_answers import KeptAnswers
from tests.parliament_of_our_own import (
    ALLOWED,
    Election,
    Parliament,
    Sitting,
    breaks_off,
    moment,
    never_ends,
    open_parliament,
    says,
)

TODAY = date(2026, 11, 29)
FEW, TWO_PAGES = 3, 23
FIRST = 4001


def code(seat: int) -> str:
    """The code of a seat by its number at Parliament."""
    return f"E140{seat:05}"


def as_known(member: Sitting) -> Member:
    """The member as an older directory has them."""
    given, _, family = member.name.rpartition(" ")
    return Member(
        member.name, f"{member.name} MP", given, family, member.party, "", "", member.number, None, "", "invented",
        date(2026, 6, 27),
    )  # fmt: skip


def known(parliament: Parliament) -> Known:
    """An older directory that says of every seat what this server says."""
    result = Result(
        date(2024, 7, 4), "general election", "", "", "", None, None, "", "", None, None, None, "invented"
    )
    constituencies, sittings = {}, {}
    for seat, member in parliament.seats.items():
        assert member
        constituencies[code(seat)] = Constituency(
            code(seat), f"Place {seat}", "", "England", "", seat, "", 0.0, 0.0, (), 0, 0.0, (result,)
        )
        term = Term(as_known(member), date(2024, 7, 4), "general election")
        sittings[code(seat)] = Seat((term,), (result,))
    return Known(constituencies, sittings)


@pytest.fixture
def parliament(request: pytest.FixtureRequest) -> Iterator[Parliament]:
    """A few seats, or as many as a test says."""
    seats: dict[int, Sitting | None] = {
        FIRST + number: Sitting(100 + number, f"Ann Example-{number}")
        for number in range(getattr(request, "param", FEW))
    }
    with open_parliament(Parliament(seats)) as opened:
        yield opened


@pytest.fixture
def before(parliament: Parliament) -> Known:
    return known(parliament)


@pytest.fixture
def waits() -> list[float]:
    """The seconds that were waited for, in order."""
    return []


@pytest.fixture
def ask(parliament: Parliament, before: Known, waits: list[float], tmp_path: Any) -> Callable[..., Answers]:
    """Ask for everything, without really waiting."""
    pace = Pace(a_second=float("inf"), time_limit=5.0, tries=3, wait=waits.append)

    def ask(*, good_for: float = 0.0, **other: Any) -> Answers:
        client = Client(parliament.address, KeptAnswers(tmp_path / "kept"), replace(pace, **other))
        try:
            return ask_all(client, before, TODAY, lambda *_: None, good_for=good_for)
        finally:
            client.close()

    return ask


def said_of(answers: Answers, seat: int) -> Any:
    return next(one for one in answers.seats if one.gss_code == code(seat))


two_pages = pytest.mark.parametrize("parliament", [TWO_PAGES], indirect=True)


@two_pages
def test_everything_a_member_has_is_read_and_every_question_holds_numbers_alone(parliament, ask):
    ann = parliament.seats[FIRST]
    ann.contact = [
        {"type": "Constituency office", "line1": "1 Invented Row", "line3": "Leeds", "postcode": "LS1 1AA",
         "phone": "0113 496 0000", "email": "ann@example.org", "isPreferred": True},
        {"type": "Parliamentary office", "line1": "House of Commons", "email": "ann.mp@example.org", "fax": None},
        {"type": "Website", "isWebAddress": True, "line1": "https://ann.example.org/"},
        {"type": "Nowhere", "isWebAddress": True, "line1": "javascript:alert(1)"},
    ]  # fmt: skip
    ann.posts = {
        "governmentPosts": [
            {"name": "Minister of State", "additionalInfo": "Home Office", "startDate": moment("2026-07-20")},
            {"name": "Minister of Old", "startDate": moment("2025-01-01"), "endDate": moment("2026-07-20")},
        ],
        "committeeMemberships": [{"name": "Example\r\nCommittee", "startDate": moment("2024-10-01"), "endDate": None}],
        "oppositionPosts": None,
    }  # fmt: skip
    ann.focus = [{"category": "Countries of interest", "focus": ["Jamaica, ", None]}]
    ann.interests = [
        {"name": "1. Employment", "interests": [{"interest": "paid by Mr Private"}, {"deletedWhen": "x"}]}
    ]
    answers = ask()
    member = said_of(answers, FIRST).member
    assert [(office.kind, office.lines, office.phone) for office in member.offices] == [
        ("Parliamentary office", ("House of Commons",), ""),
        ("Constituency office", ("1 Invented Row", "Leeds"), "0113 496 0000"),
    ]
    assert member.email == "ann.mp@example.org"
    assert [(fact.kind, fact.text, fact.began) for fact in member.facts] == [
        ("government post", "Minister of State (Home Office)", "2026-07-20"),
        ("select committee", "Example Committee", "2024-10-01"),
        ("political interest", "Countries of interest: Jamaica", ""),
        ("registered interest", "1. Employment: 1 entry", ""),
        ("web page", "Website: https://ann.example.org/", ""),
    ]
    assert {fact.kind for fact in member.facts} <= set(FACT_KINDS)
    assert {fact.source for fact in member.facts} == {"UK Parliament, Members API, read on 29 November 2026"}
    refuse_half(answers, [code(seat) for seat in parliament.seats])
    assert len(parliament.requests) == 2 + 4 * TWO_PAGES
    assert all(ALLOWED.fullmatch(path) for path in parliament.requests)
    kinds = {
        line.partition(":")[0] for one in parliament.whole_requests for line in one.splitlines()[1:] if line
    }
    assert kinds <= {"Host", "Accept", "Accept-Encoding", "Connection", "User-Agent"}


def test_what_did_not_change_is_not_sent_again_and_what_came_today_is_not_asked_again(parliament, ask):
    first = ask()
    asked = len(parliament.requests)
    assert ask() == first
    assert len(parliament.requests) == 2 * asked
    assert all("If-None-Match" in one for one in parliament.whole_requests[asked:])
    assert ask(good_for=3600.0) == first
    assert len(parliament.requests) == 2 * asked + 1  # who sits is always asked


def test_a_by_election_is_asked_for_where_somebody_else_sits_and_nowhere_else(parliament, ask):
    old = parliament.seats[FIRST + 1]
    old.ended = "2026-09-01"
    parliament.gone[old.number] = old
    parliament.seats[FIRST + 1] = Sitting(900, "Eve Newly", "Other Party", since="2026-10-08")
    votes = [(None, "Dee Second", "Example Party", 8000), (900, "Eve Newly", "Other Party", 9000)]
    parliament.elections[FIRST + 1] = [
        Election(1, "2024-07-04", [(101, "Ann Example-1", "", 2), (None, "B", "", 1)], is_general=True),
        Election(2, "2026-10-08", votes),
    ]
    said = said_of(ask(), FIRST + 1)
    (poll,) = said.polls
    assert (poll.winner_id, poll.result.winner, poll.result.majority, poll.result.majority_pct) == (
        900, "Eve Newly", 1000, 5.88,
    )  # fmt: skip
    assert (said.left.on, said.left.reason) == (date(2026, 9, 1), "Resigned")
    assert all(ALLOWED.fullmatch(path) for path in parliament.requests)
    assert sum("/ElectionResults" in path for path in parliament.requests) == 1


def test_an_empty_seat_is_believed_only_when_the_seat_itself_says_so(parliament, ask):
    gone = parliament.seats[FIRST]
    parliament.gone[gone.number] = gone
    parliament.seats[FIRST] = None
    assert said_of(ask(), FIRST).member is None
    parliament.spoil(
        f"/Constituency/{FIRST}",
        says({"value": {"id": FIRST, "currentRepresentation": {"member": {"x": 1}}}}),
    )
    with pytest.raises(HalfAnAnswer, match="lacks a member"):
        ask()


MEMBER = {"value": Sitting(1, "A B").said(FIRST)["value"]}


@pytest.mark.parametrize(
    ("address", "lie"),
    [
        ("skip=0", {"items": [MEMBER], "totalResults": 2}),
        ("skip=0", {"items": [], "totalResults": 0}),
        ("skip=0", {"items": [], "totalResults": None}),
        ("skip=0", {"items": [MEMBER] * FEW, "totalResults": FEW}),
        ("skip=0", {"items": [Sitting(1, "A B").said(9999)], "totalResults": 1}),
        ("skip=0", {"items": [{"value": {"id": "1"}}], "totalResults": FEW}),
        ("skip=0", {"items": "many", "totalResults": FEW}),
        ("skip=0", [1, 2, 3]),
        ("/100/Contact", {"value": ["x"]}),
        ("/100/Contact", {"value": [{"type": "x" * 1001}]}),
        ("/100/Biography", {"value": {"governmentPosts": [{"name": "x", "endDate": "tomorrow"}]}}),
        ("/100/Focus", {"value": [{"focus": [{"a": 1}]}]}),
        ("/100/RegisteredInterests", {"value": {"a": 1}}),
    ],
)
def test_a_lie_or_half_an_answer_is_refused_whole(parliament, ask, address, lie):
    parliament.spoil(address, says(lie))
    with pytest.raises(HalfAnAnswer, match="Nothing was changed"):
        ask()


@two_pages
def test_a_list_that_ends_before_it_should_is_refused(parliament, ask):
    parliament.spoil("skip=20", says({"items": [], "totalResults": TWO_PAGES}))
    with pytest.raises(HalfAnAnswer, match="named 20 of 23"):
        ask()


@pytest.mark.parametrize("status", [301, 403, 404, 418])
def test_an_answer_that_is_none_is_refused_at_once(parliament, ask, waits, status):
    parliament.spoil("/101/Biography", says({"value": {}}, status=status, Location="https://example.org/"))
    with pytest.raises(NoAnswer, match=f"answered with {status}"):
        ask()
    assert waits == []


@pytest.mark.parametrize(
    "broken", [breaks_off, says(b"<html>"), says(b"\xff"), says(b"[" * 100_000), says({}, status=503)]
)
def test_what_breaks_once_is_asked_for_again_and_what_stays_broken_is_refused(parliament, ask, waits, broken):
    parliament.spoil("/101/Contact", broken, times=2)
    ask()
    assert waits == [2.0, 4.0]
    parliament.spoil("/101/Contact", broken, times=3)
    with pytest.raises(NoAnswer, match="Nothing was changed"):
        ask()


def test_whichever_question_stays_without_an_answer_all_of_it_is_refused(parliament, ask):
    old = parliament.seats[FIRST]
    old.ended, parliament.gone[old.number] = "2026-09-01", old
    parliament.seats[FIRST] = Sitting(900, "Eve Newly", since="2026-10-08")
    parliament.elections[FIRST] = [Election(2, "2026-10-08", [(900, "Eve Newly", "", 2), (None, "B", "", 1)])]
    parliament.seats[FIRST + 1] = None
    parliament.gone[101] = Sitting(101, "Ann Example-1", ended="2026-10-01")
    whole = ask()
    for path in set(parliament.requests):
        parliament.spoilt.clear()
        parliament.spoil(path, says({}, status=503), times=3)
        with pytest.raises(NoAnswer):
            ask()
    parliament.spoilt.clear()
    assert ask() == whole


def test_who_asks_us_to_wait_is_waited_for_within_a_bound(parliament, ask, waits):
    parliament.spoil("/100/Focus", says({}, status=429, Retry_After="7"))
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    parliament.spoil("/101/Focus", says({}, status=503, Retry_After=soon))
    ask()
    assert waits[0] == 7.0
    assert 50 < waits[1] <= 60
    parliament.spoil("skip=0", says({}, status=429, Retry_After="3123"))
    assert LONGEST_WAIT < 3123
    with pytest.raises(NoAnswer, match="wait 52 minutes"):
        ask()
    assert len(waits) == 2


def test_an_answer_that_never_ends_or_is_too_long_is_given_up(parliament, ask):
    parliament.spoil("skip=0", never_ends, times=2)
    with pytest.raises(NoAnswer, match="too long to answer"):
        ask(time_limit=0.1, tries=2)
    parliament.spoil("skip=0", says(b" " * 5_000_001))
    with pytest.raises(NoAnswer, match="more than any answer"):
        ask()


def test_questions_come_one_after_another_and_no_faster_than_said(parliament, ask, waits):
    clock = [0.0]

    def wait(seconds: float) -> None:
        waits.append(seconds)
        clock[0] += seconds

    ask(a_second=4.0, wait=wait, now=lambda: clock[0])
    assert len(waits) == len(parliament.requests) - 1
    assert set(waits) == {0.25}


def test_without_a_network_one_sentence_says_so(tmp_path, before):
    client = Client("http://127.0.0.1:1", KeptAnswers(tmp_path), Pace())
    with pytest.raises(NoAnswer, match=r"^There is no way to 127\.0\.0\.1 from this machine\."):
        ask_all(client, before, TODAY, lambda *_: None)
    client.close()


def test_a_kept_answer_that_was_damaged_is_asked_for_again(parliament, ask, tmp_path):
    first = ask()
    for path in (tmp_path / "kept").iterdir():
        path.write_text(path.read_text()[:20])
    assert ask(good_for=3600.0) == first
