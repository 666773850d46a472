"""A date that became another: what it was, what it is now, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from casework.domain.dates import spoken


@dataclass(frozen=True)
class Move:
    """A date that was counted anew and came out otherwise.

    `was` and `now` hold the days by name: `safe` is the day to aim for, `last` the final one, `earliest` the first on
    which something may happen. They are empty where the date could not be worked out. `because` goes on from that
    word, without a full stop.
    """

    was: Mapping[str, date]
    now: Mapping[str, date]
    because: str

    @property
    def said(self) -> str:
        """The whole move as a sentence."""
        return f"{self.days}, because {self.because.rstrip('.')}."

    @property
    def days(self) -> str:
        """What it was and what it is now, as the beginning of a sentence."""
        was, now = _final(self.was), _final(self.now)
        if now is None:
            gone = "and cannot be worked out now"
            return f"Was {spoken(was, weekday=True)}, {gone}" if was else "Still to be worked out"
        if was is None:
            return f"Could not be worked out before, now {spoken(now, weekday=True)}"
        said = _from_to("Was", was, now) if was != now else ""
        safe_was, safe_now = self.was.get("safe"), self.now.get("safe")
        if safe_was and safe_now and safe_was != safe_now:
            aim = _from_to("was", safe_was, safe_now)
            return f"{said} (the day to aim for {aim})" if said else f"The day to aim for {aim}"
        return said


def _from_to(verb: str, was: date, now: date) -> str:
    before = spoken(was, weekday=True, year=was.year != now.year)
    return f"{verb} {before}, now {spoken(now, weekday=True)}"


def _final(days: Mapping[str, date]) -> date | None:
    return days.get("earliest") or days.get("last")
