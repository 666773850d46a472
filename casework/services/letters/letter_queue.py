"""The letters that wait, in the database: taken one by one, given back by workers that are gone, finished.

Each step is one statement that is made once. A letter that a worker has in hand carries the worker's number; what comes
from another, or comes late, changes nothing.
"""

import os
import platform
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from typing import Any, cast

from sqlalchemy import CursorResult, bindparam, func, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import joinedload

from casework import clock
from casework.domain.campaign.batches import AT_WORK, MOST_TRIES, BatchState, LetterState
from casework.storage.database import db
from casework.storage.models import AuditEvent, Batch, BatchLetter, SignUp, Worker

LEASE = timedelta(seconds=60)  # after so long without a sign a worker is given up
STOPS_THE_PROGRAM = (
    "The program stopped each time it made this letter. Write it by itself, and show this to whoever looks after "
    "Casework."
)
_LETTERS, _BATCHES, _WORKERS = BatchLetter.__table__, Batch.__table__, Worker.__table__
_MINE = (_LETTERS.c.id == bindparam("letter"), _LETTERS.c.worker_id == bindparam("worker"))
_IN_HAND = (*_MINE, _LETTERS.c.state == LetterState.WORKING)
# What is done for each letter, as statements that are made once.
_LETTER = (
    select(BatchLetter)
    .where(BatchLetter.id == bindparam("letter"))
    .options(joinedload(BatchLetter.batch), joinedload(BatchLetter.sign_up).joinedload(SignUp.supporter))
)
NEWEST_LINE = select(func.max(AuditEvent.id)).where(AuditEvent.case_id == bindparam("case"))
SEEN = update(_WORKERS).where(_WORKERS.c.id == bindparam("worker")).values(seen_at=bindparam("now"))
_STARTED = (
    update(_BATCHES)
    .where(_BATCHES.c.id == bindparam("batch"), _BATCHES.c.state == BatchState.WAITING)
    .values(state=BatchState.RUNNING)
)
TOLD = update(_BATCHES).where(_BATCHES.c.id == bindparam("batch")).values(told=bindparam("kinds"))
FAILED = (
    update(_LETTERS)
    .where(*_IN_HAND)
    .values(state=LetterState.FAILED, reason=bindparam("because"), worker_id=None)
)
MADE = (
    update(_LETTERS)
    .where(*_IN_HAND)
    .values(
        state=LetterState.MADE, reason=None, worker_id=None, made_at=bindparam("now"), piece=bindparam("content"),
        sha256=bindparam("sum"), pages=bindparam("count"), shape_id=bindparam("shape"),
    )
)  # fmt: skip
_LEFT = select(_LETTERS.c.id).where(
    _LETTERS.c.batch_id == _BATCHES.c.id, _LETTERS.c.state.in_((LetterState.WAITING, LetterState.WORKING))
)
_DONE = (
    update(_BATCHES)
    .where(_BATCHES.c.state.in_(AT_WORK), ~_LEFT.exists())
    .values(state=BatchState.DONE, finished_at=bindparam("now"))
)


def waiting() -> int:
    """How many letters wait to be made."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(BatchLetter)
            .join(Batch)
            .where(BatchLetter.state == LetterState.WAITING, Batch.state.in_(AT_WORK))
        )
        or 0
    )


def held() -> bool:
    """Whether some worker has a letter in hand."""
    query = select(BatchLetter.id).where(BatchLetter.state == LetterState.WORKING).limit(1)
    return db.session.scalar(query) is not None


@cache
def claim_statement(*, of_one_batch: bool = False) -> Any:
    """Take the next letter that waits, in one statement, past those that another worker is just taking."""
    waits, theirs = _LETTERS.alias("waits"), _BATCHES
    next_one = (
        select(waits.c.id)
        .join(theirs, theirs.c.id == waits.c.batch_id)
        .where(waits.c.state == LetterState.WAITING, theirs.c.state.in_(AT_WORK))
        .order_by(waits.c.batch_id, waits.c.position)
        .limit(1)
        .with_for_update(skip_locked=True, of=waits)
    )
    if of_one_batch:
        next_one = next_one.where(waits.c.batch_id == bindparam("of_batch"))
    return (
        update(_LETTERS)
        .where(_LETTERS.c.id == next_one.scalar_subquery())
        .values(state=LetterState.WORKING, worker_id=bindparam("worker"), tries=_LETTERS.c.tries + 1)
        .returning(_LETTERS.c.id, _LETTERS.c.batch_id)
    )


def begin() -> int:
    """Enter a new worker, this process, and give it a number."""
    worker = Worker(
        machine=platform.node()[:100], process=os.getpid(), started_at=clock.now(), seen_at=clock.now()
    )
    db.session.add(worker)
    db.session.commit()
    return worker.id


def end(worker_id: int) -> None:
    """Leave nothing behind. What it held waits again."""

    def leave() -> None:
        give_back(worker_id)
        db.session.execute(update(Worker).where(Worker.id == worker_id).values(gone_at=clock.now()))
        db.session.commit()

    patiently(leave)


def give_back_gone() -> int:
    """Have the letters of workers that are gone wait again; how many those are."""
    held = select(BatchLetter.worker_id).where(BatchLetter.state == LetterState.WORKING).distinct()
    number = 0
    for worker in db.session.scalars(select(Worker).where(Worker.id.in_(held))).all():
        if not _is_alive(worker):
            number += give_back(worker.id)
            db.session.execute(update(Worker).where(Worker.id == worker.id).values(gone_at=clock.now()))
    finish()
    db.session.commit()
    return number


def give_back(worker_id: int) -> int:
    """The letters that it holds wait again; those that stopped the program too often fail, those cancelled stay so."""
    held = [BatchLetter.worker_id == worker_id, BatchLetter.state == LetterState.WORKING]
    at_work = select(Batch.id).where(Batch.state != BatchState.CANCELLED)
    again = update(BatchLetter).where(
        *held, BatchLetter.tries < MOST_TRIES, BatchLetter.batch_id.in_(at_work)
    )
    given = change(again.values(state=LetterState.WAITING, worker_id=None))
    too_often = update(BatchLetter).where(*held, BatchLetter.tries >= MOST_TRIES)
    change(too_often.values(state=LetterState.FAILED, worker_id=None, reason=STOPS_THE_PROGRAM))
    change(update(BatchLetter).where(*held).values(state=LetterState.CANCELLED, worker_id=None))
    return given


def claim(worker_id: int, batch_id: int | None) -> int | None:
    """Take the next letter, and save that it is taken."""
    found = take(worker_id, batch_id)
    db.session.commit()
    return found


def take(worker_id: int, batch_id: int | None) -> int | None:
    """The id of the next letter, now in the hands of this worker; None where none waits. The caller saves."""
    given = {"worker": worker_id, **({"of_batch": batch_id} if batch_id else {})}
    row = db.session.execute(claim_statement(of_one_batch=bool(batch_id)), given).first()
    if row is None:
        return None
    change(_STARTED, batch=row.batch_id)
    return int(row.id)


def load(letter_id: int) -> BatchLetter:
    """A letter with its batch and its signer, as the database has them now."""
    given = {"letter": letter_id}
    return db.session.scalars(_LETTER, given, execution_options={"populate_existing": True}).one()


def finish() -> None:
    """Mark the batches as done that have nothing left to make."""
    change(_DONE, now=clock.now())


def change(statement: Any, **given: Any) -> int:
    """Do what a statement says; how many rows it changed."""
    return cast("CursorResult[None]", db.session.execute(statement, given or None)).rowcount


def patiently(step: Callable[[], Any]) -> Any:
    """Do a step that writes; where the database stays busy for longer than it waits by itself, again."""
    for last in (False, False, True):
        try:
            return step()
        except OperationalError:
            db.session.rollback()  # also of the rows that the bench believes to be there
            if last:
                raise
    return None


def _is_alive(worker: Worker) -> bool:
    """Whether a worker is still there: by its process on this machine, elsewhere by when it was last seen."""
    if worker.gone_at is not None or clock.now() - worker.seen_at > LEASE:
        return False
    if worker.machine != platform.node()[:100] or worker.process == os.getpid():
        return True
    try:
        os.kill(worker.process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
