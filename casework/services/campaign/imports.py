"""Lists of supporters from spreadsheets: read in, their columns chosen, their rows waiting until somebody adds them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import and_, func, insert, or_, select, update
from sqlalchemy.orm.attributes import flag_modified
from sqlalchemy.orm.exc import StaleDataError

from casework import clock
from casework.domain.campaign import supporter_imports as domain
from casework.domain.campaign.sheet_cells import plain
from casework.domain.campaign.sheet_columns import SEVERAL, Columns, find_columns, shown
from casework.domain.campaign.sheet_words import FIELD_WORDS, Field
from casework.domain.campaign.supporter_imports import ImportState, RowState
from casework.domain.campaign.supporter_sheets import Checks, Remark, SheetRow, check_row, read_sheet
from casework.domain.campaign.supporters import unwanted
from casework.domain.errors import CaseworkError, NotFound, OutOfDate
from casework.domain.said import names
from casework.domain.words import say
from casework.services.campaign.import_twice import check_twice, is_seen
from casework.services.campaign.sheet_files import read_sheets
from casework.services.case.contact_details import read_email, read_phone
from casework.services.safety import audit
from casework.storage.database import db
from casework.storage.models import Case, ImportRow, SupporterImport, User

MOST_KEPT = 20_000_000  # characters of all sheets of a workbook, while somebody looks at the columns
AGREED = ("writes", "counted")  # what is asked once of all in a list
CHANGED_MEANWHILE = "Somebody else has changed this list meanwhile. This is how it is now: look again."
TOO_LATE = {
    ImportState.COLUMNS: "Say first which column is what.",
    ImportState.TAKEN_BACK: "This list has been taken back. Send the file again.",
    ImportState.EMPTIED: "This list waited too long and was emptied. Send the file again.",
    ImportState.ADDED: "Supporters of this list have been added already.",
    ImportState.WAITING: "The columns of this list have been chosen already.",
}


@dataclass(frozen=True)
class Counts:
    """How many rows are how far. What may be there twice is counted as far as this person may see both."""

    ready: int = 0
    wrong: int = 0
    alike: int = 0
    same: int = 0
    two: int = 0
    left_out: int = 0
    done: int = 0

    @property
    def new(self) -> int:
        """The rows that become supporters."""
        return self.ready + self.two

    @property
    def known(self) -> int:
        """The rows that are taken for somebody who is there."""
        return self.alike + self.same

    @property
    def pairs(self) -> int:
        """The rows that are shown beside somebody whom they may be."""
        return self.known + self.two

    @property
    def to_add(self) -> int:
        """The rows that the button adds, or joins to somebody who is there."""
        return self.new + self.known

    @property
    def open(self) -> int:
        """The rows that still wait."""
        return self.to_add + self.wrong + self.left_out


def upload(case: Case, content: bytes, actor: User) -> SupporterImport:
    """A list that was sent, its sheets waiting until somebody says which column is what.

    What is never kept of a supporter is not kept here either. Raises CaseworkError for what is no such list.
    """
    file = read_sheets(content)
    filled = [table for table in file.tables if table.rows]
    if sum(len(cell) for table in filled for row in table.rows for cell in row) > MOST_KEPT:
        raise CaseworkError(
            "This workbook holds far more than a list of people. Copy the list alone into a new file.",
            field="sheet",
        )
    sheet = SupporterImport(
        case=case, state=ImportState.COLUMNS, made_at=clock.now(), made_by=actor,
        tables=[
            {"name": one.name, "rows": _without_never_kept(one.rows), "notes": list(one.notes)}
            for one in filled
        ],
        columns={"sheet": filled.index(file.table), "chosen": {}},
    )  # fmt: skip
    db.session.add(sheet)
    db.session.flush()
    audit.record("supporters’ sheet read", actor, case, sheet=sheet.id)
    db.session.commit()
    return sheet


def _without_never_kept(rows: list[list[str]]) -> list[list[str]]:
    columns = find_columns(rows)
    never = {one.column for one in columns.left_out if one.never}
    first = columns.heading_row or 0
    if not never:
        return rows
    return [
        row if number <= first else ["" if place in never else cell for place, cell in enumerate(row)]
        for number, row in enumerate(rows)
    ]


def get(case: Case, sheet_id: int) -> SupporterImport:
    """One of the lists of this case. Raises NotFound."""
    found = db.session.scalar(
        select(SupporterImport).where(SupporterImport.case_id == case.id, SupporterImport.id == sheet_id)
    )
    if found is None:
        raise NotFound("There is no such list in this case.")
    return found


def claim(sheet: SupporterImport, *states: ImportState, version: int | None = None) -> None:
    """Take the list in hand, before anything in it is changed. Of two who do it at once one has to look again.

    Raises CaseworkError when it is too late for that, OutOfDate when somebody changed it since `version`.
    """
    if version is not None and version != sheet.version:
        raise OutOfDate(CHANGED_MEANWHILE)
    if sheet.state not in states:
        raise CaseworkError(TOO_LATE[ImportState(sheet.state)])
    flag_modified(sheet, "counts")
    try:
        db.session.flush()
    except StaleDataError:
        db.session.rollback()
        raise OutOfDate(CHANGED_MEANWHILE) from None


def columns_of(sheet: SupporterImport, place: int, chosen: Mapping[int, Field | None]) -> Columns:
    """What each column of a sheet holds, as its headings say or as somebody chose."""
    return find_columns(table_of(sheet, place)["rows"], chosen)


def table_of(sheet: SupporterImport, place: int) -> dict[str, Any]:
    """One of the sheets that wait. Raises CaseworkError when there is none any more."""
    tables = sheet.tables or []
    if sheet.state != ImportState.COLUMNS or not 0 <= place < len(tables):
        raise CaseworkError(TOO_LATE[ImportState(sheet.state)])
    return dict(tables[place])


def take_rows(
    case: Case,
    sheet_id: int,
    place: int,
    chosen: Mapping[int, Field | None],
    told_on: date | None,
    actor: User,
    said: Collection[str] = (),
) -> SupporterImport:
    """Read the rows with these columns and keep them waiting; the sheet itself is gone.

    `told_on` is the day of the notice, for rows that say none; `said` what all in the list agreed to, of `AGREED`: both
    wait with it until it is added. Raises CaseworkError when a column is missing, stands
    twice or may never be kept.
    """
    sheet = get(case, sheet_id)
    table = table_of(sheet, place)
    _refuse_two(chosen)
    columns = columns_of(sheet, place, chosen)
    read = read_sheet(table["rows"], columns, checks())
    if not read.rows:
        raise CaseworkError("There is no row with anything in these columns.", field="columns")
    claim(sheet, ImportState.COLUMNS)
    rows = [with_offers(row) for row in read.rows]
    below = table["rows"][(-1 if columns.heading_row is None else columns.heading_row) + 1 :]
    sheet.state, sheet.tables, sheet.notice_given_on = ImportState.WAITING, None, told_on
    sheet.headings = list(columns.headings)
    sheet.columns = {str(column): field for column, field in columns.fields.items()}
    sheet.left_out = [f"“{shown(one.heading)}”: {one.why}" for one in columns.left_out]
    sheet.notes = table["notes"]
    sheet.counts = {
        "rows": len(rows),
        "empty": sum(1 for row in below if not any(plain(cell) for cell in row)),
        "passed_over": len(read.passed_over),
        "mended": domain.mended_in_words(remark for row in rows for remark in row.mended),
        "said": sorted(said),
    }
    keep_rows(sheet, rows)
    check_twice(sheet, actor)
    wrong = sum(1 for row in rows if not row.is_good)
    audit.record("rows of a sheet read", actor, case, sheet=sheet.id, rows=len(rows), to_mend=wrong)
    db.session.commit()
    return sheet


def _refuse_two(chosen: Mapping[int, Field | None]) -> None:
    fields = [field for field in chosen.values() if field is not None and field not in SEVERAL]
    for field in fields:
        if fields.count(field) > 1:
            raise CaseworkError(
                f"Two columns cannot both be “{FIELD_WORDS[field]}”. Leave one of them out.", field="columns"
            )


def checks() -> Checks:
    """How the cells are read today."""
    return Checks(read_email, read_phone, clock.today(), unwanted, partial(unwanted, politics=False))


def checked(number: int, cells: Mapping[Field, str]) -> SheetRow:
    """The row in standard form with its problems, as when it was read."""
    return with_offers(check_row(number, cells, checks()))


def with_offers(row: SheetRow) -> SheetRow:
    """The row with a remark on what somebody offers that is none of the ways to help that we know."""
    text = row.values.get(Field.OFFERS)
    others = domain.offers_in(text)[1] if text else []
    if not others:
        return row
    told = say("Not kept: {others}. It is none of the ways to help on our list.", others=names(others))
    remark = Remark(Field.OFFERS, told)
    return SheetRow(row.number, row.values, row.problems, (*row.mended, remark), row.offered)


def keep_rows(sheet: SupporterImport, rows: Iterable[SheetRow]) -> None:
    """Put new rows into the list. The caller saves."""
    new = [{"import_id": sheet.id, "number": row.number, **as_kept(row)} for row in rows]
    if new:
        db.session.execute(insert(ImportRow), new, execution_options={"render_nulls": True})


def as_kept(row: SheetRow) -> dict[str, Any]:
    """What a row keeps of what was read."""
    return {
        "state": RowState.READY if row.is_good else RowState.WRONG,
        "cells": by_name(row.values),
        "problems": [[one.field.value, one.words] for one in row.problems],
        "mended": [[one.field.value, one.words] for one in row.mended],
        "like_supporter_id": None,
        "like_number": None,
    }


def by_name(cells: Mapping[Field, str]) -> dict[str, str]:
    """The cells as a row keeps them."""
    return {field.value: text for field, text in cells.items()}


def counts_of(sheet: SupporterImport, actor: User) -> Counts:
    """How many rows are how far, for this person."""
    is_like = or_(
        and_(ImportRow.like_supporter_id.is_not(None), is_seen(actor, ImportRow.like_supporter_id)),
        ImportRow.like_number.is_not(None),
    )
    query = select(ImportRow.state, is_like, func.count()).where(ImportRow.import_id == sheet.id)
    found: dict[str, int] = {}
    names = {RowState.LEFT_OUT: "left_out", RowState.ADDED: "done", RowState.JOINED: "done"}
    for state, like, number in db.session.execute(query.group_by(ImportRow.state, is_like)):
        unseen = state in domain.LIKE and not like
        name = "ready" if unseen else names.get(RowState(state), str(state))
        found[name] = found.get(name, 0) + number
    return Counts(**found)


def of_state(sheet: SupporterImport, *states: RowState) -> Any:
    """What a query asks for the rows of this list that are so far."""
    return and_(ImportRow.import_id == sheet.id, ImportRow.state.in_(states))


def waits_until(sheet: SupporterImport) -> date:
    """The last day on which the list waits; after it, what was not added is emptied."""
    waits = domain.SHEET_WAITS if sheet.state == ImportState.COLUMNS else domain.ROWS_WAIT
    return clock.day_of(sheet.made_at + waits)


def set_rows(rows: list[dict[str, Any]]) -> None:
    """Change these rows, each by its id. The caller saves."""
    if rows:
        db.session.execute(update(ImportRow), rows)
