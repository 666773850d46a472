"""What somebody opened last: kinds and numbers are kept, what each is called is read anew wherever it is shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import DBAPIError

from casework import clock
from casework.domain.safety.accounts import Action
from casework.services.consent import need_to_know
from casework.services.letters import letter_pages
from casework.services.parliament import directory
from casework.services.safety import audit
from casework.storage.database import db
from casework.storage.models import (
    Batch,
    CallRound,
    Case,
    CaseEvent,
    Correspondence,
    Deadline,
    FollowUp,
    Letter,
    MeetingPlan,
    Message,
    Pack,
    RecentItem,
    Removal,
    SignUp,
    SupporterImport,
    SurgeryVisit,
    TeamMember,
    User,
)

MOST = 10
KEPT = timedelta(days=30)


class ItemKind(StrEnum):
    """What has a page of its own."""

    CASE = "case"
    MEMBER = "member"
    LETTER = "letter"
    PAPER = "paper"
    DATE = "date"
    EVENT = "event"
    REMOVAL = "removal"
    VISIT = "visit"
    PROMISE = "promise"
    SUPPORTER = "supporter"
    IMPORT = "import"
    BATCH = "batch"
    MESSAGE = "message"
    CALLS = "calls"
    PACK = "pack"
    MEETINGS = "meetings"


# The rows of each kind, by which of their columns they are known, and which of them says that a row is shown no more.
TABLES: dict[ItemKind, tuple[Any, str, str]] = {
    ItemKind.CASE: (Case, "id", "binned_at"),
    ItemKind.LETTER: (Letter, "id", "discarded_at"),
    ItemKind.PAPER: (Correspondence, "id", ""),
    ItemKind.DATE: (Deadline, "id", ""),
    ItemKind.EVENT: (CaseEvent, "id", "taken_back_at"),
    ItemKind.REMOVAL: (Removal, "id", ""),
    ItemKind.VISIT: (SurgeryVisit, "id", ""),
    ItemKind.PROMISE: (FollowUp, "id", ""),
    ItemKind.SUPPORTER: (SignUp, "supporter_id", ""),
    ItemKind.IMPORT: (SupporterImport, "id", ""),
    ItemKind.BATCH: (Batch, "id", ""),
    ItemKind.MESSAGE: (Message, "id", "discarded_at"),
    ItemKind.CALLS: (CallRound, "id", ""),
    ItemKind.PACK: (Pack, "id", ""),
    ItemKind.MEETINGS: (MeetingPlan, "id", "binned_at"),
}


@dataclass(frozen=True)
class Opened:
    """A thing as it is now: its row, or the seat of an MP; and its case where it belongs to one."""

    kind: ItemKind
    row: Any
    case: Case | None = None


def note_if_possible(actor_id: int, kind: ItemKind, key: str, case_id: int | None) -> None:
    """Keep it by `note`, and do without on a full disk or in a busy database: whoever only reads is not held up."""
    try:
        note(actor_id, kind, key, case_id)
    except DBAPIError:
        db.session.rollback()


def note(actor_id: int, kind: ItemKind, key: str, case_id: int | None) -> None:
    """Keep that this person opened this last, and of what they opened before only the newest.

    What was opened last already is not written again, so that going to and fro on one page costs nothing.
    """
    query = select(RecentItem.id, RecentItem.kind, RecentItem.key, RecentItem.case_id)
    kept = db.session.execute(
        query.where(RecentItem.user_id == actor_id).order_by(RecentItem.id.desc())
    ).all()
    this = (kind.value, key, case_id)
    same = [row.id for row in kept if (row.kind, row.key, row.case_id) == this]
    if kept and kept[0].id in same:
        return
    others = [row.id for row in kept if row.id not in same]
    if gone := same + others[MOST - 1 :]:
        db.session.execute(delete(RecentItem).where(RecentItem.id.in_(gone)))
    db.session.add(
        RecentItem(user_id=actor_id, kind=kind.value, key=key, case_id=case_id, opened_at=clock.now())
    )
    db.session.commit()


def recent_items(actor: User) -> list[Opened]:
    """What this person opened last and may still see, the newest first."""
    query = select(RecentItem.kind, RecentItem.key, RecentItem.case_id).where(
        RecentItem.user_id == actor.id, RecentItem.opened_at > clock.now() - KEPT
    )
    kept = list(
        dict.fromkeys((kind, key, case_id) for kind, key, case_id in
                      db.session.execute(query.order_by(RecentItem.id.desc())))
    )  # fmt: skip
    known = {
        kind.value: _read(kind, {key for one, key, _ in kept if one == kind}, actor) for kind in ItemKind
    }
    cases = _cases(actor, {case_id for *_, case_id in kept if case_id is not None})
    found = []
    for kind, key, case_id in kept:
        row = known.get(kind, {}).get((key, case_id))
        if row is not None and (case_id is None or case_id in cases):
            found.append(Opened(ItemKind(kind), row, cases[case_id] if case_id is not None else None))
    return found[:MOST]


def _cases(actor: User, ids: Iterable[int]) -> dict[int, Case]:
    mine = select(TeamMember.case_id).where(TeamMember.user_id == actor.id)
    query = select(Case).where(Case.id.in_(ids), Case.id.in_(mine), Case.binned_at.is_(None))
    return {case.id: case for case in db.session.scalars(query)} if ids else {}


def _read(kind: ItemKind, keys: set[str], actor: User) -> dict[tuple[str, int | None], Any]:
    """The rows of one kind that are there for this person, by key and case; the query leaves out what is hidden."""
    if not keys:
        return {}
    if kind is ItemKind.MEMBER:
        known = {key: directory.directory().seat_on(key, clock.today()) for key in keys if _is_seat(key)}
        return {(key, None): seat for key, seat in known.items()}
    model, column, gone = TABLES[kind]
    query = select(model).where(getattr(model, column).in_([int(key) for key in keys if key.isdecimal()]))
    if gone:
        query = query.where(getattr(model, gone).is_(None))
    if kind is ItemKind.LETTER and not actor.may(Action.READ_STORY):
        query = query.where(Letter.template.in_(letter_pages.open_to_all()))
    return {
        (str(getattr(row, column)), row.id if kind is ItemKind.CASE else getattr(row, "case_id", None)): row
        for row in db.session.scalars(query)
        if kind is not ItemKind.PACK or not need_to_know.holds_hidden(row)
    }


def _is_seat(gss_code: str) -> bool:
    return directory.directory().find(gss_code) is not None


def begin_anew(actor: User) -> None:
    """Forget what this person opened until now. The trail keeps which pages of cases were looked at."""
    forget(actor)
    audit.record("list of what was opened last cleared", actor)
    db.session.commit()


def forget(user: User) -> None:
    """The same, not saved yet."""
    db.session.execute(delete(RecentItem).where(RecentItem.user_id == user.id))


def forget_old() -> None:
    """Let go of what was opened a month ago or longer, and save it."""
    db.session.execute(delete(RecentItem).where(RecentItem.opened_at <= clock.now() - KEPT))
    db.session.commit()
