"""The first hour, before there is a case: begun with its first answer, answered by several people, thrown away."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import joinedload, selectinload

from casework import clock
from casework.domain.case.intake import ASKED_AT, KEPT, QUESTIONS, Door, Said, questions
from casework.domain.errors import CaseworkError, NotFound, OutOfDate
from casework.services import saving
from casework.services.safety import audit
from casework.storage.database import db
from casework.storage.models import Intake, IntakeAnswer, User

ANSWERED = "Somebody answered this question meanwhile. Both answers stand below: choose one."
# What stands in the place of a reference once it was thrown away: its number is given to no other while a page may
# still be open somewhere that would write into it.
THROWN_AWAY = ""
FINISHED = "Somebody finished this first hour meanwhile: the case is open."


def begin(door: Door, question: str, state: Said, told: Mapping[str, Any], actor: User) -> Intake:
    """A first hour with its first answer. Nothing is kept of one that nobody answered anything in."""
    now = clock.now()
    row = Intake(door=door, begun_at=now, begun_by_id=actor.id, changed_at=now, group_id=actor.group_id)
    db.session.add(row)
    db.session.flush()
    audit.record("first hour begun", actor, intake=row.id)
    _put(row, question, state, told, 0, actor)
    saving.commit(ANSWERED)
    return row


def get(intake_id: int, actor: User) -> Intake:
    """A first hour of this person's group, finished ones too. Raises NotFound."""
    row = db.session.scalar(select(Intake).where(Intake.id == intake_id, Intake.group_id == actor.group_id))
    if row is None or row.reference == THROWN_AWAY:
        raise NotFound("There is no such first hour any more. It was thrown away, or its time was over.")
    return row


def list_open(actor: User) -> list[Intake]:
    """The first hours of the group that nobody finished, the newest first."""
    query = select(Intake).where(Intake.reference.is_(None), Intake.group_id == actor.group_id)
    query = query.options(selectinload(Intake.answers), joinedload(Intake.begun_by))
    return list(db.session.scalars(query.order_by(Intake.id.desc())))


def answers_of(row: Intake) -> dict[str, IntakeAnswer]:
    """What was said so far, by question."""
    return {one.question: one for one in row.answers}


def answer(
    row: Intake, question: str, state: Said, told: Mapping[str, Any], version: int, actor: User
) -> None:
    """Keep an answer at once, in place of the one of this version; 0 where there was none.

    Raises OutOfDate when somebody answered the same question since, or finished meanwhile: nothing is written over.
    """
    try:
        touch(row)
        _put(row, question, state, told, version, actor)
    except CaseworkError:
        db.session.rollback()
        raise
    saving.commit(ANSWERED)


def touch(row: Intake) -> None:
    """Keep that somebody is at work on it, without saving it yet. Raises OutOfDate for one that is finished.

    Whoever comes second waits here for the first, and sees then what became of it.
    """
    still_open = update(Intake).where(Intake.id == row.id, Intake.reference.is_(None))
    if db.session.scalar(still_open.values(changed_at=clock.now()).returning(Intake.id)) is None:
        raise OutOfDate(FINISHED)


def _put(row: Intake, question: str, state: Said, told: Mapping[str, Any], version: int, actor: User) -> None:
    if question not in ASKED_AT[Door(row.door)]:
        raise NotFound("There is no such question here.")
    if state is Said.NONE and not QUESTIONS[question].none:
        raise CaseworkError("Choose one of the answers.")
    query = select(IntakeAnswer).where(IntakeAnswer.intake_id == row.id, IntakeAnswer.question == question)
    kept = db.session.scalar(query.execution_options(populate_existing=True))
    if (kept.version if kept else 0) != version:
        raise OutOfDate(ANSWERED)
    now: dict[str, Any] = {"state": state, "told": dict(told), "at": clock.now(), "by_id": actor.id}
    if kept is None:
        db.session.add(IntakeAnswer(intake_id=row.id, question=question, **now))
    else:
        for name, value in now.items():
            setattr(kept, name, value)
    saving.flush(ANSWERED)
    audit.record("first hour answered", actor, intake=row.id, question=question, how=str(state))


def name_in(row: Intake) -> str:
    """The name by which this first hour is found again; empty while none may be said."""
    told = answers_of(row)["who"].told if "who" in answers_of(row) else {}
    return str(told.get("name_used") or told.get("official_name") or "")


def left(row: Intake) -> list[str]:
    """The questions that nobody answered yet, in their order."""
    answered = answers_of(row)
    return [one.key for one in questions(Door(row.door)) if one.key not in answered]


def throw_away(row: Intake, actor: User) -> None:
    """Erase all the answers of a first hour, at once and for good. A finished one holds none any more."""
    touch(row)
    db.session.refresh(row, ["answers"])
    audit.record("first hour thrown away", actor, intake=row.id, answers=len(row.answers))
    row.answers, row.reference = [], THROWN_AWAY
    saving.commit(ANSWERED)


def goes_on(row: Intake) -> date:
    """The day on which it goes by itself, unless somebody answers a question before."""
    return clock.day_of(row.changed_at + KEPT)


def let_old_go() -> int:
    """Erase the first hours that nobody touched for as long as they are kept; how many. The caller saves."""
    old = select(Intake.id).where(Intake.changed_at < clock.now() - KEPT)
    ids = list(db.session.scalars(old))
    if ids:
        db.session.execute(delete(IntakeAnswer).where(IntakeAnswer.intake_id.in_(ids)))
        db.session.execute(delete(Intake).where(Intake.id.in_(ids)))
    return len(ids)
