"""CSV files read strictly, with every complaint collected: file, row and column."""

import csv
import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TextIO

from casework.domain.errors import CaseworkError

_MOST_SHOWN = 50


@dataclass(frozen=True)
class Complaint:
    """One thing that is wrong in the source files, and where. Row 1 is the line of column names."""

    file: str
    row: int | None
    column: str | None
    message: str

    def __str__(self) -> str:
        row = f", row {self.row}" if self.row else ""
        column = f", column {self.column}" if self.column else ""
        return f"{self.file}{row}{column}: {self.message}"


class BadSource(CaseworkError):
    """The source files cannot be compiled. `complaints` holds every reason."""

    def __init__(self, complaints: list[Complaint]) -> None:
        self.complaints = tuple(complaints)
        shown = "\n".join(str(complaint) for complaint in complaints[:_MOST_SHOWN])
        more = len(complaints) - _MOST_SHOWN
        rest = f"\n… and {more} more." if more > 0 else ""
        count = "1 thing is" if len(complaints) == 1 else f"{len(complaints)} things are"
        super().__init__(f"The directory was not made, because {count} wrong in the source:\n{shown}{rest}")


@dataclass
class Row:
    """One line of a table. What cannot be read becomes a complaint, and an empty value in its place."""

    file: str
    number: int
    values: dict[str, str]
    complaints: list[Complaint] = field(repr=False)

    def text(self, column: str) -> str:
        """The cell without spaces at its ends; empty when there is nothing."""
        return self.values[column].strip()

    def required(self, column: str) -> str:
        """The cell, with a complaint when it is empty."""
        if not self.text(column):
            self.complain(column, "is empty")
        return self.text(column)

    def integer(self, column: str) -> int | None:
        """The cell as a whole number, None when it is empty."""
        text = self.text(column)
        if not text:
            return None
        if not re.fullmatch(r"[0-9]{1,12}", text):
            self.complain(column, f"{text!r} is not a whole number")
            return None
        return int(text)

    def decimal(self, column: str) -> float | None:
        """The cell as a number, None when it is empty."""
        text = self.text(column)
        if not text:
            return None
        if not re.fullmatch(r"-?[0-9]{1,9}(\.[0-9]{1,9})?", text):
            self.complain(column, f"{text!r} is not a number")
            return None
        return float(text)

    def day(self, column: str) -> date | None:
        """The cell as a date, None when it is empty."""
        text = self.text(column)
        if not text:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            self.complain(column, f"{text!r} is not a date such as 2026-06-27")
            return None

    def complain(self, column: str | None, message: str) -> None:
        """Keep what is wrong with this row."""
        self.complaints.append(Complaint(self.file, self.number, column, message))


class Source:
    """A folder of CSV files, and everything found wrong in it so far."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.complaints: list[Complaint] = []

    def complain(self, file: str, message: str) -> None:
        """Keep what is wrong with a file as a whole."""
        self.complaints.append(Complaint(file, None, None, message))

    def stop_if_wrong(self) -> None:
        """Raise BadSource when there has been any complaint."""
        if self.complaints:
            raise BadSource(self.complaints)

    def only_file(self, pattern: str) -> str:
        """The name of the one file that fits the pattern; when several do, the newest by its name."""
        names = sorted(path.name for path in self.folder.glob(pattern))
        if not names:
            self.complain(pattern, "there is no such file in the folder")
        return names[-1] if names else ""

    def rows(self, name: str, columns: str) -> Iterator[Row]:
        """Each row of a file, which must have these columns. Nothing, and a complaint, when it has not."""
        try:
            with _open(self.folder / name) as file:
                reader = csv.DictReader(file, strict=True)
                missing = [column for column in columns.split() if column not in (reader.fieldnames or ())]
                for column in missing:
                    self.complaints.append(Complaint(name, 1, column, "this column is missing"))
                if missing:
                    return
                for values in reader:
                    row = Row(name, reader.line_num, values, self.complaints)
                    if None in values or None in values.values():
                        row.complain(None, "has not as many cells as there are columns")
                    else:
                        yield row
        except FileNotFoundError:
            self.complain(name, "there is no such file in the folder")
        except (OSError, EOFError, UnicodeDecodeError, csv.Error) as error:
            self.complain(name, f"cannot be read: {error}")


def _open(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8", newline="")
    return path.open(encoding="utf-8-sig", newline="")
