"""The morning's digest: what needs somebody today, and what comes within a week."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from casework.domain.timing.deadline_rules import OwedBy
from casework.domain.timing.deadlines import SOON_DAYS, Nearness
from casework.domain.timing.diary import DiaryEntry, EntrySource

A_WEEK = timedelta(days=SOON_DAYS)


@dataclass(frozen=True)
class Digest:
    """What one person has to see in the morning, each list soonest first.

    `to_chase` are promises, and answers of an office that did not come on the day they were expected.
    """

    today: date
    overdue: list[DiaryEntry] = field(default_factory=list)
    due_today: list[DiaryEntry] = field(default_factory=list)
    aim_today: list[DiaryEntry] = field(default_factory=list)
    to_chase: list[DiaryEntry] = field(default_factory=list)
    visits: list[DiaryEntry] = field(default_factory=list)
    this_week: list[DiaryEntry] = field(default_factory=list)
    to_work_out: list[DiaryEntry] = field(default_factory=list)
    reporting: int = 0  # days on which somebody reports, and no word has come yet
    flights: int = 0  # flights that leave by tomorrow night, or whose day has passed with no word

    @property
    def is_empty(self) -> bool:
        """Whether nothing needs anybody, today or within a week."""
        return not (self.need_you or self.to_chase or self.visits or self.this_week or self.to_work_out)

    @property
    def need_you(self) -> int:
        """How many dates ask for something today."""
        on_their_day = [
            entry for entry in (*self.to_chase, *self.visits) if entry.aim and entry.aim <= self.today
        ]
        return (
            len(self.overdue)
            + len(self.due_today)
            + len(self.aim_today)
            + len(on_their_day)
            + self.reporting
            + self.flights
        )

    @property
    def says(self) -> str:
        """The same as a sentence, which tells nothing of any case."""
        return (
            "No date needs you today."
            if not self.need_you
            else f"{self.need_you} date{' needs' if self.need_you == 1 else 's need'} you today."
        )


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
    if entry.owed_by is OwedBy.THEM and not entry.comes_by_itself:
        return digest.to_chase if near is Nearness.OVERDUE else digest.this_week
    if near is Nearness.OVERDUE:
        return digest.overdue
    if near is Nearness.TODAY:
        has_time_left = entry.has_two_days and entry.final > digest.today
        return digest.aim_today if has_time_left else digest.due_today
    return digest.this_week
