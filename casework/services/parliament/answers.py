"""Answers read closely: each laid beside the letter it answers, question by question."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from casework import clock
from casework.domain.errors import CaseworkError, NotFound, OutOfDate
from casework.domain.letters.correspondence import Kind
from casework.domain.parliament.answers import (
    MOST_QUESTIONS,
    Asked,
    Finality,
    Found,
    Reading,
    Signer,
    Will,
    as_questions,
    check,
    tally,
    tally_words,
)
from casework.services import saving
from casework.services.consent import need_to_know
from casework.services.letters import correspondence
from casework.services.parliament import chasing
from casework.services.safety import audit
from casework.storage.database import db
from casework.storage.models import AnswerMap, AnswerQuestion, Case, Correspondence, FollowUp, User

CHANGED = (
    "Somebody saved this while you were typing. Yours is still here: compare it with theirs, and save again."
)
HIDDEN_FROM_YOU = (
    "Somebody has read this answer already, and what they found is hidden from you. Ask somebody on the team who sees "
    "all of it."
)
NO_PROMISE = "The answer was read again: it does not promise this."


@dataclass(frozen=True)
class AnswerFacts:
    """What somebody found about an answer as a whole. `words` are its own, typed from the paper."""

    finality: Finality | None = None
    signed_by: Signer | None = None
    signer: str | None = None
    words: str | None = None
    beside_id: int | None = None
    will: Will | None = None  # what an MP's office will do, and what it wants first
    only_if: str | None = None


def get_answer(case: Case, paper_id: int) -> Correspondence:
    """A letter of this case that came in, and so can be read as an answer. Raises NotFound."""
    paper = correspondence.get_paper(case, paper_id)
    if not Kind(paper.kind).comes_in:
        raise NotFound("This letter went out. Only a letter that came in is read as an answer.")
    return paper


def map_of(paper: Correspondence) -> AnswerMap | None:
    """How this letter was read; None where nobody began to."""
    return db.session.scalar(select(AnswerMap).where(AnswerMap.correspondence_id == paper.id))


def questions_of(read: AnswerMap) -> list[AnswerQuestion]:
    """The questions of a map in their order, those that were left out too."""
    rows = select(AnswerQuestion).where(AnswerQuestion.map_id == read.id).order_by(AnswerQuestion.id)
    return list(
        db.session.scalars(
            rows.options(joinedload(AnswerQuestion.follow_up), joinedload(AnswerQuestion.read_by))
        )
    )


def asked_in(read: AnswerMap) -> list[Asked]:
    """The questions of a map with what was found, without those that were left out."""
    return [as_asked(row) for row in questions_of(read) if row.dropped_at is None]


def summary(read: AnswerMap | None) -> str:
    """How many questions were found to be what: "2 answered, 1 dodged"; empty where nobody read the answer."""
    return tally_words(tally(asked_in(read))) if read else ""


def as_asked(row: AnswerQuestion) -> Asked:
    """A question as the rules see it."""
    follow_up = row.follow_up
    return Asked(
        row.asked,
        Reading(
            Found(row.found) if row.found else None, row.quote, row.truth, row.promise, row.promised_by,
            row.promised_on,
        ),
        chase_on=follow_up.due_on if follow_up else row.promised_on,
        kept=bool(follow_up and follow_up.done_on),
    )  # fmt: skip


def begin(
    case: Case, paper_id: int, facts: AnswerFacts, questions: str, actor: User
) -> tuple[AnswerMap, bool]:
    """Begin to read an answer for these questions, one a line; the map, and whether it was begun by this.

    Where somebody began at the same time, theirs stays and what it lacks of these questions is added to it: what else
    was typed here is for the caller to show. Raises CaseworkError where they began it hidden from this person.
    """
    paper = get_answer(case, paper_id)
    wanted = as_questions(questions)
    if (read := map_of(paper)) is not None:
        _add(read, wanted, actor)
        return read, False
    read = AnswerMap(case_id=case.id, paper=paper, begun_at=clock.now(), begun_by=actor)
    _fill(case, read, facts)
    try:
        db.session.add(read)
        db.session.flush()
    except IntegrityError:
        db.session.rollback()
        if map_of(get_answer(case, paper_id)) is None:
            raise CaseworkError(HIDDEN_FROM_YOU) from None
        return begin(case, paper_id, facts, questions, actor)
    need_to_know.hide_as_its_letters(read)
    audit.record("answer read beside our letter", actor, case, letter=paper.id)
    _add(read, wanted, actor)
    return read, True


def change_facts(case: Case, paper_id: int, facts: AnswerFacts, version: int, actor: User) -> AnswerMap:
    """Change what was found about the answer as a whole. Raises OutOfDate when another saved since this version."""
    read = get_map(case, paper_id)
    if read.version != version:
        raise OutOfDate(CHANGED)
    _fill(case, read, facts)
    need_to_know.hide_as_its_letters(read)
    audit.record("answer read again", actor, case, letter=read.correspondence_id)
    saving.commit(CHANGED)
    return read


def get_map(case: Case, paper_id: int) -> AnswerMap:
    """How an answer of this case was read. Raises NotFound."""
    read = map_of(get_answer(case, paper_id))
    if read is None:
        raise NotFound("Nobody has begun to read this answer beside our letter.")
    return read


def add_questions(case: Case, paper_id: int, questions: str, actor: User) -> list[AnswerQuestion]:
    """Add these questions, one a line, to those of an answer; what stands there already is not asked twice."""
    return _add(get_map(case, paper_id), as_questions(questions), actor)


def get_question(case: Case, paper_id: int, question_id: int) -> AnswerQuestion:
    """One question of an answer of this case. Raises NotFound."""
    read = get_map(case, paper_id)
    row = db.session.scalar(
        select(AnswerQuestion).where(AnswerQuestion.id == question_id, AnswerQuestion.map_id == read.id)
    )
    if row is None:
        raise NotFound("There is no such question at this answer.")
    return row


def save_question(
    case: Case, paper_id: int, question_id: int, asked: str, reading: Reading, version: int, actor: User
) -> AnswerQuestion:
    """Keep what the answer says to one question, and chase what it promises.

    Raises OutOfDate when another saved since this version was read, and CaseworkError for what is missing.
    """
    row = get_question(case, paper_id, question_id)
    if row.version != version:
        raise OutOfDate(CHANGED)
    (worded,) = as_questions(" ".join(asked.split())) or [row.asked]
    check(reading, answered_on(row.map.paper))
    promised = reading.found is Found.PROMISED
    row.asked, row.found, row.quote, row.read_by = worded, reading.found, reading.quote, actor
    row.truth = reading.truth if reading.found is Found.WRONG else None
    row.promise = reading.promise if promised else None
    row.promised_by = reading.promised_by if promised else None
    before, row.promised_on = row.promised_on, reading.promised_on if promised else None
    _chase(case, row, moved=before != row.promised_on)
    audit.record(
        "question read",
        actor,
        case,
        letter=row.map.correspondence_id,
        question=row.id,
        found=row.found or "none",
    )
    saving.commit(CHANGED)
    return row


def leave_out(case: Case, paper_id: int, question_id: int, actor: User, *, out: bool = True) -> None:
    """Leave a question out, or with `out=False` take it up again; what was found in it stays."""
    row = get_question(case, paper_id, question_id)
    if (row.dropped_at is not None) == out:
        return
    row.dropped_at = clock.now() if out else None
    action = "question left out" if out else "question taken up again"
    audit.record(action, actor, case, letter=row.map.correspondence_id, question=row.id)
    saving.commit(CHANGED)


def next_unread(read: AnswerMap, after: int = 0) -> AnswerQuestion | None:
    """The first question that nobody read yet, those after this id before the others; None when all are read."""
    open_ones = [row for row in questions_of(read) if row.found is None and row.dropped_at is None]
    return next((row for row in open_ones if row.id > after), next(iter(open_ones), None))


def facts_of(read: AnswerMap) -> AnswerFacts:
    """What is kept about the answer as a whole."""
    return AnswerFacts(
        Finality(read.finality) if read.finality else None,
        Signer(read.signed_by) if read.signed_by else None,
        read.signer,
        read.words,
        read.beside_id,
        Will(read.will) if read.will else None,
        read.only_if,
    )


def answered_on(paper: Correspondence) -> date:
    """The day of an answer: the one that it bears, else when it was sent, came, or was recorded."""
    return paper.dated or paper.sent_on or paper.received_on or clock.day_of(paper.recorded_at)


def answer_that_promised(row: FollowUp) -> Correspondence | None:
    """The letter in which this was promised, where it was one that may be seen; None for a promise made elsewhere."""
    return db.session.scalar(
        select(Correspondence)
        .join(AnswerMap, AnswerMap.correspondence_id == Correspondence.id)
        .join(AnswerQuestion, AnswerQuestion.map_id == AnswerMap.id)
        .where(AnswerQuestion.follow_up_id == row.id, Correspondence.case_id == row.case_id)
    )


def _fill(case: Case, read: AnswerMap, facts: AnswerFacts) -> None:
    if facts.beside_id is not None and facts.beside_id == read.paper.id:
        raise CaseworkError("Choose another letter: this is the answer itself.", field="beside")
    beside = correspondence.get_paper(case, facts.beside_id) if facts.beside_id else None
    if facts.will is Will.ONLY_IF and not facts.only_if:
        raise CaseworkError("Say what they want first.", field="only_if")
    read.finality, read.signed_by = facts.finality, facts.signed_by
    read.will, read.only_if = facts.will, facts.only_if if facts.will is Will.ONLY_IF else None
    read.signer, read.words = facts.signer, facts.words
    read.beside_id = beside.id if beside else None


def _add(read: AnswerMap, wanted: list[str], actor: User) -> list[AnswerQuestion]:
    """Add what is not asked yet, and save. Raises CaseworkError where there would be too many."""
    there = questions_of(read)
    known = {row.asked.casefold() for row in there}
    new = [one for one in wanted if one.casefold() not in known]
    if len(there) + len(new) > MOST_QUESTIONS:
        raise CaseworkError(
            f"An answer has {MOST_QUESTIONS} questions at most. Put some together.", field="questions"
        )
    rows = [
        AnswerQuestion(case_id=read.case_id, map_id=read.id, asked=one, hidden=read.hidden) for one in new
    ]
    db.session.add_all(rows)
    if rows:
        audit.record("questions added", actor, read.case, letter=read.correspondence_id, questions=len(rows))
    saving.commit(CHANGED)
    return rows


def _chase(case: Case, row: AnswerQuestion, *, moved: bool) -> None:
    """Have what was promised stand in the dates, on the day that was named, else on our own day to ring."""
    if row.found != Found.PROMISED:
        if row.follow_up is not None and row.follow_up.done_on is None:
            row.follow_up.done_on, row.follow_up.done_note = clock.today(), NO_PROMISE
        row.follow_up = None
        return
    due_on = row.promised_on or chasing.chase_day(case, clock.today())
    what, who = row.promise or "", row.promised_by or row.map.signer
    if row.follow_up is None:
        row.follow_up = FollowUp(case=case, what=what, who=who, due_on=due_on, hidden=row.hidden)
        return
    row.follow_up.what, row.follow_up.who = what, who
    if moved:
        row.follow_up.due_on, row.follow_up.done_on, row.follow_up.done_note = due_on, None, None
