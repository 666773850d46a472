"""What UK Parliament answered about the seats on one day, and whether that is a whole answer."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from casework.domain.errors import CaseworkError
from casework.domain.parliament.directory import Fact, Office, Result

MOST_AT_ONCE = 40
"""So many seats may change hands between two updates: a party's purge and a few by-elections stay far below."""


class HalfAnAnswer(CaseworkError):
    """What was answered is not whole, or cannot be so: nothing is taken of it."""

    def __init__(self, why: str) -> None:
        super().__init__(f"{why} Nothing was changed.")


@dataclass(frozen=True)
class MemberSaid:
    """One sitting member, as Parliament names them. Empty is what it does not say."""

    member_id: int
    name: str
    address_as: str
    family_name: str
    given_name: str
    party: str
    email: str
    first_elected: str
    since: date | None
    facts: tuple[Fact, ...] = ()
    offices: tuple[Office, ...] = ()


@dataclass(frozen=True)
class Left:
    """When the member before left the House, and how Parliament names the reason."""

    member_id: int
    on: date
    reason: str = ""


@dataclass(frozen=True)
class Poll:
    """An election in one seat, with the winner's number where Parliament gives it."""

    result: Result
    winner_id: int | None


@dataclass(frozen=True)
class SeatSaid:
    """One seat: who sits there, nobody, and what was asked besides because that is new."""

    gss_code: str
    member: MemberSaid | None
    left: Left | None = None
    polls: frozenset[Poll] = frozenset()


@dataclass(frozen=True)
class Answers:
    """Everything that was answered for one update. The order of the seats says nothing."""

    read_on: date
    source: str
    seats: frozenset[SeatSaid]


def refuse_half(answers: Answers, seats: Iterable[str]) -> None:
    """Nothing where each of these seats has one answer and each member one seat. Raises HalfAnAnswer."""
    wanted = set(seats)
    said = Counter(one.gss_code for one in answers.seats)
    missing, strange = wanted - set(said), set(said) - wanted
    if missing:
        raise HalfAnAnswer(f"UK Parliament said nothing of {_seats(len(missing))}.")
    if strange:
        raise HalfAnAnswer(f"UK Parliament named {_seats(len(strange))} that our directory does not know.")
    if any(number > 1 for number in said.values()):
        raise HalfAnAnswer("UK Parliament named two members for one seat.")
    sitting = Counter(one.member.member_id for one in answers.seats if one.member)
    if any(number > 1 for number in sitting.values()):
        raise HalfAnAnswer("UK Parliament named one member for two seats.")
    if any(one.member and not one.member.name for one in answers.seats):
        raise HalfAnAnswer("UK Parliament named a member without a name.")


def refuse_unlikely(changed: int, seats: int) -> None:
    """Nothing where so many seats may have changed hands between two updates. Raises HalfAnAnswer."""
    if changed > min(MOST_AT_ONCE, max(1, seats // 2)):
        raise HalfAnAnswer(
            f"By this answer {_seats(changed)} of {seats} changed hands or are empty now. That is so after a general "
            "election or when Parliament is dissolved, or the answer is wrong. Look at members.parliament.uk; if it "
            "is so, say --many."
        )


def _seats(number: int) -> str:
    return "one seat" if number == 1 else f"{number} seats"
