"""The bank holidays that GOV.UK publishes, and which of them are not those that Casework counts with."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from casework.domain.dates import spoken
from casework.domain.parliament.directory_answers import HalfAnAnswer
from casework.reference.bank_holidays import BankHolidays
from casework.reference.parliament.reading import Odd, day, rows, text
from casework.reference.regions import REGIONS

GOV_UK = "https://www.gov.uk"
PATH = "/bank-holidays.json"
SOURCE = "gov.uk/bank-holidays.json"
LEAST_A_YEAR = 7  # each part of the UK has eight or more; one may have gone by before the list begins


@dataclass(frozen=True)
class Listed:
    """One day that is a bank holiday in some parts of the UK, by the list of GOV.UK."""

    day: date
    title: str
    divisions: tuple[str, ...]

    @property
    def words(self) -> str:
        """The day, its name and where: "Friday 4 December 2026, Example Day (Scotland)"."""
        where = ", ".join(REGIONS[one] for one in self.divisions)
        return f"{spoken(self.day, weekday=True)}, {self.title} ({where})"


@dataclass(frozen=True)
class Compared:
    """`new` are listed and not counted with, `gone` the other way round; each reaches to its own last day."""

    new: tuple[Listed, ...]
    gone: tuple[Listed, ...]
    listed_until: date
    known_until: date

    @property
    def lists_more_years(self) -> bool:
        """Whether GOV.UK lists years that Casework knows nothing of."""
        return self.listed_until.year > self.known_until.year


def read_holidays(told: Any) -> dict[tuple[str, date], str]:
    """The title of each bank holiday by part of the UK and day. Raises HalfAnAnswer when a part is lacking."""
    found = {}
    for division in REGIONS:
        events = rows(told.get(division) if isinstance(told, dict) else None, "events")
        for event in events:
            on, title = day(event, "date"), text(event, "title")
            if on is None or not title:
                raise Odd("a bank holiday has no day or no name")
            found[division, on] = title
        if len(events) < LEAST_A_YEAR:
            raise HalfAnAnswer(f"GOV.UK lists too few bank holidays of {REGIONS[division]}.")
    return found


def compare(listed: dict[tuple[str, date], str], known: BankHolidays, today: date) -> Compared:
    """Which of the days to come are not the same in both, as far as both reach."""
    until = min(max(on for division, on in listed if division == one) for one in REGIONS)
    last = min(until, known.known_until)
    ours = {(row.division, row.day): row.title for row in known.holidays}
    new = {key: title for key, title in listed.items() if today <= key[1] <= last and key not in ours}
    gone = {key: title for key, title in ours.items() if today <= key[1] <= last and key not in listed}
    return Compared(_by_day(new), _by_day(gone), until, known.known_until)


def _by_day(found: dict[tuple[str, date], str]) -> tuple[Listed, ...]:
    days: dict[tuple[date, str], list[str]] = {}
    for (division, on), title in sorted(found.items()):
        days.setdefault((on, title), []).append(division)
    return tuple(Listed(on, title, tuple(parts)) for (on, title), parts in sorted(days.items()))
