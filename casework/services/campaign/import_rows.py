"""The rows of a list that need somebody: corrected here or in a mended file, left out, or said to be the same."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, update

from casework.domain.campaign.sheet_columns import Columns, find_columns
from casework.domain.campaign.sheet_words import FIELD_WORDS, Field
from casework.domain.campaign.supporter_imports import (
    LIKE,
    OPEN,
    Again,
    Before,
    ImportState,
    RowState,
    find_again,
)
from casework.domain.campaign.supporter_sheets import SheetRow, read_sheet
from casework.domain.errors import CaseworkError
from casework.services.campaign import imports
from casework.services.campaign.import_twice import check_twice, is_seen
from casework.services.campaign.sheet_files import read_sheets
from casework.services.safe_csv import to_csv
from casework.services.safety import audit
from casework.storage.database import db
from casework.storage.models import Case, ImportRow, SupporterImport, User

PAGE_LENGTH = 25
_ANY = (ImportState.WAITING, ImportState.ADDED)
_WRONG_HEADING = "What is wrong"


@dataclass(frozen=True)
class Saved:
    """What became of the rows on a page: numbers."""

    ready: int = 0
    wrong: int = 0
    left_out: int = 0
    gone: int = 0  # somebody else had settled them before

    @property
    def changed(self) -> bool:
        """Whether anything came of it."""
        return bool(self.ready or self.left_out)


@dataclass(frozen=True)
class Mended:
    """What became of the rows of a mended file: numbers."""

    mended: int = 0
    wrong: int = 0
    known: int = 0
    new: int = 0


def to_mend(sheet: SupporterImport, page: int) -> list[ImportRow]:
    """A page of the rows that need somebody, in the order of the sheet."""
    query = select(ImportRow).where(imports.of_state(sheet, RowState.WRONG)).order_by(ImportRow.number)
    return list(db.session.scalars(query.offset((page - 1) * PAGE_LENGTH).limit(PAGE_LENGTH)))


def mended(sheet: SupporterImport, most: int) -> list[ImportRow]:
    """The first rows in which something was mended."""
    query = select(ImportRow).where(
        imports.of_state(sheet, *OPEN), func.json_array_length(ImportRow.mended) > 0
    )
    return list(db.session.scalars(query.order_by(ImportRow.number).limit(most)))


def alike(sheet: SupporterImport, actor: User, page: int) -> list[ImportRow]:
    """A page of the rows that may be there twice, as far as the actor may see both."""
    query = select(ImportRow).where(
        imports.of_state(sheet, *LIKE),
        is_seen(actor, ImportRow.like_supporter_id) | ImportRow.like_number.is_not(None),
    )
    query = query.order_by(ImportRow.number)
    return list(db.session.scalars(query.offset((page - 1) * PAGE_LENGTH).limit(PAGE_LENGTH)))


def correct(
    case: Case, sheet_id: int, typed: Mapping[int, Mapping[Field, str]], left_out: Iterable[int], actor: User
) -> Saved:
    """Read the rows again with what was typed into their wrong cells, by the ids of the rows, and leave some out.

    What is still wrong keeps what was typed. A row that somebody else has settled meanwhile stays as it is.
    """
    sheet = imports.get(case, sheet_id)
    imports.claim(sheet, *_ANY)
    out = set(left_out)
    rows = db.session.scalars(
        select(ImportRow).where(
            imports.of_state(sheet, RowState.WRONG), ImportRow.id.in_([*typed.keys(), *out])
        )
    ).all()
    changes: list[dict[str, Any]] = []
    good = 0
    for row in rows:
        if row.id in out:
            changes.append({"id": row.id, "state": RowState.LEFT_OUT})
            continue
        cells = _cells(row.cells) | dict(typed[row.id])
        read = imports.checked(row.number, cells)
        good += read.is_good
        changes.append({"id": row.id, **imports.as_kept(read)})
    imports.set_rows(changes)
    left = len(out & {row.id for row in rows})
    saved = Saved(good, len(rows) - good - left, left, len({*typed, *out}) - len(rows))
    _finish(sheet, actor, "rows of a sheet mended", mended=good, left_out=left)
    return saved


def _cells(kept: Mapping[str, str]) -> dict[Field, str]:
    return {Field(name): text for name, text in kept.items()}


def leave_out_all(case: Case, sheet_id: int, actor: User) -> int:
    """Leave out every row that needs somebody; how many they were. `bring_back` undoes it."""
    return _turn_all(case, sheet_id, RowState.WRONG, RowState.LEFT_OUT, "rows of a sheet left out", actor)


def bring_back(case: Case, sheet_id: int, actor: User) -> int:
    """Let the rows that were left out wait again to be mended; how many they were."""
    return _turn_all(case, sheet_id, RowState.LEFT_OUT, RowState.WRONG, "rows of a sheet brought back", actor)


def _turn_all(case: Case, sheet_id: int, before: RowState, after: RowState, said: str, actor: User) -> int:
    """Turn every row of one state into one of another, and save it; how many they were."""
    sheet = imports.get(case, sheet_id)
    imports.claim(sheet, *_ANY)
    rows = imports.of_state(sheet, before)
    number = db.session.scalar(select(func.count()).select_from(ImportRow).where(rows)) or 0
    db.session.execute(update(ImportRow).where(rows).values(state=after))
    _finish(sheet, actor, said, number=number)
    return number


def decide(case: Case, sheet_id: int, choices: Mapping[int, RowState], actor: User) -> int:
    """Keep whether each of these rows is the same person or another; how many were decided."""
    sheet = imports.get(case, sheet_id)
    imports.claim(sheet, *_ANY)
    rows = {row.id for row in _like(sheet, actor)}
    changes = [
        {"id": row_id, "state": state}
        for row_id, state in choices.items()
        if row_id in rows and state in (RowState.SAME, RowState.TWO)
    ]
    imports.set_rows(changes)
    _finish(sheet, actor, "doubles in a sheet decided", number=len(changes), check=False)
    return len(changes)


def decide_all(case: Case, sheet_id: int, state: RowState, actor: User) -> int:
    """Keep the same answer for all rows that may be there twice; how many they were."""
    sheet = imports.get(case, sheet_id)
    return decide(case, sheet_id, {row.id: state for row in _like(sheet, actor)}, actor)


def _like(sheet: SupporterImport, actor: User) -> list[ImportRow]:
    query = select(ImportRow.id).where(
        imports.of_state(sheet, *LIKE),
        is_seen(actor, ImportRow.like_supporter_id) | ImportRow.like_number.is_not(None),
    )
    return list(db.session.execute(query))  # type: ignore[arg-type]


def as_csv(case: Case, sheet_id: int, actor: User) -> bytes:
    """The rows that need somebody as a table, with their numbers and what is wrong; it can be sent in again."""
    sheet = imports.get(case, sheet_id)
    rows = db.session.scalars(
        select(ImportRow).where(imports.of_state(sheet, RowState.WRONG)).order_by(ImportRow.number)
    ).all()
    used = {name for row in rows for name in row.cells} | {Field.NAME, Field.POSTCODE}
    fields = [field for field in Field if field in used]
    audit.record("rows of a sheet taken out", actor, case, sheet=sheet.id, number=len(rows))
    db.session.commit()
    return to_csv(
        [_number_heading(sheet), *(FIELD_WORDS[field] for field in fields), _WRONG_HEADING],
        [
            [row.number, *(row.cells.get(field) for field in fields), _in_words(row)]
            for row in rows
        ],
    )  # fmt: skip


def _in_words(row: ImportRow) -> str:
    return " ".join(f"{FIELD_WORDS[Field(field)]}: {words}" for field, words in row.problems)


def _number_heading(sheet: SupporterImport) -> str:
    return f"Row of list {sheet.id}"


def take_mended(case: Case, sheet_id: int, content: bytes, actor: User) -> Mended:
    """Read a mended file into the list: good rows stay, rows to mend are taken from it, and none is there twice.

    Raises CaseworkError for what is no such list, and where a column is missing.
    """
    sheet = imports.get(case, sheet_id)
    table = read_sheets(content).table.rows
    columns = _columns(sheet, table)
    told = _told(sheet, table, columns)
    read = [imports.with_offers(row) for row in read_sheet(table, columns, imports.checks()).rows]
    imports.claim(sheet, *_ANY)
    kept = db.session.execute(
        select(ImportRow.id, ImportRow.number, ImportRow.cells, ImportRow.state)
        .where(ImportRow.import_id == sheet.id)
        .order_by(ImportRow.number)
    ).all()
    before = [Before(row.number, row.cells, row.state == RowState.WRONG) for row in kept]
    again = [Again(row.number, imports.by_name(row.values), told.get(row.number)) for row in read]
    ids = {row.number: row.id for row in kept}
    changes, new, known, last = [], [], 0, max(ids, default=0)
    for row, was in zip(read, find_again(again, before), strict=True):
        if was is None:
            last += 1
            new.append(SheetRow(last, row.values, row.problems, row.mended))
        elif was.is_wrong:
            changes.append({"id": ids[was.number], **imports.as_kept(row)})
        else:
            known += 1
    imports.set_rows(changes)
    imports.keep_rows(sheet, new)
    good = sum(1 for change in changes if change["state"] == RowState.READY)
    _finish(sheet, actor, "mended sheet read", mended=good, new=len(new))
    return Mended(good, len(changes) - good, known, len(new))


def _columns(sheet: SupporterImport, table: list[list[str]]) -> Columns:
    """The columns of a mended file: as they were chosen where the headings are the same."""
    columns = find_columns(table)
    if list(columns.headings) != list(sheet.headings):
        return columns
    chosen: dict[int, Field | None] = dict.fromkeys(columns.fields)
    chosen |= {int(column): Field(field) for column, field in sheet.columns.items()}
    return find_columns(table, chosen)


def _told(sheet: SupporterImport, table: list[list[str]], columns: Columns) -> dict[int, int]:
    """The number that each row had before, where a column says so. Raises CaseworkError for that of another list."""
    place = next(
        (place for place, heading in enumerate(columns.headings) if heading.startswith("Row of list ")), None
    )
    if place is None:
        return {}
    if columns.headings[place] != _number_heading(sheet):
        raise CaseworkError(
            "These are rows of another list. Choose the file that you took from this one.", field="sheet"
        )
    return {
        number: int(row[place].split(".")[0])
        for number, row in enumerate(table, start=1)
        if place < len(row) and row[place].split(".")[0].isdecimal()
    }


def _finish(sheet: SupporterImport, actor: User, what: str, check: bool = True, **facts: Any) -> None:
    if check:
        check_twice(sheet, actor)
    audit.record(what, actor, sheet.case, sheet=sheet.id, **facts)
    db.session.commit()
