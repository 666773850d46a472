"""What UK Parliament would answer if nothing had changed, or one seat had; as values, without a server."""

from dataclasses import replace
from datetime import date
from typing import Any

from casework import clock
from casework.domain.parliament.directory import Result
from casework.domain.parliament.directory_answers import Answers, Left, MemberSaid, Poll, SeatSaid
from casework.domain.parliament.directory_changes import SAID_BY_PARLIAMENT, Sitting
from casework.services.parliament import directory_updates
from casework.services.parliament.directory import directory

SOURCE = "UK Parliament, Members API, read today"


def as_now(code: str, sitting: Sitting, number: int) -> SeatSaid:
    """The seat as the directory has it. Who has no number gets one."""
    term = sitting.terms[-1]
    if term.until is not None:
        return SeatSaid(code, None)
    one = term.member
    return SeatSaid(
        code,
        MemberSaid(
            one.member_id or 90_000 + number, one.name, one.address_as, one.family_name, one.given_name, one.party,
            one.email, one.first_elected, term.since,
            facts=tuple(fact for fact in one.facts if fact.kind in SAID_BY_PARLIAMENT), offices=one.offices,
        ),
    )  # fmt: skip


def answers(*changed: SeatSaid, read_on: date | None = None) -> Answers:
    """An answer about every seat: as the directory has it, but for these."""
    own = {one.gss_code: one for one in changed}
    seats = frozenset(
        own.get(code) or as_now(code, sitting, number)
        for number, (code, sitting) in enumerate(directory().sittings().items())
    )
    return Answers(read_on or clock.today(), SOURCE, seats)


def by_election(code: str, name: str, on: date, left_on: date, **more: Any) -> SeatSaid:
    """The seat with another member since this day."""
    before = directory().sittings()[code].terms[-1].member
    given, _, family = name.rpartition(" ")
    number = 99_001
    result = Result(
        on, "by-election", "Gain", name, "Example Party", 9000, 45.0, "Dee Second", "Other", 8000, 1000, 5.0, SOURCE
    )  # fmt: skip
    sits = MemberSaid(
        number, name, f"{name} MP", family, given, "Example Party", "new@example.org", on.isoformat(), on
    )
    left = Left(before.member_id or 0, left_on)
    return SeatSaid(code, replace(sits, **more), left, frozenset([Poll(result, number)]))


def apply(said: Answers, **options: Any) -> directory_updates.Update:
    """The update of these answers, in use."""
    update = directory_updates.prepare(said, 1, **options)
    assert update
    directory_updates.apply(update)
    return update
