"""Tables as CSV that spreadsheets open with the right letters, and in which no cell can run as a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

from casework.domain.cells import harmless


def to_csv(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """The table as UTF-8 with a mark that tells Excel so. Nothing is written for None.

    No line `sep=,` stands before it, for Excels that split at semicolons: other programs show it as a row, and Excel
    then no longer heeds the mark. What such an Excel makes of a cell is harmless all the same.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow([harmless(heading) for heading in headings])
    for row in rows:
        writer.writerow(["" if cell is None else harmless(str(cell)) for cell in row])
    return out.getvalue().encode("utf-8-sig")
