"""A table that came as text: how its letters are kept and what stands between its cells, found out from itself."""

import csv
import io
import itertools
import re
from collections.abc import Iterator

from casework.domain.campaign.sheet_columns import find_columns
from casework.domain.cells import as_typed
from casework.domain.errors import CaseworkError
from casework.services.campaign.sheet_limits import MOST_COLUMNS, Cut, keep_within

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "upright strokes"}
_SAMPLE = 32_000  # characters from the beginning, enough to see what stands between the cells
_SAMPLE_ROWS = 60
_LONGEST_ROW = 200_000  # characters; a quotation mark is missing where a row is longer
_UNREADABLE = (
    "This is not a spreadsheet or a table that we can read. Open it in the program that made it, and save it"
    " as an Excel workbook (.xlsx) or as CSV."
)


def read_text(content: bytes) -> tuple[list[list[str]], list[str]]:
    """The rows of a CSV, and what the reader should know of how it was read.

    Raises CaseworkError for what is no text, and for a quotation mark that nobody closed.
    """
    text, notes = _decoded(content)
    told = re.match(r'"?sep=([,;|:\t])"?\r?\n', text)  # Excel's own hint
    separator = told[1] if told else _separator(text)
    if told:
        text = text[told.end() :]
    cut = Cut()
    # Spreadsheets write up to a million empty rows below the last one.
    rows = keep_within(_rows(text.rstrip(f" \t\r\n{separator}"), separator), cut)
    if told:
        rows.insert(0, [])  # so that the numbers of the rows stay those of the sheet
    return rows, notes + cut.notes()


def _decoded(content: bytes) -> tuple[str, list[str]]:
    for mark, coding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return _without_nul(content.decode(coding, errors="replace"), [])
    if unmarked := _looks_like_utf_16(content):
        return _without_nul(content.decode(unmarked, errors="replace"), [])
    try:
        return _without_nul(content.decode("utf-8"), [])
    except UnicodeDecodeError:
        pass
    old_mac = b"\r" in content and b"\n" not in content
    text = content.decode("mac_roman" if old_mac else "cp1252", errors="replace")
    system = "an old Mac" if old_mac else "Windows"
    return _without_nul(
        text, [f"The letters were read as {system} writes them. Look at names such as Zoë: are they right?"]
    )


def _looks_like_utf_16(content: bytes) -> str | None:
    start = content[:400]
    if len(start) < 4:
        return None
    for coding, first in (("utf-16-le", 1), ("utf-16-be", 0)):
        if start[first::2].count(0) > 0.7 * len(start[first::2]) and start[1 - first :: 2].count(0) == 0:
            return coding
    return None


def _without_nul(text: str, notes: list[str]) -> tuple[str, list[str]]:
    """The text without bytes that no text has, and a note of it. Raises CaseworkError when there are many."""
    odd = sum(text.count(chr(code)) for code in (*range(9), *range(14, 32)))
    if odd > max(10, len(text) // 100):
        raise CaseworkError(_UNREADABLE, field="sheet")
    if "\0" in text:
        return text.replace("\0", ""), [*notes, "The file had empty bytes in it. They were left out."]
    return text, notes


def _separator(text: str) -> str:
    """The separator with which most headings are understood, and of several the one that makes most cells."""
    sample = text[:_SAMPLE]

    def worth(separator: str) -> tuple[int, float]:
        rows = []
        try:
            for row in _rows(sample, separator):
                rows.append(row[:MOST_COLUMNS])
                if len(rows) >= _SAMPLE_ROWS:
                    break
        except CaseworkError:
            pass
        filled = sorted(len(row) for row in rows if row)
        known = find_columns(rows).fields.values() if rows else ()
        return len(set(known)), filled[len(filled) // 2] if filled else 0

    return max(SEPARATORS, key=worth)  # of two that are alike, the first


def _rows(text: str, separator: str) -> Iterator[list[str]]:
    """Row by row, as far as anybody asks. No row may be so long that it would fill the memory."""
    taken = 0

    def lines() -> Iterator[str]:
        nonlocal taken
        for line in io.StringIO(text, newline=None if "\r" in text and "\n" not in text else ""):
            taken += len(line)
            if taken > _LONGEST_ROW:
                raise csv.Error
            yield line

    reader = csv.reader(lines(), delimiter=separator)
    for number in itertools.count(1):
        taken = 0
        try:
            row = next(reader, None)
        except csv.Error:
            raise CaseworkError(
                f'Row {number} does not end. There may be a quotation mark (") in it that is not closed, or it is no'
                " table. Open the file in a spreadsheet program and save it as an Excel workbook (.xlsx).",
                field="sheet",
            ) from None
        if row is None:
            return
        yield [as_typed(cell) for cell in row]
