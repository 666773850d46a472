"""Supporters who stop: hidden from every list at once, and truly gone when half a minute for the undo is over.

Until then their rows stay as they were, with `stopped_at` set, and every query leaves them out. The first page that
anybody opens after that half minute erases them, and so does the start of the program: there is no clock of its own
that could be forgotten. Who stops by their own link is asked once and erased at once, without an undo.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Select, delete, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError

from casework import clock
from casework.domain.campaign.supporters import STOPPED_FOR
from casework.domain.errors import OutOfDate
from casework.domain.timing.settling import SettledAs
from casework.services.campaign import supporters
from casework.services.campaign.stopped_traces import (
    empty_batches,
    empty_calls,
    empty_imports,
    empty_plans,
    empty_words,
)
from casework.services.letters import letters, papers
from casework.services.letters.letter_life import VOIDED
from casework.services.safety import audit
from casework.storage.database import db
from casework.storage.models import Case, Deadline, Letter, SignUp, Supporter, User
from casework.storage.models.supporters import EVEN_STOPPED

OVER = "This can no longer be undone: they are gone, as they asked."
WHY_VOID = "The supporter who signed it asked to stop."
BY_LINK = "Whoever had the link"
BY_ITSELF = "Casework, by itself"
RECALL = "recall"


@dataclass(frozen=True)
class Erased:
    """What became of the papers of those who stopped: numbers of letters."""

    drafts: int = 0
    void: int = 0
    cancelled: int = 0
    sent: int = 0
    handed_over: int = 0

    def __add__(self, other: "Erased") -> "Erased":
        return Erased(*(one + two for one, two in zip(self._all, other._all, strict=True)))

    @property
    def _all(self) -> tuple[int, ...]:
        return (self.drafts, self.void, self.cancelled, self.sent, self.handed_over)


def stop(case: Case, supporter_id: int, actor: User) -> SignUp:
    """Take a supporter off the list of this case. Nobody is shown them any more; soon they are erased."""
    row = supporters.get_sign_up(case, supporter_id)
    row.stopped_at = clock.now()
    audit.record("supporter stopped", actor, case, supporter=supporter_id)
    db.session.commit()
    return row


def take_back(case: Case, sign_up_id: int, actor: User) -> None:
    """Put somebody back on the list who was taken off a moment ago. Raises OutOfDate once they are gone."""
    query = select(SignUp).where(
        SignUp.id == sign_up_id, SignUp.case_id == case.id, SignUp.stopped_at.is_not(None)
    )
    row = db.session.scalar(query, execution_options=EVEN_STOPPED)
    if row is None:
        raise OutOfDate(OVER)
    row.stopped_at = None
    audit.record("undone", actor, case, what="supporter stopped")
    db.session.commit()


def erase_stopped() -> int:
    """Erase those whose half minute is over; how many sign-ups it were.

    Where another request erases at the same moment, or holds the database, it is left to that one or to the next.
    """
    query = select(SignUp).where(SignUp.stopped_at < clock.now() - STOPPED_FOR)
    rows = db.session.scalars(query, execution_options=EVEN_STOPPED).all()
    return len(rows) if rows and erase_unless_busy(rows, BY_ITSELF) else 0


def erase_unless_busy(rows: Iterable[SignUp], signed: str) -> bool:
    """Erase these, unless another is at it; whether it was done."""
    try:
        erase(rows, None, signed)
    except (StaleDataError, OperationalError):
        db.session.rollback()
        return False
    return True


def stop_by_link(supporter: Supporter, case_ids: Iterable[int] | None = None) -> Erased:
    """Erase a supporter who stops by their own link: for these cases, or for all and altogether."""
    query = select(SignUp).where(SignUp.supporter_id == supporter.id)
    if case_ids is not None:
        query = query.where(SignUp.case_id.in_(list(case_ids)))
    rows = db.session.scalars(query, execution_options=EVEN_STOPPED).all()
    for row in rows:
        audit.record("supporter stopped", None, row.case, signed=BY_LINK, supporter=supporter.id)
    return erase(rows, None, BY_LINK)


def erase(rows: Iterable[SignUp], actor: User | None, signed: str) -> Erased:
    """Erase what these supporters left in these cases; who signed up to no other is gone altogether.

    Letters that were sent stay, and of letters that were handed over only that one was.
    """
    files, total = defaultdict[Case, set[str]](set), Erased()
    for row in rows:
        found = _papers(row, files[row.case]) + _batches(row)
        total += found
        empty_imports(row)
        empty_calls([row.id])
        empty_words(row)
        audit.record(
            "supporter erased", actor, row.case, signed=signed, supporter=row.supporter_id,
            drafts=found.drafts, void=found.void, cancelled=found.cancelled, sent=found.sent,
        )  # fmt: skip
        _forget(row)
    db.session.commit()
    # First the rows, then the files: a machine that stops between the two leaves a file that nothing names.
    for case, names in files.items():
        papers.remove_unnamed(case, names)
    return total


def _forget(row: SignUp) -> None:
    supporter = row.supporter
    others = select(SignUp.id).where(SignUp.supporter_id == supporter.id, SignUp.id != row.id)
    has_others = db.session.scalar(others.limit(1), execution_options=EVEN_STOPPED)
    db.session.delete(row)
    db.session.flush()
    if has_others is None:
        empty_plans(supporter)
        db.session.execute(delete(Supporter).where(Supporter.id == supporter.id))
        db.session.expunge(supporter)


def _papers(row: SignUp, files: set[str]) -> Erased:
    drafts = void = sent = 0
    for letter in db.session.scalars(_letters_of(row)):
        letter.supporter_id = None
        if letter.sent_on is not None:
            sent += 1
        elif letter.issued_at is None:
            drafts += letter.discarded_at is None
            letter.discarded_at = letter.discarded_at or clock.now()
            letter.blocks, letter.facts = {}, {}
        else:
            void += letter.voided_at is None
            _void(letter, files)
    return Erased(drafts=drafts, void=void, sent=sent)


def _letters_of(row: SignUp) -> Select[Letter]:
    """The letters that they signed in this case, and those that ask something back from them."""
    from_them = Letter.facts["recall_from"].as_string() == f"supporter {row.supporter_id}"
    of_them = (Letter.supporter_id == row.supporter_id) | ((Letter.template == RECALL) & from_them)
    return select(Letter).where(Letter.case_id == row.case_id, of_them)


def _void(letter: Letter, files: set[str]) -> None:
    """Make an issued letter void that was not sent, without a word of it: neither text nor PDF stays."""
    paper = letters.paper_of(letter)
    if paper is not None:
        paper.recipient = letter.member_name
        for date_ in db.session.scalars(select(Deadline).where(Deadline.correspondence_id == paper.id)):
            if date_.settled_on is None:
                date_.settled_on, date_.settled_as = clock.today(), SettledAs.ENDED
                date_.settled_how = VOIDED
    if letter.sha256:
        files.add(letter.sha256)
    letter.voided_at, letter.voided_because = letter.voided_at or clock.now(), WHY_VOID
    letter.blocks, letter.facts, letter.sha256, letter.pages = (
        {},
        {"told": letter.facts.get("told", [])},
        None,
        None,
    )
    letter.without_authority_because = None


def _batches(row: SignUp) -> Erased:
    cancelled, handed_over = empty_batches(row)
    return Erased(cancelled=cancelled, handed_over=handed_over)
