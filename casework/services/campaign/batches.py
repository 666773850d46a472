"""Batches: many letters, each to the signer's own MP. Begun here, made by workers, paused, cancelled, tried again."""

import threading
from collections.abc import Iterable
from datetime import datetime
from typing import cast

from sqlalchemy import ColumnElement, CursorResult, func, or_, select, update
from sqlalchemy.orm import joinedload

from casework import clock
from casework.domain.campaign.batches import (
    BatchState,
    LetterState,
    Order,
    Placed,
    Progress,
    may_become,
    order_key,
    pace,
)
from casework.domain.consent.publicity import Kind
from casework.domain.errors import CaseworkError, NotFound, OutOfDate
from casework.domain.letters.letters import LetterTemplate
from casework.services.campaign import batch_choice, own_words
from casework.services.campaign.batch_choice import Choice, Chosen
from casework.services.campaign.batch_letters import beyond
from casework.services.case.latin import to_latin
from casework.services.consent import agreements
from casework.services.letters import disclosure, letter_checks, letter_pages
from casework.services.parliament.directory import constituency_name, directory, member_name_on
from casework.services.safety import audit
from casework.storage.database import db
from casework.storage.models import Batch, BatchLetter, Bundle, Case, SignUp, User

# Set when there is something to make, so that workers come at once and not when somebody looks again.
something_to_do = threading.Event()
CHANGED_WORDS = (
    "Somebody changed the words of this kind of letter since. Go on, and the rest is made with the new words; or "
    "cancel the rest."
)


def lacking(case: Case, key: str) -> list[str]:
    """What the person has not agreed to and every letter of this kind needs, in sentences: it cannot be made."""
    template = batch_choice.template_of(key)
    return disclosure.lacking(case, template.audience, template.tells)


def reasons_to_wait(case: Case, key: str) -> list[str]:
    """What is missing before an MP hears of the person. Somebody may say why the letters have to go all the same."""
    return letter_checks.lacking_authority(case, batch_choice.template_of(key), None)


def that_say_too_much(case: Case, key: str, sign_ups: Iterable[SignUp]) -> list[SignUp]:
    """Those whose letter of this kind cannot be made as it is, since their own words tell what was not agreed to."""
    return own_words.that_say_too_much(case, batch_choice.template_of(key).audience, sign_ups)


def start_batch(
    case: Case, choice: Choice, actor: User, *, because: str | None = None, source_sha256: str | None = None
) -> Batch:
    """Write down one letter for everybody who is ready, all waiting to be made.

    Raises CaseworkError when nobody is ready, when the person did not agree to such letters, and without `because`
    when there is no authority on record.
    """
    for sentence in lacking(case, choice.template):
        raise CaseworkError(sentence)
    reasons = reasons_to_wait(case, choice.template)
    if reasons and not because:
        raise CaseworkError(
            "Say why these letters have to go now. What is missing stands above.", field="because"
        )
    chosen = batch_choice.choose(case, choice)
    if not chosen.ready:
        raise CaseworkError("None of them is ready. Look below at what each of them lacks.", field="who")
    batch = Batch(
        case=case, template=choice.template, state=BatchState.WAITING, order_by=choice.order,
        template_sha256=letter_pages.letters().wording_hash(choice.template), room_to_write=choice.room_to_write,
        told=[], because=because if reasons else None, source_sha256=source_sha256, dated=clock.today(),
        made_at=clock.now(), made_by=actor,
    )  # fmt: skip
    db.session.add(batch)
    _add_letters(batch, chosen, choice.order)
    db.session.flush()
    audit.record(
        "batch started", actor, case, batch=batch.id, template=choice.template, letters=len(chosen.ready)
    )
    db.session.commit()
    something_to_do.set()
    return batch


def _add_letters(batch: Batch, chosen: Chosen, order: Order) -> None:
    """One waiting row a letter in the order of the pile, and one bundle for each MP."""
    key = order_key(order)
    names = {code: constituency_name(code) or "" for code in _codes(chosen)}
    rows = sorted(
        (one.sign_up for one in chosen.ready),
        key=lambda one: key(
            Placed(to_latin(one.supporter.name), names[one.supporter.gss_code or ""], one.table_name)
        ),
    )
    for number, sign_up in enumerate(rows, 1):
        batch.letters.append(_waiting(sign_up, number))
    for code in sorted(names, key=lambda one: names[one]):
        batch.bundles.append(Bundle(gss_code=code))


def _codes(chosen: Chosen) -> set[str]:
    return {one.supporter.gss_code or "" for one in chosen.ready}


def _waiting(sign_up: SignUp, number: int) -> BatchLetter:
    code = sign_up.supporter.gss_code or ""
    return BatchLetter(
        position=number, sign_up=sign_up, signer=sign_up.supporter.name, gss_code=code,
        member_name=member_name_on(code, clock.today()), table_name=sign_up.table_name, state=LetterState.WAITING,
    )  # fmt: skip


def list_batches(case: Case) -> list[tuple[Batch, Progress]]:
    """The batches of a case, the newest first, and how far each is; how fast is not asked."""
    query = select(Batch).where(Batch.case_id == case.id).options(joinedload(Batch.made_by))
    rows = db.session.scalars(query.order_by(Batch.id.desc())).all()
    counts = _counts(BatchLetter.batch_id.in_([row.id for row in rows]))
    return [(row, Progress(**counts.get(row.id, {}))) for row in rows]


def _counts(of: ColumnElement[bool]) -> dict[int, dict[str, int]]:
    """How many letters of each batch are in each state."""
    query = select(BatchLetter.batch_id, BatchLetter.state, func.count()).where(of)
    found: dict[int, dict[str, int]] = {}
    for batch_id, state, number in db.session.execute(
        query.group_by(BatchLetter.batch_id, BatchLetter.state)
    ):
        found.setdefault(batch_id, {})[state] = number
    return found


def get_batch(case: Case, batch_id: int) -> Batch:
    """One of the batches of this case. Raises NotFound."""
    batch = db.session.get(Batch, batch_id)
    if batch is None or batch.case_id != case.id:
        raise NotFound("There is no such batch in this case.")
    return batch


def begun_from(case: Case, key: str, source_sha256: str) -> Batch | None:
    """The newest batch of this kind that was begun from this spreadsheet; None when there is none."""
    query = select(Batch).where(
        Batch.case_id == case.id,
        Batch.template == key,
        Batch.source_sha256 == source_sha256,
        Batch.state != BatchState.CANCELLED,
    )
    return db.session.scalar(query.order_by(Batch.id.desc()))


def template_of(batch: Batch) -> LetterTemplate:
    """The kind of its letters."""
    return letter_pages.letters().template(batch.template)


def progress_of(batch: Batch) -> Progress:
    """How far it is, and how fast."""
    counts = _counts(BatchLetter.batch_id == batch.id).get(batch.id, {})
    newest = (
        select(BatchLetter.made_at)
        .where(BatchLetter.batch_id == batch.id, BatchLetter.state == LetterState.MADE)
        .order_by(BatchLetter.made_at.desc())
        .limit(200)
    )
    at_work = BatchState(batch.state).is_at_work
    made_at: list[datetime] = [one for one in db.session.scalars(newest) if one] if at_work else []
    return Progress(**counts, per_second=pace(made_at, clock.now()))


def failed_letters(batch: Batch) -> list[BatchLetter]:
    """The letters that need somebody, in the order of the pile, each with its reason."""
    query = select(BatchLetter).where(
        BatchLetter.batch_id == batch.id, BatchLetter.state == LetterState.FAILED, not_stopping()
    )
    return list(db.session.scalars(query.order_by(BatchLetter.position)))


def not_stopping() -> ColumnElement[bool]:
    """What a query for letters to show or hand out asks: their signer does not wait to be erased.

    Only sign-ups of those who did not stop are found by a query, so that the letter of one who did has none.
    """
    there = select(SignUp.id).where(SignUp.id == BatchLetter.sign_up_id).exists()
    return or_(BatchLetter.sign_up_id.is_(None), there)


def told_beyond(batch: Batch) -> frozenset[Kind]:
    """The kinds of fact that its letters tell and that are not agreed to any more."""
    agreement = agreements.agreement_on(batch.case, clock.today())
    return beyond(batch.told, template_of(batch).audience, agreement)


def why_stopped(batch: Batch) -> list[str]:
    """Why no further letter of it can be made as things are, in sentences; empty when it can."""
    found = lacking(batch.case, batch.template)
    is_other = letter_pages.letters().wording_hash(batch.template) != batch.template_sha256
    return found + ([CHANGED_WORDS] if is_other else [])


def pause(batch: Batch, actor: User | None) -> None:
    """Begin no further letter of it. What was made stays."""
    _move(batch, BatchState.PAUSED, "batch paused", actor)


def resume(batch: Batch, actor: User) -> None:
    """Go on, with the words that this kind of letter has today. Raises CaseworkError for what is not agreed to."""
    for sentence in lacking(batch.case, batch.template):
        raise CaseworkError(sentence)
    batch.template_sha256 = letter_pages.letters().wording_hash(batch.template)
    _move(batch, BatchState.WAITING, "batch resumed", actor)
    something_to_do.set()


def cancel(batch: Batch, actor: User) -> int:
    """Make no more of it, for good; how many letters were made before, which stay."""
    db.session.execute(
        update(BatchLetter)
        .where(
            BatchLetter.batch_id == batch.id, BatchLetter.state.in_((LetterState.WAITING, LetterState.FAILED))
        )
        .values(state=LetterState.CANCELLED, reason=None)
    )
    _move(batch, BatchState.CANCELLED, "batch cancelled", actor)
    return progress_of(batch).made


def retry(batch: Batch, actor: User, letter_id: int | None = None) -> int:
    """Try the letters again that failed, or one of them; how many those are. Raises OutOfDate where none is left."""
    if batch.state == BatchState.CANCELLED:
        raise OutOfDate("This was cancelled meanwhile, so nothing of it is tried again.")
    query = update(BatchLetter).where(
        BatchLetter.batch_id == batch.id, BatchLetter.state == LetterState.FAILED
    )
    if letter_id is not None:
        query = query.where(BatchLetter.id == letter_id)
    again = query.values(state=LetterState.WAITING, reason=None, tries=0)
    number = cast("CursorResult[None]", db.session.execute(again)).rowcount
    if not number:
        db.session.rollback()
        raise OutOfDate("Nothing is left to try again here.")
    audit.record("letters of a batch tried again", actor, batch.case, batch=batch.id, letters=number)
    if batch.state == BatchState.DONE:
        _move(batch, BatchState.WAITING, "", actor)
    db.session.commit()
    something_to_do.set()
    return number


def _move(batch: Batch, then: BatchState, action: str, actor: User | None) -> None:
    """Bring a batch into another state and save. Raises OutOfDate when somebody, or a worker, was there first."""
    befores = [one for one in BatchState if may_become(one, then)]
    moved = db.session.execute(
        update(Batch)
        .where(Batch.id == batch.id, Batch.state.in_(befores))
        .values(state=then, finished_at=clock.now() if then is BatchState.CANCELLED else None)
    )
    if not cast("CursorResult[None]", moved).rowcount:
        db.session.rollback()
        raise OutOfDate("This batch is not in that state any more. Look at it once more.")
    if action:
        audit.record(action, actor, batch.case, batch=batch.id)
    db.session.commit()
    db.session.refresh(batch)


def seats_of(batch: Batch) -> dict[str, str]:
    """The names of the constituencies of its letters, by their codes."""
    codes = db.session.scalars(
        select(BatchLetter.gss_code).where(BatchLetter.batch_id == batch.id).distinct()
    )
    return {code: directory().constituency(code).name for code in codes}
