"""The removal clock: the first moment of possible removal, and a plan counted back from the flight in working hours.

Moments are wall-clock times in the UK. Working hours are from 9 to 17 on working days, so that no count ever
runs through the night in which the clocks change. They are an aid to planning and never a limit.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from casework.domain.errors import CaseworkError
from casework.domain.said import on_day
from casework.domain.timing.working_days import ONE_DAY, WorkingCalendar
from casework.domain.words import say

NOTICE_RULE = "removal_notice_period"
FAILED_RULE = "removal_after_failed_attempt"
COURT_RULE = "removal_after_jr"
PORT_RULE = "removal_port_refusal"
WINDOW_RULES = (FAILED_RULE, COURT_RULE, PORT_RULE)
OPENS, CLOSES = time(9), time(17)
MIDNIGHT = time(0)
AIRLINE_LEVEL = 3


class Carriage(StrEnum):
    """What kind of flight."""

    COMMERCIAL = "commercial"
    CHARTER = "charter"

    @property
    def words(self) -> str:
        """The same as a page says it."""
        return CARRIAGE_WORDS[self]


CARRIAGE_WORDS = {
    Carriage.COMMERCIAL: "Commercial: a seat on an ordinary flight",
    Carriage.CHARTER: "Charter: the whole aircraft is hired for removals",
}


class Ending(StrEnum):
    """How an attempt to remove somebody ended."""

    CANCELLED = "cancelled"
    FAILED = "failed"
    REMOVED = "removed"

    @property
    def words(self) -> str:
        """The same as a page says it."""
        return ENDING_WORDS[self]


ENDING_WORDS = {
    Ending.CANCELLED: "Cancelled: the Home Office or a court called it off",
    Ending.FAILED: "Failed: they tried, and the person was not removed",
    Ending.REMOVED: "Removed: the person has left the UK",
}


class Outside(StrEnum):
    """Whether an attempt failed for a reason outside the Home Office's control: only then is there a window."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


OUTSIDE_WORDS = {
    Outside.YES: "Yes: weather, a technical fault, or disruption by the person or others",
    Outside.NO: "No",
    Outside.UNKNOWN: "We do not know",
}


@dataclass(frozen=True)
class StepKind:
    """One thing to do before a flight. `hours` are the working hours that it should have; 0 means at once.

    `tells_mps` is true where an MP hears of the person by it.
    """

    key: str
    what: str
    why: str
    hours: int
    tells_mps: bool = False


STEPS = (
    StepKind(
        "lawyer",
        "A lawyer or regulated adviser has the papers",
        "Both papers, all pages, by email or photo, and a call to say that they are there.",
        0,
    ),
    StepKind(
        "medical",
        "Medical evidence asked for",
        "From the GP, a hospital or the healthcare of the centre. It goes to the lawyer first.",
        24,
    ),
    StepKind(
        "authority",
        "Form of authority signed",
        "Most MPs’ offices will not speak about somebody without it. A lawyer, a visitor or the post can carry it.",
        24,
    ),
    StepKind(
        "mp_call",
        "MP’s office rung",
        "Say the day and hour first, and ask what they need.",
        20,
        tells_mps=True,
    ),
    StepKind(
        "mp_letter",
        "Letter to the MP, with the urgent line first",
        "Where they are held, the flight, what is new. The office needs time to reach the Home Office.",
        16,
        tells_mps=True,
    ),
    StepKind(
        "supporters",
        "Supporters’ letters to their own MPs",
        "Printed or emailed by each of them.",
        16,
        tells_mps=True,
    ),
    StepKind("visit", "Somebody visits", "Visits are booked with the centre, and need identity papers.", 12),
    StepKind(
        "airline",
        "Airline sheet",
        "Name, flight and reference for callers to the airline.",
        8,
    ),
    StepKind(
        "with_them",
        "What the person has with them",
        "Papers, medicines, glasses, money, and the important numbers written on paper.",
        8,
    ),
    StepKind(
        "landing",
        "A phone, and somebody to ring after landing",
        "A safe contact there, agreed with the person, and who of us waits for the call.",
        8,
    ),
)
STEP_KINDS = {kind.key: kind for kind in STEPS}
# How much time somebody may give to a step of their own.
OWN_HOURS = {
    0: "at once",
    4: "half a working day",
    8: "a working day",
    16: "two working days",
    24: "three working days",
}


@dataclass(frozen=True)
class WorkingHours:
    """The hours in which offices can be reached: 9 to 17 on the working days of a calendar."""

    calendar: WorkingCalendar

    def back_from(self, moment: datetime, length: timedelta) -> datetime:
        """The latest open moment from which so much working time is left until `moment`. Raises UnknownHolidays."""
        day, closes, left = moment.date(), min(moment.time(), CLOSES), length
        while True:
            if self.calendar.is_working_day(day):
                opened, closed = datetime.combine(day, OPENS), datetime.combine(day, closes)
                if closed - opened >= left:
                    return closed - left
                left -= max(closed - opened, timedelta())
            day, closes = day - ONE_DAY, CLOSES

    def between(self, start: datetime, end: datetime) -> timedelta:
        """The working time from one moment to a later one; none where the second comes first."""
        found, day = timedelta(), start.date()
        while day <= end.date():
            if self.calendar.is_working_day(day):
                opened = max(datetime.combine(day, OPENS), start)
                closed = min(datetime.combine(day, CLOSES), end)
                found += max(closed - opened, timedelta())
            day += ONE_DAY
        return found


@dataclass(frozen=True)
class Flight:
    """A departure as far as it is known. `at` is the hour in the UK."""

    on: date
    at: time | None = None

    @property
    def moment(self) -> datetime:
        """When it leaves; without an hour the start of the day, which is the careful reading."""
        return datetime.combine(self.on, self.at or MIDNIGHT)


@dataclass(frozen=True)
class Window:
    """A time in which the Home Office may remove with departure details alone. `source` says by which law."""

    opens: date
    ends: date
    source: str = ""
    condition: str = ""

    def holds(self, day: date) -> bool:
        """Whether the day lies in it."""
        return self.opens <= day <= self.ends


@dataclass(frozen=True)
class Clock:
    """What is known of an attempt to remove somebody. `first_day` is the first day on which it is possible."""

    first_day: date | None = None
    flight: Flight | None = None
    windows: tuple[Window, ...] = ()

    @property
    def count_back_from(self) -> datetime | None:
        """From when the plan is counted back: the flight, else the first moment at which removal is possible."""
        if self.flight:
            return self.flight.moment
        first = [window.opens for window in self.windows] + ([self.first_day] if self.first_day else [])
        return datetime.combine(min(first), MIDNIGHT) if first else None

    def window_on(self, today: date) -> Window | None:
        """The window that makes removal possible first, where it does so before the notice; of two the longer."""
        ahead = [window for window in self.windows if window.ends >= today]
        first = min(ahead, key=lambda one: (max(one.opens, today), date.max - one.ends), default=None)
        if first and self.first_day and self.first_day <= max(first.opens, today):
            return None
        return first

    def possible_from(self, today: date) -> date | None:
        """The first day on which removal is possible, by a window or by the notice."""
        window = self.window_on(today)
        return window.opens if window else self.first_day

    @property
    def flight_in_window(self) -> bool:
        """Whether the flight lies in a window in which no new five days are needed."""
        return self.flight is not None and any(window.holds(self.flight.on) for window in self.windows)

    @property
    def flight_too_soon(self) -> bool:
        """Whether the flight stands before the first day that was counted, and in no window."""
        early = self.flight and self.first_day and self.flight.on < self.first_day
        return bool(early) and not self.flight_in_window


def window_words(opens: date, ends: date) -> str:
    """What holds in a window, as a sentence that is true on each of its days."""
    first, last = on_day(opens, weekday=True), on_day(ends, weekday=True)
    return say(
        "From {first} until {last} departure details alone are enough for a removal.", first=first, last=last
    )


def latest_hour(hours: int, until: datetime | None, office: WorkingHours) -> datetime | None:
    """The latest full working hour for a step that needs so many; None for at once. Raises UnknownHolidays."""
    if until is None or hours == 0:
        return None
    return office.back_from(until, timedelta(hours=hours)).replace(minute=0, second=0, microsecond=0)


def airline_held_back(agreed_level: int | None, carriage: str | None) -> str:
    """Why the airline sheet is not to be made, in words; empty when it may be. No record is no consent."""
    if carriage == Carriage.CHARTER:
        return "Not for a charter flight: only a commercial airline can be asked."
    if agreed_level is None or agreed_level < AIRLINE_LEVEL:
        return "Not without their consent (level 3 or higher), and their lawyer’s yes."
    return ""


def stops_of(route: str | None) -> list[str]:
    """The places that a route names, in small letters: "Nairobi, then Kigali" gives nairobi and kigali."""
    parts = re.split(r"[,;/→>\n]|\s[–—-]\s|\b(?:via|then|and|to)\b", (route or "").casefold())
    return [part.strip(" .") for part in parts if part.strip(" .")]


def may_be_new_notice(
    before: tuple[date | None, str | None, str | None], after: tuple[date | None, str | None, str | None]
) -> bool:
    """Whether these changes may come from a new notice: another day of notice or destination, or a new stop.

    Each is (day of the notice, destination, route). What was not known before is no change.
    """
    (given, destination, route), (new_given, new_destination, new_route) = before, after
    if given and new_given and given != new_given:
        return True
    if destination and new_destination and stops_of(destination) != stops_of(new_destination):
        return True
    return bool(route) and bool(
        set(stops_of(new_route)) - set(stops_of(route)) - set(stops_of(new_destination))
    )


_HOUR = re.compile(r"(\d{1,2})(?:[:.h ]?(\d{2}))?\s*(am|pm|a\.m\.|p\.m\.)?", re.ASCII)


def read_hour(text: str) -> time:
    """An hour as people type it: "14:35", "14.35", "1435", "2.35 pm", "7am". Raises CaseworkError."""
    typed = text.strip().casefold()
    if typed in ("noon", "midday"):
        return time(12)
    found = _HOUR.fullmatch(typed)
    if found is None or not (found[2] or found[3]):
        raise CaseworkError("Type the hour as it stands on the paper, for example 14:35 or 2.35 pm.")
    hour, minute = int(found[1]), int(found[2] or 0)
    half = (found[3] or "")[:1]
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    elif half or hour > 23 or minute > 59:
        raise CaseworkError(f"There is no such hour: {text.strip()}. Check it on the paper.")
    return time(hour, minute)


def hour_as_kept(text: str | None, field: str) -> str | None:
    """An hour as it is kept, "HH:MM"; None where none was typed. Raises CaseworkError at the field."""
    if not text:
        return None
    try:
        return f"{read_hour(text):%H:%M}"
    except CaseworkError:
        raise CaseworkError("Type the hour like this: 14:35, or 2.35 pm.", field=field) from None
