"""The forms with which a list of supporters comes in."""

from collections.abc import Mapping
from typing import Any

from flask_wtf.file import FileField
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, HiddenField, TextAreaField

from casework.domain.campaign.sheet_words import FIELD_WORDS, Field
from casework.domain.campaign.supporter_imports import RowState
from casework.domain.errors import CaseworkError
from casework.services.campaign.imports import AGREED
from casework.web.fields import DayField, line, whole_number
from casework.web.forms import HouseForm

NOTHING = "Choose the file, or paste the cells into the box."
TOLD_HINT = (
    "Leave it open if they were not told yet, or if you do not know: it then shows as work to do. A row that says"
    " another day keeps its own."
)


class SheetForm(HouseForm):
    """A spreadsheet, as a file or as cells that were pasted."""

    sheet = FileField(
        "The file",
        description="CSV, Excel (.xlsx or .xls) or OpenDocument (.ods), up to 10 MB and 20,000 rows.",
    )
    pasted = TextAreaField(
        "Or paste the cells here",
        description="In your spreadsheet mark the list with its headings, copy it, and paste it here.",
        render_kw={"rows": 5},
    )

    def content(self) -> bytes:
        """What was sent. Raises CaseworkError when nothing was."""
        upload = self.sheet.data
        if upload and getattr(upload, "filename", ""):
            return bytes(upload.read())
        if (self.pasted.data or "").strip():
            return str(self.pasted.data).encode()
        raise CaseworkError(NOTHING, field="sheet")

    def explain(self, error: CaseworkError) -> None:
        """Show what is wrong with the list where it was given."""
        given_as_file = getattr(self.sheet.data, "filename", "") or not (self.pasted.data or "").strip()
        if error.field in ("sheet", "columns"):
            error = CaseworkError(error.message, field="sheet" if given_as_file else "pasted")
        super().explain(error)


class OfAllForm(HouseForm):
    """What is asked once of everybody in a list. Nobody agreed to anything unless somebody says so."""

    told_on = DayField(
        "On which day were these people told what you keep about them?", hint=TOLD_HINT, past=True
    )
    writes = BooleanField(
        "Everybody on this list said that they will write to their own MP",
        description="Letters for many leave everybody else out. A row that says yes or no itself is believed.",
    )
    counted = BooleanField("Everybody on this list said that they may be counted among those who wrote")

    @property
    def said(self) -> list[str]:
        """What all in the list agreed to."""
        return [name for name in AGREED if self[name].data]


class ColumnsForm(OfAllForm):
    """Which column is what. The choices themselves are read from the request: a sheet has as many as it has."""


class RowsForm(HouseForm):
    """Rows to be corrected or decided on; the cells are read from the request."""


class AddForm(OfAllForm):
    """The button that adds the list."""

    version = HiddenField()


class TakeBackForm(HouseForm):
    """The button that takes a list back; the number is asked for where many go."""

    version = HiddenField()
    number = line("How many supporters go? Type the number", most=12, size=6)


def chosen_columns(sent: Mapping[str, str]) -> dict[int, Field | None]:
    """The field of each column that somebody chose; None for one to leave out."""
    found: dict[int, Field | None] = {}
    for name, value in sent.items():
        place = name.removeprefix("column-")
        if name.startswith("column-") and place.isdecimal() and len(place) < 4:
            found[int(place)] = Field(value) if value in FIELD_WORDS else None
    return found


def typed_cells(sent: Mapping[str, str]) -> tuple[dict[int, dict[Field, str]], set[int]]:
    """What was typed into the cells of each row, by its id, and the rows to leave out."""
    typed: dict[int, dict[Field, str]] = {}
    out: set[int] = set()
    for name, value in sent.items():
        kind, _, rest = name.partition("-")
        row_id, _, field = rest.partition("-")
        if kind == "out" and (number := whole_number(row_id)):
            out.add(number)
        elif kind == "cell" and field in set(Field) and (number := whole_number(row_id)):
            typed.setdefault(number, {})[Field(field)] = value[:2_000]
    return typed, out


def choices_of(sent: MultiDict[str, str]) -> dict[int, RowState]:
    """What was said of each row that may be there twice, by its id."""
    answers = {"same": RowState.SAME, "two": RowState.TWO}
    return {
        number: answers[value]
        for name, value in sent.items()
        if name.startswith("twice-") and value in answers and (number := whole_number(name[6:]))
    }


def rows_shown(columns: Any, table: list[list[str]], most: int = 3) -> dict[int, list[str]]:
    """The first cells of each column that hold something, to see what it is."""
    first = 0 if columns.heading_row is None else columns.heading_row + 1
    found: dict[int, list[str]] = {place: [] for place in range(len(columns.headings))}
    for row in table[first : first + 200]:
        for place, cell in enumerate(row):
            text = " ".join(cell.split())[:60]
            if text and len(found[place]) < most:
                found[place].append(text)
    return found
