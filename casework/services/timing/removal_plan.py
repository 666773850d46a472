"""The plan before a flight: what is to be done, by which working hour, by whom, and what is done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select

from casework import clock
from casework.domain.consent.publicity import Agreement
from casework.domain.consent.telling_mps import Word
from casework.domain.dates import spoken
from casework.domain.errors import CaseworkError, NotFound, OutOfDate, UnknownHolidays
from casework.domain.safety.bins import BinKind
from casework.domain.timing.removals import (
    OWN_HOURS,
    STEP_KINDS,
    Clock,
    WorkingHours,
    airline_held_back,
    latest_hour,
)
from casework.services import saving
from casework.services.consent import agreements, consent, telling_mps
from casework.services.safety import audit, bins
from casework.services.timing import counting
from casework.services.timing.removals import clock_of, get_removal
from casework.services.timing.rule_book import rule_book
from casework.storage.database import db
from casework.storage.models import Authority, Case, CasePlace, Deadline, Removal, RemovalStep, User

MOST_OWN_STEPS = 12
PRESSED_MEANWHILE = "Somebody saved this step at the same moment. Look at it and press again."


@dataclass(frozen=True)
class PlanLine:
    """One step as the page shows it. `by` is its latest working hour, and None for "at once".

    `key` is that of a step of every plan, and `known` says what the case knows of it already. `is_now` is true when
    that hour has come and it is not done. `held_back` says why it may not be done at all, and `ask_first` that
    nobody asked the person yet whether it may.
    """

    id: int
    key: str | None
    what: str
    why: str
    known: str
    who: str | None
    by: datetime | None
    is_now: bool
    held_back: str
    ask_first: str
    done_at: datetime | None
    done_by: str | None


@dataclass(frozen=True)
class Plan:
    """The steps, from when they are counted back, and how much working time is left; `cannot_say` tells why not.

    `possible_from` is the first day on which removal is possible, where some step has an hour after that begins.
    """

    lines: tuple[PlanLine, ...]
    until: datetime | None = None
    left: timedelta | None = None
    cannot_say: str = ""
    possible_from: date | None = None

    @property
    def done(self) -> int:
        """How many steps are done."""
        return sum(line.done_at is not None for line in self.lines)

    @property
    def to_do(self) -> int:
        """How many steps there are to do in all, without those held back before they were done."""
        return sum(not line.held_back or line.done_at is not None for line in self.lines)


@dataclass(frozen=True)
class Known:
    """What a plan takes from the case of its attempt. `places` are all of them, where they were asked for already.

    `word` is what the person said of telling an MP.
    """

    clock: Clock
    forms: Sequence[Authority]
    agreement: Agreement
    word: Word
    places: Sequence[CasePlace] | None = None


def known_of(row: Removal, notices: Sequence[Deadline] | None = None) -> Known:
    """What the plan of this attempt takes from its case, asked for now; `notices` as `clock_of` has them."""
    today, forms = clock.today(), consent.list_authorities(row.case)
    return Known(
        clock_of(row, notices),
        forms,
        agreements.agreement_on(row.case, today, forms),
        telling_mps.word_of(row.case, today, forms),
    )


def plan_of(row: Removal, known: Known | None = None) -> Plan:
    """The plan of an attempt, counted back from its flight, or from the first moment while that is not known.

    `known` is what its case knows, where that was asked for already.
    """
    known = known or known_of(row)
    until = known.clock.count_back_from
    first = known.clock.possible_from(clock.today())
    office = _office(row, known)
    now = _now()
    try:
        lines = [_line(step, known, until, office, now) for step in row.steps]
        lines.sort(key=lambda line: line.by or datetime.min)
        left = office.between(now, until) if until else None
    except UnknownHolidays as error:
        lines = [_line(step, known, None, office, now) for step in row.steps]
        return Plan(tuple(lines), cannot_say=error.message)
    late = first and any(
        line.by and line.by >= datetime.combine(first, time()) and not line.done_at for line in lines
    )
    return Plan(tuple(lines), until, left, possible_from=first if late else None)


def save_step(
    case: Case,
    removal_id: int,
    step_id: int,
    actor: User,
    *,
    who: str | None,
    was: str | None,
    done: bool | None,
) -> RemovalStep:
    """Keep who does a step, and tick it or take the tick back; None leaves the tick as it is.

    `was` is the name that stood there when it was read. A tick that stands keeps who set it and when. Raises
    OutOfDate when somebody wrote another name meanwhile, and CaseworkError for a step that is held back.
    """
    step = _get_step(case, removal_id, step_id)
    if who != was and who != step.who:
        if step.who != was:
            raise OutOfDate(
                f"Somebody wrote “{step.who or 'nobody'}” here meanwhile. Save again to change it to yours."
            )
        step.who = who
    if done and (held_back := _why_not(case, step)):
        raise CaseworkError(held_back)
    if done and step.done_at is None:
        step.done_at, step.done_by = clock.now(), actor
        audit.record("step done", actor, case, removal=removal_id, step=step.id)
    elif done is False and step.done_at is not None:
        step.done_at = step.done_by = None
        audit.record("step not done after all", actor, case, removal=removal_id, step=step.id)
    saving.commit(PRESSED_MEANWHILE)
    return step


def add_step(case: Case, removal_id: int, what: str, hours: int, who: str | None, actor: User) -> RemovalStep:
    """Add a step of our own to the plan. Raises CaseworkError for one without words, and when there are too many."""
    row = get_removal(case, removal_id)
    if not what:
        raise CaseworkError("Say what is to be done.", field="what")
    if hours not in OWN_HOURS:
        raise CaseworkError("Choose how much time it needs.", field="hours")
    if sum(step.key is None for step in row.steps) >= MOST_OWN_STEPS:
        raise CaseworkError(
            f"A plan takes {MOST_OWN_STEPS} steps of your own at most. Take one out first.", field="what"
        )
    last = db.session.scalar(select(func.max(RemovalStep.position)).where(RemovalStep.removal_id == row.id))
    step = RemovalStep(removal=row, position=(last or 0) + 1, what=what, hours=hours, who=who)
    db.session.add(step)
    db.session.flush()
    audit.record("step added", actor, case, removal=row.id, step=step.id)
    saving.commit(PRESSED_MEANWHILE)
    return step


def remove_step(case: Case, removal_id: int, step_id: int, actor: User) -> int:
    """Take a step of our own out of the plan, and put it into the bin; its number there.

    Raises CaseworkError for one that is part of every plan.
    """
    step = _get_step(case, removal_id, step_id)
    if step.key:
        raise CaseworkError("This step is part of every plan.")
    number = bins.put(BinKind.STEP, step, actor)
    db.session.delete(step)
    audit.record("step taken out", actor, case, removal=removal_id, step=step_id)
    saving.commit(PRESSED_MEANWHILE)
    return number


def _line(
    step: RemovalStep, known: Known, until: datetime | None, office: WorkingHours, now: datetime
) -> PlanLine:
    kind = STEP_KINDS.get(step.key or "")
    by = latest_hour(kind.hours if kind else step.hours or 0, until, office)
    return PlanLine(
        id=step.id,
        key=step.key,
        what=kind.what if kind else step.what or "",
        why=kind.why if kind else "",
        known=_on_record(step, known),
        who=step.who,
        by=by,
        is_now=step.done_at is None and (by is None or by <= now),
        held_back=_held_back(step, known.agreement, known.word),
        ask_first=known.word.beside_a_step if kind and kind.tells_mps and not known.word.refuses else "",
        done_at=step.done_at,
        done_by=step.done_by.name if step.done_by else None,
    )


def _on_record(step: RemovalStep, known: Known) -> str:
    signed = consent.covering(known.forms, clock.today()) if step.key == "authority" else None
    return f"On record: signed {spoken(signed.signed_on)}." if signed else ""


def _why_not(case: Case, step: RemovalStep) -> str:
    """Why this step may not be done, as the case stands now; empty where it may."""
    today, forms = clock.today(), consent.list_authorities(case)
    agreement = agreements.agreement_on(case, today, forms)
    return _held_back(step, agreement, telling_mps.word_of(case, today, forms))


def _held_back(step: RemovalStep, agreement: Agreement, word: Word) -> str:
    kind = STEP_KINDS.get(step.key or "")
    if kind and kind.tells_mps and word.refuses:
        return word.beside_a_step
    return airline_held_back(agreement.level, step.removal.carriage) if step.key == "airline" else ""


def _office(row: Removal, known: Known) -> WorkingHours:
    """Office hours in the part of the UK where the person is, or that was chosen for this attempt."""
    region = row.region or counting.region_of(row.case, clock.today(), known.places).key
    return WorkingHours(rule_book().working_calendar("removal_notice", region))


def _now() -> datetime:
    """This moment by the clocks of the UK."""
    return clock.now().astimezone(clock.LONDON).replace(tzinfo=None)


def _get_step(case: Case, removal_id: int, step_id: int) -> RemovalStep:
    row = get_removal(case, removal_id)
    step = next((one for one in row.steps if one.id == step_id), None)
    if step is None:
        raise NotFound("There is no such step in this plan.")
    return step
