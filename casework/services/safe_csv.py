"""Tables as CSV that spreadsheets open with the right letters, and in which no cell can run as a formula."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

# What a spreadsheet takes for the beginning of a formula, the wide forms of Chinese and Japanese keyboards too.
_RUNS = re.compile(r"['\s]*[-=+@＝＋－＠]|'*[\t\r\n]")


def to_csv(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """The table as UTF-8 with a mark that tells Excel so. Nothing is written for None."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow([harmless(heading) for heading in headings])
    for row in rows:
        writer.writerow(["" if cell is None else harmless(str(cell)) for cell in row])
    return out.getvalue().encode("utf-8-sig")


def harmless(cell: str) -> str:
    """The cell with an apostrophe before it where it could run as a formula. `as_typed` takes it off again."""
    return f"'{cell}" if _RUNS.match(cell) else cell


def as_typed(cell: str) -> str:
    """The cell without the apostrophe that `harmless`, or Excel, puts before what could run as a formula."""
    return cell[1:] if cell.startswith("'") and _RUNS.match(cell[1:]) else cell
