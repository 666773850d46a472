"""The work on batches: a worker claims one letter in the database, makes it, and saves it as it claims the next.

A letter is one row. Claiming is one statement, and what was made is saved in the same commit as the next claim, so
whoever is killed at whatever moment loses the letter in hand and nothing else: it waits again once the worker is known
to be gone.
"""

import logging
import os
import platform
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any, cast

from sqlalchemy import CursorResult, bindparam, func, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import joinedload

from casework import clock
from casework.domain.batches import AT_WORK, MOST_TRIES, BatchState, LetterState
from casework.domain.errors import CaseworkError
from casework.domain.publicity import Kind
from casework.services import audit
from casework.services.batch_letters import BatchLetters
from casework.services.batch_printing import BatchPress, Made
from casework.services.disclosure import agreement_on
from casework.storage.database import db
from casework.storage.models import AuditEvent, Batch, BatchLetter, BatchShape, Case, SignUp, Worker

_log = logging.getLogger(__name__)
LEASE = timedelta(seconds=60)  # after so long without a sign a worker is given up
GONE_FROM_LIST = "They are no longer on the list of supporters."
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
_NEWEST_LINE = select(func.max(AuditEvent.id)).where(AuditEvent.case_id == bindparam("case"))
_SEEN = update(_WORKERS).where(_WORKERS.c.id == bindparam("worker")).values(seen_at=bindparam("now"))
_STARTED = (
    update(_BATCHES)
    .where(_BATCHES.c.id == bindparam("batch"), _BATCHES.c.state == BatchState.WAITING)
    .values(state=BatchState.RUNNING)
)
_TOLD = update(_BATCHES).where(_BATCHES.c.id == bindparam("batch")).values(told=bindparam("kinds"))
_FAILED = (
    update(_LETTERS)
    .where(*_IN_HAND)
    .values(state=LetterState.FAILED, reason=bindparam("because"), worker_id=None)
)
_MADE = (
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
NOT_MADE = "This letter could not be made. Try it again; if it fails again, write it by itself."


@dataclass(frozen=True)
class Outcome:
    """What became of one letter."""

    letter_id: int
    batch_id: int
    made: Made | None = None
    told: frozenset[Kind] = frozenset()
    reason: str = ""


@dataclass
class _Bench:
    """What lies ready for the letters of one batch, and what is known to be saved of them."""

    batch_id: int
    line: int  # the newest of the trail of its case
    letters: BatchLetters
    press: BatchPress
    refused: set[str]
    told: set[Kind] = field(default_factory=set)
    shape_ids: dict[str, int] = field(default_factory=dict)


def work(
    *,
    batch_id: int | None = None,
    stop: Callable[[], bool] = lambda: False,
    after_each: Callable[[Outcome], None] = lambda outcome: None,
) -> int:
    """Make letters until none is left to make, or until `stop` says so; how many were made or failed.

    `batch_id` works at one batch alone. Safe to run as often as there are cores, and to kill.
    """
    give_back_gone()
    worker_id = _begin()
    # What is the same for many letters is read once, and not again after each of them was saved.
    session = db.session()
    session.expire_on_commit = False
    bench: _Bench | None = None
    number = 0
    try:
        letter_id = _patiently(lambda: _claim(worker_id, batch_id))
        while letter_id is not None:
            letter = _load(letter_id)
            bench = _ready(letter.batch, bench)
            outcome = _make(letter, bench) if bench else None
            next_id = _patiently(lambda: _save(outcome, bench, worker_id, None if stop() else batch_id or 0))  # noqa: B023
            if outcome is not None:
                number += 1
                after_each(outcome)
            letter_id = next_id
    finally:
        session.rollback()
        _end(worker_id)
        session.expire_on_commit = True
        session.expire_all()
    return number


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


def give_back_gone() -> int:
    """Have the letters of workers that are gone wait again; how many those are."""
    held = select(BatchLetter.worker_id).where(BatchLetter.state == LetterState.WORKING).distinct()
    number = 0
    for worker in db.session.scalars(select(Worker).where(Worker.id.in_(held))).all():
        if not _is_alive(worker):
            number += _give_back(worker.id)
            db.session.execute(update(Worker).where(Worker.id == worker.id).values(gone_at=clock.now()))
    _finish()
    db.session.commit()
    return number


def _begin() -> int:
    worker = Worker(
        machine=platform.node()[:100], process=os.getpid(), started_at=clock.now(), seen_at=clock.now()
    )
    db.session.add(worker)
    db.session.commit()
    return worker.id


def _end(worker_id: int) -> None:
    """Leave nothing behind. What it held waits again."""

    def leave() -> None:
        _give_back(worker_id)
        db.session.execute(update(Worker).where(Worker.id == worker_id).values(gone_at=clock.now()))
        db.session.commit()

    _patiently(leave)


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


def _give_back(worker_id: int) -> int:
    """The letters that it holds wait again; those that stopped the program too often fail, those cancelled stay so."""
    held = [BatchLetter.worker_id == worker_id, BatchLetter.state == LetterState.WORKING]
    at_work = select(Batch.id).where(Batch.state != BatchState.CANCELLED)
    again = update(BatchLetter).where(
        *held, BatchLetter.tries < MOST_TRIES, BatchLetter.batch_id.in_(at_work)
    )
    given = _rows(again.values(state=LetterState.WAITING, worker_id=None))
    too_often = update(BatchLetter).where(*held, BatchLetter.tries >= MOST_TRIES)
    _rows(too_often.values(state=LetterState.FAILED, worker_id=None, reason=STOPS_THE_PROGRAM))
    _rows(update(BatchLetter).where(*held).values(state=LetterState.CANCELLED, worker_id=None))
    return given


def _rows(statement: Any, **given: Any) -> int:
    """Do what a statement says; how many rows it changed."""
    return cast("CursorResult[None]", db.session.execute(statement, given or None)).rowcount


def _claim(worker_id: int, batch_id: int | None) -> int | None:
    """Take the next letter, and save that it is taken."""
    found = _take(worker_id, batch_id)
    db.session.commit()
    return found


def _take(worker_id: int, batch_id: int | None) -> int | None:
    given = {"worker": worker_id, **({"of_batch": batch_id} if batch_id else {})}
    row = db.session.execute(claim_statement(of_one_batch=bool(batch_id)), given).first()
    if row is None:
        return None
    _rows(_STARTED, batch=row.batch_id)
    return int(row.id)


def _load(letter_id: int) -> BatchLetter:
    given = {"letter": letter_id}
    return db.session.scalars(_LETTER, given, execution_options={"populate_existing": True}).one()


def _ready(batch: Batch, bench: _Bench | None) -> _Bench | None:
    """The bench for this batch under what is agreed to now. None when the batch stops: it is paused then."""
    # Whoever agrees to less leaves a line in the trail; so does everybody who changes anything.
    line = db.session.scalar(_NEWEST_LINE, {"case": batch.case_id}) or 0
    today = clock.today()
    if bench and (bench.batch_id, bench.line, bench.letters.today) == (batch.id, line, today):
        return bench
    case = db.session.get(Case, batch.case_id, populate_existing=True)
    assert case is not None
    agreement = agreement_on(case, clock.today())
    same = bench and bench.batch_id == batch.id and bench.letters.agreement == agreement
    if bench and same and bench.letters.today == today:
        bench.line = line
        return bench
    letters = BatchLetters(
        case, batch.template, room_to_write=batch.room_to_write, agreement=agreement, dated=batch.dated
    )
    if letters.lacking() or letters.wording_hash != batch.template_sha256:
        return None
    press = bench.press if bench and bench.batch_id == batch.id else BatchPress(letters.css)
    shapes = select(BatchShape.key).where(BatchShape.batch_id == batch.id, BatchShape.refused.is_not(None))
    return _Bench(batch.id, line, letters, press, set(db.session.scalars(shapes)))


def _make(letter: BatchLetter, bench: _Bench) -> Outcome:
    """Make one letter, or say why it cannot be made. Nothing is written yet."""
    if letter.sign_up is None:
        return Outcome(letter.id, bench.batch_id, reason=GONE_FROM_LIST)
    try:
        written = bench.letters.write(letter.sign_up, letter.gss_code)
        roomy = bench.letters.page(written)
        made = bench.press.print(roomy, lambda: bench.letters.page(written, snug=True))
        if made.shape and made.shape.key in bench.refused | set(bench.press.refused):
            made = bench.press.print_whole(roomy, lambda: bench.letters.page(written, snug=True))
    except CaseworkError as error:
        return Outcome(letter.id, bench.batch_id, reason=error.message)
    except Exception:  # whatever it is, the other letters can be made
        _log.exception("a letter of a batch could not be made")
        return Outcome(letter.id, bench.batch_id, reason=NOT_MADE)
    return Outcome(letter.id, bench.batch_id, made, written.told)


def _save(outcome: Outcome | None, bench: _Bench | None, worker_id: int, take_of: int | None) -> int | None:
    """Save what became of a letter and take the next, in one transaction; None when there is none, or none is wanted.

    `take_of` is the batch to take from, 0 for any. A letter that was given to another meanwhile is that one's.
    """
    _rows(_SEEN, worker=worker_id, now=clock.now())
    if outcome is None or bench is None:
        _stop_batch(worker_id)
    else:
        _keep(outcome, bench, worker_id)
        _take_back_refused(bench)
    found = None if take_of is None else _take(worker_id, take_of or None)
    _finish()
    db.session.commit()
    return found


def _keep(outcome: Outcome, bench: _Bench, worker_id: int) -> None:
    """Keep what became of a letter, unless another has it by now."""
    given = {"letter": outcome.letter_id, "worker": worker_id}
    made = outcome.made
    if made is None:
        _rows(_FAILED, **given, because=outcome.reason)
        return
    kept = {"content": made.piece, "sum": made.sha256, "count": made.pages, "shape": _shape_id(made, bench)}
    if _rows(_MADE, **given, **kept, now=clock.now()) and not outcome.told <= bench.told:
        _tell(outcome, bench)


def _shape_id(made: Made, bench: _Bench) -> int | None:
    """The row of the shape, added with the first letter of it."""
    if made.shape is None:
        return None
    key = made.shape.key
    if key not in bench.shape_ids:
        known = select(BatchShape.id).where(BatchShape.batch_id == bench.batch_id, BatchShape.key == key)
        found = db.session.scalar(known)
        if found is None:
            row = BatchShape(batch_id=bench.batch_id, key=key, exemplar=made.shape.exemplar)
            db.session.add(row)
            db.session.flush()
            found = row.id
        bench.shape_ids[key] = found
    return bench.shape_ids[key]


def _tell(outcome: Outcome, bench: _Bench) -> None:
    """Add what the letter tells to what those of the batch tell."""
    query = select(Batch.told).where(Batch.id == bench.batch_id).with_for_update()
    before = set(map(Kind, db.session.scalar(query) or ()))
    bench.told |= before | outcome.told
    _rows(_TOLD, batch=bench.batch_id, kinds=sorted(before | outcome.told))


def _take_back_refused(bench: _Bench) -> None:
    """Letters that were stamped from a shape which turned out to be wrong are made again, by WeasyPrint."""
    for key in set(bench.press.refused) - bench.refused:
        shape = db.session.scalar(
            select(BatchShape).where(BatchShape.batch_id == bench.batch_id, BatchShape.key == key)
        )
        if shape is not None:
            shape.refused = bench.press.refused[key]
            db.session.flush()
            stamped = update(BatchLetter).where(BatchLetter.shape_id == shape.id)
            _rows(stamped.values(state=LetterState.WAITING, piece=None, shape_id=None, sha256=None, tries=0))
        bench.refused.add(key)


def _stop_batch(worker_id: int) -> None:
    """Pause the batch whose letter cannot be made as things are, and lay the letter back."""
    mine = select(BatchLetter.batch_id).where(
        BatchLetter.worker_id == worker_id, BatchLetter.state == LetterState.WORKING
    )
    batch = db.session.scalar(select(Batch).where(Batch.id.in_(mine)))
    if batch is not None:
        _rows(
            update(Batch)
            .where(Batch.id == batch.id, Batch.state.in_(AT_WORK))
            .values(state=BatchState.PAUSED)
        )
        audit.record("batch stopped by itself", None, batch.case, signed="Casework itself", batch=batch.id)
    _give_back(worker_id)


def _finish() -> None:
    """Mark the batches as done that have nothing left to make."""
    _rows(_DONE, now=clock.now())


def _patiently(step: Callable[[], Any]) -> Any:
    """Do a step that writes; where the database stays busy for longer than it waits by itself, again."""
    for last in (False, False, True):
        try:
            return step()
        except OperationalError:
            db.session.rollback()  # also of the rows that the bench believes to be there
            if last:
                raise
    return None
