"""The diary: everything with a day on it, in the order in which it matters, and how near each is in words."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum

from casework.domain.dates import spoken
from casework.domain.said import on_day
from casework.domain.timing.deadline_rules import Kind, KindWords, OwedBy, WaitingFor
from casework.domain.timing.deadlines import Nearness, in_force, is_after_ours, nearness, nearness_words
from casework.domain.timing.removals import window_words
from casework.domain.timing.settling import SettledAs, StatedFrom, settled_in_words, stated_in_words
from casework.domain.words import say

FOLLOW_UP_WORDS = KindWords("Follow-up", "Chase on", "A promise to chase. No right is lost when it passes.")
VISIT_WORDS = KindWords("Visit", "On", "A visit that is planned.")

# A day from which something may be done, or be done to them, comes and stays.
FROM = (Kind.NOTICE_PERIOD, Kind.EARLIEST_DATE)


def has_hour(clock: str) -> bool:
    """Whether a day ends at an hour of its own, such as "17:00", and not at midnight."""
    return len(clock) == 5 and clock[2] == ":"


class EntrySource(StrEnum):
    """What an entry of the diary is kept as."""

    DEADLINE = "deadline"
    FOLLOW_UP = "follow-up"
    VISIT = "visit"


@dataclass(slots=True)  # frozen, one takes nearly twice as long to make, and a board makes a hundred
class DiaryEntry:
    """One thing with a day on it, for one case.

    `safe_on`, `last_on` and `earliest_on` are as we counted them. `stated_on` is a day that stands in the
    letter itself or that a lawyer confirmed: it wins, as `in_force` says. `cannot_say` is the reason where there
    is no day yet.
    `owner` is who takes care of it, by name; nobody yet where it is None.
    `aim` is the day by which the diary is put in order, `final` that after which it is late, or on which it comes.
    `moved` says what the day was before a rule or a bank holiday changed, and why.
    `window_from` and `window_until` are the days between which departure details alone are enough for a removal: of
    the window itself, and of a notice whose own first day such a window comes before.
    `clock` is the hour at which the last day ends, and `as_of` what a clock in London shows as that is asked.
    `stays` says why nobody sends or rings what this is about any more, or goes there; empty where somebody may.
    `caution` is a sentence for whoever acts on it, where its title does not say it. `member` is whom a visit is to.
    `is_removal` is true of the date that a removal notice made, and of no other notice period.
    """

    source: EntrySource
    id: int
    reference: str
    person: str
    title: str
    words: KindWords
    kind: Kind | None = None
    is_removal: bool = False
    owed_by: OwedBy = OwedBy.US
    who: str | None = None
    safe_on: date | None = None
    last_on: date | None = None
    earliest_on: date | None = None
    stated_on: date | None = None
    window_from: date | None = None
    window_until: date | None = None
    stated_by: str | None = None
    clock: str = ""
    condition: str = ""
    cannot_say: str | None = None
    moved: str | None = None
    settled_on: date | None = None
    settled_how: str | None = None
    settled_as: str | None = None
    settled_by: str | None = None
    stated_from: str | None = None
    stated_said_on: date | None = None
    rule_key: str | None = None
    stays: str = ""
    caution: str = ""
    member: str = ""
    changed_at: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    waiting_for: WaitingFor = WaitingFor.US
    owner_id: int | None = None
    owner: str | None = None
    as_of: datetime | None = field(default=None, compare=False)
    aim: date | None = field(init=False, compare=False)
    final: date | None = field(init=False, compare=False)

    def __post_init__(self) -> None:
        # Worked out once: a board asks each of its dates for them five times.
        self.aim, self.final = in_force(
            self.kind,
            safe=self.safe_on,
            last=self.last_on,
            earliest=self.earliest_on,
            stated=self.stated_on,
            stated_from=self.stated_from,
            window_from=self.window_from,
        )

    def in_window(self, today: date) -> bool:
        """Whether a window without a new notice, open or to come, is what makes removal possible first."""
        if self.window_from is None or self.window_until is None or self.settled_on:
            return False
        begins = max(self.window_from, today)
        return begins <= self.window_until and (self.earliest_on is None or begins < self.earliest_on)

    def meaning(self, today: date | None = None) -> str:
        """What its days mean. While a window is open or to come, or without `today`, a notice alone does not say it."""
        if not (self.window_from and self.window_until) or (today and not self.in_window(today)):
            return self.words.meaning
        window = window_words(self.window_from, self.window_until)
        if self.earliest_on is None:
            return window
        ours = on_day(self.earliest_on, weekday=True)
        return say("{window} By the notice alone it would be {day}.", window=window, day=ours)

    @property
    def is_grave(self) -> bool:
        """Whether a right, or the person's staying, hangs on this day: a limit of ours, or a removal."""
        is_ours = self.kind is Kind.HARD_LIMIT and self.owed_by is OwedBy.US
        return self.kind is Kind.NOTICE_PERIOD or self.window_from is not None or is_ours

    @property
    def has_two_days(self) -> bool:
        """Whether the day to aim for and the last day are both worth saying."""
        return self.safe_on is not None and self.final is not None

    def has_passed(self, today: date) -> bool:
        """Whether it is overdue, or has passed where nothing can be late. What may be done from a day on never has."""
        if self.final is None or self.kind in FROM:
            return False
        return self.final < today or self._hour_has_passed(today)

    def _hour_has_passed(self, today: date) -> bool:
        """Whether today is its last day, and the hour at which that day ends is over."""
        at = self.as_of
        if at is None or self.kind is not Kind.HARD_LIMIT or not self.final == today == at.date():
            return False
        return has_hour(self.clock) and self.clock <= f"{at:%H:%M}"

    def _next(self, today: date) -> date | None:
        """The day to aim for, without a window that is over."""
        if self.kind is not Kind.NOTICE_PERIOD or self.in_window(today):
            return self.aim
        return in_force(self.kind, last=self.last_on, earliest=self.earliest_on, stated=self.stated_on)[0]

    @property
    def keeps_ours(self) -> bool:
        """Whether a paper gives a later day than our last one, which stays the last until a lawyer confirms another."""
        return self.final != self.stated_on and is_after_ours(self.kind, self.last_on, self.stated_on)

    @property
    def stated_said(self) -> str:
        """Where the stated day comes from; empty when none was stated."""
        return (
            stated_in_words(self.stated_from, self.stated_by, self.stated_said_on) if self.stated_on else ""
        )

    @property
    def settled_said(self) -> str:
        """How it ended; empty while it is open."""
        if self.settled_on is None:
            return ""
        return settled_in_words(self.settled_as, self.settled_on, self.settled_how, self.settled_by)

    @property
    def is_missed(self) -> bool:
        """Whether somebody said that it was missed."""
        return self.settled_as == SettledAs.MISSED

    def nearness(self, today: date) -> Nearness:
        """How near it is. Between the safe day and the last day it is due now, and not overdue."""
        if self.aim is None or self.final is None:
            return Nearness.LATER
        if self._hour_has_passed(today):
            return Nearness.OVERDUE
        if self.has_ended(today):
            return Nearness.ENDED
        near = nearness(self._next(today) or self.final, today)
        if near in (Nearness.OVERDUE, Nearness.TODAY) and (self.kind in FROM or self.in_window(today)):
            return Nearness.POSSIBLE
        return Nearness.TODAY if near is Nearness.OVERDUE and self.final >= today else near

    def begins(self, today: date) -> bool:
        """Whether today is the first day on which it may happen."""
        return self.nearness(today) is Nearness.POSSIBLE and self._next(today) == today

    def has_ended(self, today: date) -> bool:
        """Whether it was a window, and its last day is over: nothing is due any more, but that somebody settles it."""
        return self.kind is Kind.LATEST_STATE_ACT and self.final is not None and self.final < today

    @property
    def is_of_removal(self) -> bool:
        """Whether its first day is one on which the person may be removed."""
        return self.is_removal or self.window_from is not None

    def when(self, today: date) -> str:
        """How near it is, in words. What is due today is not overdue."""
        if self.aim is None or self.final is None:
            return "to work out"
        kind = self.kind or Kind.HARD_LIMIT
        if self.source is EntrySource.VISIT:
            return nearness_words(self.aim, today, kind=Kind.POLICY_TARGET)
        if self._hour_has_passed(today):
            if self.clock != "17:00":
                return (
                    f"{self.clock} has passed: show a lawyer now"
                    if self.is_grave
                    else f"{self.clock} has passed"
                )
            return "5 pm has passed: show a lawyer now" if self.is_grave else "5 pm has passed"
        if self.keeps_ours and self.final <= today:
            gone = (today - self.final).days
            days = "1 day" if gone == 1 else f"{gone} days"
            return f"our last day passed {days} ago" if gone else "our last day is today"
        if self.aim < today <= self.final and self.has_two_days:
            left = "today" if self.final == today else nearness_words(self.final, today)
            return f"the day to aim for has passed; the last moment is {left}"
        day = self.final if self.final < today else self._next(today) or self.final
        if self.in_window(today) and day <= today:
            return "possible now"
        kind = Kind.NOTICE_PERIOD if self.in_window(today) else kind
        return nearness_words(day, today, kind=kind)

    def warning(self) -> str:
        """A sentence for whoever acts on it, or for when the paper's own day is one to show to a lawyer; else empty.

        Such a day is a removal before the day that we counted, or a limit after it.
        """
        if self.caution or self.stated_on is None:
            return self.caution
        if self.earliest_on is None:
            if self.last_on is None or not is_after_ours(self.kind, self.last_on, self.stated_on):
                return ""
            ours, theirs = spoken(self.last_on, weekday=True), spoken(self.stated_on, weekday=True)
            if self.stated_from == StatedFrom.LAWYER:
                return (
                    f"{theirs} is later than the day we counted ({ours}). Make sure that the lawyer saw both."
                )
            return (
                f"The paper gives {theirs}. That is later than the day we counted ({ours}). "
                "Keep to ours until a lawyer has seen both."
            )
        if self.stated_on >= self.earliest_on:
            return ""
        ours = spoken(self.earliest_on, weekday=True)
        return f"The paper gives a day before the one we counted ({ours}). Show this to a lawyer today."

    @property
    def comes_by_itself(self) -> bool:
        """Whether nobody has to act for this day to come, so that nothing is late after it."""
        return self.kind in (Kind.NOTICE_PERIOD, Kind.EARLIEST_DATE, Kind.LATEST_STATE_ACT)


def still_ahead(entries: Iterable[DiaryEntry], today: date) -> list[DiaryEntry]:
    """Of entries those with a day, without windows that have ended; these alone only where there is nothing else."""
    dated = [entry for entry in entries if entry.aim]
    return [entry for entry in dated if not entry.has_ended(today)] or dated


def most_grave(entries: Iterable[DiaryEntry], today: date) -> DiaryEntry | None:
    """Of entries in order, the first on which a right or the person's staying hangs; without one, the first of all."""
    dated = still_ahead(entries, today)
    return next((entry for entry in dated if entry.is_grave), dated[0] if dated else None)


def in_order(entries: Iterable[DiaryEntry]) -> list[DiaryEntry]:
    """The soonest first; what has no day yet comes last."""
    return sorted(
        entries, key=lambda entry: (entry.aim or date.max, entry.final or date.max, entry.reference)
    )
