"""What happened in a case and is no letter: recorded with the dates it starts and ends, and taken back."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload

from casework import clock
from casework.domain.case.places import PlaceKind, is_there
from casework.domain.dates import spoken
from casework.domain.errors import CaseworkError, NotFound, OutOfDate
from casework.domain.timing.diary import DiaryEntry
from casework.domain.timing.events import (
    HAPPENINGS,
    LEFT_UK,
    Happening,
    KeptAs,
)
from casework.domain.timing.removals import Ending
from casework.domain.timing.settling import SettledAs
from casework.domain.timing.triggers import Told, checked
from casework.services.case.whereabouts import left_on
from casework.services.consent.need_to_know import all_places
from casework.services.safety import audit
from casework.services.timing import diary, recounting
from casework.services.timing.effects import Answers, Cause, Effects
from casework.storage.database import db
from casework.storage.models import Case, CaseEvent, CasePlace, Deadline, Removal, User
from casework.storage.one_look import none_without

RECORDED_BY_MISTAKE = "it was recorded by mistake"
# How an attempt to remove the person ends with what happened.
ENDINGS = {
    "removal_cancelled": Ending.CANCELLED,
    "leave_granted": Ending.CANCELLED,
    "removal_failed": Ending.FAILED,
    LEFT_UK: Ending.REMOVED,
}


@dataclass(frozen=True)
class NewEvent:
    """Something that happened, as somebody typed it; `name` is one of `domain.timing.events`."""

    name: str
    told: Told
    note: str | None = None


def record_event(case: Case, new: NewEvent, actor: User, answers: Answers | None = None) -> CaseEvent:
    """Keep what happened, open every date that it starts, and settle those that it ends.

    All of it and the lines of the trail are saved together or not at all. `answers` are those of somebody who
    saw what will change. Raises what `add_event` raises.
    """
    row = add_event(case, new, actor, Effects(case, actor, answers or Answers()))
    db.session.commit()
    return row


def add_event(case: Case, new: NewEvent, actor: User, effects: Effects) -> CaseEvent:
    """Add what happened with its dates, without saving it yet.

    Raises NotFound for something that is recorded elsewhere or that we do not know, and CaseworkError for days that
    cannot be, and where a date would start from a day that was not given.
    """
    happening = happening_of(new.name)
    told = checked(new.told)
    if not told.days:
        raise CaseworkError("Type the day.", field="sent" if happening.notice else "on")
    if max(told.days) > clock.today():
        late = next(name for name in ("received", "sent", "posted", "on") if _is_to_come(getattr(told, name)))
        raise CaseworkError("This day has not come yet. Check the date.", field=late)
    row = add_row(case, happening.name, new.told, new.note, actor)
    if happening.frees:
        row.told = {**row.told, "places": _leave_detention(row.happened_on, effects)}
    effects.happened(happening.name, told, Cause(event=row))
    lacking = next((one for one in effects.left_out if one.lacks), None)
    if lacking:
        raise CaseworkError(lacking.why, field=lacking.lacks)
    _end_attempt(row, happening, effects)
    record_line(row, effects)
    return row


def record_removed(removal: Removal, on: date, effects: Effects) -> None:
    """Add the departure with which an attempt to remove the person ended, unless it is known; without saving it yet."""
    if left_on(removal.case, on) is None:
        row = add_event(removal.case, NewEvent(LEFT_UK, Told(on=on)), effects.actor, effects)
        row.told = {**row.told, "removal": removal.id}


def take_back_end(removal: Removal, effects: Effects) -> None:
    """Take back what an attempt ended with, when that was a mistake; without saving it yet. Leave stays granted."""
    for row in list_events(removal.case):
        if row.name != "leave_granted" and row.told.get("removal") == removal.id:
            withdraw(row, effects)
            _return_to_places(row, effects)


def happening_of(name: str) -> Happening:
    """What the catalogue says of an event that has a page of its own. Raises NotFound."""
    happening = HAPPENINGS.get(name)
    if happening is None or happening.kept_as is not KeptAs.EVENT:
        raise NotFound("We do not know this, or it is recorded in another place.")
    return happening


def get_event(case: Case, event_id: int) -> CaseEvent:
    """One of the events of this case. Raises NotFound."""
    row = db.session.scalar(select(CaseEvent).where(CaseEvent.id == event_id, CaseEvent.case_id == case.id))
    if row is None:
        raise NotFound("There is no such event in this case.")
    return row


@none_without(CaseEvent)
def list_events(case: Case) -> list[CaseEvent]:
    """The events of this case that have a page of their own and were not taken back, the latest first."""
    rows = db.session.scalars(
        select(CaseEvent)
        .where(CaseEvent.case_id == case.id, CaseEvent.taken_back_at.is_(None))
        .options(joinedload(CaseEvent.recorded_by))
        .order_by(CaseEvent.happened_on.desc(), CaseEvent.id.desc())
    )
    return [row for row in rows if HAPPENINGS[row.name].kept_as is KeptAs.EVENT]


def started_by(row: CaseEvent) -> list[DiaryEntry]:
    """The dates that this event started, settled ones too."""
    return [diary.entry_of_deadline(one) for one in dates_of(Deadline.event_id == row.id)]


def ended_by(row: CaseEvent) -> list[DiaryEntry]:
    """The dates that this event ended."""
    return [diary.entry_of_deadline(one) for one in dates_of(Deadline.ended_by_event_id == row.id)]


def take_back(case: Case, event_id: int, actor: User) -> CaseEvent:
    """Take back what was recorded by mistake, with what it did to dates. Raises OutOfDate when somebody was first."""
    row = add_taking_back(case, event_id, Effects(case, actor))
    db.session.commit()
    return row


def add_taking_back(case: Case, event_id: int, effects: Effects) -> CaseEvent:
    """The same without saving it yet: its open dates are withdrawn, and those it had ended are open again.

    A date that somebody has settled since stays as it is.
    """
    row = get_event(case, event_id)
    happening_of(row.name)
    if row.taken_back_at:
        raise OutOfDate("Somebody had taken this back already.")
    withdraw(row, effects)
    _return_to_places(row, effects)
    _resume_attempt(row, effects)
    return row


def add_row(case: Case, name: str, told: Told, note: str | None, actor: User) -> CaseEvent:
    """Add the row of something that happened, without its dates."""
    row = CaseEvent(
        case=case,
        name=name,
        happened_on=told.day,
        told=told.kept,
        note=note,
        recorded_at=clock.now(),
        recorded_by_id=actor.id,
    )
    db.session.add(row)
    db.session.flush()
    return row


def record_line(row: CaseEvent, effects: Effects) -> None:
    """Add the line of the trail, with how many dates it started and ended."""
    opened, ended = len(effects.opened) + len(effects.taken), len(effects.ended)
    audit.record(
        "event recorded", effects.actor, row.case, event=row.id, what=row.name, opened=opened, ended=ended
    )


def withdraw(row: CaseEvent, effects: Effects) -> None:
    """Take an event back: what it opened and is still open is withdrawn, what it ended is open again."""
    row.taken_back_at = clock.now()
    for date_ in dates_of(Deadline.event_id == row.id):
        if date_.settled_on is None:
            effects.end(date_, SettledAs.MISTAKE, RECORDED_BY_MISTAKE, clock.today())
    for date_ in dates_of(Deadline.ended_by_event_id == row.id):
        if date_.settled_as == SettledAs.ENDED:
            date_.settled_on = date_.settled_as = date_.settled_how = None
            date_.settled_by_id = date_.ended_by_event_id = None
            recounting.count_reopened(date_, effects.actor)
            effects.opened.append(date_)
            audit.record("date reopened", effects.actor, row.case, deadline=date_.id)
    audit.record("event taken back", effects.actor, row.case, event=row.id, what=row.name)


def _end_attempt(row: CaseEvent, happening: Happening, effects: Effects) -> None:
    """End the attempt to remove the person that is running, where what happened says that it is over."""
    removal = _running_attempt(row.case) if happening.name in ENDINGS else None
    if removal is None or (removal.notice_given_on and removal.notice_given_on > row.happened_on):
        return
    removal.ended_as, removal.ended_on = ENDINGS[happening.name], row.happened_on
    removal.ended_why = happening.words
    row.told = {**row.told, "removal": removal.id}
    effects.also.append("The removal clock stops.")
    audit.record("removal ended", effects.actor, row.case, removal=removal.id, how=removal.ended_as.value)


def _resume_attempt(row: CaseEvent, effects: Effects) -> None:
    """Let the removal clock run again that stopped with an event, unless another one is running."""
    removal = db.session.get(Removal, row.told.get("removal", 0))
    if removal is None or removal.ended_as is None or _running_attempt(row.case):
        return
    removal.ended_as = removal.ended_on = removal.ended_why = None
    effects.also.append("The removal clock runs again.")
    audit.record("removal reopened", effects.actor, row.case, removal=removal.id)


def _running_attempt(case: Case) -> Removal | None:
    return db.session.scalar(select(Removal).where(Removal.case_id == case.id, Removal.ended_as.is_(None)))


def _return_to_places(row: CaseEvent, effects: Effects) -> None:
    """Let the stays in detention go on that ended with an event."""
    for place in all_places(row.case):
        if place.id in row.told.get("places", ()) and place.until == row.happened_on:
            place.until = None
            effects.also.append(f"The stay at {_where(place)} goes on.")


def _leave_detention(on: date, effects: Effects) -> list[int]:
    """End every stay in a place of detention that is not over on this day; the ids of the places."""
    left = [
        place
        for place in all_places(effects.case)
        if place.kind == PlaceKind.DETENTION and is_there(place, on) and place.until != on
    ]
    for place in left:
        place.until = on
        effects.also.append(f"The stay at {_where(place)} ends on {spoken(on, weekday=True)}.")
    return [place.id for place in left]


def _where(place: CasePlace) -> str:
    return place.name or "the place of detention"


def dates_of(condition: ColumnElement[bool]) -> list[Deadline]:
    """The dates of which this is true, in the order in which they were added."""
    return list(
        db.session.scalars(
            select(Deadline).where(condition).order_by(Deadline.id).options(joinedload(Deadline.case))
        )
    )


def _is_to_come(day: date | None) -> bool:
    return day is not None and day > clock.today()
