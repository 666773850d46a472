"""A date that became another: what it was, what it is now, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from casework.domain.said import on_day
from casework.domain.words import say


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
        return say("{days}, because {because}.", days=self.days, because=self.because.rstrip("."))

    @property
    def days(self) -> str:
        """What it was and what it is now, as the beginning of a sentence."""
        was, now = _final(self.was), _final(self.now)
        if now is None:
            if was is None:
                return say("Still to be worked out")
            return say("Was {was}, and cannot be worked out now", was=on_day(was, weekday=True))
        if was is None:
            return say("Could not be worked out before, now {now}", now=on_day(now, weekday=True))
        said = say("Was {was}, now {now}", **_days(was, now)) if was != now else ""
        safe_was, safe_now = self.was.get("safe"), self.now.get("safe")
        if safe_was and safe_now and safe_was != safe_now:
            aim = _days(safe_was, safe_now)
            if said:
                return say("{days} (the day to aim for was {was}, now {now})", days=said, **aim)
            return say("The day to aim for was {was}, now {now}", **aim)
        return said


def _days(was: date, now: date) -> dict[str, str]:
    return {"was": on_day(was, weekday=True, year=was.year != now.year), "now": on_day(now, weekday=True)}


def _final(days: Mapping[str, date]) -> date | None:
    return days.get("earliest") or days.get("last")
