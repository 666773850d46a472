"""What the group remembers of an MP's office across all its cases, told to each reader as far as their cases go."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select

from casework import clock
from casework.domain.letters.correspondence import Kind
from casework.domain.parliament.answers import tally_words
from casework.domain.parliament.office_memory import SAID, UNSIGNED, VISITS, Did, Line, in_counts, that_day
from casework.domain.parliament.response_times import Figures, Filed, Wait, Waited, figures, shown
from casework.domain.parliament.surgeries import Outcome
from casework.domain.said import PARTS, in_a_row, typed
from casework.domain.timing.deadline_rules import DeadlineRule
from casework.services.consent import consent
from casework.services.parliament.directory import directory
from casework.services.parliament.response_times import Measured
from casework.storage.database import db
from casework.storage.models import AnswerMap, AnswerQuestion, Authority, Case, SurgeryVisit, User

OF_LETTERS = {
    Kind.US_TO_MEMBER: Did.LETTER,
    Kind.MEMBER_TO_US: Did.ANSWER,
    Kind.MEMBER_TO_HOME_OFFICE: Did.ASKED_HOME_OFFICE,
}
OF_VISITS = frozenset({*VISITS.values(), UNSIGNED[Did.REFUSED]})
MOST_LINES = 6


@dataclass(frozen=True)
class Pace:
    """How many working days something took: here, and with the group's other offices, where that may be told."""

    here: Figures | None
    elsewhere: Figures | None


@dataclass(frozen=True)
class OfficeMemory:
    """What is told of one office. `lines` are of the reader's own cases, newest first; `counts` of all the others."""

    member: str
    since: date | None
    lines: tuple[Line, ...]
    counts: str
    before: str  # what happened before this member sat here
    answers: Pace
    home_office: Pace
    standard: DeadlineRule
    days: int

    @property
    def newest(self) -> tuple[Line, ...]:
        """The lines that are shown at once."""
        return self.lines[:MOST_LINES]

    @property
    def older(self) -> tuple[Line, ...]:
        """Those that are folded away."""
        return self.lines[MOST_LINES:]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing at all to tell."""
        return not (self.lines or self.counts or self.before)


@dataclass(frozen=True)
class _Happened:
    did: Did
    on: date
    case_id: int
    row_id: int
    seen: bool

    @property
    def is_visit(self) -> bool:
        return self.did in OF_VISITS


def office_memory(gss_code: str, reader: User) -> OfficeMemory:
    """What this reader may know of what the group had to do with the office of this seat."""
    measured = Measured(reader)
    seat = directory().seat_on(gss_code, clock.today())
    since = seat.term.since if seat.term else None
    happened = _with_forms(measured, gss_code, [*_letters(measured, gss_code), *_visits(measured, gss_code)])
    now = [one for one in happened if since and one.on >= since]
    before = [one for one in happened if not (since and one.on >= since)]
    return OfficeMemory(
        member=seat.member.name if seat.member else "",
        since=since,
        lines=tuple(_lines([one for one in now if one.seen])),
        counts=in_counts((one.did, one.on) for one in now if not one.seen),
        before=in_counts((one.did, one.on) for one in before),
        answers=_pace(measured, gss_code, Wait.OFFICE, since),
        home_office=_pace(measured, gss_code, Wait.TO_MEMBER, since),
        standard=measured.standard,
        days=measured.standard_days,
    )


def _letters(measured: Measured, gss_code: str) -> Iterator[_Happened]:
    """The letters to, of and about this office. One that the Home Office wrote to them answers a letter of theirs."""
    theirs = {
        one.id
        for one in measured.letters
        if one.kind is Kind.MEMBER_TO_HOME_OFFICE and one.gss_code == gss_code
    }
    for one in measured.letters:
        did = _did(one, gss_code, theirs)
        if did is not None:
            yield _Happened(did, one.day, one.case_id, one.id, measured.sees(one.case_id))


def _did(one: Filed, gss_code: str, theirs: Collection[int]) -> Did | None:
    if one.kind is Kind.HOME_OFFICE_RESPONSE:
        return Did.HOME_OFFICE_ANSWER if one.answers_id in theirs and one.is_answer else None
    if one.gss_code != gss_code:
        return None
    return SAID[one.will] if one.kind is Kind.MEMBER_TO_US and one.will else OF_LETTERS.get(one.kind)


def _visits(measured: Measured, gss_code: str) -> Iterator[_Happened]:
    """The visits that took place: everybody on the team of a case knows of them."""
    rows = db.session.scalars(
        select(SurgeryVisit)
        .join(Case, Case.id == SurgeryVisit.case_id)
        .where(
            Case.group_id == measured.reader.group_id,
            Case.binned_at.is_(None),
            SurgeryVisit.gss_code == gss_code,
            SurgeryVisit.recorded_at.is_not(None),
        )
        .order_by(SurgeryVisit.id)
    )
    for row in rows:
        if row.held_on and row.outcome:
            own = row.case_id in measured.own_cases
            yield _Happened(VISITS[Outcome(row.outcome)], row.held_on, row.case_id, row.id, own)


def _with_forms(measured: Measured, gss_code: str, happened: list[_Happened]) -> list[_Happened]:
    """The same, each refusal with whether a form of authority held on that day.

    In cases of one's own that is told to those who read the story; of the others it is only counted.
    """
    refused = {one.case_id for one in happened if one.did in UNSIGNED}
    if not refused:
        return happened
    forms = db.session.scalars(select(Authority).where(Authority.case_id.in_(refused))).all()

    def was_signed(one: _Happened) -> bool:
        may_know = measured.sees(one.case_id) or not one.seen
        of_case = (form for form in forms if form.case_id == one.case_id)
        return not may_know or consent.covering(of_case, one.on, gss_code) is not None

    return [
        replace(one, did=that_day(one.did, was_signed=was_signed(one))) if one.did in UNSIGNED else one
        for one in happened
    ]


def _lines(happened: list[_Happened]) -> Iterator[Line]:
    """The lines of the reader's own cases, the newest first, with what was found in the answers."""
    ids = {one.case_id for one in happened}
    cases = {row.id: row for row in db.session.scalars(select(Case).where(Case.id.in_(ids)))} if ids else {}
    found = _found_in([one.row_id for one in happened if not one.is_visit])
    for one in sorted(happened, key=lambda line: (line.on, line.row_id), reverse=True):
        case, detail = cases[one.case_id], "" if one.is_visit else found.get(one.row_id, "")
        yield Line(one.did, one.on, case.reference, case.person_name, one.row_id, one.is_visit, detail)


def _found_in(paper_ids: list[int]) -> dict[int, str]:
    """What was found in these letters: what the office wants first, and "2 answered, 1 dodged"."""
    if not paper_ids:
        return {}
    rows = db.session.execute(
        select(AnswerMap.correspondence_id, AnswerMap.only_if, AnswerQuestion.id, AnswerQuestion.found)
        .outerjoin(
            AnswerQuestion,
            (AnswerQuestion.map_id == AnswerMap.id) & AnswerQuestion.dropped_at.is_(None),
        )
        .where(AnswerMap.correspondence_id.in_(paper_ids))
        .order_by(AnswerMap.id, AnswerQuestion.id)
    )
    wants: dict[int, str] = {}
    counts: dict[int, dict[Any, int]] = {}
    for paper_id, only_if, question_id, found in rows:
        wants[paper_id], of_paper = only_if or "", counts.setdefault(paper_id, {})
        if question_id is not None:
            of_paper[found] = of_paper.get(found, 0) + 1
    return {
        one: in_a_row(filter(None, (typed(wants[one]), tally_words(counts[one]))), PARTS) for one in wants
    }


def _pace(measured: Measured, gss_code: str, wait: Wait, since: date | None) -> Pace:
    """How long this office, or the Home Office to it, took since this member sits here, beside all others."""
    ended = [one for one in measured.waits if one.wait is wait and one.ended_on]

    def told(some: list[Waited]) -> Figures | None:
        return figures(one.days for one in shown(measured.measures(some))[0])

    here = [one for one in ended if one.asked.gss_code == gss_code and since and one.asked.day >= since]
    return Pace(told(here), told([one for one in ended if one.asked.gss_code != gss_code]))
