"""Surgery visits: planned, recorded, and the promises that come of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from casework import clock
from casework.domain.errors import CaseworkError, NotFound, OutOfDate
from casework.domain.parliament.members import Connection
from casework.domain.parliament.surgeries import Outcome, Promise, follow_ups
from casework.domain.safety.bins import BinKind
from casework.domain.timing.triggers import Told
from casework.services import saving
from casework.services.case import task_owners
from casework.services.consent import telling_mps
from casework.services.parliament import chasing, members
from casework.services.parliament.directory import member_name_on
from casework.services.safety import audit, bins
from casework.services.timing import removals
from casework.services.timing.effects import Cause, Effects
from casework.storage.database import db
from casework.storage.models import Case, FollowUp, SurgeryVisit, User
from casework.storage.one_look import none_without

CHANGED = "Somebody changed this visit while you were typing. Yours is still here: compare and save."
SAVED_MEANWHILE = "Somebody saved this visit at the same moment. Look at it and save again."


@dataclass(frozen=True)
class VisitFacts:
    """A visit as somebody typed it, planned or held."""

    gss_code: str
    held_on: date | None = None
    held_at: str | None = None
    who_went: str | None = None
    who_was_met: str | None = None
    asked: str | None = None
    private_notes: str | None = None


def plan_visit(case: Case, facts: VisitFacts, actor: User) -> SurgeryVisit:
    """Plan a visit: it stands in the diary until it is recorded.

    A visit to the MP to ask first is theirs who took on to ring that office. Raises CaseworkError after a no of the
    person; where nobody has asked them, a day may be planned already.
    """
    if (word := telling_mps.word_of(case, clock.today())).refuses:
        raise CaseworkError(word.sentence(case.person_name))
    visit = SurgeryVisit(case=case, planned_at=clock.now())
    _fill(visit, facts)
    if _is_asked_first(case, visit.gss_code):
        visit.owner_id = task_owners.chosen(case).get("visit")
    db.session.add(visit)
    db.session.flush()
    audit.record("visit planned", actor, case, visit=visit.id)
    db.session.commit()
    return visit


def change_plan(case: Case, visit_id: int, facts: VisitFacts, version: int, actor: User) -> SurgeryVisit:
    """Change a visit that is still to come. Raises OutOfDate when somebody saved since this version was read."""
    visit = _unrecorded(case, visit_id, version)
    _fill(visit, facts)
    audit.record("visit plan changed", actor, case, visit=visit.id)
    saving.commit(SAVED_MEANWHILE)
    return visit


def record_visit(
    case: Case,
    facts: VisitFacts,
    outcome: Outcome,
    promises: Iterable[Promise],
    actor: User,
    *,
    visit_id: int | None = None,
    version: int = 0,
) -> SurgeryVisit:
    """Keep what happened at a visit, and a follow-up for each promise.

    When nothing at all came of it, the day to chase the office is kept instead. Raises CaseworkError without
    a day or for a day to come, and OutOfDate when somebody recorded it first.
    """
    visit = add_record(case, facts, outcome, promises, actor, visit_id=visit_id, version=version)
    saving.commit(SAVED_MEANWHILE)
    return visit


def add_record(
    case: Case,
    facts: VisitFacts,
    outcome: Outcome,
    promises: Iterable[Promise],
    actor: User,
    *,
    visit_id: int | None = None,
    version: int = 0,
) -> SurgeryVisit:
    """The same without saving it: the caller commits."""
    held_on = _held_on(facts)
    if visit_id is None:
        visit = SurgeryVisit(case=case, planned_at=clock.now())
        db.session.add(visit)
    else:
        visit = _unrecorded(case, visit_id, version)
    _fill(visit, facts)
    visit.outcome, visit.recorded_at = outcome, clock.now()
    visit.follow_ups = _follow_ups(case, promises, held_on, outcome)
    db.session.flush()
    if not visit.follow_ups:
        Effects(case, actor).happened("surgery_visit", Told(on=held_on), Cause(visit=visit))
    audit.record("visit recorded", actor, case, visit=visit.id, follow_ups=len(visit.follow_ups))
    return visit


def correct_visit(
    case: Case,
    visit_id: int,
    facts: VisitFacts,
    outcome: Outcome,
    promises: Iterable[Promise],
    version: int,
    actor: User,
) -> SurgeryVisit:
    """Put right what was recorded of a visit, and add promises that were left out.

    What is already to be chased stays as it is. Raises OutOfDate when somebody saved since this version was read.
    """
    visit = get_visit(case, visit_id)
    if visit.version != version:
        raise OutOfDate(CHANGED)
    held_on = _held_on(facts)
    _fill(visit, facts)
    visit.outcome = outcome
    more = _follow_ups(case, promises, held_on, Outcome.NO_ANSWER)  # thanks were kept the first time
    visit.follow_ups += more
    audit.record("visit corrected", actor, case, visit=visit.id, follow_ups=len(more))
    saving.commit(SAVED_MEANWHILE)
    return visit


def _follow_ups(case: Case, promises: Iterable[Promise], held_on: date, outcome: Outcome) -> list[FollowUp]:
    chases = follow_ups(promises, held_on=held_on, chase_on=chasing.chase_day(case, held_on), outcome=outcome)
    return [FollowUp(case=case, what=one.what, who=one.who, due_on=one.on) for one in chases]


def _held_on(facts: VisitFacts) -> date:
    if facts.held_on is None:
        raise CaseworkError("Type the day of the visit.", field="held_on")
    if facts.held_on > clock.today():
        raise CaseworkError(
            "This day has not come yet. Plan the visit instead, or check the date.", field="held_on"
        )
    return facts.held_on


def cancel_visit(case: Case, visit_id: int, actor: User) -> int:
    """Take a visit that was only planned out of the diary, and put it into the bin; its number there.

    Raises CaseworkError for one that took place.
    """
    visit = get_visit(case, visit_id)
    if visit.recorded_at:
        raise CaseworkError("This visit took place, so it stays in the file.")
    number = bins.put(BinKind.VISIT, visit, actor)
    db.session.delete(visit)
    audit.record("visit cancelled", actor, case, visit=visit_id)
    db.session.commit()
    return number


def still_planned(case: Case) -> list[SurgeryVisit]:
    """The visits that were planned and that nobody recorded, the soonest first; one without a day comes last."""
    return [visit for visit in reversed(list_visits(case)) if visit.recorded_at is None]


def flight_before(visit: SurgeryVisit) -> date | None:
    """The day of a flight to come after which this planned visit would be; None where there is none.

    Such a visit is kept, because flights are called off.
    """
    if visit.recorded_at or visit.held_on is None:
        return None
    attempt = removals.running(visit.case)
    leaves = attempt.departs_on if attempt else None
    return leaves if leaves and clock.today() <= leaves < visit.held_on else None


def _is_asked_first(case: Case, gss_code: str) -> bool:
    """Whether this is the MP whom the task of the case is about."""
    asked = (one for one in members.who_can_act(case, clock.today()) if one.seat.member)
    first = next((one for one in asked if one.standing.connection is not Connection.SUPPORTER), None)
    return first is not None and first.gss_code == gss_code


def get_visit(case: Case, visit_id: int) -> SurgeryVisit:
    """One of the visits of this case. Raises NotFound."""
    visit = db.session.scalar(
        select(SurgeryVisit).where(SurgeryVisit.id == visit_id, SurgeryVisit.case_id == case.id)
    )
    if visit is None:
        raise NotFound("There is no such visit in this case.")
    return visit


@none_without(SurgeryVisit)
def list_visits(case: Case) -> list[SurgeryVisit]:
    """The visits of this case, the latest first; one without a day comes before all."""
    rows = db.session.scalars(
        select(SurgeryVisit)
        .where(SurgeryVisit.case_id == case.id)
        .options(selectinload(SurgeryVisit.follow_ups))
    )
    return sorted(rows, key=lambda visit: (visit.held_on or date.max, visit.id), reverse=True)


def get_follow_up(case: Case, follow_up_id: int) -> FollowUp:
    """One of the follow-ups of this case. Raises NotFound."""
    row = db.session.scalar(select(FollowUp).where(FollowUp.id == follow_up_id, FollowUp.case_id == case.id))
    if row is None:
        raise NotFound("There is no such follow-up in this case.")
    return row


def finish_follow_up(case: Case, follow_up_id: int, note: str | None, actor: User) -> FollowUp:
    """Keep that a follow-up is done. Raises OutOfDate when somebody was first."""
    row = get_follow_up(case, follow_up_id)
    if row.done_on:
        raise OutOfDate("Somebody had finished this already.")
    row.done_on, row.done_note = clock.today(), note
    audit.record("follow-up finished", actor, case, follow_up=row.id)
    db.session.commit()
    return row


def move_follow_up(case: Case, follow_up_id: int, due_on: date, note: str | None, actor: User) -> FollowUp:
    """Put a follow-up off to another day, or take up one that was finished."""
    row = get_follow_up(case, follow_up_id)
    row.due_on, row.done_on = due_on, None
    row.done_note = note
    audit.record("follow-up moved", actor, case, follow_up=row.id)
    db.session.commit()
    return row


def _fill(visit: SurgeryVisit, facts: VisitFacts) -> None:
    if not facts.gss_code:
        raise CaseworkError("Choose the MP.", field="gss_code")
    name = member_name_on(facts.gss_code, facts.held_on or clock.today())
    visit.gss_code, visit.member_name = facts.gss_code, name
    visit.held_on, visit.held_at = facts.held_on, facts.held_at
    visit.who_went, visit.who_was_met = facts.who_went, facts.who_was_met
    visit.asked, visit.private_notes = facts.asked, facts.private_notes


def _unrecorded(case: Case, visit_id: int, version: int) -> SurgeryVisit:
    visit = get_visit(case, visit_id)
    if visit.recorded_at:
        raise OutOfDate(
            "Somebody recorded this visit while you were typing. Look at it before you add to it."
        )
    if visit.version != version:
        raise OutOfDate(CHANGED)
    return visit
