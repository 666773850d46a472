"""Which questions are put to UK Parliament, in which order. Every member is asked about, so that none stands out.

An address holds numbers of Parliament's own, of members, seats, elections and pages, and nothing else.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from casework.domain.parliament.directory import PUBLISHED, Constituency
from casework.domain.parliament.directory_answers import (
    Answers,
    HalfAnAnswer,
    Left,
    MemberSaid,
    Poll,
    SeatSaid,
)
from casework.domain.parliament.directory_changes import Sitting
from casework.reference.parliament import reading
from casework.reference.parliament.client import Client

PARLIAMENT = "https://members-api.parliament.uk"
A_PAGE = 20
KEPT_FOR = (
    6 * 60 * 60.0
)  # seconds: whoever stops on the way, or looks first, is not made to ask all of it again

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Known:
    """What the directory in use knows of the seats: enough to see what is new."""

    constituencies: Mapping[str, Constituency]
    sittings: Mapping[str, Sitting]


def ask_all(
    client: Client, known: Known, read_on: date, progress: Progress, *, good_for: float = KEPT_FOR
) -> Answers:
    """Everything that UK Parliament says of the members now.

    Raises NoAnswer when it does not answer, and HalfAnAnswer when what it says is not whole.
    """
    source = reading.source_on(read_on)
    seats = {one.parliament_constituency_id: code for code, one in known.constituencies.items()}
    sitting: dict[str, MemberSaid] = {}
    for one in _members(client, progress):
        code = seats.get(one.seat_id)
        if code is None:
            raise HalfAnAnswer("UK Parliament named a seat that our directory does not know.")
        if code in sitting:
            raise HalfAnAnswer("UK Parliament named two members for one seat.")
        sitting[code] = one.member
    said = set()
    for number, code in enumerate(sorted(known.constituencies)):
        progress("Each member", number, len(known.constituencies))
        member = sitting.get(code)
        seat_id = known.constituencies[code].parliament_constituency_id
        if member is None:
            _confirm_empty(client, seat_id)
        else:
            member = _in_full(client, member, source, read_on, good_for)
        said.add(_with_news(client, SeatSaid(code, member), known, source))
    progress("Each member", len(known.constituencies), len(known.constituencies))
    return Answers(read_on, source, frozenset(said))


def _members(client: Client, progress: Progress) -> list[reading.Listed]:
    """The list of members, page by page. Raises HalfAnAnswer when it is not as long as it says."""
    found: list[reading.Listed] = []
    total = None
    while total is None or len(found) < total:
        page = client.ask(f"/api/Members/Search?House=1&IsCurrentMember=true&skip={len(found)}&take={A_PAGE}")
        said = reading.number(page, "totalResults")
        if said is None or (total is not None and said != total) or said > reading.MOST_ROWS:
            raise HalfAnAnswer("UK Parliament did not say how many members there are, or said two numbers.")
        total = said
        items = reading.rows(page, "items")
        if not items and len(found) < total:
            raise HalfAnAnswer(f"UK Parliament named {len(found)} of {total} members.")
        found += map(reading.listed, items)
        progress("The list of members", len(found), total)
    if len({one.member.member_id for one in found}) != total:
        raise HalfAnAnswer(f"UK Parliament named {len(found)} members, and said that there are {total}.")
    return found


def _confirm_empty(client: Client, seat_id: int) -> None:
    """Nothing where the seat itself says that it is empty. Raises HalfAnAnswer when it names a member."""
    said = reading.part(client.ask(f"/api/Location/Constituency/{seat_id}"), "value")
    if reading.number(said, "id") != seat_id:
        raise HalfAnAnswer("UK Parliament answered about another seat than we asked for.")
    if reading.part(reading.part(said, "currentRepresentation"), "member"):
        raise HalfAnAnswer("UK Parliament's list lacks a member whom it names elsewhere.")


def _in_full(client: Client, member: MemberSaid, source: str, read_on: date, good_for: float) -> MemberSaid:
    """The member with offices, posts, committees and interests."""
    place = f"/api/Members/{member.member_id}"
    contact, biography, focus, register = (
        client.ask(f"{place}/{what}", good_for=good_for)
        for what in ("Contact", "Biography", "Focus", "RegisteredInterests")
    )
    offices, pages = reading.offices(contact, source, read_on)
    facts = (
        *reading.posts(biography, source, read_on),
        *reading.own_interests(focus, source, read_on),
        *reading.registered_interests(register, source, read_on),
        *pages,
    )
    return replace(member, email=reading.email_of(offices), facts=facts, offices=offices)


def _with_news(client: Client, said: SeatSaid, known: Known, source: str) -> SeatSaid:
    """The seat with what is asked only where somebody else sits than before: elections, and when who was there left."""
    last = known.sittings[said.gss_code].terms[-1]
    sits = said.member.member_id if said.member else None
    is_as_before = sits == (last.member.member_id if last.until is None else None)
    is_certain = last.until is not None or last.member.certainty == PUBLISHED
    is_again = bool(said.member and said.member.since and said.member.since > last.since)
    if is_as_before and is_certain and not is_again:
        return said
    seat_id = known.constituencies[said.gss_code].parliament_constituency_id
    left = None
    if last.until is None and last.member.member_id and sits != last.member.member_id:
        left = _left(client, last.member.member_id)
    # Of an election that only one source named, Parliament's own result is wanted too.
    first = last.since + timedelta(days=0 if not is_certain else 1)
    return replace(said, left=left, polls=frozenset(_polls(client, seat_id, first, source)))


def _left(client: Client, member_id: int) -> Left | None:
    left = reading.left(client.ask(f"/api/Members/{member_id}"))
    return left if left and left.member_id == member_id else None


def _polls(client: Client, seat_id: int, first: date, source: str) -> list[Poll]:
    """The elections in a seat on this day or later."""
    found = []
    for election_id, on in reading.elections(
        client.ask(f"/api/Location/Constituency/{seat_id}/ElectionResults")
    ):
        if on >= first:
            said = client.ask(f"/api/Location/Constituency/{seat_id}/ElectionResult/{election_id}")
            found.append(reading.poll(said, source))
    return found
