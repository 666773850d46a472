"""The morning's digest: what needs somebody today, and what comes within a week."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from casework.domain.said import SPACE, count, in_a_row
from casework.domain.timing.deadline_rules import OwedBy
from casework.domain.timing.deadlines import SOON_DAYS, Nearness
from casework.domain.timing.diary import DiaryEntry, EntrySource
from casework.domain.words import say

A_WEEK = timedelta(days=SOON_DAYS)


@dataclass(frozen=True)
class Digest:
    """What one person has to see in the morning, each list soonest first.

    `to_chase` are promises, and answers of an office that did not come on the day they were expected. `possible` may
    happen, or be done, from its day on; `ended` are windows that are over and that nobody has settled.
    """

    today: date
    overdue: list[DiaryEntry] = field(default_factory=list)
    due_today: list[DiaryEntry] = field(default_factory=list)
    aim_today: list[DiaryEntry] = field(default_factory=list)
    possible: list[DiaryEntry] = field(default_factory=list)
    to_chase: list[DiaryEntry] = field(default_factory=list)
    visits: list[DiaryEntry] = field(default_factory=list)
    this_week: list[DiaryEntry] = field(default_factory=list)
    to_work_out: list[DiaryEntry] = field(default_factory=list)
    ended: list[DiaryEntry] = field(default_factory=list)
    reporting: int = 0  # days on which somebody reports, and no word has come yet
    flights: int = 0  # flights that leave by tomorrow night, or whose day has passed with no word

    @property
    def is_empty(self) -> bool:
        """Whether nothing needs anybody, today or within a week."""
        listed = (self.possible, self.to_chase, self.visits, self.this_week, self.to_work_out, self.ended)
        return not (self.need_you or any(listed))

    @property
    def need_you(self) -> int:
        """How many dates ask for something today. What may happen does so on its first day alone."""
        on_their_day = [
            entry for entry in (*self.to_chase, *self.visits) if entry.aim and entry.aim <= self.today
        ]
        return (
            len(self.overdue)
            + len(self.due_today)
            + len(self.aim_today)
            + len(on_their_day)
            + sum(entry.begins(self.today) for entry in self.possible)
            + self.reporting
            + self.flights
        )

    @property
    def says(self) -> str:
        """The same in words, which tell nothing of any case."""
        needs = say("No date needs you today.")
        if self.need_you:
            needs = count(self.need_you, "date needs you today.", "dates need you today.")
        if not self.removals:
            return needs
        cases = count(self.removals, "case")
        return in_a_row((needs, say("In {cases} something may happen at any time.", cases=cases)), SPACE)

    @property
    def removals(self) -> int:
        """In how many cases a removal is possible now: no news, and too grave to say nothing of it."""
        return len({entry.reference for entry in self.possible if entry.is_of_removal})


def digest_of(entries: Iterable[DiaryEntry], today: date) -> Digest:
    """These entries, which come in their order, as the digest of this day. What is further away is left out."""
    digest = Digest(today)
    for entry in entries:
        if entry.aim is None or entry.aim <= today + A_WEEK:
            _list_for(entry, digest).append(entry)
    return digest


def _list_for(entry: DiaryEntry, digest: Digest) -> list[DiaryEntry]:
    if entry.source is EntrySource.VISIT:
        return digest.visits
    if entry.source is EntrySource.FOLLOW_UP:
        return digest.to_chase
    if entry.aim is None or entry.final is None:
        return digest.to_work_out
    near = entry.nearness(digest.today)
    if near in (Nearness.POSSIBLE, Nearness.ENDED):
        return digest.possible if near is Nearness.POSSIBLE else digest.ended
    if entry.owed_by is OwedBy.THEM and not entry.comes_by_itself:
        return digest.to_chase if near is Nearness.OVERDUE else digest.this_week
    if near is Nearness.OVERDUE:
        return digest.overdue
    if near is Nearness.TODAY:
        has_time_left = entry.has_two_days and entry.final > digest.today
        return digest.aim_today if has_time_left else digest.due_today
    return digest.this_week
