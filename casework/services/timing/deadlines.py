"""Dates worked out from rules: opened by events or by hand, and listed for a case."""

from dataclasses import replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from casework import clock
from casework.domain.errors import CaseworkError, NotFound, UnknownHolidays
from casework.domain.letters.correspondence import Kind as PaperKind
from casework.domain.said import of_ours
from casework.domain.timing.counting import Unit
from casework.domain.timing.deadline_rules import DeadlineRule
from casework.domain.timing.diary import DiaryEntry
from casework.domain.timing.settling import THE_LETTER, StatedFrom, check_stated
from casework.domain.timing.triggers import DAYS, Told, choose_variant, with_the_only_way
from casework.domain.words import say
from casework.services.parliament.chasing import CHASE_RULE, chase_variant
from casework.services.parliament.directory import member_name_on, was_with_another
from casework.services.safety import audit
from casework.services.timing import counting, diary
from casework.services.timing.fit import misfit
from casework.services.timing.rule_book import rule_book
from casework.storage.database import db
from casework.storage.models import Case, CaseEvent, Correspondence, Deadline, SurgeryVisit, User

# The length of a turn in days, near enough to begin the search for the one that is due.
DAYS_IN = {Unit.MONTHS: 30.5, Unit.WEEKS: 7.0, Unit.CALENDAR_DAYS: 1.0}


def add_deadline(
    case: Case,
    rule_key: str,
    on: date,
    actor: User,
    *,
    variant: str | None = None,
    told: Told | None = None,
    turn: int = 1,
) -> Deadline:
    """Add one date without saving it yet. Raises what `worked_out` raises."""
    return add(worked_out(case, rule_key, on, variant=variant, told=told, turn=turn), actor)


def worked_out(
    case: Case,
    rule_key: str,
    on: date,
    *,
    variant: str | None = None,
    told: Told | None = None,
    turn: int = 1,
    event: CaseEvent | None = None,
    correspondence: Correspondence | None = None,
    visit: SurgeryVisit | None = None,
    condition: str = "",
) -> Deadline:
    """A date that is counted and belongs to no list yet. One that cannot be known is "to work out", with the reason.

    So is one that stands in the notice itself, until somebody types it. Where the days of a notice are `told`,
    they decide from which day it counts. Raises CaseworkError when the rule does not fit the day, or a variant
    or a day is missing, and NoDate when the rule sets no date at all.
    """
    if rule_key == CHASE_RULE and variant is None:
        variant = chase_variant(case, on)
    if told is not None and not told.received and not told.known_by and min(told.days) <= clock.today():
        told = replace(told, known_by=clock.today())
    row = Deadline(
        case=case, event=event, correspondence=correspondence, visit=visit, rule_key=rule_key, variant=variant,
        event_on=on, told=told.kept if told else {}, turn=turn, region=counting.region_of(case, on).key,
        working={"condition": condition, "about": _member_of(correspondence, visit)},
    )  # fmt: skip
    counting.count(row)
    return row


def add(row: Deadline, actor: User) -> Deadline:
    """Add a date that was worked out, without saving it yet."""
    db.session.add(row)
    db.session.flush()
    audit.record("date added", actor, row.case, deadline=row.id, rule=row.rule_key)
    return row


def record_deadline(case: Case, rule_key: str, on: date, variant: str | None, actor: User) -> Deadline:
    """Open a date by hand, from a rule and the day that starts it, and save it."""
    row = add_deadline(case, rule_key, on, actor, variant=variant)
    db.session.commit()
    return row


def record_told(
    case: Case,
    rule_key: str,
    told: Told,
    variant: str | None,
    actor: User,
    *,
    stated_on: date | None = None,
) -> Deadline:
    """Open a date by hand from what was told of its day, and save it. `stated_on` is a last day that the notice gives.

    Raises CaseworkError, whose field is what is lacking or cannot be right, when a day has not come yet, and when
    the rule does not fit the person on that day.
    """
    for name in DAYS:
        day = getattr(told, name)
        if day and day > clock.today():
            raise CaseworkError("This day has not come yet. Check the date.", field=name)
    rule = rule_book().rule(rule_key, min(told.days, default=None))
    if not told.days:
        raise CaseworkError(
            say("It starts from: {trigger}. Type that day.", trigger=of_ours(rule.trigger)),
            field="trigger_date",
        )
    variant = choose_variant(rule, variant, told.how)
    told = with_the_only_way(rule, variant, told)
    row = worked_out(case, rule_key, min(told.days), variant=variant, told=None if told.on else told)
    why = misfit(case, rule, row.event_on, variant)
    if why:
        raise CaseworkError(why, field="trigger_date")
    if stated_on:
        check_stated(row.event_on, stated_on, THE_LETTER, None, clock.today())
        row.stated_on, row.stated_by, row.stated_from = stated_on, THE_LETTER, StatedFrom.LETTER
        counting.put_in_order(row)
    add(row, actor)
    db.session.commit()
    return row


def for_case(case: Case) -> list[DiaryEntry]:
    """Everything with a day on it that is still open in this case, soonest first."""
    return diary.open_entries_of(case)


def settled_in(case: Case) -> list[DiaryEntry]:
    """The dates of this case that are settled, the last settled first."""
    settled = select(Deadline).where(Deadline.case_id == case.id, Deadline.settled_on.is_not(None))
    rows = list(db.session.scalars(settled.options(joinedload(Deadline.settled_by))))
    rows.sort(key=lambda row: (row.settled_on or date.min, row.id), reverse=True)
    return [diary.entry_of_deadline(row) for row in rows]


def get_deadline(case: Case, deadline_id: int) -> Deadline:
    """One of the dates of this case. Raises NotFound."""
    row = db.session.scalar(select(Deadline).where(Deadline.id == deadline_id, Deadline.case_id == case.id))
    if row is None:
        raise NotFound("There is no such date in this case.")
    return row


def turn_due(rule: DeadlineRule, variant: str | None, start: date, after: date, *, least: int = 1) -> int:
    """The first turn of a review, from `least` on, that is not due before this day."""
    length = rule.length_for(variant)
    days = DAYS_IN.get(length.unit, 0) * length.number
    turn = max(least, int((after - start).days / days) - 1) if days else least
    try:
        while rule_book().work_out(rule, start, variant=variant, nth=turn).final < after:
            turn += 1
    except UnknownHolidays:
        return turn
    return turn


def started_by(paper: Correspondence) -> list[DiaryEntry]:
    """The dates that this letter started, settled ones too."""
    rows = db.session.scalars(
        select(Deadline).where(Deadline.correspondence_id == paper.id).options(joinedload(Deadline.case))
    )
    return diary.as_they_stand([diary.entry_of_deadline(row) for row in rows])


def _member_of(correspondence: Correspondence | None, visit: SurgeryVisit | None) -> str:
    """The MP whose office this date is about, by name; empty where it is about nobody's office."""
    if visit is not None:
        return visit.member_name
    if correspondence is None or not correspondence.gss_code:
        return ""
    is_ours = correspondence.kind == PaperKind.US_TO_MEMBER
    name = correspondence.recipient if is_ours else correspondence.sender
    if name and was_with_another(correspondence.gss_code, name, correspondence.sent_on):
        return name
    return member_name_on(correspondence.gss_code, clock.today())
