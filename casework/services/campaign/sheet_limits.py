"""How much of a sheet is kept. A list of supporters that is longer comes in several files."""

from collections.abc import Iterable
from dataclasses import dataclass

MOST_BYTES = 10 * 1024 * 1024
MOST_ROWS = 20_000
MOST_COLUMNS = 100
LONGEST_CELL = 2_000  # characters; what is longer is no name and no address


@dataclass(slots=True)
class Cut:
    """What was left out because it was too much."""

    rows: bool = False
    columns: int = 0

    def notes(self) -> list[str]:
        """What was left out, in words."""
        said = []
        if self.columns:
            said.append(f"There are {self.columns} columns. The first {MOST_COLUMNS} were read.")
        if self.rows:
            said.append(
                f"There are more than {MOST_ROWS:,} rows. The first {MOST_ROWS:,} were read: send the rest apart."
            )
        return said


def keep_within(rows: Iterable[list[str]], cut: Cut) -> list[list[str]]:
    """The rows that are kept, without the blank ones at the end."""
    kept: list[list[str]] = []
    blank = 0  # how many blank rows wait to be followed by one that is not
    for row in rows:
        while row and not row[-1].strip():
            row.pop()
        if not row:
            blank += 1
            if blank > MOST_ROWS:  # whatever comes after so many would be left out
                cut.rows = True
                break
            continue
        if len(kept) + blank >= MOST_ROWS:
            cut.rows = True
            break
        kept.extend([] for _ in range(blank))
        blank = 0
        if len(row) > MOST_COLUMNS:
            cut.columns = max(cut.columns, len(row))
        kept.append([cell[:LONGEST_CELL] for cell in row[:MOST_COLUMNS]])
    return kept
