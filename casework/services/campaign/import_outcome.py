"""What became of a list: how many it added, what is left to settle, and what goes when it is taken back."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from casework.domain.campaign.supporter_imports import OPEN, ImportState
from casework.domain.said import count, in_a_row
from casework.domain.words import say
from casework.services.campaign.import_taking_back import staying
from casework.services.campaign.supporters import APPROXIMATE
from casework.storage.database import db
from casework.storage.models import Case, ImportRow, SignUp, Supporter, SupporterImport


@dataclass(frozen=True)
class Outcome:
    """Supporters whom the list put on the list of the case, as they are now: numbers."""

    here: int = 0
    not_found: int = 0
    approximate: int = 0
    without_notice: int = 0
    without_word: int = 0


def outcome(sheet: SupporterImport) -> Outcome:
    """How many of those who came with the list are here, and what is to settle about them."""
    seat, basis = Supporter.gss_code, Supporter.gss_basis
    row = db.session.execute(
        select(
            func.count(),
            func.count().filter(seat.is_(None)),
            func.count().filter(seat.is_not(None), basis == APPROXIMATE),
            func.count().filter(Supporter.notice_given_on.is_(None)),
            func.count().filter(SignUp.writes.is_(False)),
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


def list_with_words(case: Case) -> list[tuple[SupporterImport, str]]:
    """Every list of this case, the newest first, and how far each is. Asked at once."""
    query = select(SupporterImport).where(SupporterImport.case_id == case.id)
    query = query.options(joinedload(SupporterImport.made_by)).order_by(SupporterImport.id.desc())
    sheets = db.session.scalars(query).all()
    waiting = select(ImportRow.import_id, func.count()).where(
        ImportRow.import_id.in_([one.id for one in sheets]), ImportRow.state.in_(OPEN)
    )
    found = db.session.execute(waiting.group_by(ImportRow.import_id))
    numbers = {row[0]: row[1] for row in found}
    return [(one, in_words(one, numbers.get(one.id, 0))) for one in sheets]


def in_words(sheet: SupporterImport, waiting: int) -> str:
    """How far the list is; `waiting` is how many of its rows wait."""
    counts = sheet.counts
    if sheet.state == ImportState.COLUMNS:
        return "waits for you to say which column is what"
    if sheet.state == ImportState.EMPTIED:
        return "nobody added it in time, and it is empty now"
    if sheet.state == ImportState.TAKEN_BACK:
        went = [count(counts.get("gone", 0), "went", "went")]
        went += [count(counts["stayed"], "stayed", "stayed")] if counts.get("stayed") else []
        return say("taken back: {rows}", rows=in_a_row(went))
    waits = [count(waiting, "row waits", "rows wait")] if waiting else []
    if sheet.state == ImportState.WAITING:
        return waits[0] if waits else "no row waits"
    added = count(counts.get("added", 0), "added", "added")
    joined = counts.get("joined", 0)
    known = [count(joined, "was there already", "were there already")] if joined else []
    return in_a_row([added, *known, *waits])
