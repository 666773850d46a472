"""Answers of the Members API, read strictly: what must be there is there, what is lacking is empty, all is text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from casework.domain.dates import spoken
from casework.domain.parliament.directory import PUBLISHED, Fact, Office, Result
from casework.domain.parliament.directory_answers import HalfAnAnswer, Left, MemberSaid, Poll

SOURCE = "UK Parliament, Members API"
COMMONS = 1
MOST_TEXT, MOST_LONG, MOST_ROWS = 1_000, 10_000, 2_000
_EMAIL = re.compile(r"[A-Za-z0-9._'+-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_WEB_PAGE = re.compile(r"https?://[A-Za-z0-9.-]+(/[^\s<>\"']*)?")
_HOUSE_TITLES = re.compile(
    r"^(?:(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Sir|Dame|Rev|Lord|Lady|Rt Hon)\.? +)+"
)


class Odd(HalfAnAnswer):
    """An answer is not of the shape that we know."""

    def __init__(self, what: str) -> None:
        super().__init__(f"UK Parliament’s answer is not as we know it: {what}.")


@dataclass(frozen=True)
class Listed:
    """A sitting member as the list of members has them, with the number of their seat."""

    seat_id: int
    member: MemberSaid


def source_on(day: date) -> str:
    """The source of what was read on this day."""
    return f"{SOURCE}, read on {spoken(day)}"


# Each of these is empty where there is nothing, and raises Odd for something of another kind.


def part(told: Any, name: str) -> dict[str, Any]:
    """An object within an object."""
    found = told.get(name) if isinstance(told, dict) else None
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise Odd(f"{name} is no object")
    return found


def rows(told: Any, name: str, kind: type = dict) -> list[Any]:
    """A list within an object, of objects or of another kind; what is null in it is left out."""
    found = told.get(name) if isinstance(told, dict) else None
    if found is None:
        return []
    if not isinstance(found, list) or len(found) > MOST_ROWS:
        raise Odd(f"{name} is no list, or has too many rows")
    there = [one for one in found if one is not None]
    if not all(isinstance(one, kind) for one in there):
        raise Odd(f"{name} holds something of another kind")
    return there


def text(told: Any, name: str, most: int = MOST_TEXT) -> str:
    """A text in one line, without signs that print nothing."""
    found = told.get(name) if isinstance(told, dict) else None
    if found is None:
        return ""
    if not isinstance(found, str) or len(found) > most:
        raise Odd(f"{name} is no text, or too long")
    return " ".join("".join(sign if sign.isprintable() else " " for sign in found).split())


def number(told: Any, name: str) -> int | None:
    """A whole number that is not less than nothing."""
    found = told.get(name) if isinstance(told, dict) else None
    if found is None:
        return None
    if isinstance(found, bool) or not isinstance(found, int) or not 0 <= found < 10**9:
        raise Odd(f"{name} is no whole number")
    return found


def day(told: Any, name: str) -> date | None:
    """The day of a moment such as 2024-07-04T00:00:00."""
    found = text(told, name)
    if not found:
        return None
    try:
        return date.fromisoformat(found[:10])
    except ValueError:
        raise Odd(f"{name} is no date") from None


def listed(item: Any) -> Listed:
    """One row of the list of members. Raises Odd for somebody who does not sit in the Commons now."""
    said = part(item, "value")
    seat = part(said, "latestHouseMembership")
    status = part(seat, "membershipStatus")
    member_id, seat_id = number(said, "id"), number(seat, "membershipFromId")
    full = text(said, "nameFullTitle")
    name = text(said, "nameDisplayAs") or full.removesuffix(" MP")
    if not member_id or not seat_id or not name:
        raise Odd("a member lacks a number, a seat or a name")
    if number(seat, "house") not in (None, COMMONS) or status.get("statusIsActive") is False:
        raise Odd("the list of members names somebody who does not sit")
    family, _, given = text(said, "nameListAs").partition(",")
    return Listed(
        seat_id,
        MemberSaid(
            member_id=member_id,
            name=name,
            address_as=full if not full or full.endswith(" MP") else f"{full} MP",
            family_name=family.strip() if given else "",
            given_name=_HOUSE_TITLES.sub("", given.strip()),
            party=text(part(said, "latestParty"), "name"),
            email="",
            first_elected=(first.isoformat() if (first := day(seat, "membershipStartDate")) else ""),
            since=day(status, "statusStartDate"),
        ),
    )


def left(said: Any) -> Left | None:
    """When somebody left the House; None where it does not say."""
    told = part(said, "value")
    seat = part(told, "latestHouseMembership")
    member_id, on = number(told, "id"), day(seat, "membershipEndDate")
    return Left(member_id, on, text(seat, "membershipEndReason")) if member_id and on else None


def offices(said: Any, source: str, read_on: date) -> tuple[tuple[Office, ...], tuple[Fact, ...]]:
    """The offices of a member, and their pages on the web."""
    found: list[Office] = []
    pages: list[Fact] = []
    for one in rows(said, "value"):
        kind = text(one, "type") or "Office"
        lines = tuple(filter(None, (text(one, f"line{number}") for number in range(1, 6))))
        if one.get("isWebAddress") is True:
            if lines and _WEB_PAGE.fullmatch(lines[0]):
                pages.append(Fact("web page", f"{kind}: {lines[0]}", read_on.isoformat(), source))
            continue
        email = text(one, "email")
        office = Office(
            kind=kind,
            lines=lines,
            postcode=text(one, "postcode"),
            phone=text(one, "phone"),
            email=email if _EMAIL.fullmatch(email) else "",
            source=source,
            as_of=read_on,
            is_preferred=one.get("isPreferred") is True,
        )
        if office.lines or office.phone or office.email:
            found.append(office)
    key = _office_order
    return tuple(sorted(found, key=key)), tuple(sorted(pages, key=lambda fact: fact.text))


def _office_order(office: Office) -> tuple[bool, str, tuple[str, ...], str, str]:
    is_other = not office.kind.casefold().startswith("parliamentary")
    return is_other, office.kind, office.lines, office.phone, office.email


def email_of(found: tuple[Office, ...]) -> str:
    """The address to write mail to: of the office in Parliament, else of another."""
    return next((office.email for office in found if office.email), "")


_BIOGRAPHY = (
    ("governmentPosts", "government post"),
    ("oppositionPosts", "opposition post"),
    ("otherPosts", "other post"),
    ("committeeMemberships", "select committee"),
)


def posts(said: Any, source: str, read_on: date) -> tuple[Fact, ...]:
    """The posts and committees that a member holds now. What has ended is left out."""
    told = part(said, "value")
    found = [
        Fact(kind, name, read_on.isoformat(), source, PUBLISHED, began=_iso(one, "startDate"))
        for field, kind in _BIOGRAPHY
        for one in rows(told, field)
        if (name := _post(one, kind)) and _runs(one, read_on)
    ]
    return tuple(sorted(set(found), key=lambda fact: (fact.kind, fact.began, fact.text)))


def _post(one: Any, kind: str) -> str:
    """The name of a post with its department, which Parliament gives beside it."""
    name, of = text(one, "name"), text(one, "additionalInfo")
    with_department = kind != "select committee" and of and of.casefold() not in name.casefold()
    return f"{name} ({of})" if name and with_department else name


def _runs(one: Any, on: date) -> bool:
    ended = day(one, "endDate")
    return ended is None or ended > on


def _iso(one: Any, name: str) -> str:
    found = day(one, name)
    return found.isoformat() if found else ""


def own_interests(said: Any, source: str, read_on: date) -> tuple[Fact, ...]:
    """The subjects and places that a member says they care for: "Countries of interest: Jamaica"."""
    found = []
    for one in rows(said, "value"):
        focus = [{"words": words} for words in rows(one, "focus", str)]
        told = ", ".join(filter(None, (text(words, "words", MOST_LONG).strip(" ,") for words in focus)))
        if told:
            words = f"{text(one, 'category') or 'Interests'}: {told}"
            found.append(Fact("political interest", words, read_on.isoformat(), source))
    return tuple(sorted(found, key=lambda fact: fact.text))


def registered_interests(said: Any, source: str, read_on: date) -> tuple[Fact, ...]:
    """How many entries of each category a member has in the register. Whom they name is not read: it is not needed."""
    found = []
    for one in rows(said, "value"):
        count = sum(1 for entry in rows(one, "interests") if not text(entry, "deletedWhen"))
        name = text(one, "name")
        if name and count:
            words = f"{name}: {count} {'entry' if count == 1 else 'entries'}"
            found.append(Fact("registered interest", words, read_on.isoformat(), source))
    return tuple(sorted(found, key=lambda fact: fact.text))


def elections(said: Any) -> Iterator[tuple[int, date]]:
    """The elections in a seat: the number of each and its day. Old votes counted in new borders are none."""
    for one in rows(said, "value"):
        election_id, on = number(one, "electionId"), day(one, "electionDate")
        if election_id and on and one.get("isNotional") is not True:
            yield election_id, on


def poll(said: Any, source: str) -> Poll:
    """One election with its winner and runner-up. Raises Odd where there is no winner."""
    told = part(said, "value")
    on = day(told, "electionDate")
    votes = sorted(
        rows(told, "candidates"), key=lambda one: (-(number(one, "votes") or 0), text(one, "name"))
    )
    if on is None or not votes or not text(votes[0], "name"):
        raise Odd("an election has no day or no winner")
    first, second = votes[0], votes[1] if len(votes) > 1 else {}
    turnout, majority = number(told, "turnout"), number(told, "majority")
    result = Result(
        held_on=on,
        by="general election" if told.get("isGeneralElection") is True else "by-election",
        outcome=text(told, "result"),
        winner=text(first, "name"),
        winner_party=text(part(first, "party"), "name"),
        winner_votes=number(first, "votes"),
        winner_share_pct=_per_cent(number(first, "votes"), turnout),
        runner_up=text(second, "name"),
        runner_up_party=text(part(second, "party"), "name"),
        runner_up_votes=number(second, "votes"),
        majority=majority,
        majority_pct=_per_cent(majority, turnout),
        source=source,
    )
    return Poll(result, number(first, "memberId"))


def _per_cent(votes: int | None, of: int | None) -> float | None:
    return round(100 * votes / of, 2) if votes is not None and of and votes <= of else None
