"""Letters: drafted from the case, changed by people, issued once and then frozen."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm.exc import StaleDataError

from casework import clock
from casework.domain.errors import CaseworkError, NotFound, OutOfDate
from casework.domain.letters.letter_life import FACTS
from casework.domain.letters.letters import (
    LetterTemplate,
    Missing,
    missing_in_blocks,
    missing_values,
    refuse_unfinished,
)
from casework.domain.timing.settling import SettledAs
from casework.services import saving
from casework.services.campaign import own_words
from casework.services.campaign.supporters import get_supporter, hear_from
from casework.services.letters import (
    correspondence,
    disclosure,
    letter_checks,
    letter_pages,
    letter_readers,
    letter_signers,
    letter_topics,
    papers,
)
from casework.services.letters.letter_readers import addressed
from casework.services.safety import audit
from casework.services.timing.effects import Effects
from casework.storage.database import db
from casework.storage.models import (
    AnswerMap,
    AuditEvent,
    Case,
    Correspondence,
    Letter,
    Supporter,
    User,
)

# What a draft and its correction keep, beside what is typed into them.
KEPT = (*FACTS, "recalls", "recall_from")
# What issuing adds to the facts of a letter.
KEPT_AT_ISSUE = ("printed", "told", "given_to", "copies")
SAVED = "draft saved"
AT_WORK = timedelta(minutes=10)
REPLACED = "a corrected letter went in its place"
SAVED_MEANWHILE = "Somebody saved this letter at the same moment. Look at it once more."


def templates() -> list[LetterTemplate]:
    """Every kind of letter and sheet that is offered, in the order of the list."""
    known = letter_pages.letters()
    return [one for one in known.templates.values() if one.key not in known.retired]


def sheets() -> set[str]:
    """The keys of those that go to nobody by post."""
    return {one.key for one in templates() if one.sheet}


def template_of(letter: Letter) -> LetterTemplate:
    """The kind of this letter."""
    return letter_pages.letters().template(letter.template)


def list_letters(case: Case) -> list[Letter]:
    """The drafts and the issued letters of a case, the newest first; what was thrown away is left out."""
    query = select(Letter).where(Letter.case_id == case.id, Letter.discarded_at.is_(None))
    return list(db.session.scalars(query.order_by(Letter.id.desc())))


def list_drafts(case: Case) -> list[Letter]:
    """The drafts of a case, the newest first."""
    return [row for row in list_letters(case) if row.issued_at is None]


def get_letter(case: Case, letter_id: int, *, even_gone: bool = False) -> Letter:
    """One of the letters of this case; `even_gone`, then also a draft that was thrown away. Raises NotFound."""
    letter = db.session.get(Letter, letter_id)
    if letter is None or letter.case_id != case.id or (letter.discarded_at and not even_gone):
        raise NotFound("There is no such letter in this case.")
    return letter


def draft_letter(
    case: Case, key: str, actor: User, *, gss_code: str | None = None, supporter_id: int | None = None
) -> Letter:
    """A new draft, filled in from the case. What is not known stands in [brackets].

    Raises CaseworkError when the letter needs an MP and has none, the seat is vacant, or the supporter who signs
    lives in another constituency than the MP's.
    """
    template = letter_pages.letters().template(key)
    supporter = get_supporter(case, supporter_id) if supporter_id else None
    gss_code = gss_code if template.may_name_member else None
    letter_readers.check_reader(template, gss_code)
    if template.to in ("own_member", "former_home_member") and supporter and supporter.gss_code != gss_code:
        raise CaseworkError(
            f"{supporter.name} does not live in this MP’s constituency. Choose {supporter.name}’s own MP.",
            field="gss_code",
        )
    if supporter:
        hear_from(supporter)
    facts = letter_signers.first_facts(case, template, supporter, actor)
    letter = add_draft(case, template, actor, facts, gss_code=gss_code, supporter=supporter)
    db.session.commit()
    return letter


def add_draft(
    case: Case,
    template: LetterTemplate,
    actor: User,
    facts: dict[str, Any],
    *,
    gss_code: str | None = None,
    supporter: Supporter | None = None,
) -> Letter:
    """Add a draft filled from the case and these facts, without saving it yet."""
    now = clock.now()
    letter = Letter(
        case=case, template=template.key, gss_code=gss_code, supporter=supporter, facts=facts,
        member_name=addressed(gss_code, clock.today()).name or None, drafted_at=now, saved_at=now, drafted_by=actor,
    )  # fmt: skip
    letter.blocks = letter_pages.letters().prefill(template.key, letter_pages.prefilled_from(letter))
    letter.facts = {name: letter.facts[name] for name in KEPT if name in letter.facts}
    db.session.add(letter)
    db.session.flush()
    audit.record("letter drafted", actor, case, letter=letter.id, template=template.key)
    return letter


def save_draft(
    letter: Letter,
    blocks: Mapping[str, str],
    facts: Mapping[str, Any],
    version: int,
    actor: User,
    *,
    ticks: Collection[str] | None = None,
    by_itself: bool = False,
) -> None:
    """Save what somebody changed. Raises OutOfDate when another saved since this version was read, or issued it.

    `ticks` as `letter_topics.clear` has them. A draft that saves itself as somebody types does so only for other
    words, and has one line of the trail for ten minutes.
    """
    _refuse_closed(letter)
    if letter.version != version:
        raise OutOfDate(
            "Somebody else saved this letter while you were typing. Yours is still here: compare it with theirs "
            "below, keep what is right, and save again."
        )
    names = template_of(letter).blocks
    words = {name: blocks.get(name, letter.blocks.get(name, "")) or "" for name in names}
    told = {**letter.facts, **{name: value or "" for name, value in facts.items() if name in FACTS}}
    told["cleared"] = letter_topics.clear(letter, words, ticks, actor)
    if by_itself and (words, told) == (letter.blocks, {"cleared": [], **letter.facts}):
        return
    letter.blocks, letter.facts, letter.saved_at = words, told, clock.now()
    if not (by_itself and _saved_lately(letter, actor)):
        audit.record(SAVED, actor, letter.case, letter=letter.id)
    saving.commit(SAVED_MEANWHILE)


def discard_draft(letter: Letter, actor: User) -> None:
    """Throw a draft away. An issued letter stays."""
    _refuse_closed(letter)
    letter.discarded_at = clock.now()
    audit.record("draft discarded", actor, letter.case, letter=letter.id)
    saving.commit(SAVED_MEANWHILE)


def correct_letter(letter: Letter, actor: User) -> Letter:
    """A new draft with the words of an issued letter, which stays as it was. A draft already begun is given back."""
    if letter.issued_at is None:
        return letter
    begun = db.session.scalar(
        select(Letter).where(
            Letter.replaces_id == letter.id, Letter.issued_at.is_(None), Letter.discarded_at.is_(None)
        )
    )
    if begun is not None:
        return begun
    now = clock.now()
    new = Letter(
        case=letter.case, template=letter.template, gss_code=letter.gss_code, member_name=letter.member_name,
        supporter=letter.supporter, blocks=dict(letter.blocks), replaces=letter, drafted_by=actor,
        facts={name: letter.facts[name] for name in KEPT if name in letter.facts}, drafted_at=now, saved_at=now,
    )  # fmt: skip
    db.session.add(new)
    db.session.flush()
    audit.record("correction begun", actor, letter.case, letter=new.id, replaces=letter.id)
    db.session.commit()
    return new


def gaps(letter: Letter) -> list[Missing]:
    """What the draft still lacks, each with its field, in words."""
    return (
        missing_in_blocks(letter.blocks)
        + missing_values(template_of(letter), letter_pages.values_of(letter))
        + own_words.gap(letter)
        + letter_checks.unusable_sender(letter)
    )


def issue_letter(letter: Letter, actor: User, *, because: str | None = None) -> Letter:
    """Freeze the letter: its PDF into the archive, the letter into the file, the day to chase it into the diary.

    All of it is saved together. The PDF is whole in the archive before any row speaks of it, so a machine that
    stops half-way leaves the draft as it was. An issued letter is left alone and given back.
    Raises CaseworkError for a gap, a sign that no font can draw, an MP nobody has checked, a PDF that cannot be read
    aloud, and, without `because`, when there is no authority on record.
    """
    if letter.issued_at is not None:
        return letter
    letter_id, case = letter.id, letter.case
    template = template_of(letter)
    with letter_pages.standing_still(letter):
        values = letter_pages.sayable(letter).values
        reasons = _check(letter, because)
        told = sorted(letter_pages.told_by(letter))
        pdf = letter_pages.preview(letter)
    letter_checks.refuse_faulty(pdf)
    letter_checks.refuse_overfull(template, pdf)
    letter.sha256 = papers.keep(case, pdf)
    letter.pages = letter_pages.count_pages(pdf)
    letter.template_sha256 = letter_pages.letters().wording_hash(template.key)
    letter.facts = {**letter.facts, "printed": letter_pages.as_plain(values), "told": told}
    letter.member_name = values.member.name or letter.member_name
    letter.without_authority_because = because if reasons else None
    letter.issued_at, letter.issued_by = clock.now(), actor
    try:
        db.session.flush()
        _put_into_file(letter, template, actor)
        audit.record(
            "letter issued", actor, case, letter=letter.id, template=template.key, waited_for=len(reasons)
        )
        db.session.commit()
    except StaleDataError:
        db.session.rollback()
        letter = get_letter(case, letter_id)
        if letter.issued_at is None:
            raise OutOfDate(SAVED_MEANWHILE) from None
    return letter


def _check(letter: Letter, because: str | None) -> list[str]:
    """What speaks for waiting, where this draft can be issued all the same; else raises CaseworkError."""
    refuse_unfinished(gaps(letter))
    disclosure.refuse(letter_pages.taken_out(letter))
    letter_checks.refuse_unprintable(letter)
    letter_checks.refuse_unchecked_member(letter)
    reasons = letter_checks.reasons_to_wait(letter)
    if reasons and not because:
        raise CaseworkError(
            "Say why this letter has to go now. What is missing stands above.", field="because"
        )
    return reasons


def issued_pdf(letter: Letter) -> bytes:
    """The letter as it was issued, byte for byte, for the team's own eyes: what is handed out is `recall.copy_of`.

    Raises NotFound for a draft.
    """
    if letter.sha256 is None:
        gone = "Whoever signed it asked to stop before it was sent, so no PDF of it is kept."
        raise NotFound(
            gone if letter.issued_at else "This letter is not issued yet, so there is no PDF of it."
        )
    return papers.read(letter.case, letter.sha256)


def paper_of(letter: Letter) -> Correspondence | None:
    """The entry in the file that this letter made; None for a sheet or a draft."""
    return db.session.scalar(select(Correspondence).where(Correspondence.letter_id == letter.id))


def _put_into_file(letter: Letter, template: LetterTemplate, actor: User) -> None:
    """A posted letter is correspondence and starts the day to chase it. A sheet is neither."""
    if template.sheet:
        return
    today = clock.today()
    recipient = letter.member_name or letter.facts.get("recall_name") or template.reader
    # A minister is not asked as the MP of a place: no office there is rung.
    gss_code = letter.gss_code if template.to != "minister" else None
    row = correspondence.add_sent(
        letter.case, letter=letter, gss_code=gss_code, recipient=recipient, sent_on=today, actor=actor
    )
    # One that goes back to an answer stands after it in the chain. The dates that the answer began are not met by it.
    chasers = [one for one in (letter.id, letter.replaces_id) if one]
    row.answers_id = db.session.scalar(
        select(AnswerMap.correspondence_id).where(AnswerMap.chaser_id.in_(chasers))
    )
    if letter.replaces_id and (before := db.session.get(Letter, letter.replaces_id)):
        old = paper_of(before)
        if old is not None:
            Effects(letter.case, actor).settle_answered(old, REPLACED, today, SettledAs.ENDED)


def _saved_lately(letter: Letter, actor: User) -> bool:
    """Whether the trail says already that this person is at work on this draft."""
    lines = select(AuditEvent.facts).where(
        AuditEvent.case_id == letter.case_id,
        AuditEvent.user_id == actor.id,
        AuditEvent.action == SAVED,
        AuditEvent.at > clock.now() - AT_WORK,
    )
    return any((facts or {}).get("letter") == letter.id for facts in db.session.scalars(lines))


def _refuse_closed(letter: Letter) -> None:
    if letter.discarded_at is not None:
        raise OutOfDate(
            "Somebody threw this draft away meanwhile. Copy your words before you leave this page."
        )
    if letter.issued_at is not None:
        raise OutOfDate("This letter is issued and stays as it is. Make a corrected letter instead.")
