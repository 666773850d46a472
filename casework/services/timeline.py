"""What has happened in a case, told from all that is kept of it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import select

from casework import clock
from casework.domain.events import HAPPENINGS
from casework.domain.places import PlaceKind
from casework.domain.surgeries import Outcome
from casework.services.cases import place_label
from casework.services.correspondence import as_paper, list_papers
from casework.services.events import list_events
from casework.services.removals import list_removals
from casework.storage.database import db
from casework.storage.models import Case, CaseEvent, CasePlace, Correspondence, Removal, SurgeryVisit


class EventSource(StrEnum):
    """What an event is kept as."""

    LETTER = "letter"
    VISIT = "visit"
    PLACE = "place"
    NOTE = "note"
    REMOVAL = "removal"
    EVENT = "event"


@dataclass(frozen=True)
class TimelineEvent:
    """Something that happened; `id` is that of its row."""

    on: date
    source: EventSource
    id: int
    words: str
    detail: str = ""


def timeline(case: Case, papers: list[Correspondence] | None = None) -> list[TimelineEvent]:
    """What has happened in this case, the latest first: letters, visits, moves, removals, notes, and the rest.

    `papers` are its letters, where they were asked for already.
    """
    held = select(SurgeryVisit).where(SurgeryVisit.case_id == case.id, SurgeryVisit.recorded_at.is_not(None))
    events = [_of_letter(row) for row in (list_papers(case) if papers is None else papers)]
    events += [_of_visit(visit) for visit in db.session.scalars(held)]
    events += [_of_place(place, place.since) for place in case.places if place.since]
    happened = list_events(case)
    told_of = {row.told.get("removal") for row in happened}
    events += [
        event for row in list_removals(case) for event in _of_removal(row, with_end=row.id not in told_of)
    ]
    events += [_of_event(row) for row in happened]
    events += [
        TimelineEvent(clock.day_of(note.at), EventSource.NOTE, note.id, "Note", note.text)
        for note in case.notes
    ]
    return sorted(events, key=lambda event: event.on, reverse=True)


def _of_letter(row: Correspondence) -> TimelineEvent:
    paper = as_paper(row)
    return TimelineEvent(
        paper.day, EventSource.LETTER, row.id, paper.words, row.summary or row.recipient or ""
    )


def _of_event(row: CaseEvent) -> TimelineEvent:
    return TimelineEvent(
        row.happened_on, EventSource.EVENT, row.id, HAPPENINGS[row.name].words, row.note or ""
    )


def _of_visit(visit: SurgeryVisit) -> TimelineEvent:
    ended = Outcome(visit.outcome).words if visit.outcome else ""
    day = visit.held_on or clock.day_of(visit.planned_at)
    return TimelineEvent(day, EventSource.VISIT, visit.id, f"Surgery visit: {visit.member_name}", ended)


def _of_place(place: CasePlace, since: date) -> TimelineEvent:
    began = "Held at" if place.kind == PlaceKind.DETENTION else "Living at"
    return TimelineEvent(since, EventSource.PLACE, place.id, f"{began} {place_label(place)}")


def _of_removal(row: Removal, *, with_end: bool) -> list[TimelineEvent]:
    """Its notice, unless that is in the file as a letter, its departure details, and how it ended."""
    told = [
        (None if row.correspondence_id else row.notice_given_on, "Notice of intention to remove", ""),
        (row.details_given_on, "Departure details given", ""),
        (row.ended_on if with_end else None, f"Removal: {row.ended_as}", row.ended_why or ""),
    ]
    return [TimelineEvent(on, EventSource.REMOVAL, row.id, words, detail) for on, words, detail in told if on]
