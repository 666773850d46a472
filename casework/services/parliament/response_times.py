"""How long answers take, from the group's own letters, told to each reader only as far as their cases go."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from casework import clock
from casework.domain.errors import UnknownHolidays
from casework.domain.letters.correspondence import Kind, ResponseKind
from casework.domain.parliament.answers import Finality, Will
from casework.domain.parliament.response_times import (
    Figures,
    Filed,
    Measure,
    Wait,
    Waited,
    by_kind,
    shown,
    waits,
)
from casework.domain.safety.accounts import Action
from casework.domain.timing.deadline_rules import DeadlineRule
from casework.services.letters.letter_file import ANSWER_RULE
from casework.services.timing.rule_book import rule_book
from casework.storage.database import db
from casework.storage.models import AnswerMap, Case, Correspondence, TeamMember, User

# A whole group's letters are measured at once: what they say is not read for it.
MEASURED_BY = (
    *("id", "case_id", "kind", "response_kind", "gss_code", "answers_id"),
    *("sent_on", "dated", "received_on", "recorded_at"),
)


@dataclass(frozen=True)
class WaitRow:
    """What is said of one kind of wait: of those that ended, and of those that go on."""

    wait: Wait
    ended: Figures | None
    within: int | None  # how many of them ended within the standard; None where it is no standard of theirs
    going_on: Figures | None


@dataclass(frozen=True)
class ResponseTimes:
    """The figures of a group for one reader; `left_out`: some are of cases that they may not see, and too few."""

    rows: tuple[WaitRow, ...]
    standard: DeadlineRule
    days: int
    left_out: bool


def response_times(reader: User) -> ResponseTimes:
    """What this reader may know of how long answers take, by kind."""
    measured = Measured(reader)
    ended, going_on = measured.by_wait(ended=True), measured.by_wait(ended=False)
    of_ended, of_going_on = by_kind(ended), by_kind(going_on)
    rows = tuple(
        WaitRow(wait, of_ended.get(wait), measured.within(ended, wait), of_going_on.get(wait))
        for wait in Wait
        if wait in of_ended or wait in of_going_on
    )
    left_out = any(shown(one)[1] for found in (ended, going_on) for one in found.values())
    return ResponseTimes(rows, measured.standard, measured.standard_days, left_out)


class Measured:
    """Every wait of the reader's group that is not hidden from them, with how long it took."""

    def __init__(self, reader: User) -> None:
        self.reader = reader
        self.own_cases = own_cases(reader)
        self.letters = filed(reader)
        self.waits = waits(self.letters)
        self.standard = rule_book().rule(ANSWER_RULE)
        self.standard_days = self.standard.length.number if self.standard.length else 0
        self._calendar = rule_book().working_calendar(self.standard.calendar)

    def sees(self, case_id: int) -> bool:
        """Whether the reader may know what came in, and when, in this case."""
        return case_id in self.own_cases and bool(self.reader.may(Action.READ_STORY))

    def by_wait(self, *, ended: bool) -> dict[Wait, list[Measure]]:
        """How long each wait took, or with `ended=False` has taken so far, by its kind."""
        found: dict[Wait, list[Measure]] = {wait: [] for wait in Wait}
        for one in self.waits:
            if (one.ended_on is not None) == ended:
                found[one.wait] += self.measures([one])
        return found

    def measures(self, some: Iterable[Waited]) -> list[Measure]:
        """How long these waits took, in working days; those left out whose bank holidays nobody knows."""
        found = []
        for one in some:
            days = self._days(one.asked.day, one.ended_on or clock.today())
            if days is not None:
                found.append(Measure(days, one.asked.case_id, self.sees(one.asked.case_id)))
        return found

    def within(self, ended: dict[Wait, list[Measure]], wait: Wait) -> int | None:
        """How many of the answers that may be shown came within the standard, where it is one for them."""
        if wait is not Wait.TO_MEMBER:
            return None
        return sum(one.days <= self.standard_days for one in shown(ended[wait])[0])

    def _days(self, since: date, until: date) -> int | None:
        try:
            return self._calendar.working_days_between(since, until)
        except UnknownHolidays:
            return None


def own_cases(reader: User) -> frozenset[int]:
    """The cases that somebody works on."""
    return frozenset(db.session.scalars(select(TeamMember.case_id).where(TeamMember.user_id == reader.id)))


def filed(reader: User) -> list[Filed]:
    """The letters of all the cases of the reader's group, void ones and what is hidden from them left out."""
    rows = db.session.execute(
        select(*(getattr(Correspondence, name) for name in MEASURED_BY), AnswerMap.finality, AnswerMap.will)
        .join(Case, Case.id == Correspondence.case_id)
        .outerjoin(AnswerMap, AnswerMap.correspondence_id == Correspondence.id)
        .where(Case.group_id == reader.group_id, Case.binned_at.is_(None), Correspondence.not_void())
        .order_by(Correspondence.id)
    )
    return [_filed(row) for row in rows]


def _filed(row: Any) -> Filed:
    return Filed(
        id=row.id,
        case_id=row.case_id,
        kind=Kind(row.kind),
        day=row.sent_on or row.dated or row.received_on or clock.day_of(row.recorded_at),
        gss_code=row.gss_code,
        response=ResponseKind(row.response_kind) if row.response_kind else None,
        answers_id=row.answers_id,
        holds_off=None if row.finality is None else row.finality == Finality.HOLDING,
        will=Will(row.will) if row.will else None,
    )
