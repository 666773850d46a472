"""How the person’s own view says things to them: "you" for "they", days and numbers in words, and their rights."""

import re
from collections.abc import Iterable
from datetime import date

from casework.domain.dates import spoken
from casework.domain.said import AND, in_a_row

DAYS_NAMED = 5
TO_YOU = {"them": "you", "they": "you", "their": "your", "me": "you", "I": "you", "my": "your"}
_ABOUT_THEM = re.compile(rf"\b(?:{'|'.join(TO_YOU)})\b")
# What a page or paper of it says at its end. It tells nobody to do anything about their case.
RIGHTS = (
    "Is something wrong? Tell anybody in the group. They put it right, and this page shows it.",
    "Do you want less to be told, or nothing? Say so, in any way, for no reason. It works at once.",
    "You can have a copy of all of this, and you can ask us to delete it.",
    "Are you not content with us? Complain to the group first, so that we can mend it. You can also complain to the "
    "Information Commissioner’s Office (ico.org.uk). It costs nothing.",
)


def some_days(days: Iterable[date]) -> str:
    """The latest of these days, and how many there are besides."""
    found = list(days)
    more = len(found) - DAYS_NAMED
    named = [day_of(day) for day in found[:DAYS_NAMED]]
    return in_a_row([*named, f"{counted(more, 'day')} before"] if more > 0 else named, AND)


def day_of(day: date | None) -> str:
    """A day with its weekday; empty where it is not known."""
    return spoken(day, weekday=True) if day else ""


def to_you(words: str) -> str:
    """Words of ours about the person, or in their mouth, as they are said to them."""
    return _ABOUT_THEM.sub(lambda found: TO_YOU[found.group()], words)


def counted(number: int, one: str, after: str = "", many: str = "") -> str:
    """ "3 notes"; empty for none."""
    return f"{number} {one if number == 1 else many or one + 's'}{after}" if number else ""
