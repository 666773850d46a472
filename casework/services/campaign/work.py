"""The work on batches: a worker claims one letter in the database, makes it, and saves it as it claims the next.

A letter is one row. Claiming is one statement, and what was made is saved in the same commit as the next claim, so
whoever is killed at whatever moment loses the letter in hand and nothing else: it waits again once the worker is known
to be gone.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from sqlalchemy import select, update
from sqlalchemy.exc import NoResultFound, OperationalError

from casework import clock
from casework.domain.campaign.batches import AT_WORK, BatchState, LetterState
from casework.domain.consent.publicity import Kind
from casework.domain.errors import CaseworkError
from casework.services.campaign.batch_letters import BatchLetters
from casework.services.campaign.batch_printing import BatchPress, Made
from casework.services.campaign.supporters import APPROXIMATE
from casework.services.letters import letter_queue
from casework.services.safety import audit, groups
from casework.storage.asking import asking_for
from casework.storage.database import db
from casework.storage.models import Batch, BatchLetter, BatchShape, Case

_log = logging.getLogger(__name__)
GONE_FROM_LIST = "They are no longer on the list of supporters."
MOVED = "They live in another constituency now, so this MP is not theirs. Make a new batch for them."
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
    letter_queue.give_back_gone()
    worker_id = letter_queue.begin()
    # What is the same for many letters is read once, and not again after each of them was saved.
    session = db.session()
    session.expire_on_commit = False
    bench: _Bench | None = None
    number = 0
    try:
        letter_id = letter_queue.patiently(lambda: letter_queue.claim(worker_id, batch_id))
        while letter_id is not None:
            try:
                bench, outcome = _do(letter_id, bench)
            except NoResultFound:
                bench = outcome = None  # its case was erased meanwhile
            take_of = None if stop() else batch_id or 0
            next_id = letter_queue.patiently(partial(_save, outcome, bench, worker_id, take_of))
            if outcome is not None:
                number += 1
                after_each(outcome)
            letter_id = next_id
    finally:
        session.rollback()
        letter_queue.end(worker_id)
        session.expire_on_commit = True
        session.expire_all()
    return number


def _do(letter_id: int, bench: _Bench | None) -> tuple[_Bench | None, Outcome | None]:
    """The bench for this letter, and what became of it. Raises NoResultFound when the letter is no more."""
    letter = letter_queue.load(letter_id)
    # For the group of the case, and with the eyes of whoever made the batch: a worker tells no more than they.
    with asking_for(groups.asking_of(letter.batch.made_by, letter.batch.case.group_id)):
        before, bench = bench, _ready(letter.batch, bench)
        if bench is not before:
            letter = letter_queue.load(letter_id)  # what was known was forgotten
        return bench, _make(letter, bench) if bench else None


def _ready(batch: Batch, bench: _Bench | None) -> _Bench | None:
    """The bench for this batch under what is agreed to now. None when the batch stops: it is paused then."""
    # Whoever agrees to less leaves a line in the trail; so does everybody who changes anything that letters tell, or
    # may not tell.
    line = db.session.scalar(letter_queue.NEWEST_LINE, {"case": batch.case_id}) or 0
    today = clock.today()
    if bench and (bench.batch_id, bench.line, bench.letters.today) == (batch.id, line, today):
        return bench
    db.session.expire_all()
    case = db.session.get_one(Case, batch.case_id)
    letters = BatchLetters(case, batch.template, room_to_write=batch.room_to_write, dated=batch.dated)
    if letters.lacking() or letters.wording_hash != batch.template_sha256:
        return None
    press = bench.press if bench and bench.batch_id == batch.id else BatchPress(letters.css)
    shapes = select(BatchShape.key).where(BatchShape.batch_id == batch.id, BatchShape.refused.is_not(None))
    return _Bench(batch.id, line, letters, press, set(db.session.scalars(shapes)))


def _make(letter: BatchLetter, bench: _Bench) -> Outcome:
    """Make one letter, or say why it cannot be made. Nothing is written yet."""
    if letter.sign_up is None:
        return Outcome(letter.id, bench.batch_id, reason=GONE_FROM_LIST)
    home = letter.sign_up.supporter
    if home.gss_code != letter.gss_code or home.gss_basis == APPROXIMATE:
        return Outcome(letter.id, bench.batch_id, reason=MOVED)
    try:
        written = bench.letters.write(letter.sign_up, letter.gss_code)
        roomy = bench.letters.page(written)
        made = bench.press.print(roomy, lambda: bench.letters.page(written, snug=True))
        if made.shape and made.shape.key in bench.refused | set(bench.press.refused):
            made = bench.press.print_whole(roomy, lambda: bench.letters.page(written, snug=True))
    except CaseworkError as error:
        return Outcome(letter.id, bench.batch_id, reason=error.message)
    except Exception as error:  # whatever it is, the other letters can be made
        # What the error says may hold words of the letter: its kind and the number of the letter are enough.
        _log.error("letter %s of a batch could not be made: %s", letter.id, type(error).__name__)
        return Outcome(letter.id, bench.batch_id, reason=NOT_MADE)
    return Outcome(letter.id, bench.batch_id, made, written.told)


def _save(outcome: Outcome | None, bench: _Bench | None, worker_id: int, take_of: int | None) -> int | None:
    """Save what became of a letter and take the next, in one transaction; None when there is none, or none is wanted.

    `take_of` is the batch to take from, 0 for any. A letter that was given to another meanwhile is that one's.
    """
    letter_queue.change(letter_queue.SEEN, worker=worker_id, now=clock.now())
    try:
        if outcome is None or bench is None:
            _stop_batch(worker_id)
        else:
            _keep(outcome, bench, worker_id)
            _take_back_refused(bench)
        found: int | None = None if take_of is None else letter_queue.take(worker_id, take_of or None)
        letter_queue.finish()
        db.session.commit()
    except OperationalError:
        if bench:  # what it believes to be saved is not
            bench.shape_ids.clear()
            bench.told.clear()
        raise
    return found


def _keep(outcome: Outcome, bench: _Bench, worker_id: int) -> None:
    """Keep what became of a letter, unless another has it by now."""
    given = {"letter": outcome.letter_id, "worker": worker_id}
    made = outcome.made
    if made is None:
        letter_queue.change(letter_queue.FAILED, **given, because=outcome.reason)
        return
    kept = {"content": made.piece, "sum": made.sha256, "count": made.pages, "shape": _shape_id(made, bench)}
    if (
        letter_queue.change(letter_queue.MADE, **given, **kept, now=clock.now())
        and not outcome.told <= bench.told
    ):
        _tell(outcome, bench)


def _shape_id(made: Made, bench: _Bench) -> int | None:
    """The row of the shape, added with the first letter of it."""
    if made.shape is None:
        return None
    key = made.shape.key
    if key not in bench.shape_ids:
        known = select(BatchShape.id).where(BatchShape.batch_id == bench.batch_id, BatchShape.key == key)
        found = db.session.scalar(known)
        if found is None and db.session.scalar(select(Batch.id).where(Batch.id == bench.batch_id)) is None:
            return None  # its case was erased meanwhile
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
    letter_queue.change(letter_queue.TOLD, batch=bench.batch_id, kinds=sorted(before | outcome.told))


def _take_back_refused(bench: _Bench) -> None:
    """Letters that were stamped from a shape which turned out to be wrong are made again, by WeasyPrint."""
    for key in set(bench.press.refused) - bench.refused:
        shape = db.session.scalar(
            select(BatchShape).where(BatchShape.batch_id == bench.batch_id, BatchShape.key == key)
        )
        if shape is not None:
            shape.refused = bench.press.refused[key]
            db.session.flush()
            stamped = update(BatchLetter).where(
                BatchLetter.shape_id == shape.id,
                BatchLetter.state == LetterState.MADE,
                BatchLetter.piece.is_not(None),
            )
            anew = {"state": LetterState.WAITING, "piece": None, "shape_id": None, "sha256": None, "tries": 0}
            letter_queue.change(stamped.values(**anew))
        bench.refused.add(key)


def _stop_batch(worker_id: int) -> None:
    """Pause the batch whose letter cannot be made as things are, and lay the letter back."""
    mine = select(BatchLetter.batch_id).where(
        BatchLetter.worker_id == worker_id, BatchLetter.state == LetterState.WORKING
    )
    batch = db.session.scalar(select(Batch).where(Batch.id.in_(mine)))
    if batch is not None:
        letter_queue.change(
            update(Batch)
            .where(Batch.id == batch.id, Batch.state.in_(AT_WORK))
            .values(state=BatchState.PAUSED)
        )
        audit.record("batch stopped by itself", None, batch.case, signed="Casework itself", batch=batch.id)
    letter_queue.give_back(worker_id)
