"""The diary as a file that calendar programs read (iCalendar, RFC 5545 and 7986)."""

import hmac
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

from icalendar import Alarm, Calendar, Event, vDuration
from icalendar.enums import CLASS, STATUS, TRANSP

from casework.domain.timing.diary import DiaryEntry
from casework.domain.timing.feeds import CalendarDay, alarm_words, calendar_days
from casework.reference.rule_book import rule_book as published_rules
from casework.storage.instance import current_instance

READ_AGAIN = timedelta(hours=1)
NOTICE = "Information, not legal advice."
ONE_DAY = timedelta(days=1)
# From here the seconds of a last change are counted as the number of a revision: it only ever grows.
FIRST_REVISION = datetime(2026, 1, 1, tzinfo=UTC)


def calendar_file(entries: Iterable[DiaryEntry], board: str) -> bytes:
    """The days of these entries, as a file. `board` is the address of the dates in Casework, or empty.

    What is settled is not in it: a calendar that reads it again drops the day, and a cancelled one would stay to be
    read on the phone.
    """
    calendar = Calendar()
    calendar.prodid, calendar.version = "-//Casework//Dates//EN", "2.0"
    calendar.calendar_name = "Casework"
    # RFC 7986 has no value type that could be left out here, so it is named.
    calendar.add("refresh-interval", vDuration(READ_AGAIN), {"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(READ_AGAIN))
    rules = published_rules().rules
    for entry in entries:
        rule = rules.get(entry.rule_key or "")
        for day in calendar_days(entry, rule.name if rule else ""):
            calendar.add_component(_event(day, board))
    return calendar.to_ical()


def _event(day: CalendarDay, board: str) -> Event:
    event = Event.new(
        uid=_uid(day.key),
        summary=day.title,
        description="\n".join(filter(None, (day.text, NOTICE, board))),
        start=day.on,
        end=day.on + ONE_DAY,  # the end is the first day that is not in it
        stamp=day.changed_at,
        last_modified=day.changed_at,
        sequence=max(0, int((day.changed_at - FIRST_REVISION).total_seconds())),
        transparency=TRANSP.TRANSPARENT,
        classification=CLASS.PRIVATE,
        status=STATUS.CONFIRMED,
    )
    for before in day.alarms:
        alarm = Alarm.new(description=alarm_words(before, day.title))
        alarm.add("action", "DISPLAY")
        alarm.add("trigger", before)
        event.add_component(alarm)
    return event


def _uid(key: str) -> UUID:
    """The same for the same day of the same row, and no way back to the row."""
    secret = current_instance().keys.cookies
    return UUID(bytes=hmac.new(secret, f"calendar {key}".encode(), sha256).digest()[:16], version=5)
