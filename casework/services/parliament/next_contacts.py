"""The next contact with a campaign's supporters and with a member: set, suggested from the last one, and due."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import contains_eager, joinedload

from casework import clock
from casework.domain.errors import CaseworkError, OutOfDate
from casework.domain.letters.correspondence import Kind
from casework.domain.parliament.next_contacts import FOR_MEMBER, FOR_SUPPORTERS, LONGEST_WHY, Step, suggested
from casework.domain.safety.accounts import Action
from casework.domain.safety.bins import BinKind
from casework.services.parliament.directory import directory, member_name_on
from casework.services.parliament.member_notes import refuse_names
from casework.services.safety import audit, bins
from casework.storage.asking import group_of_new_rows
from casework.storage.database import db, insert
from casework.storage.models import (
    Call,
    CallRound,
    Case,
    Correspondence,
    MemberContact,
    Message,
    NextContact,
    SurgeryVisit,
    TeamMember,
    User,
)
from casework.storage.name_order import name_order
from casework.storage.one_look import ask_about, has_none, none_without

WITH_MEMBER = (Kind.US_TO_MEMBER, Kind.MEMBER_TO_US)
NOT_ON_TEAM = "Choose somebody who works on this case."
NOT_OF_US = "Choose somebody of the group who can sign in."
ask_about(Message, CallRound)


@dataclass(frozen=True)
class Turn:
    """What comes next, as it was set; and what is suggested, from the last contact."""

    row: NextContact | MemberContact | None
    last: date | None
    suggested: date
    steps: tuple[tuple[Step, date], ...]


@dataclass(frozen=True)
class Due:
    """What is due today: with the supporters of which cases, and with which members; how many cases have none set."""

    cases: tuple[NextContact, ...]
    members: tuple[tuple[MemberContact, str], ...]
    unset: int
    unset_reference: str | None

    def __bool__(self) -> bool:
        return bool(self.cases or self.members)


def of_case(case: Case) -> Turn:
    """The next contact with the supporters of this case."""
    return _turn(_set_for(case), _last_with_supporters(case), FOR_SUPPORTERS)


def of_member(gss_code: str, reader: User) -> Turn:
    """The next contact of this group with the member for this constituency, as far as this reader may know the last."""
    row = db.session.scalar(
        select(MemberContact)
        .where(MemberContact.gss_code == gss_code)
        .options(joinedload(MemberContact.owner))
    )
    return _turn(row, _last_with_member(gss_code, reader), FOR_MEMBER)


def _turn(row: NextContact | MemberContact | None, last: date | None, usual: Step) -> Turn:
    today = clock.today()
    steps = tuple((step, step.after(today)) for step in Step)
    return Turn(row, last, suggested(last, usual, today), steps)


def set_for_case(case: Case, due_on: date, why: str | None, owner_id: int | None, actor: User) -> None:
    """Say when to speak with the supporters of this case next, why, and whose turn it is.

    Raises CaseworkError for a day that is over, somebody who does not work on it, and a case that is closed.
    """
    if case.closed_on:
        raise CaseworkError("This case is closed.")
    if owner_id is not None and owner_id not in {one.id for one in people_of_case(case)}:
        raise CaseworkError(NOT_ON_TEAM, field="owner")
    _keep(NextContact, {"case_id": case.id}, due_on, why, owner_id)
    audit.record("next contact set", actor, case, user=owner_id)
    db.session.commit()


def set_for_member(gss_code: str, due_on: date, why: str | None, owner_id: int | None, actor: User) -> None:
    """The same for a member. Raises NotFound for an unknown constituency."""
    directory().constituency(gss_code)
    if owner_id is not None and owner_id not in {one.id for one in people_of_group()}:
        raise CaseworkError(NOT_OF_US, field="owner")
    refuse_names(actor, why=why)
    _keep(MemberContact, {"gss_code": gss_code, "group_id": group_of_new_rows()}, due_on, why, owner_id)
    audit.record("next contact with an MP set", actor, place=gss_code, user=owner_id)
    db.session.commit()


def _keep(table: Any, whose: dict[str, Any], due_on: date, why: str | None, owner_id: int | None) -> None:
    """Put it in place of what was there, in one statement: whoever saves last is right, and nobody fails."""
    if due_on < clock.today():
        raise CaseworkError("This day is over. Choose one to come.", field="due_on")
    if why and len(why) > LONGEST_WHY:
        raise CaseworkError(f"This is too long: {LONGEST_WHY} characters at most.", field="why")
    new = {"due_on": due_on, "why": why or None, "owner_id": owner_id}
    row = insert(table).values(version=1, **whose, **new)
    db.session.execute(
        row.on_conflict_do_update(index_elements=list(whose), set_={**new, "version": table.version + 1})
    )


def forget_for_case(case: Case, actor: User) -> int | None:
    """Plan no next contact for this case; the number in the bin of what was planned, None where nothing was."""
    row = db.session.scalar(select(NextContact).where(NextContact.case_id == case.id))
    number = bins.put(BinKind.NEXT_CONTACT, row, actor) if row else None
    db.session.execute(delete(NextContact).where(NextContact.case_id == case.id))
    audit.record("next contact taken out", actor, case)
    db.session.commit()
    return number


def forget_for_member(gss_code: str, actor: User) -> dict[str, Any] | None:
    """Plan no next contact with this member; what was planned, for an undo, or None where nothing was."""
    directory().constituency(gss_code)
    gone = delete(MemberContact).where(
        MemberContact.gss_code == gss_code, MemberContact.group_id == group_of_new_rows()
    )
    row = db.session.execute(
        gone.returning(MemberContact.due_on, MemberContact.why, MemberContact.owner_id)
    ).one_or_none()
    audit.record("next contact with an MP taken out", actor, place=gss_code)
    db.session.commit()
    return {"due_on": row.due_on.isoformat(), "why": row.why, "owner_id": row.owner_id} if row else None


def plan_for_member_again(gss_code: str, was: dict[str, Any], actor: User) -> None:
    """Plan what `forget_for_member` took out. Raises OutOfDate where somebody planned another contact meanwhile."""
    owner_id = was["owner_id"] if was["owner_id"] in {one.id for one in people_of_group()} else None
    row = insert(MemberContact).values(
        version=1,
        gss_code=gss_code,
        group_id=group_of_new_rows(),
        due_on=date.fromisoformat(was["due_on"]),
        why=was["why"],
        owner_id=owner_id,
    )
    back = row.on_conflict_do_nothing(index_elements=["group_id", "gss_code"]).returning(MemberContact.id)
    if db.session.scalar(back) is None:
        raise OutOfDate("A next contact with this MP is planned by now. Nothing was changed.")
    audit.record("next contact with an MP set", actor, place=gss_code, user=owner_id)
    db.session.commit()


def people_of_case(case: Case) -> list[User]:
    """Whose turn it can be in this case: those on its team who can sign in and speak with supporters."""
    return [one.user for one in case.team if one.user.active and one.user.may(Action.KEEP_SUPPORTERS)]


def people_of_group() -> list[User]:
    """Whose turn it can be with a member: those of the group who can sign in and go there."""
    rows = db.session.scalars(select(User).where(User.active).order_by(name_order(User.name)))
    return [one for one in rows if one.may(Action.RECORD_VISIT) and one.group_id == group_of_new_rows()]


def due_for(user: User) -> Due:
    """What is due for this person today: in the open cases they work on, and with members."""
    today = clock.today()
    mine = (TeamMember.user_id == user.id, Case.closed_on.is_(None))
    query = select(NextContact).join(NextContact.case).join(TeamMember, TeamMember.case_id == Case.id)
    query = query.where(*mine, NextContact.due_on <= today).order_by(NextContact.due_on, NextContact.id)
    rows = db.session.scalars(query.options(contains_eager(NextContact.case), joinedload(NextContact.owner)))
    theirs = MemberContact.owner_id.is_(None) | (MemberContact.owner_id == user.id)
    members = db.session.scalars(
        select(MemberContact)
        .where(MemberContact.due_on <= today, theirs)
        .order_by(MemberContact.due_on, MemberContact.id)
        .options(joinedload(MemberContact.owner))
    )
    none_set = select(func.count(Case.id), func.max(Case.reference)).join(TeamMember).where(
        *mine, ~select(NextContact.id).where(NextContact.case_id == Case.id).exists()
    )  # fmt: skip
    number, reference = db.session.execute(none_set).one()
    named = tuple((row, member_name_on(row.gss_code, today)) for row in members)
    return Due(tuple(rows), named if user.may(Action.RECORD_VISIT) else (), number or 0, reference)


def let_go_of_members(user: User) -> None:
    """It is nobody's turn to speak with an MP where it was that of somebody who left the group. Not saved yet."""
    change = update(MemberContact).where(MemberContact.owner_id == user.id)
    db.session.execute(change.values(owner_id=None))


@none_without(NextContact, lambda: None)
def _set_for(case: Case) -> NextContact | None:
    query = select(NextContact).where(NextContact.case_id == case.id)
    return db.session.scalar(query.options(joinedload(NextContact.owner)))


def _last_with_supporters(case: Case) -> date | None:
    """When they last heard of us: by a message that was sent, or on the telephone."""
    if has_none(case, Message) and has_none(case, CallRound):
        return None
    messages = select(func.max(Message.sent_on)).where(Message.case_id == case.id)
    calls = select(func.max(Call.rung_at)).join(CallRound, CallRound.id == Call.round_id)
    calls = calls.where(CallRound.case_id == case.id)
    sent, rung = db.session.execute(select(messages.scalar_subquery(), calls.scalar_subquery())).one()
    return max(filter(None, (sent, clock.day_of(rung) if rung else None)), default=None)


def _last_with_member(gss_code: str, reader: User) -> date | None:
    """When a letter last went to them or came from them, or somebody met them, in the cases that this reader works on.

    A day from a case of others would tell what happened there, as a letter would to who does not read the story. What
    was with somebody who sat there before was no contact with this member.
    """
    seat = directory().seat_on(gss_code, clock.today())
    since = seat.term.since if seat.term else date.min
    mine = select(TeamMember.case_id).where(TeamMember.user_id == reader.id)
    day = func.coalesce(Correspondence.received_on, Correspondence.sent_on, Correspondence.dated)
    letters = select(func.max(day)).where(
        Correspondence.gss_code == gss_code, Correspondence.kind.in_(WITH_MEMBER), Correspondence.not_void(),
        Correspondence.case_id.in_(mine), day >= since,
    )  # fmt: skip
    visits = select(func.max(SurgeryVisit.held_on)).where(
        SurgeryVisit.gss_code == gss_code, SurgeryVisit.recorded_at.is_not(None), SurgeryVisit.held_on >= since,
        SurgeryVisit.case_id.in_(mine),
    )  # fmt: skip
    found = [visits, letters] if reader.may(Action.READ_STORY) else [visits]
    return max(filter(None, (db.session.scalar(one) for one in found)), default=None)
