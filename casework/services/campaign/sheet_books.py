"""Workbooks (XLSX, XLS, ODS): looked at before anything is unpacked, read in a process of their own."""

import io
import json
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from casework.apart import TooMuch, ask
from casework.domain.errors import CaseworkError
from casework.services.campaign.sheet_limits import LONGEST_CELL, MOST_COLUMNS, MOST_ROWS, Cut, keep_within

MOST_UNPACKED = 200 * 1024 * 1024
MOST_MEMBERS = 2_000
# No spreadsheet program packs in another way, and the others unpack whole at once, whatever is asked of them.
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_MEMORY_MB = 1_000
_SECONDS = 30
_READER = Path(__file__).with_name("workbook_reader.py")

_SAVE_AS_CSV = (
    "Open it in your spreadsheet program, copy the list of people into a new sheet, and save that as CSV."
)
TOO_MUCH = f"This workbook unpacks to far more than a list of people. {_SAVE_AS_CSV}"
DAMAGED = (
    "This workbook is damaged or is not what it seems. Open it in your spreadsheet program and save it again"
    " as an Excel workbook (.xlsx) or as CSV."
)
LOCKED = (
    "This workbook is protected by a password. Open it in your spreadsheet program, take the password off,"
    " and save it again."
)
_REFUSALS = {"password": LOCKED, "too much": TOO_MUCH, "damaged": DAMAGED}


@dataclass(frozen=True, slots=True)
class Book:
    """One sheet of a workbook: its rows as text, and what was left out."""

    name: str
    rows: list[list[str]]
    notes: list[str]


def check_unpacked(content: bytes) -> zipfile.ZipFile:
    """The zip, once every part of it was unpacked piece by piece and found as long as it says, and not too long.

    Raises CaseworkError for a zip that would fill the memory, that is damaged, or that says other than it holds.
    """
    try:
        packed = zipfile.ZipFile(io.BytesIO(content))
        members = packed.infolist()
        if len(members) > MOST_MEMBERS or sum(one.file_size for one in members) > MOST_UNPACKED:
            raise CaseworkError(TOO_MUCH, field="sheet")
        if any(one.flag_bits & 1 for one in members):
            raise CaseworkError(LOCKED, field="sheet")
        if any(one.compress_type not in _PACKED for one in members):
            raise CaseworkError(DAMAGED, field="sheet")
        for one in members:
            with packed.open(one) as part:
                while part.read(65536):
                    pass
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError):
        raise CaseworkError(DAMAGED, field="sheet") from None
    return packed


def read_book(content: bytes) -> list[Book]:
    """The sheets that can be seen. Raises CaseworkError for a workbook that is locked, damaged or too much."""
    limits = map(str, (MOST_ROWS, MOST_COLUMNS, LONGEST_CELL))
    try:
        found = ask(_READER, content, *limits, memory_mb=_MEMORY_MB, seconds=_SECONDS)
    except TooMuch:
        raise CaseworkError(TOO_MUCH, field="sheet") from None
    if found is None:
        raise CaseworkError(DAMAGED, field="sheet")
    answer = json.loads(found)
    if refused := answer.get("refused"):
        raise CaseworkError(_REFUSALS[refused], field="sheet")
    return [_book(**sheet) for sheet in answer["sheets"]]


def _book(name: str, rows: list[list[str]], width: int, length: int, merged: list[list[int]]) -> Book:
    cut = Cut()
    down = _continue_down(rows, merged)
    kept = keep_within(rows, cut)
    if cut.columns:
        cut.columns = max(cut.columns, width)
    cut.rows = cut.rows or length > MOST_ROWS  # a cell that stands alone far below is lost in no silence
    said = (
        ["Some cells were merged over several rows: each of these rows has what stands in them."]
        if down
        else []
    )
    return Book(name, kept, cut.notes() + said)


def _continue_down(rows: list[list[str]], merged: list[list[int]]) -> bool:
    """Whether what stands in merged cells was put into the rows below that they cover."""
    room = len(rows) * MOST_COLUMNS  # as many cells as there can be, and no more work than that
    filled = False
    for first, last, column in merged:
        if (
            first >= len(rows)
            or column >= min(len(rows[first]), MOST_COLUMNS)
            or not rows[first][column].strip()
        ):
            continue
        for row in rows[first + 1 : last + 1]:
            room -= 1
            if room < 0:
                return filled
            # A row with nothing else in it is no row of the list.
            if column < len(row) and not row[column] and any(cell.strip() for cell in row):
                row[column] = rows[first][column]
                filled = True
    return filled
