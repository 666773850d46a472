"""A spreadsheet that somebody sends: what it is by its bytes, never by its name, and its tables as text."""

import zipfile
from dataclasses import dataclass

from casework.domain.campaign.sheet_columns import best_table
from casework.domain.errors import CaseworkError
from casework.services.campaign.sheet_books import LOCKED, Book, check_unpacked, read_book
from casework.services.campaign.sheet_limits import MOST_BYTES
from casework.services.campaign.sheet_text import read_text

_AS_WORKBOOK = "save it as an Excel workbook (.xlsx) or as CSV"
_OTHER_KINDS = (
    (b"%PDF-", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"II*\0", "a picture"),
    (b"MM\0*", "a picture"),
    (b"{\\rtf", "a text document"),
    (b"BEGIN:VCARD", "a list of contacts (vCard)"),
    (b"SQLite format 3", "a database"),
    (b"\x1f\x8b", "a packed file"),
    (b"7z\xbc\xaf", "a packed file"),
    (b"Rar!", "a packed file"),
)
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"


@dataclass(frozen=True, slots=True)
class SheetTable:
    """One sheet of the file: its name (empty for CSV), its rows as text, and what was left out of it."""

    name: str
    rows: list[list[str]]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SheetFile:
    """What the file held, the sheet that is the list of supporters, and what was noticed, in sentences."""

    tables: tuple[SheetTable, ...]
    chosen: int
    notes: tuple[str, ...]

    @property
    def table(self) -> SheetTable:
        """The sheet that was chosen."""
        return self.tables[self.chosen]


def read_sheets(content: bytes, *, chosen: int | None = None) -> SheetFile:
    """The sheets of a CSV, XLSX, XLS or ODS. Of several the one that is a list of supporters, unless one was chosen.

    Raises CaseworkError for anything else, with what it is and what to do: empty, too large, damaged, locked.
    """
    if not content.strip(b"\0\t\r\n \xef\xbb\xbf"):
        raise CaseworkError("This file is empty. Choose the list again.", field="sheet")
    if len(content) > MOST_BYTES:
        raise CaseworkError(
            f"This file is larger than {MOST_BYTES >> 20} MB. Leave out pictures and other sheets, or save it as CSV.",
            field="sheet",
        )
    tables = _tables(content)
    filled = [place for place, table in enumerate(tables) if table.rows]
    if not filled:
        raise CaseworkError(
            "There is nothing in this file that we can see. Choose the list again.", field="sheet"
        )
    if chosen is not None and 0 <= chosen < len(tables):
        return SheetFile(tables, chosen, tables[chosen].notes)
    best = best_table([table.rows for table in tables])
    place = filled[0] if best is None else best
    said = [f"There are {len(filled)} sheets. The one called “{tables[place].name}” was read."] * (
        len(filled) > 1
    )
    return SheetFile(tables, place, (*said, *tables[place].notes))


def _tables(content: bytes) -> tuple[SheetTable, ...]:
    if content.startswith(b"PK"):
        _refuse_other_zip(check_unpacked(content))
        return tuple(_table(book) for book in read_book(content))
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        _refuse_old_kinds(content)
        return tuple(_table(book) for book in read_book(content))
    _refuse_other(content)
    rows, notes = read_text(content)
    return (SheetTable("", rows, tuple(notes)),)


def _table(book: Book) -> SheetTable:
    return SheetTable(book.name, book.rows, tuple(book.notes))


def _refuse_other_zip(packed: zipfile.ZipFile) -> None:
    names = packed.namelist()
    first = packed.read("mimetype")[:100] if "mimetype" in names else b""
    if "encrypted-package" in names:
        raise CaseworkError(LOCKED, field="sheet")
    if first.startswith(_ODS) or any(name.startswith("xl/") for name in names):
        return
    if first.startswith(b"application/vnd.oasis.opendocument") or any(
        name.startswith("word/") for name in names
    ):
        raise _is("a text document", f"Copy its table into a spreadsheet, and {_AS_WORKBOOK}.")
    if any(name.endswith(".iwa") for name in names):
        raise _is("a document of Apple Numbers", "In Numbers choose File, Export To, and then CSV or Excel.")
    if any(name.startswith("ppt/") for name in names):
        raise _is("a slide show", f"Copy its table into a spreadsheet, and {_AS_WORKBOOK}.")
    raise _is("a packed file (zip)", "Unpack it, and send the list that is in it.")


def _refuse_old_kinds(content: bytes) -> None:
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise CaseworkError(LOCKED, field="sheet")
    if "WordDocument".encode("utf-16-le") in content:
        raise _is("a text document", f"Copy its table into a spreadsheet, and {_AS_WORKBOOK}.")


def _refuse_other(content: bytes) -> None:
    for beginning, kind in _OTHER_KINDS:
        if content.startswith(beginning):
            raise _is(kind, f"Type or copy the list into a spreadsheet, and {_AS_WORKBOOK}.")
    if content[4:8] == b"ftyp" or (content.startswith(b"RIFF") and content[8:12] == b"WEBP"):
        raise _is("a picture or a film", f"Type the list into a spreadsheet, and {_AS_WORKBOOK}.")
    start = content[:500].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype", b"<html", b"<?xml", b"<table", b"<meta")):
        raise _is("a web page or XML", f"Open it in your spreadsheet program, and {_AS_WORKBOOK}.")


def _is(kind: str, advice: str) -> CaseworkError:
    return CaseworkError(f"This is {kind}, not a spreadsheet. {advice}", field="sheet")
