"""The plan for reporting days: who goes along, who waits for word, whom to ring when none comes, and the card."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import contains_eager
from sqlalchemy.orm.exc import StaleDataError

from casework import clock
from casework.domain.accounts import Action, Role, may
from casework.domain.bins import BinKind
from casework.domain.dates import spoken
from casework.domain.errors import CaseworkError, NotFound, OutOfDate
from casework.domain.letter_values import OwnLine
from casework.domain.removals import read_hour
from casework.domain.signing import (
    MOST_CONTACTS,
    MOST_DAYS,
    ON_CARD,
    STANDS_FOR,
    Day,
    Standing,
    days_from,
)
from casework.services import audit, bins, need_to_know
from casework.storage.database import db
from casework.storage.models import (
    EVEN_HIDDEN,
    Case,
    ReportingDay,
    SigningContact,
    SigningPlan,
    TeamMember,
    User,
)

DAYS_NAMED = 5
CHANGED = "Somebody saved this plan while you were typing. Yours is still here: compare, and save again."
HIDDEN_FROM_YOU = "There is a plan already, and it is hidden from you. Ask somebody on the team who sees it."
TEXTS = (
    "place",
    "goes_along",
    "friend",
    "friend_phone",
    "takes_along",
    "if_no_word",
    "to_look_after",
    "in_their_language",
)


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


def plan_of(case: Case) -> SigningPlan | None:
    """The plan of this case, where there is one that whoever asks may see."""
    return db.session.scalar(select(SigningPlan).where(SigningPlan.case_id == case.id))


def need_plan(case: Case) -> SigningPlan:
    """The plan of this case. Raises NotFound where there is none, or none that whoever asks may see."""
    row = plan_of(case)
    if row is None:
        raise NotFound("There is no plan for reporting days yet.")
    return row


def save(case: Case, facts: Mapping[str, Any], version: int, actor: User) -> SigningPlan:
    """Save the plan. `facts` are its fields; `version` is 0 for a new one.

    Raises CaseworkError at what is wrong, and OutOfDate when somebody saved since this version was read.
    """
    row = plan_of(case)
    if row is None and _is_there(case):
        raise CaseworkError(HIDDEN_FROM_YOU)
    if (row.version if row else 0) != version:
        raise OutOfDate(CHANGED)
    on_card = [key for key in ON_CARD if key in (facts.get("on_card") or ())]
    agreed_on: date | None = facts.get("agreed_on")
    if agreed_on is not None and agreed_on > clock.today():
        raise CaseworkError("This day has not come yet.", field="agreed_on")
    word_by = hour(facts.get("word_by"), "word_by")
    hidden = need_to_know.as_hidden(facts.get("hidden"))
    if row is None:
        row = SigningPlan(case=case)
        db.session.add(row)
    for name in TEXTS:
        setattr(row, name, facts.get(name) or None)
    row.word_by, row.agreed_on, row.on_card, row.saved_at = word_by, agreed_on, on_card, clock.now()
    db.session.flush()
    try:
        need_to_know.hide(case, row, hidden, actor)
    except CaseworkError:
        db.session.rollback()
        raise
    audit.record("plan for reporting days saved", actor, case, plan=row.id)
    _commit()
    return row


def add_contact(
    case: Case, name: str, phone: str | None, does: str | None, actor: User, *, on_card: bool
) -> None:
    """Add somebody to ring when no word comes, after those who are there. Raises CaseworkError without a name."""
    plan = need_plan(case)
    if not name:
        raise CaseworkError("Type a name.", field="name")
    if len(plan.contacts) >= MOST_CONTACTS:
        raise CaseworkError(f"{MOST_CONTACTS} people to ring are enough. Take one out first.", field="name")
    last = max((one.position for one in plan.contacts), default=0)
    row = SigningContact(plan=plan, position=last + 1, name=name, phone=phone, does=does, on_card=on_card)
    db.session.add(row)
    db.session.flush()
    audit.record("somebody to ring added", actor, case, contact=row.id)
    _commit()


def move_up(case: Case, contact_id: int, actor: User) -> None:
    """Ring this one before whoever stood before them."""
    plan, row = need_plan(case), get_contact(case, contact_id)
    order = list(plan.contacts)
    at = order.index(row)
    if at:
        order[at - 1], order[at] = order[at], order[at - 1]
        for number, one in enumerate(order, start=1):
            one.position = number
        audit.record("order of whom to ring changed", actor, case, contact=row.id)
    _commit()


def remove_contact(case: Case, contact_id: int, actor: User) -> None:
    """Ring this one no more, and put them into the bin."""
    row = get_contact(case, contact_id)
    bins.put(BinKind.CONTACT, row, actor)
    db.session.delete(row)
    audit.record("somebody to ring taken out", actor, case, contact=contact_id)
    _commit()


def get_contact(case: Case, contact_id: int) -> SigningContact:
    """One of those to ring. Raises NotFound."""
    return _found(next((one for one in need_plan(case).contacts if one.id == contact_id), None))


def get_day(case: Case, day_id: int) -> ReportingDay:
    """One of the reporting days. Raises NotFound."""
    return _found(next((one for one in need_plan(case).days if one.id == day_id), None))


def add_days(case: Case, first: date, every: int, number: int, at: str | None, actor: User) -> int:
    """Add reporting days; how many of them were new. Raises CaseworkError at what cannot be right."""
    plan = need_plan(case)
    if first < clock.today():
        raise CaseworkError("This day has passed. Type the next one.", field="first")
    hour_there = hour(at, "at")
    known = {row.on for row in plan.days}
    new = [day for day in days_from(first, every, number) if day not in known]
    if len(known) + len(new) > MOST_DAYS:
        raise CaseworkError(f"A plan holds {MOST_DAYS} days. Take old ones out first.", field="first")
    plan.days += [ReportingDay(on=day, at=hour_there) for day in new]
    audit.record("reporting days added", actor, case, plan=plan.id, number=len(new))
    _commit()
    return len(new)


def remove_day(case: Case, day_id: int, actor: User) -> None:
    """Take a reporting day out, and put it into the bin."""
    row = get_day(case, day_id)
    bins.put(BinKind.REPORTING_DAY, row, actor)
    db.session.delete(row)
    audit.record("reporting day taken out", actor, case, day=day_id)
    _commit()


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
    _commit()
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


def may_be_printed(plan: SigningPlan, key: str) -> bool:
    """Whether the person agreed to have this on the card."""
    return plan.agreed_on is not None and key in plan.on_card


def own_lines(case: Case) -> Iterator[OwnLine]:
    """What the person is shown of their own plan."""
    plan = plan_of(case)
    if plan is None:
        return
    group = "Your reporting days"
    yield OwnLine(group, "Where you report", plan.place or "")
    yield OwnLine(group, "Who goes along", plan.goes_along or "")
    yield OwnLine(group, "Who waits for word", ", ".join(filter(None, (plan.friend, plan.friend_phone))))
    yield OwnLine(group, "By what hour", plan.word_by or "")
    yield OwnLine(group, "What you take along", plan.takes_along or "")
    yield OwnLine(group, "If no word comes", plan.if_no_word or "")
    yield OwnLine(group, "Whom we ring then", ", ".join(one.name for one in plan.contacts))
    yield OwnLine(group, "What somebody looks after", plan.to_look_after or "")
    days = [spoken(one.on) for one in plan.days]
    yield OwnLine(
        group, "The days", ", ".join(days[:DAYS_NAMED]) + (" and more" if days[DAYS_NAMED:] else "")
    )


def hour(text: str | None, field: str) -> str | None:
    """An hour as it is kept, "HH:MM". Raises CaseworkError at the field."""
    if not text:
        return None
    try:
        return f"{read_hour(text):%H:%M}"
    except CaseworkError:
        raise CaseworkError("Type the hour like this: 14:35, or 2.35 pm.", field=field) from None


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


def _is_there(case: Case) -> bool:
    query = select(SigningPlan.id).where(SigningPlan.case_id == case.id)
    return db.session.scalar(query, execution_options=EVEN_HIDDEN) is not None


def _found(row: Any) -> Any:
    if row is None:
        raise NotFound("There is no such thing in this plan.")
    return row


def _now() -> datetime:
    """This moment by the clocks of the UK."""
    return clock.now().astimezone(clock.LONDON).replace(tzinfo=None)


def _commit() -> None:
    try:
        db.session.commit()
    except (StaleDataError, IntegrityError):
        db.session.rollback()
        raise OutOfDate(CHANGED) from None
