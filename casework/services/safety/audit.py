"""The trail: who did and who looked at what, when."""

from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from casework import clock
from casework.domain.safety.accounts import Role
from casework.storage import audit_chain
from casework.storage.asking import FIRST_GROUP, every_group
from casework.storage.audit_chain import Verdict
from casework.storage.database import db
from casework.storage.instance import current_instance
from casework.storage.models import AuditEvent, Case, ErasedCase, TeamMember, User

LOOK = "looked at"
PAGE_LENGTH = 100
LOOKS_ON = timedelta(minutes=30)
NOBODY = "nobody signed in"
BY_ITSELF = "Casework, by itself"


def record(
    action: str,
    actor: User | None,
    case: Case | None = None,
    *,
    signed: str | None = None,
    page: str | None = None,
    **facts: Any,
) -> None:
    """Add a line to the trail, in the transaction of the change that it tells of.

    `facts` are ids, kinds and counts; never a name, a text or a number that an office knows the person by. `signed`
    is who answers for what nobody did on a page. `page` is the view that somebody looked at, by its name: other pages
    have a number under a name of their own.
    """
    if page is not None:
        facts = {"page": page, **facts}
    record_by_number(action, actor, case.id if case else None, signed=signed, **facts)


def record_by_number(
    action: str, actor: User | None, case_id: int | None, *, signed: str | None = None, **facts: Any
) -> None:
    """The same of a case that is no more."""
    db.session.add(
        AuditEvent(
            at=clock.now(),
            user_id=actor.id if actor else None,
            user_name=actor.name if actor else signed or NOBODY,
            action=action,
            case_id=case_id,
            facts=facts,
        )
    )


def record_look(actor: User, case: Case, page: str) -> None:
    """Keep that this person looked at this page of the case, at once.

    Whoever looks changes nothing, so that what was read already stays read: the page does not ask for it once more.
    """
    record(LOOK, actor, case, page=page)
    session = db.session()
    session.expire_on_commit = False
    try:
        session.commit()
    finally:
        session.expire_on_commit = True


def record_look_once(actor: User, case: Case, page: str) -> None:
    """The same for what a page asks for many times, such as its pictures: one line in half an hour."""
    recent = select(AuditEvent.facts).where(
        AuditEvent.case_id == case.id,
        AuditEvent.user_id == actor.id,
        AuditEvent.action == LOOK,
        AuditEvent.at > clock.now() - LOOKS_ON,
    )
    if all((facts or {}).get("page") != page for facts in db.session.scalars(recent)):
        record(LOOK, actor, case, page=page)
        db.session.commit()


class Show(StrEnum):
    """Which lines of the trail."""

    ALL = "all"
    CHANGES = "changes"
    LOOKS = "looks"


def list_events(
    actor: User, case: Case | None = None, *, show: Show = Show.ALL, before: int | None = None
) -> list[AuditEvent]:
    """The newest hundred lines of the trail of one case, or of all that this person may see; `before` an id.

    That is their own cases and their own account, and for organisers every account and every erased case.
    """
    query = select(AuditEvent).order_by(AuditEvent.id.desc()).limit(PAGE_LENGTH)
    if case is not None:
        query = query.where(AuditEvent.case_id == case.id)
    else:
        own_cases = select(TeamMember.case_id).where(TeamMember.user_id == actor.id)
        own_accounts = _of_group(actor) if actor.role == Role.ORGANISER else AuditEvent.user_id == actor.id
        of_accounts = and_(AuditEvent.case_id.is_(None), own_accounts)
        seen = [AuditEvent.case_id.in_(own_cases), of_accounts]
        if actor.role == Role.ORGANISER:
            seen.append(
                AuditEvent.case_id.in_(
                    select(ErasedCase.erased_case_id).where(ErasedCase.group_id == actor.group_id)
                )
            )
        query = query.where(or_(*seen))
    if show is Show.CHANGES:
        query = query.where(AuditEvent.action != LOOK)
    elif show is Show.LOOKS:
        query = query.where(AuditEvent.action == LOOK)
    if before is not None:
        query = query.where(AuditEvent.id < before)
    return list(db.session.scalars(query))


def _of_group(actor: User) -> ColumnElement[bool]:
    """Lines that people of this group left; what nobody signed in did stands with the group that runs the machine."""
    people = select(User.id).where(User.group_id == actor.group_id)
    by_people = AuditEvent.user_id.in_(people)
    return or_(by_people, AuditEvent.user_id.is_(None)) if actor.group_id == FIRST_GROUP else by_people


def references_of(events: Iterable[AuditEvent]) -> dict[int, str]:
    """The reference of each case that these lines speak of, by its id."""
    ids = {event.case_id for event in events if event.case_id is not None}
    rows = db.session.execute(select(Case.id, Case.reference).where(Case.id.in_(ids)))
    return {row.id: row.reference for row in rows}


def verify(known: tuple[int, str] | None = None) -> Verdict:
    """Whether every line of the trail is as it was written, and none is missing. See `storage.audit_chain`."""
    with every_group(), db.engine.connect() as connection:
        return audit_chain.verify(connection, current_instance().keys.trail, known)
