"""Evenings of calls: made for a case, worked by several people at once, and nobody is rung twice.

A call is taken in one statement that changes it only where nobody has it, and is saved at once: no lock outlives it.
Whoever took it has it for a while (`domain.calls.HELD_FOR`); then it goes back by itself, since its time is over.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy import case as if_
from sqlalchemy.orm import contains_eager, joinedload
from sqlalchemy.orm.exc import StaleDataError

from casework import clock
from casework.domain.accounts import Action
from casework.domain.calls import HELD_FOR, LEFT_ALONE, LONGEST_WORDS, Evening, Outcome
from casework.domain.errors import CaseworkError, NotFound, OutOfDate
from casework.domain.messages import Kind, Means, ToWhom
from casework.domain.publicity import Audience
from casework.domain.supporters import unwanted
from casework.services import audit, disclosure, message_readers, messages, stopping, supporters
from casework.services.messages import NewMessage
from casework.storage.database import db, insert
from casework.storage.models import (
    Call,
    CallRound,
    Case,
    Message,
    SignUp,
    Supporter,
    TeamMember,
    Telling,
    User,
)

GIVEN_ON = "Your time with this person was over, and somebody else has them now, or has rung them. Nothing was saved."
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
    waits = of_calls.where(CallRound.closed_at.is_(None), Call.outcome.is_(None))
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


def waiting_for(actor: User) -> list[tuple[CallRound, int]]:
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
        .options(contains_eager(CallRound.case))
        .order_by(CallRound.id)
    )
    return [(row, number) for row, number in db.session.execute(query)]


def take(row: CallRound, actor: User) -> Call | None:
    """The next person to ring, in the hands of this caller alone from now on; the one they have already, if they have.

    None when nobody is left. That this caller reads the number is kept in the trail.
    """
    refuse(row)
    if (held := in_hand(row, actor)) is not None:
        return held
    now = clock.now()
    call_id = db.session.scalar(_claim(row.id, now), {"caller": actor.id, "until": now + HELD_FOR})
    if call_id is None:
        db.session.rollback()
        return in_hand(row, actor)
    call = db.session.scalars(select(Call).where(Call.id == call_id), execution_options=_FRESH).one()
    rung = call.sign_up.supporter_id if call.sign_up else None
    audit.record("number read, to ring it", actor, row.case, supporter=rung, list=row.id)
    db.session.commit()
    return in_hand(row, actor)


_FRESH = {"populate_existing": True}


def _claim(round_id: int, now: Any) -> Any:
    """Take the next call that nobody has, in one statement; a caller who comes second finds it taken."""
    calls = Call.__table__
    waits = calls.alias("waits")
    signed, people = SignUp.__table__.alias(), Supporter.__table__.alias()
    next_one = (
        select(waits.c.id)
        .join(signed, signed.c.id == waits.c.sign_up_id)
        .join(people, people.c.id == signed.c.supporter_id)
        .where(waits.c.round_id == round_id, *_is_free(waits.c, now), signed.c.stopped_at.is_(None))
        .where(signed.c.reached_by.cast(db.String).contains(f'"{Means.CALL}"'))
        .where(func.coalesce(people.c.phone, "") != "")
        .order_by(waits.c.tries, waits.c.position)
        .limit(1)
        .with_for_update(skip_locked=True, of=waits)
    )
    taken = {"taken_by_id": db.bindparam("caller"), "taken_until": db.bindparam("until")}
    return (
        update(calls)
        .where(calls.c.id == next_one.scalar_subquery(), *_is_free(calls.c, now), ~_has_one(round_id, now))
        .values(tries=calls.c.tries + 1, **taken)
        .returning(calls.c.id)
    )


def _has_one(round_id: int, now: Any) -> ColumnElement[bool]:
    """Whether this caller has somebody to ring already, as who presses a button twice has."""
    held = Call.__table__.alias("held")
    mine = (held.c.round_id == round_id, held.c.taken_by_id == db.bindparam("caller"))
    return select(held.c.id).where(*mine, held.c.outcome.is_(None), held.c.taken_until > now).exists()


def _is_free(call: Any, now: Any) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return call.outcome.is_(None), or_(call.taken_until.is_(None), call.taken_until <= now)


def in_hand(row: CallRound, actor: User) -> Call | None:
    """The person whom this caller is ringing now."""
    query = select(Call).join(Call.sign_up).join(SignUp.supporter).where(
        Call.round_id == row.id, Call.taken_by_id == actor.id, Call.outcome.is_(None),
        Call.taken_until > clock.now(),
    )  # fmt: skip
    loaded = contains_eager(Call.sign_up).contains_eager(SignUp.supporter)
    return db.session.scalar(query.options(loaded).order_by(Call.id).limit(1), execution_options=_FRESH)


def give_back(row: CallRound, actor: User) -> None:
    """Let somebody else ring whom this caller took and did not ring."""
    db.session.execute(
        update(Call)
        .where(Call.round_id == row.id, Call.taken_by_id == actor.id, Call.outcome.is_(None))
        .values(taken_by_id=None, taken_until=None)
    )
    db.session.commit()


def tick(
    row: CallRound, call_id: int, outcome: Outcome, words: str | None, postcode: str | None, actor: User
) -> SignUp:
    """Keep how a call ended, and do what follows from it. Who wants to stop is off the list at once.

    Raises OutOfDate where somebody else has this call by now, and CaseworkError at what is never kept of a supporter.
    """
    call = db.session.scalar(
        select(Call).where(Call.id == call_id, Call.round_id == row.id).options(joinedload(Call.sign_up))
    )
    if call is None or call.sign_up is None:
        raise NotFound("This person is not on this list any more: they stopped, or somebody took them off.")
    sign_up = call.sign_up
    _check(words)
    kept = None if outcome is Outcome.STOP else words
    done = (
        update(Call)
        .where(Call.id == call_id, Call.taken_by_id == actor.id, Call.outcome.is_(None))
        .values(outcome=outcome, words=kept, rung_at=clock.now(), taken_until=None)
        .returning(Call.id)
    )
    if db.session.scalar(done) is None:
        db.session.rollback()
        raise OutOfDate(GIVEN_ON)
    audit.record("call made", actor, row.case, supporter=sign_up.supporter_id, list=row.id, how=outcome)
    if outcome is Outcome.STOP:
        stopping.stop(row.case, sign_up.supporter_id, actor)
        return sign_up
    _follow(sign_up, outcome, postcode)
    if outcome.was_told:
        _keep_told(row, sign_up)
    try:
        db.session.commit()
    except StaleDataError:
        db.session.rollback()
        raise OutOfDate(supporters.SAVED_MEANWHILE) from None
    return sign_up


def _check(words: str | None) -> None:
    if words and len(words) > LONGEST_WORDS:
        raise CaseworkError(f"This is too long: {LONGEST_WORDS} characters at most.", field="words")
    if said := unwanted(words or ""):
        raise CaseworkError(said, field="words")


def _follow(sign_up: SignUp, outcome: Outcome, postcode: str | None) -> None:
    """What is known of a supporter by the way in which their call ended."""
    person = sign_up.supporter
    if outcome in (Outcome.SPOKE, Outcome.MOVED):
        supporters.hear_from(person)
    if outcome is Outcome.WRONG_NUMBER:
        # The number stays until somebody types another, and is not rung or written to any more.
        sign_up.reached_by = [one for one in sign_up.reached_by if one == Means.EMAIL]
    if outcome is Outcome.MOVED:
        _moved(person, postcode)


def _moved(person: Supporter, postcode: str | None) -> None:
    """They live elsewhere: at this postcode, or their constituency waits to be settled."""
    if not postcode:
        if person.gss_code:
            person.gss_basis = supporters.APPROXIMATE
        return
    person.postcode, person.address, person.gss_code, person.gss_basis = postcode, None, None, None
    try:
        supporters.place(person)
    except CaseworkError as error:
        db.session.rollback()
        raise CaseworkError(error.message, field="postcode") from None


def _keep_told(row: CallRound, sign_up: SignUp) -> None:
    """Keep that they were told what is said in this round, for the day on which less is agreed to."""
    new = insert(Telling).values(message_id=row.message_id, sign_up_id=sign_up.id)
    once = new.on_conflict_do_nothing(index_elements=["message_id", "sign_up_id"]).returning(Telling.id)
    if db.session.scalar(once) is None:
        return
    level = int(disclosure.agreement_on(row.case, clock.today()).level)
    db.session.execute(
        update(Message).where(Message.id == row.message_id).values(
            sent_on=clock.today(), number=func.coalesce(Message.number, 0) + 1,
            level=func.coalesce(Message.level, level),
        )
    )  # fmt: skip


def again(row: CallRound, actor: User) -> int:
    """Have those who did not answer be rung once more; how many they are. What was written of the call is not kept."""
    refuse(row)
    change = update(Call).where(
        Call.round_id == row.id, Call.outcome == Outcome.NO_ANSWER, Call.sign_up_id.is_not(None)
    )
    anew = {"outcome": None, "words": None, "taken_by_id": None, "taken_until": None}
    number = len(db.session.scalars(change.values(**anew).returning(Call.id)).all())
    audit.record("calls to be made once more", actor, row.case, calls=number, list=row.id)
    db.session.commit()
    return number


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
    if db.session.scalar(newer.limit(1)) is not None:
        raise OutOfDate(
            "Another call list was made since. Nobody is to be rung twice, so this one stays closed."
        )
    change = update(CallRound).where(CallRound.id == row.id, CallRound.closed_at == closed_at)
    if not db.session.execute(change.values(closed_at=None)).rowcount:  # type: ignore[attr-defined]
        raise OutOfDate("Somebody opened or closed this list since. Nothing was changed.")
    audit.record("call list opened again", actor, row.case, list=row.id)
    db.session.commit()


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


def made_calls(row: CallRound) -> list[Call]:
    """The calls that were made, the newest first. Who stopped is not among them."""
    query = select(Call).join(Call.sign_up).join(SignUp.supporter).where(
        Call.round_id == row.id, Call.outcome.is_not(None)
    )  # fmt: skip
    loaded = contains_eager(Call.sign_up).contains_eager(SignUp.supporter)
    return list(
        db.session.scalars(
            query.options(loaded, joinedload(Call.taken_by)).order_by(Call.rung_at.desc(), Call.id)
        )
    )


def last_words(sign_up: SignUp) -> list[Call]:
    """The last calls to this supporter about this case, the newest first: what whoever rings has to know."""
    query = select(Call).where(Call.sign_up_id == sign_up.id, Call.rung_at.is_not(None))
    return list(db.session.scalars(query.order_by(Call.rung_at.desc()).limit(3)))
