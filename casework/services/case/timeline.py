"""What has happened in a case, told from all that is kept of it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from casework import clock
from casework.domain.case.places import PlaceKind
from casework.domain.parliament.surgeries import Outcome
from casework.domain.said import of_ours
from casework.domain.timing.events import HAPPENINGS
from casework.domain.words import say
from casework.services.case.case_places import place_label
from casework.services.case.notes import all_notes
from casework.services.letters.correspondence import as_paper, list_papers
from casework.services.parliament.surgeries import list_visits
from casework.services.timing.events import list_events
from casework.services.timing.removals import list_removals
from casework.storage.models import (
    Case,
    CaseEvent,
    CaseNote,
    CasePlace,
    Correspondence,
    Removal,
    SurgeryVisit,
)


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


@dataclass(frozen=True)
class Kept:
    """All that a timeline is told from, as whoever asks may see it; the places are those of the case."""

    papers: list[Correspondence]
    visits: list[SurgeryVisit]
    removals: list[Removal]
    happened: list[CaseEvent]
    notes: list[CaseNote]


def kept_of(case: Case) -> Kept:
    """What the timeline of this case is told from, asked for now."""
    return Kept(list_papers(case), list_visits(case), list_removals(case), list_events(case), all_notes(case))


def timeline(case: Case, kept: Kept | None = None) -> list[TimelineEvent]:
    """What has happened in this case, the latest first: letters, visits, moves, removals, notes, and the rest.

    `kept` is what it is told from, where that was asked for already.
    """
    kept = kept or kept_of(case)
    held = sorted((visit for visit in kept.visits if visit.recorded_at), key=lambda visit: visit.id)
    events = [_of_letter(row) for row in kept.papers]
    events += [_of_visit(visit) for visit in held]
    events += [_of_place(place, place.since) for place in case.places if place.since]
    told_of = {row.told.get("removal") for row in kept.happened}
    events += [event for row in kept.removals for event in _of_removal(row, with_end=row.id not in told_of)]
    events += [_of_event(row) for row in kept.happened]
    events += [
        TimelineEvent(clock.day_of(note.at), EventSource.NOTE, note.id, "Note", note.text)
        for note in kept.notes
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
    return TimelineEvent(
        day, EventSource.VISIT, visit.id, say("Surgery visit: {name}", name=visit.member_name), ended
    )


def _of_place(place: CasePlace, since: date) -> TimelineEvent:
    where = place_label(place)
    held = place.kind == PlaceKind.DETENTION
    words = say("Held at {place}", place=where) if held else say("Living at {place}", place=where)
    return TimelineEvent(since, EventSource.PLACE, place.id, words)


def _of_removal(row: Removal, *, with_end: bool) -> list[TimelineEvent]:
    """Its notice, unless that is in the file as a letter, its departure details, and how it ended."""
    ended = say("Removal: {ended}", ended=of_ours(row.ended_as or ""))
    told = [
        (None if row.correspondence_id else row.notice_given_on, "Notice of intention to remove", ""),
        (row.details_given_on, "Departure details given", ""),
        (row.ended_on if with_end else None, ended, row.ended_why or ""),
    ]
    return [TimelineEvent(on, EventSource.REMOVAL, row.id, words, detail) for on, words, detail in told if on]
