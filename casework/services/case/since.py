"""What others did in somebody's cases since they last said that they had seen it; and saying so."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, func, or_, select, update
from sqlalchemy.orm import aliased

from casework import clock
from casework.domain.case.since import AT_FIRST, AT_MOST, MOST_LINES, TOLD, Change, Line, changes_of, told_to
from casework.domain.errors import OutOfDate
from casework.domain.safety.accounts import ACTIONS, Action, Role
from casework.services.letters import letters
from casework.services.safety import audit
from casework.storage.database import db, insert
from casework.storage.models import (
    AuditEvent,
    Binned,
    Case,
    CaseNote,
    CasePlace,
    Correspondence,
    FollowUp,
    Letter,
    SeenUpTo,
    SigningPlan,
    SurgeryVisit,
    TeamMember,
    User,
)

AT_ONCE = 500
# The tables of what may be hidden: a row that is not there for whoever asks is not told of.
TABLES: dict[str, Any] = {
    "note": CaseNote,
    "place": CasePlace,
    "letter": Correspondence,
    "visit": SurgeryVisit,
    "promise": FollowUp,
}


@dataclass(frozen=True)
class Since:
    """What changed in one case. `since` is when somebody last said they had seen it, `line` up to where this goes."""

    reference: str
    person: str
    changes: list[Change]
    line: int
    since: datetime | None


def in_case(one: Case, actor: User) -> Since | None:
    """What others did in this case that this person has not seen yet; None for nothing."""
    return next(iter(_found(actor, one.id)), None)


def in_all(actor: User) -> list[Since]:
    """The same of every open case that this person works on, the one where most lately something changed first."""
    return _found(actor)


def see(one: Case, line: int, actor: User) -> int:
    """Keep that this person has seen what changed in this case up to this line of the trail; up to which it is kept."""
    return _keep(actor, [one.id], line)


def see_all(line: int, actor: User) -> int:
    """The same of every open case with something new up to this line; up to which it is kept."""
    cases = select(Case.id).join(TeamMember).where(TeamMember.user_id == actor.id, Case.closed_on.is_(None))
    return _keep(actor, db.session.scalars(cases).all(), line)


def not_seen(line: int, actor: User) -> None:
    """Take back that this person has seen it up to this line. Raises OutOfDate where they saw more since."""
    mine = (SeenUpTo.user_id == actor.id, SeenUpTo.line == line)
    first = db.session.execute(
        delete(SeenUpTo).where(*mine, SeenUpTo.line_before.is_(None)).returning(SeenUpTo.id)
    )
    again = db.session.execute(
        update(SeenUpTo)
        .where(*mine)
        .values(line=SeenUpTo.line_before, at=SeenUpTo.at_before, line_before=None, at_before=None)
        .returning(SeenUpTo.id)
    )
    if not first.all() and not again.all():
        raise OutOfDate("You have marked more as read since then, so nothing was undone.")
    db.session.commit()


def _keep(actor: User, case_ids: Iterable[int], line: int) -> int:
    """Keep it, never further back than it was, and never beyond the last line that there is."""
    last = db.session.scalar(select(func.max(AuditEvent.id))) or 0
    line = min(line, last)
    if line <= 0:
        return 0
    mark = {"user_id": actor.id, "line": line, "at": clock.now()}
    rows = [{**mark, "case_id": case_id} for case_id in case_ids]
    then = {
        "line": line,
        "at": clock.now(),
        "line_before": SeenUpTo.line,
        "at_before": SeenUpTo.at,
    }
    for begin in range(0, len(rows), AT_ONCE):
        row = insert(SeenUpTo).values(rows[begin : begin + AT_ONCE])
        further = row.on_conflict_do_update(
            index_elements=["user_id", "case_id"], set_=then, where=SeenUpTo.line < line
        )
        db.session.execute(further)
    db.session.commit()
    return line


def _found(actor: User, case_id: int | None = None) -> list[Since]:
    found: dict[int, list[Line]] = {}
    about: dict[int, Any] = {}
    rows = db.session.execute(_lines(actor, case_id)).all()
    for row in rows:
        about[row.case_id] = row
        found.setdefault(row.case_id, []).append(
            Line(row.id, row.at, row.case_id, _who(row.user_name), row.action, dict(row.facts or {}))
        )
    seen = _rows_seen([line for lines in found.values() for line in lines], actor)
    told = []
    for number, lines in found.items():
        changes = changes_of(line for line in lines if _is_seen(line, seen))
        if changes:
            row = about[number]
            person = row.name_used or row.official_name or row.reference
            told.append(Since(row.reference, person, changes, lines[0].number, row.seen_at))
    return told


def _who(name: str) -> str:
    """Whoever did it, as a sentence about them begins."""
    return {audit.NOBODY: "Somebody without an account", audit.BY_ITSELF: "Casework"}.get(name, name)


def _lines(actor: User, case_id: int | None) -> Any:
    """The lines of others that are told of, in the open cases of this person, the newest first."""
    now = clock.now()
    told = told_to(ACTIONS[Role(actor.role)])
    mine = and_(TeamMember.case_id == AuditEvent.case_id, TeamMember.user_id == actor.id)
    until = and_(SeenUpTo.case_id == AuditEvent.case_id, SeenUpTo.user_id == actor.id)
    late = aliased(AuditEvent)
    first = select(func.min(late.id)).where(late.at > now - AT_MOST)
    query = (
        select(
            AuditEvent.id,
            AuditEvent.at,
            AuditEvent.case_id,
            AuditEvent.user_name,
            AuditEvent.action,
            AuditEvent.facts,
            Case.reference,
            Case.name_used,
            Case.official_name,
            SeenUpTo.at.label("seen_at"),
        )
        .select_from(AuditEvent)
        .join(TeamMember, mine)
        .join(Case, Case.id == AuditEvent.case_id)
        .outerjoin(SeenUpTo, until)
        .where(
            AuditEvent.action.in_(sorted(told)),
            AuditEvent.user_id.is_distinct_from(actor.id),
            AuditEvent.id > func.coalesce(SeenUpTo.line, 0),
            # Twice the same, in effect: the line spares a case with a long trail from being read from its beginning.
            AuditEvent.id >= func.coalesce(first.scalar_subquery(), 0),
            AuditEvent.at > now - AT_MOST,
            or_(SeenUpTo.id.is_not(None), AuditEvent.at > now - AT_FIRST),
        )
        .order_by(AuditEvent.id.desc())
        .limit(MOST_LINES)
    )
    return query.where(AuditEvent.case_id == case_id if case_id else Case.closed_on.is_(None))


def _rows_seen(lines: list[Line], actor: User) -> set[tuple[str, bool, int]]:
    """Of what may be hidden among these lines, what whoever asks may see: the thing, whether in the bin, its row."""
    seen: set[tuple[str, bool, int]] = set()
    for thing, table in TABLES.items():
        if ids := _rows_of(lines, thing):
            found = db.session.scalars(select(table.id).where(table.id.in_(ids)))
            seen |= {(thing, False, number) for number in found}
    if ids := _rows_of(lines, "draft"):
        query = select(Letter.id).where(Letter.id.in_(ids), Letter.discarded_at.is_(None))
        if not actor.may(Action.READ_STORY):
            open_to_all = [one.key for one in letters.templates() if not one.tells_the_story]
            query = query.where(Letter.template.in_(open_to_all))
        seen |= {("draft", False, number) for number in db.session.scalars(query)}
    if cases := {line.case_id for line in lines if TOLD[line.action].thing == "plan"}:
        plans = db.session.scalars(select(SigningPlan.case_id).where(SigningPlan.case_id.in_(cases)))
        seen |= {("plan", False, number) for number in plans}
    if cases := {line.case_id for line in lines if TOLD[line.action].gone}:
        binned = select(Binned.kind, Binned.row_id).where(Binned.case_id.in_(cases), Binned.kind.in_(TABLES))
        seen |= {(kind, True, number) for kind, number in db.session.execute(binned)}
    return seen


def _rows_of(lines: list[Line], thing: str) -> set[int]:
    return {number for line in lines if TOLD[line.action].thing == thing and (number := _row_of(line))}


def _row_of(line: Line) -> int:
    told = TOLD[line.action]
    number = line.case_id if told.thing == "plan" else line.facts.get(told.fact)
    return number if isinstance(number, int) else 0


def _is_seen(line: Line, seen: set[tuple[str, bool, int]]) -> bool:
    """Whether whoever asks may know of this line: nothing of it may be hidden from them, or gone from its page."""
    told = TOLD[line.action]
    return not told.thing or (told.thing, told.gone, _row_of(line)) in seen
