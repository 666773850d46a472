"""Calendar feeds: what of the diary goes into a phone's calendar, in words that name nobody.

A calendar program shows its entries on a locked screen and leaves them with a company. So nothing that somebody
typed goes into it: no name, reference, place, MP or note, and no title of a promise.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from casework.domain.dates import spoken
from casework.domain.timing.deadline_rules import RECOVERY, Kind, OwedBy
from casework.domain.timing.diary import DiaryEntry, EntrySource

NINE = timedelta(hours=9)
HOURS = {"midnight": ", midnight", "17:00": ", 5 pm"}
# Titles never say "today": a calendar shows them, and rings them, on the days before as well.
TITLES = {
    Kind.HARD_LIMIT: "Limit: last moment",
    Kind.NOTICE_PERIOD: "They may act from this day",
    Kind.EARLIEST_DATE: "Possible from this day",
    Kind.LATEST_STATE_ACT: "Window: ends on this day",
    Kind.SERVICE_STANDARD: "Service standard: an answer is hoped for by about now",
    Kind.POLICY_TARGET: "Target: planned for this day",
    Kind.REVIEW_CYCLE: "Review: next due",
    Kind.STATUTORY_TARGET: "Duty on a tribunal: should be decided by this day",
    Kind.DEEMED_SERVICE: "Taken as served on this day",
}
THEIR_TITLES = {
    Kind.HARD_LIMIT: "Limit for them: they must answer by this day",
    Kind.POLICY_TARGET: "Target: they aim for this day",
}
OTHER_TITLES = {EntrySource.FOLLOW_UP: "A promise to chase", EntrySource.VISIT: "A visit"}
REMOVAL = "Removal may happen from this day"
REMOVAL_IN_PAPER = "Removal: the day that the paper gives"
IN_PAPER = "They may act: the day that the paper gives"
NOBODY_RINGS = "Send nothing and do not ring"
# These ring as before: whoever had meant to go, or to ask, may have it in mind still. A promise may be somebody else's.
STOPPED = {
    EntrySource.VISIT: "Do not go to this visit",
    EntrySource.FOLLOW_UP: "A promise to chase: ring no MP and write to none",
}
LIMIT_AIM = "Limit: aim for this day"
RECOVERY_ENDS = "Unless the conclusive decision comes later: they may act from this day"
ONLY_IF = "It holds only under a condition, which stands in Casework."
MORE = "Which case this is stands in Casework."


@dataclass(frozen=True)
class CalendarDay:
    """One all-day entry of a calendar program.

    `key` stays the same when the day moves. `alarms` count from the beginning of the day: minus 15 hours is nine
    in the morning of the day before.
    """

    key: str
    on: date
    title: str
    text: str
    alarms: tuple[timedelta, ...]
    changed_at: datetime


def calendar_days(entry: DiaryEntry, rule_name: str = "") -> list[CalendarDay]:
    """The days of this entry: the day to aim for where that is another, and the final one. None while none is known.

    `rule_name` is the rule's name as the program publishes it; empty where a group wrote the rule itself.
    """
    if entry.aim is None or entry.final is None:
        return []
    if entry.stays:
        rings = _alarm_days(entry) if entry.source in STOPPED else ()
        return [_day(entry, "final", entry.final, STOPPED.get(entry.source, NOBODY_RINGS), "", rings)]
    title = _final_title(entry)
    days = [_day(entry, "final", entry.final, title, rule_name, _alarm_days(entry))]
    if entry.aim != entry.final:
        is_notice = _is_of_removal(entry)
        aim = _aim_title(entry)
        days.insert(0, _day(entry, "aim", entry.aim, aim, rule_name, (3, 1, 0) if is_notice else (1, 0)))
    return days


def alarm_words(alarm: timedelta, title: str) -> str:
    """What an alarm says: how far off the day is, before its title."""
    days = -(alarm // timedelta(days=1))
    return f"{'Today' if days == 0 else 'Tomorrow' if days == 1 else f'In {days} days'}: {title}"


def _day(
    entry: DiaryEntry, which: str, on: date, title: str, rule_name: str, days_before: tuple[int, ...]
) -> CalendarDay:
    return CalendarDay(
        key=f"{entry.source}:{entry.id}:{which}",
        on=on,
        title=f"{title} – {rule_name}" if rule_name else title,
        text=_text(entry),
        alarms=tuple(NINE - timedelta(days=days) for days in days_before),
        changed_at=entry.changed_at,
    )


def _alarm_days(entry: DiaryEntry) -> tuple[int, ...]:
    """On which days before the final one a calendar rings; 0 is the day itself."""
    if entry.is_grave:
        return (3, 1, 0)
    return (1, 0) if entry.source is EntrySource.VISIT else (0,)


def _is_of_removal(entry: DiaryEntry) -> bool:
    """Whether its first day is one on which they may act, and no day to aim for."""
    return entry.kind is Kind.NOTICE_PERIOD or entry.window_from is not None


def _aim_title(entry: DiaryEntry) -> str:
    if entry.window_from:
        return REMOVAL
    return _title_of_kind(entry) if entry.kind is Kind.NOTICE_PERIOD else LIMIT_AIM


def _final_title(entry: DiaryEntry) -> str:
    if entry.kind is Kind.NOTICE_PERIOD and entry.stated_on and entry.aim != entry.final:
        return REMOVAL_IN_PAPER if entry.is_removal else IN_PAPER
    return _title_of_kind(entry) + (HOURS.get(entry.clock, "") if entry.kind is Kind.HARD_LIMIT else "")


def _title_of_kind(entry: DiaryEntry) -> str:
    if entry.kind is None:
        return OTHER_TITLES.get(entry.source, entry.words.name)
    if entry.is_removal:
        return REMOVAL
    if entry.words == RECOVERY:
        return RECOVERY_ENDS
    theirs = THEIR_TITLES.get(entry.kind) if entry.owed_by is OwedBy.THEM else None
    return theirs or TITLES[entry.kind]


def _text(entry: DiaryEntry) -> str:
    assert entry.aim
    assert entry.final
    if entry.stays and not entry.caution:
        return f"It is about an MP: {entry.stays}. {MORE}"
    sentences = [entry.meaning(), ONLY_IF if entry.condition else ""]
    if entry.aim != entry.final and not _is_of_removal(entry):
        hour = HOURS.get(entry.clock, "")
        aim, final = spoken(entry.aim, weekday=True), spoken(entry.final, weekday=True)
        sentences.append(f"Aim for {aim}. The last moment is {final}{hour}.")
    if entry.is_grave:
        sentences.append("Show it to a lawyer today.")
    return " ".join(filter(None, (*sentences, entry.warning(), MORE)))
