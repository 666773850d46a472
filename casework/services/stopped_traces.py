"""What a supporter who stops leaves in spreadsheets that were read and in batches of letters: nothing of theirs."""

import re
from typing import Any

from sqlalchemy import and_, delete, select, update

from casework.domain.batches import LetterState
from casework.domain.member_notes import without_names
from casework.domain.supporter_imports import ImportState
from casework.storage.database import db
from casework.storage.models import (
    BatchLetter,
    Bundle,
    ImportRow,
    Meeting,
    MeetingPlan,
    MemberNote,
    OfficeEntry,
    SignUp,
    Supporter,
    SupporterImport,
)


def empty_batches(row: SignUp) -> tuple[int, int]:
    """Cancel their letters that were not handed over, and empty all; how many were cancelled, and handed over.

    Of one that was handed over it stays that one was, and to whom.
    """
    own = BatchLetter.sign_up_id == row.id
    handed = (
        select(Bundle.id)
        .where(Bundle.batch_id == BatchLetter.batch_id, Bundle.gss_code == BatchLetter.gss_code)
        .where(Bundle.handed_over_on.is_not(None))
        .exists()
    )
    gone = db.session.scalars(select(BatchLetter.id).where(own, handed)).all()
    waiting = db.session.scalars(select(BatchLetter.id).where(own, ~handed)).all()
    empty = {
        "piece": None,
        "signer": "",
        "sha256": None,
        "reason": None,
        "table_name": None,
        "sign_up_id": None,
    }
    for ids, more in ((gone, {}), (waiting, {"state": LetterState.CANCELLED, "worker_id": None})):
        db.session.execute(update(BatchLetter).where(BatchLetter.id.in_(ids)).values(**empty, **more))
    return len(waiting), len(gone)


def empty_imports(row: SignUp) -> None:
    """Empty the rows of spreadsheets that became this supporter, and drop those that wait and hold them too.

    A sheet whose columns nobody has chosen yet may hold them anywhere: it goes whole, and is sent again.
    """
    db.session.execute(
        update(SupporterImport)
        .where(SupporterImport.case_id == row.case_id, SupporterImport.state == ImportState.COLUMNS)
        .values(tables=None, state=ImportState.EMPTIED)
    )
    db.session.execute(
        update(ImportRow)
        .where(ImportRow.sign_up_id == row.id)
        .values(cells={}, problems=[], mended=[], sign_up_id=None, like_supporter_id=None)
    )
    sheets = select(SupporterImport.id).where(SupporterImport.case_id == row.case_id)
    waits = and_(ImportRow.import_id.in_(sheets), ImportRow.sign_up_id.is_(None))
    theirs = [
        one.id
        for one in db.session.scalars(select(ImportRow).where(waits))
        if one.like_supporter_id == row.supporter_id or _holds(one.cells, row.supporter)
    ]
    for begin in range(0, len(theirs), 500):
        db.session.execute(delete(ImportRow).where(ImportRow.id.in_(theirs[begin : begin + 500])))


def empty_plans(supporter: Supporter) -> None:
    """Take their whole name out of what the group knows of MPs and out of its plans for meetings."""
    for table, columns in _OF_MEMBERS.items():
        for row in db.session.scalars(select(table).where(table.group_id == supporter.group_id)):
            for column in columns:
                text = getattr(row, column)
                if text and (kept := without_names(text, [supporter.name])) != text:
                    setattr(row, column, kept)


_OF_MEMBERS: dict[Any, tuple[str, ...]] = {
    Meeting: ("who_goes", "what_for", "held_at"),
    MeetingPlan: ("name",),
    MemberNote: ("text", "source"),
    OfficeEntry: ("text", "told_by"),
}


def _holds(cells: dict[str, str], supporter: Supporter) -> bool:
    """Whether these cells are of this supporter: their mail or phone, or their name beside their postcode."""
    plain = {_bare(text) for text in cells.values()}
    told = {_bare(text) for text in (supporter.email, supporter.phone) if text}
    both = {_bare(supporter.name), _bare(supporter.postcode or "")}
    return bool(plain & told) or both <= plain


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()
