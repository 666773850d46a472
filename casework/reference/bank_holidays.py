"""Bank holidays by part of the UK, each with its source and the day it was checked."""

import csv
import json
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from casework.domain.errors import CaseworkError, SettingsError
from casework.reference.regions import REGIONS

HERE = Path(__file__).parent
COLUMNS = ("division", "date", "title", "notes")
EVERY_YEAR = ("New Year", "Good Friday", "Christmas", "Boxing")


@dataclass(frozen=True, order=True)
class BankHoliday:
    """One bank holiday in one part of the UK, with who says so and when that was checked."""

    division: str
    day: date
    title: str
    note: str
    source: str
    checked_on: date

    @classmethod
    def from_row(cls, row: dict[str, str]) -> "BankHoliday":
        """The holiday that one row of `bank_holidays.json` tells of."""
        texts = {name: row[name] for name in ("division", "title", "note", "source")}
        day, checked_on = date.fromisoformat(row["date"]), date.fromisoformat(row["checked_on"])
        return cls(day=day, checked_on=checked_on, **texts)

    def as_row(self) -> dict[str, str]:
        """The row of `bank_holidays.json` that tells of it."""
        return {
            "division": self.division,
            "date": self.day.isoformat(),
            "title": self.title,
            "note": self.note,
            "source": self.source,
            "checked_on": self.checked_on.isoformat(),
        }


@dataclass(frozen=True)
class BankHolidays:
    """All the bank holidays known, and the first and last day for which they are known."""

    known_from: date
    known_until: date
    holidays: tuple[BankHoliday, ...]

    def named(self, *regions: str) -> dict[date, str]:
        """The names of the holidays by date; where several parts of the UK are asked for, whose they are."""
        found: dict[date, list[BankHoliday]] = {}
        for holiday in self.holidays:
            if holiday.division in regions:
                found.setdefault(holiday.day, []).append(holiday)
        return {day: _name(same_day, regions) for day, same_day in found.items()}


@cache
def bank_holidays() -> BankHolidays:
    """The bank holidays that the program carries."""
    table = json.loads((HERE / "bank_holidays.json").read_text("utf-8"))
    rows = tuple(BankHoliday.from_row(row) for row in table["holidays"])
    return BankHolidays(
        date.fromisoformat(table["known_from"]), date.fromisoformat(table["known_until"]), rows
    )


def compile_bank_holidays(source_csv: Path, output_dir: Path) -> Path:
    """The path of `bank_holidays.json`, written from the CSV and from our own list of added days.

    The CSV has the columns division, date, title and notes. Raises CaseworkError with every row that is
    wrong, and when a year between the first and the last lacks one of its usual holidays.
    """
    added = tomllib.loads((HERE / "bank_holidays_added.toml").read_text("utf-8"))
    holidays = _published(source_csv, added["published"])
    holidays += [_added(row) for row in added["added"]]
    unique = {(holiday.division, holiday.day): holiday for holiday in reversed(holidays)}
    years = sorted({holiday.day.year for holiday in holidays})
    _check_years(source_csv.name, list(unique.values()), range(years[0], years[-1] + 1))
    lines = ",\n    ".join(json.dumps(row.as_row(), ensure_ascii=False) for row in sorted(unique.values()))
    target = output_dir / "bank_holidays.json"
    target.write_text(
        f'{{\n  "known_from": "{years[0]}-01-01",\n  "known_until": "{years[-1]}-12-31",\n'
        f'  "holidays": [\n    {lines}\n  ]\n}}\n',
        "utf-8",
    )
    bank_holidays.cache_clear()
    return target


def _published(source_csv: Path, published: dict[str, Any]) -> list[BankHoliday]:
    source, checked_on = published["source"], published["checked_on"]
    holidays, wrong = [], []
    with source_csv.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines)
        missing = [column for column in COLUMNS if column not in (rows.fieldnames or ())]
        if missing:
            raise CaseworkError(f"{source_csv.name} lacks the column {', '.join(missing)}.")
        for number, row in enumerate(rows, start=2):
            try:
                day = date.fromisoformat(row["date"])
            except ValueError:
                wrong.append(f"{source_csv.name}, row {number}, date: {row['date']!r} is not a date")
                continue
            if row["division"] not in REGIONS:
                wrong.append(f"{source_csv.name}, row {number}, division: {row['division']!r} is not known")
            holidays.append(
                BankHoliday(row["division"], day, row["title"], row["notes"] or "", source, checked_on)
            )
    if not holidays:
        wrong.append(f"{source_csv.name} holds no bank holidays")
    if wrong:
        raise CaseworkError("; ".join(wrong) + ".")
    return holidays


def _added(row: dict[str, Any]) -> BankHoliday:
    try:
        if row["division"] not in REGIONS:
            raise SettingsError(f"bank_holidays_added.toml: the division {row['division']!r} is not known.")
        return BankHoliday(
            row["division"],
            row["date"],
            row["title"],
            row.get("note", ""),
            row["source"],
            row["checked_on"],
        )
    except KeyError as error:
        raise SettingsError(f"bank_holidays_added.toml: an added day lacks its {error}.") from error


def _check_years(file: str, holidays: list[BankHoliday], years: range) -> None:
    for region in REGIONS:
        for year in years:
            titles = " ".join(
                row.title for row in holidays if row.division == region and row.day.year == year
            )
            lacking = [name for name in EVERY_YEAR if name not in titles]
            if lacking:
                raise CaseworkError(
                    f"{file}: {region} in {year} lacks {', '.join(lacking)}. Is the year complete?"
                )


def _name(same_day: list[BankHoliday], asked: tuple[str, ...]) -> str:
    first = same_day[0]
    name = f"{first.title}, substitute day" if first.note.lower() == "substitute day" else first.title
    if len(same_day) == len(asked):
        return name
    return f"{name} ({', '.join(REGIONS[row.division] for row in same_day)})"
