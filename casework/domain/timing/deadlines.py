"""Deadlines: the dates that a rule makes of an event, how each was counted, and how near it is."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from enum import StrEnum
from functools import partial
from typing import NamedTuple

from casework.domain.errors import CaseworkError
from casework.domain.said import AND, in_a_row, on_day, upfirst
from casework.domain.timing.counting import CountedDay, Counting, Length, Unit, count_days, last_day
from casework.domain.timing.deadline_rules import DeadlineRule, EndRule, Kind, OwedBy
from casework.domain.timing.settling import StatedFrom
from casework.domain.timing.working_days import ONE_DAY, WorkingCalendar
from casework.domain.words import say

SOON_DAYS = 7
YEARS = range(1900, 2101)


class WorkedDate(NamedTuple):
    """The dates that one rule makes of one event, and what they were counted with.

    A limit of ours has `raw` (the last day before any rolling; not for working days, where it equals `last`),
    `safe` (the day to aim for) and `last` (the last day in time). A limit of theirs, a standard or a target
    has `due`; a notice period has `period_ends` and `earliest`; a window has `window_ends`; a posted notice has
    `deemed_served`. `ends` is the last day of the time itself. `offices` is the calendar by which the safe day
    was moved back, and by which closed days are named.
    """

    rule: DeadlineRule
    trigger_date: date
    variant: str | None
    length: Length
    counting: Counting
    calendar: WorkingCalendar
    offices: WorkingCalendar
    ends: date
    raw: date | None = None
    safe: date | None = None
    last: date | None = None
    deemed_served: date | None = None
    period_ends: date | None = None
    earliest: date | None = None
    window_ends: date | None = None
    due: date | None = None

    @property
    def days(self) -> tuple[CountedDay, ...]:
        """The explanation: every day from the start to the last, with its number or why it has none.

        It is made when asked for, as it takes many times as long as the dates.
        """
        strip = count_days(self.trigger_date, self.length, self.counting, self.calendar, self.offices)
        if _comes_when_over(self.rule.kind, self.counting):
            strip.append(CountedDay(self.ends + ONE_DAY, None, _DAY_AFTER[self.rule.kind]))
        elif self.rule.end_rule is EndRule.ROLL_FORWARD:
            strip += _rolled_days(self.ends, self.final, self.calendar)
        return tuple(strip)

    @property
    def clock(self) -> str:
        """The hour at which the last day ends, such as "midnight" or "17:00"; empty when none is set."""
        return self.rule.clock

    @property
    def dates(self) -> dict[str, date]:
        """The dates that this rule has, by name, in the order in which they are spoken of."""
        names = ("raw", "safe", "last", "deemed_served", "period_ends", "earliest", "window_ends", "due")
        return {name: day for name in names if (day := getattr(self, name)) is not None}

    @property
    def aim(self) -> date:
        """The day by which a diary is put in order: the safe day of a limit, or the only day there is."""
        return self.safe or self.final

    @property
    def final(self) -> date:
        """The day after which it is late: the last day of a limit, or the only day there is."""
        day = self.last or self.due or self.earliest or self.window_ends or self.deemed_served
        assert day is not None, f"{self.rule.key} makes no date"
        return day


def work_out(
    rule: DeadlineRule,
    trigger_date: date,
    calendar: WorkingCalendar,
    *,
    variant: str | None = None,
    offices: WorkingCalendar | None = None,
    nth: int = 1,
) -> WorkedDate:
    """The dates that the rule makes of what happened on `trigger_date`.

    `offices` is the calendar by which the safe day is moved back to a working day, where the rule's own
    calendar counts every day. `nth` asks for a later turn of a review, counted from the start each time.
    Raises UnknownHolidays when the answer needs bank holidays not yet published, NoDate when the rule makes
    none, and CaseworkError when the rule was not in force, its variant is missing, or the year is a slip.
    """
    check_year(trigger_date)
    rule.check_in_force(trigger_date)
    length, counting = rule.length_for(variant), rule.counting_for(variant)
    if nth > 1:
        length = Length(length.number * nth, length.unit)
    offices = offices or calendar
    end = last_day(trigger_date, length, counting, calendar)
    worked = partial(WorkedDate, rule, trigger_date, variant, length, counting, calendar, offices, end)
    if rule.kind in _FROM:
        return worked(period_ends=end, earliest=end + ONE_DAY)
    if rule.kind is Kind.LATEST_STATE_ACT:
        return worked(window_ends=end)
    if rule.kind is Kind.DEEMED_SERVICE:
        return worked(deemed_served=end)
    raw = None if length.unit is Unit.WORKING_DAYS else end
    rolled = calendar.on_or_after(end) if rule.end_rule is EndRule.ROLL_FORWARD else end
    if rule.kind is Kind.HARD_LIMIT and rule.owed_by is OwedBy.US:
        return worked(raw=raw, safe=_safe_day(end, trigger_date, rule, offices), last=rolled)
    if _comes_when_over(rule.kind, counting):
        return worked(due=end + ONE_DAY)
    return worked(raw=raw if rule.is_their_limit else None, due=rolled)


def check_year(day: date) -> None:
    """Nothing, or a CaseworkError when nobody can mean this year."""
    if day.year not in YEARS:
        raise CaseworkError(f"The year {day.year} cannot be right. Check the date.", field="trigger_date")


def work_out_everywhere(
    rule: DeadlineRule,
    trigger_date: date,
    calendars: Mapping[str, WorkingCalendar],
    *,
    variant: str | None = None,
    offices: Mapping[str, WorkingCalendar] | None = None,
    nth: int = 1,
) -> dict[str, WorkedDate]:
    """The dates in each part of the UK, by its name. `earlier` picks the one that is safe everywhere."""
    return {
        region: work_out(
            rule,
            trigger_date,
            calendar,
            variant=variant,
            offices=offices[region] if offices else None,
            nth=nth,
        )
        for region, calendar in calendars.items()
    }


def earlier(answers: Iterable[WorkedDate]) -> WorkedDate:
    """The answer to rely on where readings differ: the one that ends first."""
    return min(answers, key=lambda worked: (worked.final, worked.aim))


def cautious(ours: WorkedDate, answers: Iterable[WorkedDate]) -> WorkedDate:
    """Our answer with the earliest of all the days to aim for, and the earliest day on which an office may act.

    For where it is unclear which part of the UK counts. The last day stays ours: the difference is said beside it.
    """
    if ours.earliest:
        first = min((one for one in answers if one.earliest), key=lambda one: one.ends)
        return ours._replace(period_ends=first.period_ends, earliest=first.earliest)
    return ours._replace(safe=min((one.safe for one in answers if one.safe), default=None))


def region_difference(answers: Mapping[str, WorkedDate], here: str) -> str:
    """A sentence for when other parts of the UK have another date than `here`; empty when none has.

    `answers` are the dates by the name of the part, as `work_out_everywhere` gives them.
    """
    said = {region: _other_day(worked, answers[here]) for region, worked in answers.items()}
    others = [
        say("in {region} {words}", region=region, words=words) for region, words in said.items() if words
    ]
    if not others:
        return ""
    return say(
        "{others}. Where it is unclear which part of the UK counts, use the earlier.",
        others=upfirst(in_a_row(others, AND)),
    )


def _other_day(other: WorkedDate, ours: WorkedDate) -> str:
    """What another answer says that ours does not: its final day, or else its day to aim for; empty when neither."""
    if other.final != ours.final:
        return say("it would be {day}", day=on_day(other.final, weekday=True))
    if other.aim != ours.aim:
        return say("the day to aim for would be {day}", day=on_day(other.aim, weekday=True))
    return ""


def _comes_when_over(kind: Kind, counting: Counting) -> bool:
    """Whether the date is the day after the time: so is a review that is due once a time "beginning with" has run."""
    return kind in _FROM or (kind is Kind.REVIEW_CYCLE and counting is Counting.BEGINNING_WITH)


def _safe_day(end: date, trigger_date: date, rule: DeadlineRule, offices: WorkingCalendar) -> date:
    """The end less the rule's margin, moved back to a working day, but never before the time began."""
    return max(offices.on_or_before(end - timedelta(days=rule.safe_margin_days)), trigger_date)


def _rolled_days(end: date, rolled: date, calendar: WorkingCalendar) -> list[CountedDay]:
    strip = []
    day = end
    while day < rolled:
        day += ONE_DAY
        why = "the next working day, so still in time" if day == rolled else calendar.why_closed(day) or ""
        strip.append(CountedDay(day, None, why))
    return strip


def in_force(
    kind: str | None,
    *,
    safe: date | None = None,
    last: date | None = None,
    earliest: date | None = None,
    stated: date | None = None,
    stated_from: str | None = None,
    window_from: date | None = None,
) -> tuple[date | None, date | None]:
    """The day to aim for and the final day: after it, it is late, or on it, it comes.

    What was stated is final, else what we counted; but where a paper gives a later last day than ours for a limit,
    ours stays final until a lawyer confirms another. The day to aim for is the safe one, never after the final one.
    Where a paper gives a later day for a removal, ours is still the first day on which they may act; and where a
    window without a new notice begins sooner, its first day is.
    """
    final = stated or earliest or last
    if is_after_ours(kind, last, stated) and stated_from != StatedFrom.LAWYER:
        final = last
    days = (earliest if kind == Kind.NOTICE_PERIOD else safe, window_from)
    first = min((day for day in days if day), default=None)
    return (min(first, final) if first and final else final), final


def is_after_ours(kind: str | None, last: date | None, stated: date | None) -> bool:
    """Whether the day that was stated for a limit comes after the last day that we counted."""
    return kind == Kind.HARD_LIMIT and last is not None and stated is not None and stated > last


class Nearness(StrEnum):
    """How near a date is. What is due today is not overdue; what may happen since its day is neither."""

    OVERDUE = "overdue"
    TODAY = "today"
    POSSIBLE = "possible"
    ENDED = "ended"
    SOON = "soon"
    LATER = "later"


def nearness(day: date, today: date) -> Nearness:
    """How near the day is: `SOON` within a week."""
    if day < today:
        return Nearness.OVERDUE
    if day == today:
        return Nearness.TODAY
    return Nearness.SOON if day <= today + timedelta(days=SOON_DAYS) else Nearness.LATER


def nearness_words(day: date, today: date, *, kind: Kind = Kind.HARD_LIMIT) -> str:
    """How near the day is, in words: "due today", "in 3 days", "overdue by 2 days".

    A day from which something is possible, on which a window closes, or at which somebody only aims, is never
    overdue: it has come, ended or passed.
    """
    gap = (day - today).days
    if gap == 0:
        if kind in _FROM:
            return "from today"
        return "today" if kind in _AIMS else "ends today" if kind is Kind.LATEST_STATE_ACT else "due today"
    if gap > 0:
        return "tomorrow" if gap == 1 else f"in {gap} days"
    days = "1 day" if gap == -1 else f"{-gap} days"
    if kind in _FROM:
        return f"for {days} now"
    if kind is Kind.LATEST_STATE_ACT:
        return f"ended {days} ago"
    return f"passed {days} ago" if kind in _AIMS else f"overdue by {days}"


_FROM = (Kind.NOTICE_PERIOD, Kind.EARLIEST_DATE)
_AIMS = (Kind.SERVICE_STANDARD, Kind.POLICY_TARGET, Kind.STATUTORY_TARGET, Kind.REVIEW_CYCLE)
_DAY_AFTER = {
    Kind.NOTICE_PERIOD: "the period is over",
    Kind.EARLIEST_DATE: "the first day after it",
    Kind.REVIEW_CYCLE: "the time has run out, so it is due",
}
