"""One call of an evening: somebody to ring, who is in one caller's hands alone, and how it ended.

A call is taken in one statement that changes it only where nobody has it, and is saved at once: no lock outlives it.
Whoever took it has it for a while (`HELD_FOR` of `domain.campaign.calls`); then it goes back by itself.
"""

from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import contains_eager, joinedload

from casework import clock
from casework.domain.campaign.calls import HELD_FOR, LONGEST_WORDS, Outcome
from casework.domain.campaign.messages import Means
from casework.domain.campaign.supporters import unwanted
from casework.domain.errors import CaseworkError, NotFound, OutOfDate
from casework.services import saving
from casework.services.campaign import call_rounds, stopping, supporters
from casework.services.consent import agreements
from casework.services.safety import audit
from casework.storage.database import db, insert
from casework.storage.models import Call, CallRound, Message, SignUp, Supporter, Telling, User

GIVEN_ON = "Your time with this person was over, and somebody else has them now, or has rung them. Nothing was saved."


def take(row: CallRound, actor: User) -> Call | None:
    """The next person to ring, in the hands of this caller alone from now on; the one they have already, if they have.

    None when nobody is left. That this caller reads the number is kept in the trail.
    """
    call_rounds.refuse(row)
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
    saving.commit(supporters.SAVED_MEANWHILE)
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
    """Keep that they were told what is said in this round, for the day on which less is agreed to.

    They were not asked to keep it to themselves, even where those who were told before were.
    """
    new = insert(Telling).values(message_id=row.message_id, sign_up_id=sign_up.id)
    once = new.on_conflict_do_nothing(index_elements=["message_id", "sign_up_id"]).returning(Telling.id)
    if db.session.scalar(once) is None:
        return
    level = int(agreements.agreement_on(row.case, clock.today()).level)
    db.session.execute(
        update(Message).where(Message.id == row.message_id).values(
            sent_on=clock.today(), number=func.coalesce(Message.number, 0) + 1,
            level=func.coalesce(Message.level, level), asked_back_on=None,
        )
    )  # fmt: skip


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
