"""What became of a list: how many it added, what is left to settle, and what goes when it is taken back."""

from dataclasses import dataclass

from sqlalchemy import func, select

from casework.domain.supporter_imports import OPEN, ImportState
from casework.services import imports
from casework.services.import_taking_back import staying
from casework.storage.database import db
from casework.storage.models import ImportRow, SignUp, Supporter, SupporterImport


@dataclass(frozen=True)
class Outcome:
    """Supporters whom the list put on the list of the case, as they are now: numbers."""

    here: int = 0
    not_found: int = 0
    approximate: int = 0
    without_notice: int = 0


def outcome(sheet: SupporterImport) -> Outcome:
    """How many of those who came with the list are here, and what is to settle about them."""
    seat, basis = Supporter.gss_code, Supporter.gss_basis
    row = db.session.execute(
        select(
            func.count(),
            func.count().filter(seat.is_(None)),
            func.count().filter(seat.is_not(None), basis == "approximate"),
            func.count().filter(Supporter.notice_given_on.is_(None)),
        )
        .select_from(SignUp)
        .join(Supporter, Supporter.id == SignUp.supporter_id)
        .where(SignUp.import_id == sheet.id)
    ).one()
    return Outcome(*row)


def going(sheet: SupporterImport) -> tuple[int, list[SignUp]]:
    """How many leave the list of the case when this one is taken back, and who stays."""
    stay = staying(sheet)
    return outcome(sheet).here - len(stay), stay


def in_words(sheet: SupporterImport) -> str:
    """How far the list is, for the table of all."""
    counts = sheet.counts
    if sheet.state == ImportState.COLUMNS:
        return "waits for you to say which column is what"
    if sheet.state == ImportState.EMPTIED:
        return "nobody added it in time, and it is empty now"
    if sheet.state == ImportState.TAKEN_BACK:
        stayed = f", {counts['stayed']:,} stayed" if counts.get("stayed") else ""
        return f"taken back: {counts.get('gone', 0):,} went{stayed}"
    waiting = db.session.scalar(
        select(func.count()).select_from(ImportRow).where(imports.of_state(sheet, *OPEN))
    )
    waits = f"{waiting:,} {'row waits' if waiting == 1 else 'rows wait'}" if waiting else ""
    if sheet.state == ImportState.WAITING:
        return waits or "no row waits"
    added = f"{counts.get('added', 0):,} added"
    joined = counts.get("joined", 0)
    known = f"{joined:,} {'was' if joined == 1 else 'were'} there already" if joined else ""
    return ", ".join(part for part in (added, known, waits) if part)
