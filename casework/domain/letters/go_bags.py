"""Go-bags: one file that leaves the house with somebody. For whom, for how long, and how each copy ended."""

import unicodedata
from datetime import date, timedelta
from enum import StrEnum

from casework.domain.consent.publicity import Audience
from casework.domain.errors import CaseworkError

USUAL_DAYS, MOST_DAYS = 14, 90
IDLE_MINUTES = 10  # how long an open bag waits for a touch before it closes itself
FOR_WHOM = {
    Audience.OFFICE: "Whoever of us goes to an MP: it tells what an MP’s office may hear",
    Audience.SUPPORTERS: "A supporter who goes to an MP: it tells what supporters may hear",
    Audience.PERSON: "The person: their own papers, for themselves",
}
# What two keyboards write in different ways and nobody means: spaces and hyphens. The file's script has the same list.
_BETWEEN = dict.fromkeys(
    [
        *map(ord, " \t\r\n\u00a0\u1680\u202f\u205f\u3000\ufeff-\u2212"),
        *range(0x2000, 0x2010),
        *range(0x2010, 0x2016),
    ]
)


class Ended(StrEnum):
    """What became of a copy that is not out any more, or that nobody can find."""

    DESTROYED = "destroyed"
    RETURNED = "returned"
    LOST = "lost"

    @property
    def words(self) -> str:
        """The same as a page says it."""
        return _ENDED[self]


_ENDED = {
    Ended.DESTROYED: "It was deleted or destroyed",
    Ended.RETURNED: "It was given back to us, and deleted here",
    Ended.LOST: "It is lost: nobody knows where it is",
}


def typed_alike(passphrase: str) -> str:
    """The passphrase as it counts: capitals, spaces and hyphens do not matter. A browser has to find the same."""
    return unicodedata.normalize("NFKC", passphrase).translate(_BETWEEN).lower()


def usual_end(today: date) -> date:
    """The day on which a copy of today expires unless somebody says otherwise."""
    return today + timedelta(USUAL_DAYS)


def check_end(expires_on: date | None, today: date) -> date:
    """The day. Raises CaseworkError for none, for one that has been, and for one that is too far away."""
    if expires_on is None:
        raise CaseworkError("Type the day on which this copy expires.", field="expires_on")
    if expires_on < today:
        raise CaseworkError("That day is over. Type a day to come.", field="expires_on")
    if expires_on > today + timedelta(MOST_DAYS):
        raise CaseworkError(
            f"That is too far away: {MOST_DAYS} days at most. Facts change, and a new copy takes a minute.",
            field="expires_on",
        )
    return expires_on


def is_out(ended_as: str | None) -> bool:
    """Whether somebody may still hold this copy: a lost one is out until it is found."""
    return ended_as is None or ended_as == Ended.LOST
