"""Reads one workbook in a process of its own: its bytes come in, its sheets as text go out.

It is a program by itself, which `casework.apart` starts for `sheet_books`, and knows nothing of Casework.
"""

import io
import json
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from xml.parsers import expat

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

LONGEST_TEXT = 40_000_000  # characters in all: a small file can repeat one text a million times
_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "

Merged = list[tuple[int, int, int]]  # first row, last row, column


def sheets(content: bytes, most_rows: int, most_columns: int, longest_cell: int) -> list[dict[str, Any]]:
    """Every sheet that can be seen: its name, its rows as text, its merged cells, how wide and long it is.

    Raises MemoryError for more than `LONGEST_TEXT`, and what its parsers raise for one that is locked or damaged.
    """
    budget = [LONGEST_TEXT]
    found = []
    spans = _spans_of_ods(content)
    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
        for place, about in enumerate(workbook.sheets_metadata):
            if about.visible is not SheetVisibleEnum.Visible:
                continue
            sheet = workbook.get_sheet_by_index(place)
            end = sheet.end
            rows = []
            # One row more than is kept shows that there are more.
            for cells in sheet.to_python(skip_empty_area=False, nrows=most_rows + 1) if end else []:
                row = [as_text(cell, longest_cell) for cell in cells[: most_columns + 1]]
                budget[0] -= sum(map(len, row))
                if budget[0] < 0:
                    raise MemoryError
                rows.append(row)
            last_row, last_column = (end[0] + 1, end[1] + 1) if end else (0, 0)
            merged = _merged(sheet, about.name, spans)
            found.append(
                {"name": about.name, "rows": rows, "width": last_column, "length": last_row, "merged": merged}
            )
    return found


def as_text(cell: object, longest: int) -> str:
    """A cell as somebody reads it in the sheet: 12 and not 12.0, a date as 2026-03-27."""
    if isinstance(cell, str):
        return cell[:longest]
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "seconds")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return "" if isinstance(cell, timedelta) else str(cell)[:longest]


def _merged(sheet: Any, name: str, spans: dict[str, Merged]) -> Merged:
    ranges = sheet.merged_cell_ranges
    if ranges is None:
        return spans.get(name, [])
    return [(first[0], last[0], first[1]) for first, last in ranges if last[0] > first[0]]


def _spans_of_ods(content: bytes) -> dict[str, Merged]:
    """The cells of an ODS that reach over several rows, by sheet; nothing for other kinds."""
    if b"application/vnd.oasis.opendocument.spreadsheet" not in content[:200]:
        return {}
    with zipfile.ZipFile(io.BytesIO(content)) as packed, packed.open("content.xml") as xml:
        reader = _Spans()
        while piece := xml.read(65536):
            reader.parser.Parse(piece, False)
    return reader.found


class _Spans:
    """Counts rows and columns of each table, and notes the cells that reach down."""

    def __init__(self) -> None:
        self.found: dict[str, Merged] = {}
        self.sheet: Merged = []
        self.row = self.column = self.rows_here = 0
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self.start
        self.parser.EntityDeclHandler = self.refuse

    def refuse(self, *_: object) -> None:
        """Text that stands for other text can grow without end, and no spreadsheet program writes it."""
        raise ValueError

    def start(self, name: str, about: dict[str, str]) -> None:
        """A table, row or cell begins."""
        if name == _TABLE + "table":
            self.sheet = self.found.setdefault(about.get(_TABLE + "name", ""), [])
            self.row = self.rows_here = 0
        elif name == _TABLE + "table-row":
            self.row += self.rows_here
            self.rows_here, self.column = int(about.get(_TABLE + "number-rows-repeated", 1)), 0
        elif name in (_TABLE + "table-cell", _TABLE + "covered-table-cell"):
            down = int(about.get(_TABLE + "number-rows-spanned", 1))
            if down > 1:
                self.sheet.append((self.row, self.row + down - 1, self.column))
            self.column += int(about.get(_TABLE + "number-columns-repeated", 1))


def _answers(numbers: Iterator[int]) -> dict[str, Any]:
    try:
        return {"sheets": sheets(sys.stdin.buffer.read(), next(numbers), next(numbers), next(numbers))}
    except PasswordError:
        return {"refused": "password"}
    except MemoryError:
        return {"refused": "too much"}
    except (CalamineError, ValueError, KeyError, OSError, zipfile.BadZipFile, expat.ExpatError):
        return {"refused": "damaged"}


if __name__ == "__main__":
    json.dump(_answers(map(int, sys.argv[1:])), sys.stdout)
