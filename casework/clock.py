"""What day and what time it is. Nothing else in the program asks."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def now() -> datetime:
    """This instant, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The legal and postal day: the date in London."""
    return day_of(now())


def in_london() -> datetime:
    """This instant, as a clock in London shows it."""
    return now().astimezone(LONDON)


def day_of(instant: datetime) -> date:
    """The day it was in London at this instant."""
    return instant.astimezone(LONDON).date()
