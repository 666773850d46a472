"""A supporter's own words: typed with them, kept for a case, put into their letters, and looked for before one goes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import select

from casework import clock
from casework.domain.campaign.own_words import FIELDS, LONGEST, MISSING, NOT_READY, own_sentences, sentences
from casework.domain.consent.publicity import Audience, Kind
from casework.domain.errors import CaseworkError, OutOfDate
from casework.domain.letters.disclosure import kinds_marked
from casework.domain.letters.letter_values import LetterValues
from casework.domain.letters.letters import BLOCK_LABELS, Missing
from casework.services import saving
from casework.services.letters import disclosure, letter_pages
from casework.services.letters.letter_values import person_of
from casework.services.safety import audit
from casework.storage.database import db
from casework.storage.models import AuditEvent, Case, Letter, SignUp, User

SAVED = "supporter’s own words saved"
AT_WORK = timedelta(minutes=10)
MOST_TICKS = 50
FIELD = "worth"  # the block of a letter in which a sentence of one's own is asked for


@dataclass(frozen=True)
class KeptBack:
    """A sentence that tells what the person has not agreed to have told, with the kinds of fact."""

    sentence: str
    kinds: tuple[Kind, ...]
    keys: tuple[
        str, ...
    ] = ()  # one for each kind that somebody may say it does not tell; none for a fact of the case


def texts_of(sign_up: SignUp) -> tuple[str, ...]:
    """What this supporter says in their own words, answer by answer; without what they left empty."""
    return tuple(text for field in FIELDS if (text := getattr(sign_up, field)))


def facts_of(sign_up: SignUp) -> dict[str, str]:
    """The same as a draft of a letter takes it."""
    return {
        "how_known": sign_up.how_known or "",
        "own_words": sign_up.own_words or "",
        "own_ask": sign_up.ask or "",
    }


def is_ready(sign_up: SignUp) -> bool:
    """Whether a letter of theirs has one sentence of its own."""
    return bool(own_sentences(texts_of(sign_up), ()))


def save_words(
    sign_up: SignUp,
    words: Mapping[str, str | None],
    version: int,
    actor: User,
    *,
    by_itself: bool = False,
    cleared: Iterable[str] | None = None,
) -> int:
    """Keep what a supporter says, and put it into their drafts where nobody changed the words there; how many of those.

    Raises OutOfDate when somebody saved since this version was read, CaseworkError for a text that is too long.
    `by_itself` is a page that saves as somebody types: only other words, and one line of the trail for ten minutes.
    `cleared` are keys of sentences that are said to tell nothing of the person; None keeps what was said before.
    """
    if sign_up.version != version:
        raise OutOfDate(
            "Somebody else saved words of this supporter while you were typing. Yours are still here: compare them "
            "with theirs below, keep what is right, and save again."
        )
    check_lengths(words)
    new = {field: words.get(field) or None for field in FIELDS}
    ticks = sorted(sign_up.cleared if cleared is None else set(cleared))
    if ticks != sorted(sign_up.cleared):
        sign_up.cleared = ticks[:MOST_TICKS]
        audit.record("said what a text does not tell", actor, sign_up.case, supporter=sign_up.supporter_id)
    elif new == {field: getattr(sign_up, field) for field in FIELDS}:
        return 0
    before = facts_of(sign_up)
    for field, text in new.items():
        setattr(sign_up, field, text)
    sign_up.words_at = clock.now()
    sign_up.supporter.heard_on = clock.today()
    filled = 0 if by_itself else _fill_drafts(sign_up, before)
    if not (by_itself and _said_lately(sign_up, actor)):
        audit.record(SAVED, actor, sign_up.case, supporter=sign_up.supporter_id, drafts=filled)
    saving.commit("Somebody saved this supporter at the same moment. Look at it once more.")
    return filled


def check_lengths(words: Mapping[str, str | None]) -> None:
    """Nothing where each text fits a letter of one page; otherwise raises CaseworkError at its field."""
    for field, most in LONGEST.items():
        if len(words.get(field) or "") > most:
            raise CaseworkError(
                f"This is too long for a letter: {most:,} characters at most. What you typed is still here.",
                field=field,
            )


def own_sentences_of(letter: Letter) -> list[str]:
    """The sentences of a letter that are its signer's own: those that its kind does not say by itself."""
    return own_sentences(letter.blocks.values(), _said_by_itself(letter).values())


def gap(letter: Letter) -> list[Missing]:
    """What a supporter's letter lacks while no sentence in it is their own; nothing for other letters.

    While something still stands in [brackets], that is asked for and not this.
    """
    template = letter_pages.letters().template(letter.template)
    brackets = any("[" in text for text in letter.blocks.values())
    if not template.wants_own_words or brackets or own_sentences_of(letter):
        return []
    field = FIELD if FIELD in letter.blocks else next(iter(letter.blocks))
    return [Missing(field, BLOCK_LABELS[field], MISSING, said=NOT_READY)]


def kept_back(case: Case, audience: Audience, texts: Iterable[str]) -> list[KeptBack]:
    """The sentences of these texts that a paper for this audience may not tell, as every letter is looked through."""
    found = []
    values = LetterValues(today=clock.today(), **person_of(case, clock.today()))
    screened = disclosure.screen_for(case, audience, values)
    for sentence in (one for text in texts for one in sentences(text)):
        if kinds := kinds_marked(screened.mask(sentence)):
            # What is noticed only by a word may be about somebody else; a fact of the case is one whoever tells it.
            facts = kinds_marked(disclosure.screen_for(case, audience, values, cleared=kinds).mask(sentence))
            keys = () if facts else tuple(_key(sentence, kind) for kind in sorted(kinds))
            found.append(KeptBack(sentence, tuple(sorted(kinds)), keys))
    return found


def that_say_too_much(case: Case, audience: Audience, sign_ups: Iterable[SignUp]) -> list[SignUp]:
    """Those whose own words hold something that the person has not agreed to have told, and nobody cleared."""
    values = LetterValues(today=clock.today(), **person_of(case, clock.today()))
    screened = disclosure.screen_for(case, audience, values)
    return [
        one
        for one in sign_ups
        if (found := kinds_marked(screened.mask("\n".join(texts_of(one)))))
        and found - cleared_kinds(one, audience)
    ]


def cleared_kinds(sign_up: SignUp, audience: Audience) -> frozenset[Kind]:
    """The kinds of fact of which it was said that no sentence of theirs tells them, as their words stand now."""
    if not sign_up.cleared:
        return frozenset()
    noticed = kept_back(sign_up.case, audience, texts_of(sign_up))
    open_still = {
        kind for one in noticed for kind in one.kinds if _key(one.sentence, kind) not in sign_up.cleared
    }
    return frozenset(kind for one in noticed for kind in one.kinds) - open_still


def _key(sentence: str, kind: Kind) -> str:
    """What a tick stands for: this sentence and no other, so that it never counts for words typed later."""
    return f"{kind}:{sha256(' '.join(sentence.split()).encode()).hexdigest()[:16]}"


def drafts_of(sign_up: SignUp) -> list[Letter]:
    """The letters of this supporter in this case that are still drafts and take own words."""
    query = select(Letter).where(
        Letter.case_id == sign_up.case_id,
        Letter.supporter_id == sign_up.supporter_id,
        Letter.issued_at.is_(None),
        Letter.discarded_at.is_(None),
    )
    known = letter_pages.letters().templates
    rows = db.session.scalars(query.order_by(Letter.id))
    return [row for row in rows if row.template in known and known[row.template].wants_own_words]


def _fill_drafts(sign_up: SignUp, before: Mapping[str, str]) -> int:
    """Fill the drafts of this supporter anew, block by block where it stands as it was first filled."""
    filled = 0
    for letter in drafts_of(sign_up):
        was, now = _filled(letter, before), _filled(letter, facts_of(sign_up))
        blocks = {name: now[name] if text == was.get(name) else text for name, text in letter.blocks.items()}
        if blocks != letter.blocks:
            letter.blocks, letter.saved_at = blocks, clock.now()
            filled += 1
    return filled


def _filled(letter: Letter, words: Mapping[str, Any]) -> dict[str, str]:
    """The words of this letter as its kind fills them today with these own words."""
    values = letter_pages.prefilled_from(letter)
    sender = replace(values.sender, how_known=words["how_known"])
    values = replace(values, sender=sender, own_words=words["own_words"], own_ask=words["own_ask"])
    return letter_pages.letters().prefill(letter.template, values)


def _said_by_itself(letter: Letter) -> dict[str, str]:
    return _filled(letter, dict.fromkeys(("how_known", "own_words", "own_ask"), ""))


def _said_lately(sign_up: SignUp, actor: User) -> bool:
    """Whether the trail says already that this person is at work on these words."""
    lines = select(AuditEvent.facts).where(
        AuditEvent.case_id == sign_up.case_id,
        AuditEvent.user_id == actor.id,
        AuditEvent.action == SAVED,
        AuditEvent.at > clock.now() - AT_WORK,
    )
    return any((facts or {}).get("supporter") == sign_up.supporter_id for facts in db.session.scalars(lines))
