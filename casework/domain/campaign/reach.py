"""Reach: how many of an MP's own constituents have written, what came of it, and where one more would count.

Never a rank of people or of MPs: each line is a fact about one constituency, with its reason.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import accumulate

from casework.domain.parliament.criteria import SMALL_MAJORITY
from casework.domain.parliament.directory import Seat
from casework.domain.said import AND, count, in_a_row, on_day
from casework.domain.words import say

NEW_SINCE = "2024"  # the general election of 4 July 2024, the newest in the directory of this release
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
        return self.seat.member.name if self.seat.member else say("no MP now")

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


class GapKind(StrEnum):
    """Why one more letter, visit or call would change something. The words stand above a list of places."""

    TIED = "The case itself concerns this MP, and no constituent has a letter yet"
    NO_LETTER = "Supporters live here, and no letter is made yet"
    WAITING = "Letters are made and not handed over"
    ONLY_ONE = "One person has a letter: a second makes it more than one story"
    QUIET = "Letters were handed over some time ago, with no answer and no visit since"
    POST = "Our list names this MP in a post in government"
    SMALL_MAJORITY = "Won by few votes"
    NEW = "Came to Parliament at the last general election or since"


@dataclass(frozen=True)
class Gap:
    """A place where one more letter, visit or call would change something, and the fact that says so."""

    seat: Seat
    kind: GapKind
    fact: str = ""


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
        if self.wanted:
            far = say("{done} of {wanted} letters handed over", done=f"{done:,}", wanted=f"{self.wanted:,}")
        else:
            far = say("{done} letters handed over", done=f"{done:,}")
        if self.target is None:
            return say("{far}.", far=far)
        left = (self.target - today).days
        told = {"far": far, "event": self.what, "day": on_day(self.target, weekday=True)}
        if left < 0:
            return say("{far}. {event} on {day} has passed.", **told)
        if left < 2:
            return (
                say("{far}. {event} on {day}: tomorrow.", **told)
                if left
                else say("{far}. {event} on {day}: today.", **told)
            )
        return say("{far}. {event} on {day}: {left} days from now.", **told, left=left)


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
        told = {"majority": f"{election.majority:,}", "day": on_day(election.held_on)}
        if election.majority_pct is None:
            said.append(say("majority {majority} on {day}", **told))
        else:
            share = f"{election.majority_pct:.1f}"
            said.append(say("majority {majority} ({share} per cent) on {day}", **told, share=share))
    if seat.member.first_elected:
        said.append(say("first elected {year}", year=seat.member.first_elected[:4]))
    return tuple(said)


def _post(text: str, when: str, warning: str) -> str:
    if warning:
        return say("{post}, {when} (out of date: check)", post=text, when=when)
    return say("{post}, {when}", post=text, when=when)


def gaps(seats: Iterable[SeatReach], today: date) -> dict[GapKind, list[Gap]]:
    """Facts about where one more would matter most, by their kind, places from A to Z. No MP is set above another."""
    found: dict[GapKind, list[Gap]] = {}
    rows = sorted((row for row in seats if row.seat.member), key=lambda row: row.name)
    for row in rows:
        for kind, fact in (*_of_letters(row, today), *_of_member(row)):
            found.setdefault(kind, []).append(Gap(row.seat, kind, fact))
    return {kind: found[kind] for kind in GapKind if kind in found}


def _of_letters(row: SeatReach, today: date) -> Iterable[tuple[GapKind, str]]:
    if row.ties and row.letters == 0:
        yield GapKind.TIED, in_a_row(row.ties, AND)
    elif row.supporters and row.letters == 0:
        yield GapKind.NO_LETTER, f"{row.supporters:,}"
    elif row.letters > row.handed_over:
        yield GapKind.WAITING, f"{row.letters - row.handed_over:,}"
    if row.signers == 1:
        yield GapKind.ONLY_ONE, ""
    if row.last_handed_over and not row.answers and not row.visits:
        waited = (today - row.last_handed_over).days
        if waited >= QUIET_AFTER_DAYS:
            yield GapKind.QUIET, count(waited, "day")


def _of_member(row: SeatReach) -> Iterable[tuple[GapKind, str]]:
    """What is known of the member, where people stand ready to write; a list that is out of date says so itself."""
    member, election = row.seat.member, row.seat.constituency.last_election
    if member is None or not row.supporters:
        return
    for post in member.government_posts[-1:]:
        yield GapKind.POST, _post(post.text, post.when, post.warning)
    if election.majority is not None and election.majority < SMALL_MAJORITY:
        yield (
            GapKind.SMALL_MAJORITY,
            say("by {majority}, {day}", majority=f"{election.majority:,}", day=on_day(election.held_on)),
        )
    if member.first_elected[:4] >= NEW_SINCE:
        yield GapKind.NEW, member.first_elected[:4]


def growth(counts: Sequence[tuple[date, int]]) -> tuple[tuple[date, int], ...]:
    """The running total at the end of each day on which anything was added, the first day first."""
    by_day: dict[date, int] = {}
    for day, number in counts:
        by_day[day] = by_day.get(day, 0) + number
    days = sorted(by_day)
    return tuple(zip(days, accumulate(by_day[day] for day in days), strict=True))


BANDS = ("nobody yet", "1 person", "2 to 4 people", "5 to 9 people", "10 people or more")
_MOST = (0, 1, 4, 9)


def band(signers: int) -> int:
    """Which shade and pattern of the map a number of signers has: 0 for none, 4 for ten or more."""
    return next((at for at, most in enumerate(_MOST) if signers <= most), len(_MOST))


@dataclass(frozen=True)
class Reach:
    """All that a campaign has reached, by constituency."""

    seats: tuple[SeatReach, ...]
    unplaced: int  # supporters whose constituency is not known yet
    total: Total
    gaps: dict[GapKind, list[Gap]]
    progress: Progress = field(default_factory=Progress)
