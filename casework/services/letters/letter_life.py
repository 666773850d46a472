"""The life of a letter after it is drafted: who read it, how it went, that it is void, and taking a mistake back."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from casework import clock
from casework.domain.errors import CaseworkError, OutOfDate
from casework.domain.letters.letter_life import (
    READ_BY,
    SENT_HOW,
    Step,
    check_copies,
    check_reading,
    check_sending,
)
from casework.domain.said import of_ours, on_day
from casework.domain.timing.settling import SettledAs
from casework.domain.words import say
from casework.services import saving
from casework.services.letters import letters
from casework.services.letters.correspondence import as_paper
from casework.services.letters.letter_checks import is_read, words_of
from casework.services.parliament import chasing
from casework.services.safety import audit
from casework.services.timing import recounting
from casework.services.timing.effects import Effects
from casework.storage.database import db
from casework.storage.models import AuditEvent, Correspondence, Deadline, Letter, LetterReading, User

VOIDED = "the letter was made void"
OTHER_DAY = "the letter went out on this day"
# Whom a paper was given to, and how many copies: facts that are told when it went out.
GIVEN = ("given_to", "copies")
OTHER_WAY = "the letter went out in this way"
WENT_ON = "This can no longer be undone: somebody went on from it. Look at how it stands now."
# How the trail says that a letter may be on paper: by the page that handed it out, or in other words.
DOWNLOADS = ("letters.download", "letters.to_fill_in", "packs.download")
TAKEN_OUT = (audit.LOOK, "pack made", "letter printed at the machine")

# What the steps of a letter's life are called.
DRAFTED, READ, MADE, ISSUED = "Drafted", "Read", "Made", "Issued"
GIVEN_OUT, SENT, ANSWERED = "Given out", "Sent", "Answered"


def record_reading(
    letter: Letter, who: str, name: str | None, on: date | None, version: int, actor: User
) -> LetterReading:
    """Keep that the person or the lawyer read the draft as it stands.

    Raises CaseworkError at the field that cannot be right, OutOfDate when the draft was changed or issued meanwhile.
    """
    if letter.issued_at or letter.version != version:
        raise OutOfDate("The draft was changed meanwhile. Look at it again: did they read these words?")
    check_reading(who, name, on, clock.today())
    row = LetterReading(
        letter=letter, who=who, name=letter.case.person_name if who == "person" else name, read_on=on,
        words_sha256=words_of(letter), recorded_at=clock.now(), recorded_by=actor,
    )  # fmt: skip
    db.session.add(row)
    audit.record("draft read", actor, letter.case, letter=letter.id, who=who)
    saving.commit(letters.SAVED_MEANWHILE)
    return row


def mark_sent(
    letter: Letter, how: str, on: date | None, actor: User, *, given: Mapping[str, str] | None = None
) -> Letter:
    """Keep how and when an issued letter left the house; the day to ring the MP's office is counted from then.

    `given` says to whom a paper that goes to no MP was given, and how many copies.

    Raises CaseworkError at the field that cannot be right.
    """
    _refuse_unless_good(letter)
    paper = letters.paper_of(letter)
    issued_on = clock.day_of(letter.issued_at or clock.now())
    answered = [as_paper(one).day for one in paper.answered_by] if paper else []
    check_sending(how, on, issued_on, answered, clock.today())
    if given:
        check_copies(given.get("copies", ""))
        letter.facts = {**letter.facts, **given}
    letter.sent_on, letter.sent_how = on, how
    _count_from(paper, on or issued_on, how, actor)
    audit.record("letter sent", actor, letter.case, letter=letter.id, how=how)
    saving.commit(letters.SAVED_MEANWHILE)
    return letter


def void_letter(letter: Letter, because: str | None, actor: User) -> Letter:
    """Make an issued letter void. It stays as it is, in the archive and in the file; nothing is waited for any more.

    Raises CaseworkError without a reason.
    """
    _refuse_unless_good(letter)
    if not because:
        raise CaseworkError("Say why this letter is void.", field="because")
    letter.voided_at, letter.voided_because = clock.now(), because
    paper = letters.paper_of(letter)
    if paper is not None:
        Effects(letter.case, actor).settle_answered(paper, VOIDED, clock.today(), SettledAs.ENDED)
    audit.record("letter made void", actor, letter.case, letter=letter.id, sent=bool(letter.sent_on))
    saving.commit(letters.SAVED_MEANWHILE)
    return letter


def take_back(letter: Letter, facts: Mapping[str, Any], actor: User) -> None:
    """Undo what this person just did to a letter: `facts` are those of the offer, with what was done and what was.

    Raises OutOfDate when somebody went on from it.
    """
    if letter.version != facts.get("version") or facts.get("what") not in _UNDO:
        raise OutOfDate(WENT_ON)
    what = str(facts["what"])
    _UNDO[what](letter, facts.get("was"), actor)
    audit.record("undone", actor, letter.case, letter=letter.id, what=what)
    saving.commit(letters.SAVED_MEANWHILE)


def steps(letter: Letter) -> list[Step]:
    """The letter's life so far, and what is to come, as a page shows it."""
    template = letters.template_of(letter)
    sheet = template.sheet
    drafted = Step("drafted", DRAFTED, clock.day_of(letter.drafted_at), (letter.drafted_by.name,), done=True)
    issued_on = clock.day_of(letter.issued_at) if letter.issued_at else None
    by = (letter.issued_by.name,) if letter.issued_by else ()
    found = [drafted, _read(letter)] if template.blocks else [drafted]
    found.append(Step("issued", MADE if sheet else ISSUED, issued_on, by, bool(by)))
    how = (SENT_HOW[letter.sent_how],) if letter.sent_how in SENT_HOW else ()
    found.append(Step("sent", GIVEN_OUT if sheet else SENT, letter.sent_on, how, letter.sent_on is not None))
    if not sheet:
        found.append(_answered(letter))
    if letter.voided_at:
        found.append(Step("void", "Made void", clock.day_of(letter.voided_at), done=True))
    return found


def _read(letter: Letter) -> Step:
    now = words_of(letter)
    said = tuple(_who_read(one, is_of_now=one.words_sha256 == now) for one in letter.readings)
    return Step("read", READ, said=said, done=is_read(letter))


def _who_read(one: LetterReading, *, is_of_now: bool) -> str:
    told = {"name": one.name, "who": of_ours(READ_BY[one.who]), "on": on_day(one.read_on, weekday=True)}
    if is_of_now:
        return say("{name}, {who}, on {on}", **told)
    return say("An earlier draft was read by {name}, {who}, on {on}", **told)


def _answered(letter: Letter) -> Step:
    paper = letters.paper_of(letter)
    answers = sorted((as_paper(one) for one in paper.answered_by), key=lambda one: one.day) if paper else []
    said = tuple(say("{words}, {on}", words=one.words, on=on_day(one.day, weekday=True)) for one in answers)
    return Step("answered", ANSWERED, said=said, done=bool(answers))


def _refuse_unless_good(letter: Letter) -> None:
    if letter.issued_at is None:
        raise CaseworkError("This is a draft. Issue it first.")
    if letter.voided_at is not None:
        raise OutOfDate("This letter is void. Make a corrected letter instead.")


def _count_from(paper: Correspondence | None, day: date, how: str | None, actor: User) -> None:
    """Let the file say that the letter went on this day, and count its open dates from there.

    Nobody is rung about a letter on the day on which it was posted.
    """
    if paper is None:
        return
    moved, paper.sent_on = paper.sent_on != day, day
    for row in _dates_of(paper):
        variant = _variant(row, how)
        if row.settled_on is None and (moved or variant != row.variant):
            row.event_on, row.variant = day, variant
            recounting.count_again(row, actor, OTHER_DAY if moved else OTHER_WAY)


def _variant(row: Deadline, how: str | None) -> str | None:
    """Which length of a date holds for a letter that went out in this way."""
    if row.rule_key != chasing.CHASE_RULE or row.variant == chasing.ORDINARY:
        return row.variant
    return chasing.POSTED if how == "post" else chasing.URGENT


def _bring_back(letter: Letter, was: object, actor: User) -> None:
    letter.discarded_at = None


def _unread(letter: Letter, was: object, actor: User) -> None:
    letter.readings = [one for one in letter.readings if one.id != was]


def _unsend(letter: Letter, was: Any, actor: User) -> None:
    """Put back what was said before of how it went."""
    day, how, *more = was or (None, None)
    given = more[0] if more else {}
    letter.facts = {**letter.facts, **{name: given.get(name) or "" for name in GIVEN}}
    letter.sent_on, letter.sent_how = date.fromisoformat(day) if day else None, how
    issued_on = clock.day_of(letter.issued_at or clock.now())
    _count_from(letters.paper_of(letter), letter.sent_on or issued_on, how, actor)


def _unvoid(letter: Letter, was: object, actor: User) -> None:
    letter.voided_at = letter.voided_because = None
    if (paper := letters.paper_of(letter)) is not None:
        _open_again(paper, VOIDED, actor)


def _unissue(letter: Letter, was: object, actor: User) -> None:
    """Make a draft again of a letter that nobody can hold yet, and take it out of the file.

    Raises OutOfDate when its PDF was downloaded, when it was answered or corrected, or when its date was changed.
    """
    paper = letters.paper_of(letter)
    rows = _dates_of(paper) if paper else []
    changed = any(row.version > 1 or row.settled_on or row.owner_id for row in rows)
    corrected = db.session.scalar(select(Letter.id).where(Letter.replaces_id == letter.id))
    if changed or corrected or (paper and paper.answered_by):
        raise OutOfDate(WENT_ON)
    if _may_be_on_paper(letter):
        raise OutOfDate(
            "This can no longer be undone: a PDF of this case was made or downloaded since, so the letter may be on "
            "paper. Make it void instead, and say why."
        )
    for row in (*rows, *([paper] if paper else [])):
        db.session.delete(row)
    if letter.replaces_id and (before := db.session.get(Letter, letter.replaces_id)):
        old = letters.paper_of(before)
        if old is not None:
            _open_again(old, letters.REPLACED, actor)
    letter.facts = {name: told for name, told in letter.facts.items() if name not in letters.KEPT_AT_ISSUE}
    letter.issued_at = letter.issued_by = letter.sha256 = letter.pages = letter.template_sha256 = None
    letter.without_authority_because = None


def _may_be_on_paper(letter: Letter) -> bool:
    """Whether anybody took a letter or a pack of this case out of the program since this one was issued."""
    lines = select(AuditEvent).where(
        AuditEvent.case_id == letter.case_id,
        AuditEvent.at >= letter.issued_at,
        AuditEvent.action.in_(TAKEN_OUT),
    )
    return any(
        line.action != audit.LOOK or (line.facts or {}).get("page") in DOWNLOADS
        for line in db.session.scalars(lines)
    )


def _open_again(paper: Correspondence, because: str, actor: User) -> None:
    """Open the dates of a letter again that were ended for this reason."""
    for row in _dates_of(paper):
        if row.settled_how == because:
            row.settled_on = row.settled_as = row.settled_how = row.settled_by_id = None
            audit.record("date reopened", actor, paper.case, deadline=row.id, because="undone")


def _dates_of(paper: Correspondence) -> Iterable[Deadline]:
    return db.session.scalars(select(Deadline).where(Deadline.correspondence_id == paper.id)).all()


_UNDO: dict[str, Callable[[Letter, Any, User], None]] = {
    "discarded": _bring_back,
    "read": _unread,
    "sent": _unsend,
    "void": _unvoid,
    "issued": _unissue,
}
