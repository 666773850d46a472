"""Evenings of calls: made for a case, and how far each is. Nobody is on two lists at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy import case as if_
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from casework import clock
from casework.domain.campaign.calls import LEFT_ALONE, Evening, Outcome
from casework.domain.campaign.messages import Kind, Means, ToWhom
from casework.domain.consent.publicity import Audience
from casework.domain.errors import CaseworkError, NotFound, OutOfDate
from casework.domain.safety.accounts import Action
from casework.services.campaign import message_readers, messages
from casework.services.campaign.messages import NewMessage
from casework.services.consent.agreements import agreements_on
from casework.services.safety import audit
from casework.storage.database import db
from casework.storage.models import (
    Call,
    CallRound,
    Case,
    SignUp,
    Supporter,
    TeamMember,
    User,
)
from casework.storage.name_order import name_order

OVER = "This call list is closed."


@dataclass(frozen=True)
class NewRound:
    """An evening as somebody planned it: what is said, who may hear it, and who was rung too lately."""

    words: str
    audience: Audience = Audience.SUPPORTERS
    gss_code: str | None = None
    left_alone_days: int = 7


def make(case: Case, new: NewRound, actor: User) -> CallRound:
    """A list of those who agreed to be rung, in the order of their names.

    Raises CaseworkError at the field that cannot be right, where the words tell more than is agreed to, and where
    nobody is left to ring.
    """
    if case.closed_on:
        raise CaseworkError("This case is closed.")
    if new.left_alone_days not in LEFT_ALONE:
        raise CaseworkError("Choose one of the answers.", field="left_alone")
    said = NewMessage(Kind.ASK, Means.CALL, new.audience, ToWhom.ALL, "", new.words)
    message = messages.add_message(case, said, actor)
    message.gss_code = new.gss_code
    found = _to_ring(case, new)
    if not found:
        db.session.rollback()
        raise CaseworkError(
            "Nobody is left to ring: either nobody agreed to it and gave a number, or they are on another list or were "
            "rung a short while ago.",
            field="left_alone",
        )
    row = CallRound(case=case, message=message, made_at=clock.now(), made_by=actor)
    db.session.add(row)
    db.session.add_all(Call(round=row, position=at, sign_up_id=one) for at, one in enumerate(found, 1))
    db.session.flush()
    audit.record("call list made", actor, case, calls=len(found), list=row.id)
    db.session.commit()
    return row


def _to_ring(case: Case, new: NewRound) -> list[int]:
    """Whom to ring. Who waits on another open list, of whichever case, is left to that one: nobody is rung twice."""
    query = message_readers.reachable(case, Means.CALL, new.audience)
    if new.gss_code:
        query = query.where(Supporter.gss_code == new.gss_code)
    theirs = SignUp.__table__.alias()
    of_calls = select(theirs.c.supporter_id).join(Call, Call.sign_up_id == theirs.c.id).join(
        CallRound, CallRound.id == Call.round_id
    )  # fmt: skip
    # A list of a closed case is rung by nobody, so nobody waits on it.
    open_ones = of_calls.join(Case, Case.id == CallRound.case_id).where(Case.closed_on.is_(None))
    waits = open_ones.where(CallRound.closed_at.is_(None), Call.outcome.is_(None))
    query = query.where(SignUp.supporter_id.not_in(waits))
    if new.left_alone_days:
        lately = clock.now() - timedelta(days=new.left_alone_days)
        query = query.where(SignUp.supporter_id.not_in(of_calls.where(Call.rung_at > lately)))
    return [row.id for row in db.session.scalars(query)]


def get(case: Case, round_id: int) -> CallRound:
    """One of the call lists of this case. Raises NotFound."""
    query = select(CallRound).where(CallRound.id == round_id, CallRound.case_id == case.id)
    row = db.session.scalar(query.options(joinedload(CallRound.message), joinedload(CallRound.made_by)))
    if row is None:
        raise NotFound("There is no such call list in this case.")
    return row


def list_rounds(case: Case) -> list[CallRound]:
    """The call lists of this case, the newest first."""
    query = select(CallRound).where(CallRound.case_id == case.id).options(joinedload(CallRound.made_by))
    return list(db.session.scalars(query.order_by(CallRound.id.desc())))


def open_rounds(case: Case) -> list[CallRound]:
    """The call lists of this case that nobody closed, with what is said in each, the newest first."""
    query = select(CallRound).where(CallRound.case_id == case.id, CallRound.closed_at.is_(None))
    query = query.options(joinedload(CallRound.message))
    return list(db.session.scalars(query.order_by(CallRound.id.desc())))


def ringing(case: Case) -> dict[int, tuple[str, ...]]:
    """Who has somebody to ring just now, by name, for each call list of this case."""
    query = select(Call.round_id, User.name).join(CallRound, CallRound.id == Call.round_id)
    query = query.join(User, User.id == Call.taken_by_id).where(
        CallRound.case_id == case.id, Call.outcome.is_(None), Call.taken_until > clock.now()
    )
    found: dict[int, tuple[str, ...]] = {}
    for round_id, name in db.session.execute(query.order_by(name_order(User.name), Call.id)):
        found[round_id] = (*found.get(round_id, ()), name)
    return found


@dataclass(frozen=True)
class Waiting:
    """An open call list, how many wait there, and whether it says more than is agreed to: then nobody is rung."""

    row: CallRound
    number: int
    stays: bool


def waiting_for(actor: User) -> list[Waiting]:
    """The open call lists of this person's open cases, each with how many wait there to be rung."""
    if not actor.may(Action.KEEP_SUPPORTERS):
        return []
    query = (
        select(CallRound, func.count(Call.id))
        .join(CallRound.case)
        .join(TeamMember, TeamMember.case_id == Case.id)
        .join(Call, Call.round_id == CallRound.id)
        .where(
            TeamMember.user_id == actor.id,
            Case.closed_on.is_(None),
            CallRound.closed_at.is_(None),
            Call.outcome.is_(None),
            Call.sign_up_id.is_not(None),
        )
        .group_by(CallRound.id, Case.id)
        .options(contains_eager(CallRound.case), selectinload(CallRound.message))
        .order_by(CallRound.id)
    )
    found = db.session.execute(query).all()
    agreed = agreements_on({row.case_id: row.case for row, _ in found}.values(), clock.today())
    return [
        Waiting(row, number, bool(messages.beyond(row.message, agreed[row.case_id]))) for row, number in found
    ]


@dataclass(frozen=True)
class Anew:
    """How many wait to be rung once more, and how many are left alone because of another list."""

    waiting: int
    left_alone: int


def again(row: CallRound, actor: User) -> Anew:
    """Have those who did not answer be rung once more. What was written of the call is not kept.

    Who waits on another open list since, or was reached through one, is left alone: nobody is asked twice.
    """
    refuse(row)
    unanswered = (
        Call.round_id == row.id, Call.outcome == Outcome.NO_ANSWER, Call.sign_up_id.is_not(None)
    )  # fmt: skip
    elsewhere = _seen_to_elsewhere()
    left_alone = db.session.scalar(select(func.count(Call.id)).where(*unanswered, elsewhere)) or 0
    anew = {"outcome": None, "words": None, "taken_by_id": None, "taken_until": None}
    change = update(Call).where(*unanswered, ~elsewhere).values(**anew).returning(Call.id)
    number = len(db.session.scalars(change).all())
    audit.record("calls to be made once more", actor, row.case, calls=number, list=row.id)
    db.session.commit()
    return Anew(number, left_alone)


def _seen_to_elsewhere() -> ColumnElement[bool]:
    """Whether another list, of whichever case, has this person of a call now, or reached them after that call."""
    other, rounds, cases = Call.__table__.alias(), CallRound.__table__.alias(), Case.__table__.alias()
    ours, theirs = SignUp.__table__.alias(), SignUp.__table__.alias()
    waits = and_(other.c.outcome.is_(None), rounds.c.closed_at.is_(None), cases.c.closed_on.is_(None))
    reached = and_(other.c.outcome != Outcome.NO_ANSWER, other.c.rung_at > Call.rung_at)
    return (
        select(other.c.id)
        .join(theirs, theirs.c.id == other.c.sign_up_id)
        .join(ours, ours.c.supporter_id == theirs.c.supporter_id)
        .join(rounds, rounds.c.id == other.c.round_id)
        .join(cases, cases.c.id == rounds.c.case_id)
        .where(ours.c.id == Call.sign_up_id, other.c.round_id != Call.round_id, or_(waits, reached))
        .correlate(Call)
        .exists()
    )


def close(row: CallRound, actor: User) -> datetime | None:
    """End the evening: nobody on this list is rung any more. When, for an undo; None where it was closed before."""
    if row.closed_at is not None:
        return None
    row.closed_at = clock.now()
    audit.record("call list closed", actor, row.case, list=row.id)
    db.session.commit()
    return row.closed_at


def open_again(row: CallRound, closed_at: datetime, actor: User) -> None:
    """Go on with a list that was closed at this moment by mistake. Whether anybody may be rung is asked as ever.

    Raises OutOfDate where it is open already, was closed once more, or another list was made since: the same people
    may stand on that one.
    """
    newer = select(CallRound.id).where(CallRound.case_id == row.case_id, CallRound.made_at >= closed_at)
    if db.session.scalar(newer.limit(1)) is not None or _stand_on_another(row, closed_at):
        raise OutOfDate(
            "Another call list was made since. Nobody is to be rung twice, so this one stays closed."
        )
    change = update(CallRound).where(CallRound.id == row.id, CallRound.closed_at == closed_at)
    if not db.session.execute(change.values(closed_at=None)).rowcount:  # type: ignore[attr-defined]
        raise OutOfDate("Somebody opened or closed this list since. Nothing was changed.")
    audit.record("call list opened again", actor, row.case, list=row.id)
    db.session.commit()


def _stand_on_another(row: CallRound, since: datetime) -> bool:
    """Whether somebody on this list stands on one that was made since in another case, which was free to take them."""
    ours, theirs = SignUp.__table__.alias(), SignUp.__table__.alias()
    here = select(ours.c.supporter_id).join(Call, Call.sign_up_id == ours.c.id).where(Call.round_id == row.id)
    there = select(Call.id).join(theirs, Call.sign_up_id == theirs.c.id).join(
        CallRound, CallRound.id == Call.round_id
    )  # fmt: skip
    newer = there.where(CallRound.made_at >= since, theirs.c.supporter_id.in_(here))
    return db.session.scalar(newer.limit(1)) is not None


def refuse(row: CallRound) -> None:
    """Nothing where calls can be made; otherwise raises CaseworkError that says why not."""
    if row.closed_at is not None:
        raise CaseworkError(OVER)
    if row.case.closed_on:
        raise CaseworkError("This case is closed.")
    messages.refuse_beyond(row.message)


def evening(row: CallRound) -> Evening:
    """How far it is. Who stopped before they were rung is not counted."""
    return evenings([row])[row.id]


def evenings(rows: Sequence[CallRound]) -> dict[int, Evening]:
    """The same of several lists at once, by their numbers."""
    is_held = if_((Call.taken_until > clock.now(), 1), else_=0)
    stopped = SignUp.__table__.alias()
    gone = select(stopped.c.id).where(stopped.c.id == Call.sign_up_id, stopped.c.stopped_at.is_not(None))
    query = select(Call.round_id, Call.outcome, func.count(), func.sum(is_held)).where(
        Call.round_id.in_([row.id for row in rows]), Call.outcome.is_not(None) | ~gone.exists()
    )
    found: dict[int, dict[str | None, tuple[int, int]]] = {row.id: {} for row in rows}
    for round_id, outcome, number, held in db.session.execute(query.group_by(Call.round_id, Call.outcome)):
        found[round_id][outcome] = (number, int(held))
    return {round_id: _evening(counted) for round_id, counted in found.items()}


def _evening(counted: Mapping[str | None, tuple[int, int]]) -> Evening:
    open_ones, ringing = counted.get(None, (0, 0))
    ended = {Outcome(outcome): number for outcome, (number, _) in counted.items() if outcome}
    return Evening(ended, ringing, open_ones - ringing)
