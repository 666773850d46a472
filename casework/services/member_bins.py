"""What was deleted of the group's knowledge of members: it rests for thirty days, is brought back, or is erased.

It belongs to no case, so it lies in no case's bin: the rows stay in their tables and are marked.
"""

from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, select

from casework import clock
from casework.domain.bins import LASTS
from casework.domain.errors import NotFound
from casework.services import audit
from casework.storage.database import db
from casework.storage.models import Meeting, MeetingPlan, MemberNote, OfficeEntry, User

NOT_THERE = "This is no longer in the bin."


class MemberBin(StrEnum):
    """What may lie there."""

    NOTE = "note"
    OFFICE = "office"
    PLAN = "plan"
    MEETING = "meeting"


TABLES: dict[MemberBin, Any] = {
    MemberBin.NOTE: MemberNote,
    MemberBin.OFFICE: OfficeEntry,
    MemberBin.PLAN: MeetingPlan,
    MemberBin.MEETING: Meeting,
}


def put(kind: MemberBin, row: Any, actor: User) -> None:
    """Mark a row as deleted. The caller commits."""
    row.binned_at = clock.now()
    audit.record(f"{kind} of an MP put in the bin", actor, **facts_of(row))


def facts_of(row: Any) -> dict[str, Any]:
    """What the trail says of such a row: its number, its kind and the constituency, and no words."""
    return {
        name: getattr(row, column)
        for name, column in (("row", "id"), ("kind", "kind"), ("constituency", "gss_code"))
        if hasattr(row, column)
    }


def in_bin(kind: MemberBin, *conditions: Any) -> list[Any]:
    """What lies in the bin of this kind, the newest first."""
    table = TABLES[kind]
    query: Select[Any] = select(table).where(table.binned_at.is_not(None), *conditions)
    return list(db.session.scalars(query.order_by(table.binned_at.desc(), table.id.desc())))


def get(kind: MemberBin, row_id: int) -> Any:
    """One thing in the bin. Raises NotFound when it is not there."""
    row = next(iter(in_bin(kind, TABLES[kind].id == row_id)), None)
    if row is None:
        raise NotFound(NOT_THERE)
    return row


def bring_back(kind: MemberBin, row_id: int, actor: User) -> Any:
    """Put something back where it was."""
    row = get(kind, row_id)
    row.binned_at = None
    audit.record(f"{kind} of an MP brought back", actor, **facts_of(row))
    db.session.commit()
    return row


def erase(kind: MemberBin, row_id: int, actor: User) -> None:
    """Erase something for good before its time."""
    row = get(kind, row_id)
    audit.record(f"{kind} of an MP erased", actor, **facts_of(row))
    db.session.delete(row)
    db.session.commit()


def empty_old(today: date) -> int:
    """Erase what has lain there for thirty days; how many things it was. The caller commits."""
    number = 0
    for kind in TABLES:
        old = [row for row in in_bin(kind) if clock.day_of(row.binned_at) + LASTS <= today]
        for row in old:
            db.session.delete(row)
        if old:
            audit.record(f"bin of MPs emptied: {kind}", None, signed=audit.BY_ITSELF, number=len(old))
        number += len(old)
    return number
