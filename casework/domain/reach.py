"""Reach: how many of an MP's own constituents have written, what came of it, and where one more would count.

Never a rank of people or of MPs: each line is a fact about one constituency, with its reason.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import accumulate

from casework.domain.dates import spoken
from casework.domain.directory import Seat

SMALL_MAJORITY = 2_500  # votes; our own line for "a small majority", and no more than a way to find them
NEW_SINCE = "2024"  # the newest general election
QUIET_AFTER_DAYS = 21  # our own rhythm for asking an MP's office again


class Sort(StrEnum):
    """What the table is ordered by."""

    CONSTITUENCY = "constituency"
    SUPPORTERS = "supporters"
    SIGNERS = "signers"
    LETTERS = "letters"
    HANDED_OVER = "handed-over"


@dataclass(frozen=True)
class SeatReach:
    """What has reached the MP of one constituency. Signers are people, each once; letters are sheets of paper."""

    seat: Seat
    ties: tuple[str, ...] = ()  # why the case itself concerns this MP: home, place of detention, former home
    supporters: int = 0
    signers: int = 0
    letters: int = 0
    handed_over: int = 0
    last_handed_over: date | None = None
    visits: int = 0
    answers: int = 0
    last_answer: date | None = None
    did: tuple[str, ...] = ()  # what the MP did, each with its day

    @property
    def gss_code(self) -> str:
        """The code of the constituency."""
        return self.seat.constituency.gss_code

    @property
    def name(self) -> str:
        """The name of the constituency."""
        return self.seat.constituency.name

    @property
    def member_name(self) -> str:
        """Who sits there, or that nobody does."""
        return self.seat.member.name if self.seat.member else "vacant"

    @property
    def standing(self) -> tuple[str, ...]:
        """What is known of the member's place in Parliament: posts, majority, year of entry. Each carries its date."""
        return standing_of(self.seat)


@dataclass(frozen=True)
class Total:
    """The whole campaign in numbers."""

    constituencies: int
    supporters: int
    signers: int
    letters: int
    handed_over: int
    visits: int
    answers: int


@dataclass(frozen=True)
class Gap:
    """A place where one more letter, visit or call would change something, as a fact with its reason."""

    seat: Seat
    fact: str


@dataclass(frozen=True)
class Progress:
    """A count that grows from day to day, up to a day that matters."""

    made: tuple[tuple[date, int], ...] = ()
    handed_over: tuple[tuple[date, int], ...] = ()
    target: date | None = None
    what: str = ""
    wanted: int | None = None

    def words(self, today: date) -> str:
        """How far it is, and how long there is, in a sentence."""
        done = self.handed_over[-1][1] if self.handed_over else 0
        of = f" of {self.wanted:,}" if self.wanted else ""
        said = f"{done:,}{of} letters handed over"
        if self.target is None:
            return f"{said}."
        left = (self.target - today).days
        when = f"{self.what} on {spoken(self.target, weekday=True)}"
        if left < 0:
            return f"{said}. {when} has passed."
        if left < 2:
            return f"{said}. {when}: {'tomorrow' if left else 'today'}."
        return f"{said}. {when}: {left} days from now."


def total(seats: Iterable[SeatReach]) -> Total:
    """The sums of all constituencies in which anything happened."""
    rows = list(seats)
    return Total(
        constituencies=sum(1 for row in rows if row.letters or row.supporters),
        supporters=sum(row.supporters for row in rows),
        signers=sum(row.signers for row in rows),
        letters=sum(row.letters for row in rows),
        handed_over=sum(row.handed_over for row in rows),
        visits=sum(row.visits for row in rows),
        answers=sum(row.answers for row in rows),
    )


def ordered(seats: Iterable[SeatReach], by: Sort) -> list[SeatReach]:
    """The rows in the order asked for: names from A to Z, numbers from the largest."""
    rows = sorted(seats, key=lambda row: row.name)
    if by is Sort.CONSTITUENCY:
        return rows
    field_name = by.value.replace("-", "_")
    return sorted(rows, key=lambda row: -int(getattr(row, field_name)))


def standing_of(seat: Seat) -> tuple[str, ...]:
    """Posts, majority and year of entry of whoever sits here, each as a dated fact. Nobody is scored."""
    if seat.member is None:
        return ()
    said = [_post(fact.text, fact.when, fact.warning) for fact in seat.member.government_posts]
    election = seat.constituency.last_election
    if election.majority is not None:
        share = f" ({election.majority_pct:.1f} per cent)" if election.majority_pct is not None else ""
        said.append(f"majority {election.majority:,}{share} on {spoken(election.held_on)}")
    if seat.member.first_elected:
        said.append(f"first elected {seat.member.first_elected[:4]}")
    return tuple(said)


def _post(text: str, when: str, warning: str) -> str:
    return f"{text}, {when}{' (out of date: check)' if warning else ''}"


def gaps(seats: Iterable[SeatReach], today: date) -> list[Gap]:
    """Facts about where one more would matter most, in the order of the alphabet: no MP is set above another."""
    found = [Gap(row.seat, fact) for row in seats if row.seat.member for fact in _facts(row, today)]
    return sorted(found, key=lambda gap: gap.seat.constituency.name)


def _facts(row: SeatReach, today: date) -> Iterable[str]:
    member, election = row.seat.member, row.seat.constituency.last_election
    assert member is not None
    if row.ties and row.letters == 0:
        yield f"The MP for {' and '.join(row.ties)}. No constituent has a letter yet."
    elif row.supporters and row.letters == 0:
        people = "One supporter lives" if row.supporters == 1 else f"{row.supporters} supporters live"
        yield f"{people} here, and no letter is made yet."
    elif row.letters > row.handed_over:
        waiting = row.letters - row.handed_over
        yield f"{waiting} {'letter is' if waiting == 1 else 'letters are'} made and not handed over."
    if row.signers == 1:
        yield "One person has signed. A second makes it more than one story."
    if row.supporters and member.government_posts:
        yield "Holds a post in government: cannot speak against policy in public, and can in private."
    if row.supporters and election.majority is not None and election.majority < SMALL_MAJORITY:
        yield f"Won by {election.majority:,} votes on {spoken(election.held_on)}."
    if row.supporters and member.first_elected.startswith(NEW_SINCE):
        yield f"Came to Parliament in {NEW_SINCE}."
    if row.handed_over and not row.answers and not row.visits and row.last_handed_over:
        waited = (today - row.last_handed_over).days
        if waited >= QUIET_AFTER_DAYS:
            yield f"No answer and no visit, {waited} days after the letters were handed over."


def growth(counts: Sequence[tuple[date, int]]) -> tuple[tuple[date, int], ...]:
    """The running total at the end of each day on which anything was added, the first day first."""
    by_day: dict[date, int] = {}
    for day, number in counts:
        by_day[day] = by_day.get(day, 0) + number
    days = sorted(by_day)
    return tuple(zip(days, accumulate(by_day[day] for day in days), strict=True))


BANDS = (("none", 0, 0), ("1", 1, 1), ("2 to 4", 2, 4), ("5 to 9", 5, 9), ("10 or more", 10, None))


def band(number: int) -> int:
    """Which shade and pattern of the map a number has: 0 for none, 4 for ten or more."""
    return next(at for at, (_, _, most) in enumerate(BANDS) if most is None or number <= most)


@dataclass(frozen=True)
class Reach:
    """All that a campaign has reached, by constituency."""

    seats: tuple[SeatReach, ...]
    unplaced: int  # supporters whose constituency is not known yet
    total: Total
    gaps: tuple[Gap, ...]
    progress: Progress = field(default_factory=Progress)
