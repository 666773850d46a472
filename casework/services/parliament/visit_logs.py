"""Visit logs that come home from a go-bag: opened, proved to be of that bag, and taken in once."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from casework import clock
from casework.domain.errors import CaseworkError, OutOfDate
from casework.domain.parliament import visit_codes
from casework.domain.parliament.surgeries import Outcome, Promise
from casework.domain.parliament.visit_logs import NOT_OURS, VisitLog, read_log
from casework.services.letters import log_keys
from casework.services.parliament import surgeries
from casework.services.parliament.surgeries import VisitFacts
from casework.services.safety import audit
from casework.storage.database import db
from casework.storage.models import Case, GoBag, SurgeryVisit, User, VisitLogTaken
from casework.storage.sealing import unseal

VERSION, TOKEN_BYTES = 1, 5
NOT_THIS_CASE = (
    "This log is of no go-bag that this case knows. Is it of another case? If the case was brought here from another "
    "Casework, the key of the bag may have stayed there. Then read the log on the phone, and record the visit by hand."
)
ALTERED = (
    "This log cannot be opened: it was altered, or a part of it is missing. "
    "Save it again from the bag, and send that."
)
TWICE = (
    "This visit log was taken in before: it is in the file once. "
    "If something was added, put that right in the visit."
)


def open_log(case: Case, code: str) -> tuple[GoBag, VisitLog]:
    """The bag that this log comes from, and what it says. Raises CaseworkError for any other code."""
    sealed = visit_codes.read(code)
    if len(sealed) <= 1 + TOKEN_BYTES or sealed[0] != VERSION:
        raise CaseworkError(NOT_OURS, field="code")
    token = sealed[1 : 1 + TOKEN_BYTES].hex()
    bag = db.session.scalar(select(GoBag).where(GoBag.token == token, GoBag.case_id == case.id))
    key = log_keys.log_key_of(bag) if bag else None
    if bag is None or key is None:
        raise CaseworkError(NOT_THIS_CASE, field="code")
    try:
        content = unseal(key, sealed[1 + TOKEN_BYTES :], f"visit log {VERSION} {token}".encode())
    except ValueError:
        raise CaseworkError(ALTERED, field="code") from None
    return bag, read_log(content)


def taken_before(bag: GoBag, log: VisitLog) -> VisitLogTaken | None:
    """Where this log was taken in before; None where it was not."""
    asked = select(VisitLogTaken).where(VisitLogTaken.bag_id == bag.id, VisitLogTaken.entry == log.entry)
    return db.session.scalar(asked)


def planned_visit(case: Case, bag: GoBag, log: VisitLog) -> SurgeryVisit | None:
    """The planned visit that this log is about; None where there is none, or somebody recorded it.

    The number in the log of a bag that came with its case is one of there: another visit may have it here.
    """
    if log.visit_id is None or log_keys.came_along(bag):
        return None
    visit = db.session.scalar(
        select(SurgeryVisit).where(SurgeryVisit.id == log.visit_id, SurgeryVisit.case_id == case.id)
    )
    return visit if visit and visit.recorded_at is None else None


def take_in(
    case: Case, code: str, facts: VisitFacts, outcome: Outcome, promises: Iterable[Promise], actor: User
) -> SurgeryVisit:
    """Record the visit of this log, as somebody looked it over, with a follow-up for each promise: all or nothing.

    Raises OutOfDate for a log that was taken in before.
    """
    bag, log = open_log(case, code)
    if taken_before(bag, log):
        raise OutOfDate(TWICE)
    planned = planned_visit(case, bag, log)
    visit = surgeries.add_record(
        case, facts, outcome, promises, actor,
        visit_id=planned.id if planned else None, version=planned.version if planned else 0,
    )  # fmt: skip
    db.session.add(VisitLogTaken(bag=bag, entry=log.entry, visit=visit, taken_at=clock.now(), taken_by=actor))
    audit.record("visit log taken in", actor, case, visit=visit.id, bag=bag.id)
    try:
        db.session.commit()
    except (IntegrityError, StaleDataError):
        db.session.rollback()
        raise OutOfDate(TWICE) from None
    return visit
