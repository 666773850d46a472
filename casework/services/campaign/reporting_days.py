"""The days on which somebody reports: added, heard of or not, and which of them ask for something now."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from casework import clock
from casework.domain.campaign.signing import MOST_DAYS, STANDS_FOR, Day, Standing, days_from
from casework.domain.errors import CaseworkError
from casework.domain.safety.accounts import Action, Role, may
from casework.domain.safety.bins import BinKind
from casework.domain.timing.removals import hour_as_kept
from casework.services import saving
from casework.services.campaign import signing
from casework.services.safety import audit, bins
from casework.storage.database import db
from casework.storage.models import Case, ReportingDay, SigningPlan, TeamMember, User
from casework.storage.one_look import none_without


@dataclass(frozen=True)
class DayLine:
    """A reporting day with how it stands now."""

    row: ReportingDay
    standing: Standing

    @property
    def plan(self) -> SigningPlan:
        """The plan that it belongs to."""
        return self.row.plan

    @property
    def case(self) -> Case:
        """The case."""
        return self.row.plan.case


def get_day(case: Case, day_id: int) -> ReportingDay:
    """One of the reporting days. Raises NotFound."""
    return signing.found_or_not(next((one for one in signing.need_plan(case).days if one.id == day_id), None))


def add_days(case: Case, first: date, every: int, number: int, at: str | None, actor: User) -> int:
    """Add reporting days; how many of them were new. Raises CaseworkError at what cannot be right."""
    plan = signing.need_plan(case)
    if first < clock.today():
        raise CaseworkError("This day has passed. Type the next one.", field="first")
    hour_there = hour_as_kept(at, "at")
    known = {row.on for row in plan.days}
    new = [day for day in days_from(first, every, number) if day not in known]
    if sum(day >= first for day in known) + len(new) > MOST_DAYS:
        raise CaseworkError(f"A plan holds {MOST_DAYS} days. Take old ones out first.", field="first")
    plan.days += [ReportingDay(on=day, at=hour_there) for day in new]
    audit.record("reporting days added", actor, case, plan=plan.id, number=len(new))
    saving.commit(signing.CHANGED)
    return len(new)


def remove_day(case: Case, day_id: int, actor: User) -> int:
    """Take a reporting day out, and put it into the bin; its number there."""
    row = get_day(case, day_id)
    number = bins.put(BinKind.REPORTING_DAY, row, actor)
    db.session.delete(row)
    audit.record("reporting day taken out", actor, case, day=day_id)
    saving.commit(signing.CHANGED)
    return number


def hear(case: Case, day_id: int, actor: User, *, heard: bool = True) -> ReportingDay:
    """Keep that word came, or that it did not after all. Who heard first stays.

    Raises CaseworkError for a day to come.
    """
    row = get_day(case, day_id)
    if heard and row.on > clock.today():
        raise CaseworkError("This day has not come yet.")
    if heard and row.heard_at is None:
        row.heard_at, row.heard_by = clock.now(), actor
        audit.record("word came on a reporting day", actor, case, day=row.id)
    elif not heard and row.heard_at is not None:
        row.heard_at = row.heard_by = None
        audit.record("no word on a reporting day after all", actor, case, day=row.id)
    saving.commit(signing.CHANGED)
    return row


def line_of(row: ReportingDay) -> DayLine:
    """A reporting day with how it stands at this moment."""
    word_by = time.fromisoformat(row.plan.word_by) if row.plan.word_by else None
    return DayLine(row, Day(row.on, word_by, row.heard_at is not None).standing(_now()))


def lines_of(plan: SigningPlan) -> list[DayLine]:
    """The reporting days of a plan, the soonest first; those that are over and heard of are left out."""
    found = [line_of(row) for row in plan.days]
    today = clock.today()
    return [
        one for one in found if one.row.on >= today or one.standing not in (Standing.HEARD, Standing.NOT_SAID)
    ]


@none_without(SigningPlan, lambda: None)
def open_in(case: Case) -> DayLine | None:
    """The reporting day of this case that asks for something today, or that comes next; None where there is none."""
    query = _open_days().where(SigningPlan.case_id == case.id).limit(1)
    row = db.session.scalar(query)
    return line_of(row) if row else None


def to_check(user: User) -> list[DayLine]:
    """The reporting days in all the cases of this person on which somebody waits for word today, or still does.

    For those who read the story, and without the plans that are hidden from them.
    """
    if not may(Role(user.role), Action.READ_STORY):
        return []
    query = (
        _open_days()
        .join(TeamMember, TeamMember.case_id == Case.id)
        .where(TeamMember.user_id == user.id, ReportingDay.on <= clock.today())
    )
    return [line_of(row) for row in db.session.scalars(query)]


def _open_days() -> Any:
    """Reporting days without a word, of today, of the days before that still matter, and to come; the soonest first."""
    return (
        select(ReportingDay)
        .join(ReportingDay.plan)
        .join(SigningPlan.case)
        .where(
            ReportingDay.heard_at.is_(None),
            ReportingDay.on >= clock.today() - STANDS_FOR,
            Case.closed_on.is_(None),
            Case.binned_at.is_(None),
        )
        .options(contains_eager(ReportingDay.plan).contains_eager(SigningPlan.case))
        .order_by(ReportingDay.on, ReportingDay.id)
    )


def _now() -> datetime:
    """This moment by the clocks of the UK."""
    return clock.now().astimezone(clock.LONDON).replace(tzinfo=None)
