"""What a supporter who stops leaves in sheets that were read, batches, calls and messages: nothing of theirs."""

import re
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, and_, delete, select, update

from casework.domain.campaign.batches import LetterState
from casework.domain.campaign.supporter_imports import ImportState
from casework.domain.parliament.member_notes import LEFT_OUT, without_names
from casework.domain.safety.bins import BinKind
from casework.services.safety import bins
from casework.storage.database import db
from casework.storage.models import (
    BatchLetter,
    Bundle,
    Call,
    CaseNeed,
    ImportRow,
    Meeting,
    MeetingPlan,
    MemberContact,
    MemberNote,
    Message,
    NextContact,
    OfficeEntry,
    PlanDay,
    PlanPart,
    PlanTask,
    SignUp,
    Supporter,
    SupporterImport,
)

_QUIETLY = {"synchronize_session": False}


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


def empty_calls(sign_up_ids: Iterable[int]) -> None:
    """Take these off every call list. Of a call that was made it stays how it ended, and nothing of them."""
    own = Call.sign_up_id.in_(list(sign_up_ids))
    db.session.execute(delete(Call).where(own, Call.outcome.is_(None)), execution_options=_QUIETLY)
    db.session.execute(
        update(Call).where(own).values(words=None, sign_up_id=None), execution_options=_QUIETLY
    )


def empty_words(row: SignUp) -> None:
    """Take their name out of what the team wrote in this case: in messages, the plan and what is needed.

    What of that lies in the bin can be brought back, so it is looked through too.
    """
    name = row.supporter.name
    for table, columns in _OF_A_CASE.items():
        _take_out(name, select(table).where(table.case_id == row.case_id), columns)
    in_bin = {table.__tablename__: columns for table, columns in _OF_A_CASE.items()}

    def change(table: str, kept: dict[str, Any]) -> None:
        for column in in_bin.get(table, ()):
            kept[column.key] = _kept_of(kept.get(column.key), name, column)

    bins.change_all(row.case_id, _IN_BIN, change)


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
    if len(supporter.name.split()) < 2:
        return  # one word alone may be anybody's name in the group
    for table, columns in _OF_MEMBERS.items():
        _take_out(supporter.name, select(table).where(table.group_id == supporter.group_id), columns)


def _take_out(name: str, rows: Select[Any], columns: tuple[Any, ...]) -> None:
    for row in db.session.scalars(rows):
        for column in columns:
            text = getattr(row, column.key)
            if (kept := _kept_of(text, name, column)) != text:
                setattr(row, column.key, kept)


def _kept_of(text: str | None, name: str, column: Any) -> str | None:
    """What is left of a text without this name; nothing where it was that name alone, and the column may be empty."""
    if not text or (kept := _without(text, name)) == text:
        return text
    if kept.strip() == LEFT_OUT and column.nullable:
        return None
    return kept[: column.type.length]  # what stands for a name may be longer than it


def _without(text: str, name: str) -> str:
    if len(name.split()) > 1:
        return without_names(text, [name])
    return re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", LEFT_OUT, text, flags=re.IGNORECASE)


# What keeps somebody safe on a reporting day is left: the person chose whom to ring, and asks for another.
_OF_A_CASE: dict[Any, tuple[Any, ...]] = {
    Message: (Message.subject, Message.words),
    NextContact: (NextContact.why,),
    PlanPart: (PlanPart.text,),
    PlanDay: (PlanDay.what, PlanDay.place, PlanDay.source),
    PlanTask: (PlanTask.what, PlanTask.who),
    CaseNeed: (CaseNeed.words,),
}
_IN_BIN = (BinKind.PLAN_DAY, BinKind.PLAN_TASK, BinKind.NEXT_CONTACT)
_OF_MEMBERS: dict[Any, tuple[Any, ...]] = {
    Meeting: (Meeting.who_goes, Meeting.what_for, Meeting.held_at),
    MeetingPlan: (MeetingPlan.name,),
    MemberContact: (MemberContact.why,),
    MemberNote: (MemberNote.text, MemberNote.source),
    OfficeEntry: (OfficeEntry.text, OfficeEntry.told_by),
}


def _holds(cells: dict[str, str], supporter: Supporter) -> bool:
    """Whether these cells are of this supporter: their mail or phone, or their name beside their postcode."""
    plain = {_bare(text) for text in cells.values()}
    told = {_bare(text) for text in (supporter.email, supporter.phone) if text}
    both = {_bare(supporter.name), _bare(supporter.postcode or "")}
    return bool(plain & told) or both <= plain


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()
