"""Lists of members that are kept to meet them within a month: who goes, when, where; and the brief for each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from casework import clock
from casework.domain.errors import CaseworkError, NotFound
from casework.domain.parliament.criteria import Answer, Finding
from casework.domain.parliament.directory import Seat
from casework.domain.parliament.meetings import State
from casework.domain.safety.bins import BinKind
from casework.services.parliament.directory import directory
from casework.services.parliament.member_facts import about, criteria_of, is_about_now
from casework.services.parliament.member_notes import (
    for_paper,
    lines_for_paper,
    refuse_names,
    refuse_older,
    save,
)
from casework.services.parliament.offices import Known, entries_of, nameless
from casework.services.safety import audit, bins
from casework.storage.database import db
from casework.storage.models import Meeting, MeetingPlan, User

MOST = 60  # meetings of one plan: more is no plan for a month


@dataclass(frozen=True)
class MeetingFacts:
    """A meeting as somebody typed it."""

    state: State
    held_on: date | None = None
    held_when: str | None = None
    held_at: str | None = None
    who_goes: str | None = None
    what_for: str | None = None


@dataclass(frozen=True)
class Planned:
    """One meeting of a plan, with who sits there today. `was_of` names whoever sat there when it was planned."""

    row: Meeting
    seat: Seat

    @property
    def was_of(self) -> str:
        """The earlier member, where the seat changed since; empty where it did not."""
        return "" if is_about_now(self.row, self.seat) else self.row.member_name or "nobody"

    @property
    def state(self) -> State:
        """How far it is."""
        return State(self.row.state)


@dataclass(frozen=True)
class Brief:
    """What is printed for a meeting: public facts, the office and what it asks for. No stance, and no supporter."""

    seat: Seat
    met: tuple[Finding, ...]
    office: tuple[Known, ...]
    conditions: tuple[Known, ...]
    lines: tuple[str, ...]
    meeting: Meeting | None = None
    what_for: str = ""


def list_plans() -> list[MeetingPlan]:
    """Every plan of the group, the latest month first."""
    query = select(MeetingPlan).where(MeetingPlan.binned_at.is_(None))
    return list(db.session.scalars(query.order_by(MeetingPlan.month.desc(), MeetingPlan.id.desc())))


def meetings_by_plan() -> dict[int, list[Meeting]]:
    """The meetings of every plan, by its number."""
    found: dict[int, list[Meeting]] = {}
    for row in db.session.scalars(select(Meeting).where(Meeting.binned_at.is_(None)).order_by(Meeting.id)):
        found.setdefault(row.plan_id, []).append(row)
    return found


def get_plan(plan_id: int) -> MeetingPlan:
    """One plan of this group. Raises NotFound for any other, and for one in the bin."""
    row = db.session.scalar(
        select(MeetingPlan).where(MeetingPlan.id == plan_id, MeetingPlan.binned_at.is_(None))
    )
    if row is None:
        raise NotFound("This plan is not here any more.")
    return row


def meetings_of(plan: MeetingPlan) -> list[Planned]:
    """The meetings of a plan, those with a day first, in the order of the days."""
    query = (
        select(Meeting)
        .where(Meeting.plan_id == plan.id, Meeting.binned_at.is_(None))
        .options(selectinload(Meeting.plan))
        .order_by(Meeting.held_on.asc().nulls_last(), Meeting.id)
    )
    today = clock.today()
    return [Planned(row, directory().seat_on(row.gss_code, today)) for row in db.session.scalars(query)]


def get_meeting(plan_id: int, meeting_id: int) -> Meeting:
    """One meeting of a plan of this group. Raises NotFound for any other, and for one in the bin."""
    get_plan(plan_id)
    row = db.session.scalar(
        select(Meeting).where(
            Meeting.id == meeting_id, Meeting.plan_id == plan_id, Meeting.binned_at.is_(None)
        )
    )
    if row is None:
        raise NotFound("This meeting is not in the plan any more.")
    return row


def make_plan(name: str, month: date, gss_codes: Iterable[str], actor: User) -> MeetingPlan:
    """Keep a list of these members, to meet them in the month of this day."""
    refuse_names(actor, name=name)
    plan = MeetingPlan(name=name, month=month.replace(day=1), made_at=clock.now(), made_by=actor)
    db.session.add(plan)
    db.session.flush()
    number = _add(plan, gss_codes)
    audit.record("meetings with MPs planned", actor, plan=plan.id, meetings=number)
    db.session.commit()
    return plan


def change_plan(plan_id: int, name: str, month: date, version: int, actor: User) -> MeetingPlan:
    """Give a plan another name or month. Raises OutOfDate when somebody saved since this version was read."""
    plan = get_plan(plan_id)
    refuse_older(plan, version)
    refuse_names(actor, name=name)
    plan.name, plan.month = name, month.replace(day=1)
    audit.record("plan of meetings changed", actor, plan=plan.id)
    save()
    return plan


def add_members(plan_id: int, gss_codes: Iterable[str], actor: User) -> int:
    """Add members to a plan; how many were not in it yet."""
    plan = get_plan(plan_id)
    number = _add(plan, gss_codes)
    audit.record("meetings with MPs planned", actor, plan=plan.id, meetings=number)
    db.session.commit()
    return number


def _add(plan: MeetingPlan, gss_codes: Iterable[str]) -> int:
    there = {one.row.gss_code for one in meetings_of(plan)}
    wanted = [code for code in dict.fromkeys(gss_codes) if code not in there]
    unknown = [code for code in wanted if directory().find(code) is None]
    if unknown:
        raise CaseworkError("One of these constituencies is not known. Choose them again.", field="mp")
    if not wanted and not there:
        raise CaseworkError("Choose one MP at least.", field="mp")
    if len(there) + len(wanted) > MOST:
        raise CaseworkError(f"These are more than {MOST} meetings. Make two plans of them.", field="mp")
    today = clock.today()
    for code in wanted:
        db.session.add(Meeting(**about(directory().seat_on(code, today)), plan=plan, state=State.TO_ASK))
    return len(wanted)


def change_meeting(plan_id: int, meeting_id: int, facts: MeetingFacts, version: int, actor: User) -> Meeting:
    """Keep who goes, when and where. Raises OutOfDate when somebody saved since this version was read."""
    row = get_meeting(plan_id, meeting_id)
    refuse_older(row, version)
    if facts.state in (State.FIXED, State.HELD) and not facts.held_on:
        raise CaseworkError("Type the day of the meeting.", field="held_on")
    if facts.state is State.HELD and facts.held_on and facts.held_on > clock.today():
        raise CaseworkError("This day has not come yet, so it did not take place.", field="held_on")
    refuse_names(actor, what_for=facts.what_for)
    row.state, row.held_on, row.held_when = facts.state, facts.held_on, facts.held_when
    row.held_at, row.who_goes, row.what_for = facts.held_at, facts.who_goes, facts.what_for
    for name, value in about(directory().seat_on(row.gss_code, clock.today())).items():
        setattr(row, name, value)
    audit.record("meeting with an MP changed", actor, plan=plan_id, meeting=row.id, state=facts.state)
    save()
    return row


def remove_meeting(plan_id: int, meeting_id: int, actor: User) -> Meeting:
    """Take a meeting out of its plan; it rests in the bin for thirty days."""
    row = get_meeting(plan_id, meeting_id)
    bins.put(BinKind.MEETING, row, actor)
    save()
    return row


def delete_plan(plan_id: int, actor: User) -> MeetingPlan:
    """Put a plan in the bin with all its meetings, where it rests for thirty days."""
    plan = get_plan(plan_id)
    bins.put(BinKind.MEETING_PLAN, plan, actor)
    save()
    return plan


def brief(seat: Seat, meeting: Meeting | None = None) -> Brief:
    """What somebody carries to a meeting with whoever sits here."""
    known = nameless(entries_of(seat))
    what_for = for_paper([(meeting.what_for or "") if meeting else ""])[0]
    return Brief(
        seat,
        tuple(one for one in criteria_of(seat) if one.answer is Answer.MET or one.once),
        tuple(one for one in known if not one.kind.is_condition),
        tuple(one for one in known if one.kind.is_condition),
        tuple(lines_for_paper(seat)),
        meeting,
        what_for,
    )
