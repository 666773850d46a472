"""Which cases somebody opened last, read from the trail: nothing else is kept of it."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from casework import clock
from casework.services import audit
from casework.storage.database import db
from casework.storage.models import AuditEvent, Case, TeamMember, User

MOST = 8
LOOKS_READ = 300  # newest first; whoever looked at one case so often has little use for older ones


@dataclass(frozen=True)
class Opened:
    """A case, and the page of it that was looked at last, by its endpoint."""

    case: Case
    page: str


def recent_cases(actor: User) -> list[Opened]:
    """The cases that this person opened last and is on still, the newest first."""
    looks = select(AuditEvent.case_id, AuditEvent.facts).where(
        AuditEvent.user_id == actor.id, AuditEvent.action == audit.LOOK, AuditEvent.case_id.is_not(None)
    )
    if actor.recent_from is not None:
        looks = looks.where(AuditEvent.at > actor.recent_from)
    rows = db.session.execute(looks.order_by(AuditEvent.id.desc()).limit(LOOKS_READ)).all()
    pages: dict[int, str] = {}
    for case_id, facts in rows:
        pages.setdefault(case_id, str((facts or {}).get("page", "")))
    cases = _seen(pages, actor)
    return [Opened(cases[one], page) for one, page in pages.items() if one in cases][:MOST]


def _seen(ids: Iterable[int], actor: User) -> dict[int, Case]:
    mine = select(TeamMember.case_id).where(TeamMember.user_id == actor.id)
    query = select(Case).where(Case.id.in_(list(ids)), Case.id.in_(mine))
    return {case.id: case for case in db.session.scalars(query)}


def begin_anew(actor: User) -> None:
    """Show nothing of what this person opened until now. The trail keeps it."""
    actor.recent_from = clock.now()
    audit.record("list of what was opened last cleared", actor)
    db.session.commit()
