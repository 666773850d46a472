"""The plan of a campaign: saved part by part, with the days of the case in it, and who does what."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload

from casework import clock
from casework.domain.campaign.plans import LONGEST, MOST_DAYS, MOST_TASKS, PARTS, DayKind, DayLine, in_order
from casework.domain.errors import CaseworkError, NotFound, OutOfDate
from casework.domain.letters.letter_values import OwnLine
from casework.domain.safety.bins import BinKind
from casework.domain.said import AND, in_a_row
from casework.domain.timing.diary import EntrySource
from casework.domain.timing.digest import A_WEEK
from casework.domain.timing.removals import hour_as_kept
from casework.services import saving
from casework.services.campaign.reach import plan_date
from casework.services.safety import audit, bins
from casework.services.timing import diary
from casework.storage.database import db
from casework.storage.models import Case, PlanDay, PlanPart, PlanTask, TeamMember, User
from casework.storage.one_look import none_without

CHANGED = "Somebody saved this while you were typing. Yours is still here: compare, and save again."
LOOKS_AHEAD = timedelta(days=120)


@dataclass(frozen=True)
class DayFacts:
    """A day as somebody typed it."""

    kind: DayKind
    on: date
    what: str
    at: str | None = None
    place: str | None = None
    source: str | None = None


@dataclass(frozen=True)
class TaskFacts:
    """Who does what, as somebody typed it: somebody of the team, or anybody else by name."""

    what: str
    owner_id: int | None = None
    who: str | None = None
    due_on: date | None = None


def parts_of(case: Case) -> dict[str, PlanPart]:
    """The parts of the plan that hold something, by their key."""
    query = select(PlanPart).where(PlanPart.case_id == case.id).options(joinedload(PlanPart.saved_by))
    return {row.part: row for row in db.session.scalars(query)}


def version_of(row: PlanPart | None) -> int:
    """What a form carries of a part; 0 for one that nobody has written yet."""
    return row.version if row else 0


def save_part(case: Case, key: str, text: str, version: int, actor: User) -> None:
    """Save one part of the plan; an empty text takes it out again.

    Raises OutOfDate when somebody saved this part since this version was read: the other parts may change freely.
    """
    if key not in PARTS:
        raise NotFound("The plan has no such part.")
    if len(text) > LONGEST:
        raise CaseworkError(
            f"This is too long for one page: {LONGEST:,} characters at most. What you typed is still here.",
            field="text",
        )
    row = parts_of(case).get(key)
    if version_of(row) != version:
        raise OutOfDate(CHANGED)
    if row is None and not text:
        return
    if row is None:
        row = PlanPart(case=case, part=key)
        db.session.add(row)
    row.text, row.saved_at, row.saved_by = text, clock.now(), actor
    audit.record("plan changed", actor, case, part=key)
    saving.commit(CHANGED)


def days_of(case: Case) -> list[DayLine]:
    """Every day of the plan from today on: those of the case come by themselves, the others were typed."""
    today, rows = clock.today(), list_days(case)
    found = [
        DayLine(row.on, row.what, row.at, row.place, row.source, row.id) for row in rows if row.on >= today
    ]
    for entry in diary.open_entries_of(case):
        if entry.source is not EntrySource.FOLLOW_UP and entry.aim and entry.aim <= today + LOOKS_AHEAD:
            day = max(entry.aim, today)
            final = entry.final
            last = f", the last day {final:%-d %B}" if final and final > day else ""
            found.append(DayLine(day, f"{entry.title}{last}"))
    if (letters := plan_date(case)) is not None and letters.on >= today:
        found.append(DayLine(letters.on, f"{letters.what} (letters handed over by then)"))
    return in_order(found)


def list_days(case: Case) -> list[PlanDay]:
    """The days that somebody typed, the soonest first."""
    query = select(PlanDay).where(PlanDay.case_id == case.id)
    return list(db.session.scalars(query.order_by(PlanDay.on, PlanDay.at, PlanDay.id)))


def get_day(case: Case, day_id: int) -> PlanDay:
    """One of the typed days of this case. Raises NotFound."""
    row = db.session.get(PlanDay, day_id)
    if row is None or row.case_id != case.id:
        raise NotFound("There is no such day in this plan.")
    return row


def save_day(
    case: Case, facts: DayFacts, actor: User, *, day_id: int | None = None, version: int = 0
) -> PlanDay:
    """Keep a day or a meeting. Raises CaseworkError at what is wrong, OutOfDate when somebody saved it meanwhile."""
    if not facts.what:
        raise CaseworkError("Say in a few words what happens.", field="what")
    if facts.kind is DayKind.DAY and not facts.source:
        raise CaseworkError(
            "Say where you read this day, so that others can look: a page, a letter, a person.",
            field="source",
        )
    at = hour_as_kept(facts.at, "at")
    if day_id is None:
        number = select(func.count(PlanDay.id)).where(PlanDay.case_id == case.id)
        if (db.session.scalar(number) or 0) >= MOST_DAYS:
            raise CaseworkError(f"A plan holds {MOST_DAYS} days. Take old ones out first.", field="on")
        row = PlanDay(case=case)
        db.session.add(row)
    else:
        row = get_day(case, day_id)
        if row.version != version:
            raise OutOfDate(CHANGED)
    row.kind, row.on, row.what, row.at = facts.kind, facts.on, facts.what, at
    row.place, row.source = facts.place, facts.source
    saving.flush(CHANGED)
    audit.record("day of the plan saved", actor, case, day=row.id, kind=str(facts.kind))
    saving.commit(CHANGED)
    return row


def remove_day(case: Case, day_id: int, actor: User) -> int:
    """Take a day out of the plan, and put it into the bin; its number there."""
    row = get_day(case, day_id)
    number = bins.put(BinKind.PLAN_DAY, row, actor)
    db.session.delete(row)
    audit.record("day of the plan taken out", actor, case, day=day_id)
    saving.commit(CHANGED)
    return number


@none_without(PlanTask)
def list_tasks(case: Case) -> list[PlanTask]:
    """Who does what: what is open, the soonest first, then what is done, the latest first."""
    query = select(PlanTask).where(PlanTask.case_id == case.id).options(joinedload(PlanTask.owner))
    rows = list(db.session.scalars(query.order_by(PlanTask.id)))
    still_open = sorted((row for row in rows if not row.done_on), key=lambda row: row.due_on or date.max)
    done = sorted((row for row in rows if row.done_on), key=lambda row: row.done_on or date.max, reverse=True)
    return [*still_open, *done]


def due_for(user: User) -> list[PlanTask]:
    """The open tasks with this person's name whose day has come or comes within a week, in their open cases."""
    query = (
        select(PlanTask)
        .join(PlanTask.case)
        .join(TeamMember, TeamMember.case_id == Case.id)
        .where(
            TeamMember.user_id == user.id,
            Case.closed_on.is_(None),
            PlanTask.owner_id == user.id,
            PlanTask.done_on.is_(None),
            PlanTask.due_on <= clock.today() + A_WEEK,
        )
        .options(contains_eager(PlanTask.case))
        .order_by(PlanTask.due_on, PlanTask.id)
    )
    return list(db.session.scalars(query))


def whose(row: PlanTask) -> str:
    """The name of whoever does a task; empty while nobody does."""
    return row.owner.name if row.owner else row.who or ""


def get_task(case: Case, task_id: int) -> PlanTask:
    """One of the tasks of this plan. Raises NotFound."""
    row = db.session.get(PlanTask, task_id)
    if row is None or row.case_id != case.id:
        raise NotFound("There is no such task in this plan.")
    return row


def save_task(
    case: Case, facts: TaskFacts, actor: User, *, task_id: int | None = None, version: int = 0
) -> PlanTask:
    """Keep who does what by when. Raises CaseworkError at what is wrong, OutOfDate when somebody saved meanwhile."""
    if not facts.what:
        raise CaseworkError("Say what is to be done.", field="what")
    if facts.owner_id is not None and facts.owner_id not in {member.user_id for member in case.team}:
        raise CaseworkError("Choose somebody who works on this case.", field="owner")
    if facts.owner_id is not None and facts.who:
        raise CaseworkError("Choose somebody of the team, or type a name: not both.", field="who")
    if task_id is None:
        number = select(func.count(PlanTask.id)).where(PlanTask.case_id == case.id)
        if (db.session.scalar(number) or 0) >= MOST_TASKS:
            raise CaseworkError(f"A plan holds {MOST_TASKS} tasks. Take old ones out first.", field="what")
        row = PlanTask(case=case)
        db.session.add(row)
    else:
        row = get_task(case, task_id)
        if row.version != version:
            raise OutOfDate(CHANGED)
    row.what, row.owner_id, row.who, row.due_on = facts.what, facts.owner_id, facts.who, facts.due_on
    saving.flush(CHANGED)
    audit.record("task of the plan saved", actor, case, task=row.id, user=facts.owner_id)
    saving.commit(CHANGED)
    return row


def tick_task(case: Case, task_id: int, actor: User, *, done: bool) -> PlanTask:
    """Say that a task is done, or not after all. Who ticked it first stays."""
    row = get_task(case, task_id)
    if done and row.done_on is None:
        row.done_on, row.done_by = clock.today(), actor
        audit.record("task of the plan done", actor, case, task=row.id)
    elif not done and row.done_on is not None:
        row.done_on = row.done_by = None
        audit.record("task of the plan not done after all", actor, case, task=row.id)
    saving.commit(CHANGED)
    return row


def remove_task(case: Case, task_id: int, actor: User) -> int:
    """Take a task out of the plan, and put it into the bin: without a typed name, which may be a supporter’s."""
    row = get_task(case, task_id)
    row.who = None
    number = bins.put(BinKind.PLAN_TASK, row, actor)
    db.session.delete(row)
    audit.record("task of the plan taken out", actor, case, task=task_id)
    saving.commit(CHANGED)
    return number


def own_lines(case: Case) -> Iterator[OwnLine]:
    """What the person is shown of the plan: how much there is, to be read with them."""
    counted = (
        (sum(bool(row.text) for row in parts_of(case).values()), "part of it", "parts of it"),
        (len(list_days(case)), "day", "days"),
        (len(list_tasks(case)), "task", "tasks"),
    )
    told = [f"{number} {one if number == 1 else many}" for number, one, many in counted if number]
    words = f"{in_a_row(told, AND)}: ask, and we read them with you" if told else ""
    yield OwnLine("Besides", "The plan of the campaign", words)
