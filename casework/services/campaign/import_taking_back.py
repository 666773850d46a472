"""A list of supporters is taken back whole, or emptied because nobody added it in time."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import contains_eager

from casework import clock
from casework.domain.campaign.supporter_imports import ROWS_WAIT, SHEET_WAITS, ImportState, RowState
from casework.services.campaign import imports
from casework.services.campaign.import_adding import parts
from casework.services.campaign.stopped_traces import empty_calls
from casework.services.safety import audit
from casework.storage.database import db
from casework.storage.models import (
    BatchLetter,
    Case,
    ImportRow,
    Letter,
    SignUp,
    Supporter,
    SupporterImport,
    User,
)

BY_ITSELF = "Casework, by itself"
_ALL = (ImportState.COLUMNS, ImportState.WAITING, ImportState.ADDED)


@dataclass(frozen=True)
class TakenBack:
    """How many supporters are off the list of the case, and how many stay because letters were made for them."""

    gone: int
    stayed: int


def staying(sheet: SupporterImport) -> list[SignUp]:
    """Those of this list for whom letters were made: they stay when it is taken back."""
    has_letter = exists().where(
        Letter.case_id == sheet.case_id,
        Letter.supporter_id == SignUp.supporter_id,
        Letter.discarded_at.is_(None),
    )
    in_batch = exists().where(BatchLetter.sign_up_id == SignUp.id)
    query = select(SignUp).join(SignUp.supporter).options(contains_eager(SignUp.supporter))
    query = query.where(SignUp.import_id == sheet.id, has_letter | in_batch)
    return list(db.session.scalars(query.order_by(Supporter.name)))


def take_back(case: Case, sheet_id: int, version: int, actor: User) -> TakenBack:
    """Remove exactly what this list added, and throw away its rows. Whoever was there before stays, as they were.

    Raises OutOfDate when somebody changed the list since `version`.
    """
    sheet = imports.get(case, sheet_id)
    imports.claim(sheet, *_ALL, version=version)
    stay = {one.id for one in staying(sheet)}
    query = select(SignUp.id, SignUp.supporter_id).where(SignUp.import_id == sheet.id)
    gone = {row.id: row.supporter_id for row in db.session.execute(query) if row.id not in stay}
    _empty_what_was_filled(sheet)
    db.session.flush()
    db.session.execute(delete(ImportRow).where(ImportRow.import_id == sheet.id))
    for some in parts(gone):
        empty_calls(some)
        db.session.execute(delete(SignUp).where(SignUp.id.in_(some)), execution_options=_QUIETLY)
    for some in parts(gone.values()):
        _empty_discarded(sheet.case_id, some)
        alone = ~exists().where(SignUp.supporter_id == Supporter.id)
        db.session.execute(delete(Supporter).where(Supporter.id.in_(some), alone), execution_options=_QUIETLY)
    sheet.state, sheet.undone_at, sheet.tables = ImportState.TAKEN_BACK, clock.now(), None
    sheet.counts = {**sheet.counts, "gone": len(gone), "stayed": len(stay)}
    audit.record(
        "supporters’ sheet taken back", actor, case, sheet=sheet.id, number=len(gone), stayed=len(stay)
    )
    db.session.commit()
    db.session.expire_all()
    return TakenBack(len(gone), len(stay))


_QUIETLY = {"synchronize_session": False}


def _empty_what_was_filled(sheet: SupporterImport) -> None:
    """Empty again what the list filled in of people who were there, unless somebody has saved them since."""
    query = select(ImportRow.cells, SignUp).join(SignUp, SignUp.id == ImportRow.sign_up_id)
    query = query.where(imports.of_state(sheet, RowState.JOINED))
    for facts, row in db.session.execute(query):
        supporter = row.supporter
        if facts.get("versions") != f"{supporter.version}.{row.version}":
            continue
        _empty(supporter, facts.get("person", ""))
        if "postcode" in facts.get("person", "").split():
            supporter.gss_code = supporter.gss_basis = None
        _empty(row, facts.get("choices", ""))


def _empty_discarded(case_id: int, supporter_ids: list[int]) -> None:
    """Leave nothing of these supporters in the drafts that were discarded: nobody could find them by their name."""
    theirs = (Letter.case_id == case_id) & Letter.supporter_id.in_(supporter_ids)
    emptied = update(Letter).where(theirs, Letter.discarded_at.is_not(None))
    db.session.execute(emptied.values(blocks={}, facts={}, supporter_id=None), execution_options=_QUIETLY)


def _empty(row: Any, names: str) -> None:
    for name in names.split():
        setattr(row, name, [] if name == "offers" else None)


def empty_old() -> int:
    """Empty the lists that nobody added in time; how many they were.

    It runs when the program starts and when somebody opens the lists of a case.
    """
    now = clock.now()
    unread = (SupporterImport.state == ImportState.COLUMNS) & (SupporterImport.made_at < now - SHEET_WAITS)
    waiting = SupporterImport.state.in_((ImportState.WAITING, ImportState.ADDED))
    lying = waiting & (SupporterImport.made_at < now - ROWS_WAIT)
    done = (RowState.ADDED, RowState.JOINED)
    has_rows = exists().where(ImportRow.import_id == SupporterImport.id, ImportRow.state.not_in(done))
    sheets = db.session.scalars(select(SupporterImport).where(unread | (lying & has_rows))).all()
    for sheet in sheets:
        rows = delete(ImportRow).where(ImportRow.import_id == sheet.id, ImportRow.state.not_in(done))
        number = db.session.execute(rows).rowcount  # type: ignore[attr-defined]
        sheet.tables, sheet.counts = None, {**sheet.counts, "emptied": number}
        if sheet.state != ImportState.ADDED:
            sheet.state = ImportState.EMPTIED
        audit.record(
            "supporters’ sheet emptied", None, sheet.case, signed=BY_ITSELF, sheet=sheet.id, rows=number
        )
    if sheets:
        db.session.commit()
    return len(sheets)
