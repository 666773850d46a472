"""Go-bags: copies of a case that leave the house in one encrypted file, each on record until it is back or gone."""

import secrets
from base64 import b64encode
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from casework import clock
from casework.domain.consent.publicity import Agreement, Audience, Kind, may_say, not_agreed
from casework.domain.errors import CaseworkError, NotFound, OutOfDate
from casework.domain.language.languages import Language, State
from casework.domain.letters import go_bags as rules
from casework.domain.letters.go_bag_words import WORDS
from casework.domain.letters.go_bags import FOR_WHOM, IDLE_MINUTES, Ended
from casework.domain.letters.packs import Item
from casework.services.consent import agreements, need_to_know
from casework.services.language import languages
from casework.services.letters import disclosure, go_bag_contents, letter_pages, log_keys, pack_items, papers
from casework.services.letters.go_bag_contents import Contents
from casework.services.safety import audit, passwords
from casework.services.safety.passphrases import check_passphrase
from casework.storage import go_bag_files
from casework.storage.asking import NOBODY, asking_for, now_asking
from casework.storage.database import db
from casework.storage.models import Case, GoBag, User

MOST_BYTES = 40 * 1024 * 1024
EXPLANATION = Item("explanation", "These papers in plain words", "in their language, for the person to keep")
SECTIONS = ("brief", "surgery", "dates", "contacts", "own")


@dataclass(frozen=True)
class NewBag:
    """A copy as somebody asks for it. `keys` are the papers that go in, `looked` that somebody looked through them."""

    audience: Audience
    taken_by: str
    expires_on: date | None
    keys: Collection[str] = ()
    with_hidden: bool = False
    looked: bool = False
    is_own_passphrase: bool = False


@dataclass(frozen=True)
class Paper:
    """A paper on its way into a bag: where it lies, or its bytes."""

    title: str
    media_type: str
    size: int
    sha256: str = ""
    content: bytes = b""


@contextmanager
def _eyes_for(*, with_hidden: bool) -> Iterator[None]:
    """Look at the case as somebody who sees nothing hidden, unless whoever makes the copy wants that in it."""
    if with_hidden:
        yield
        return
    db.session.expire_all()
    try:
        with asking_for(replace(now_asking(), eyes=NOBODY)):
            yield
    finally:
        db.session.expire_all()


def offered(case: Case, audience: Audience, *, with_hidden: bool = False) -> list[Item]:
    """The papers that could go into a copy for them."""
    with _eyes_for(with_hidden=with_hidden):
        found = pack_items.papers_offered(case, audience)
        theirs = replace(EXPLANATION, is_chosen=audience is Audience.PERSON)
        return [*found, theirs] if _language(case, audience) else found


@dataclass(frozen=True)
class Gathered:
    """What goes into one copy: its pages, its papers, and the kinds of fact that it tells."""

    found: Contents
    within: list[Paper]
    told: frozenset[Kind]


def _gather(case: Case, asked: NewBag) -> Gathered:
    with _eyes_for(with_hidden=asked.with_hidden):
        found = go_bag_contents.contents(case, asked.audience)
        within, told = _papers(case, asked, _chosen(case, asked))
    return Gathered(found, within, frozenset(found.told | told))


def make(case: Case, asked: NewBag, passphrase: str, actor: User) -> tuple[GoBag, Iterator[bytes]]:
    """Put a copy on record, and give its file piece by piece."""
    row, gathered = _put_on_record(case, asked, passphrase, actor)
    return row, _written(case, row, gathered, passphrase)


def put_on_record(case: Case, asked: NewBag, passphrase: str, actor: User) -> GoBag:
    """Keep that this copy is made. Nothing of its file and no passphrase is kept.

    Raises CaseworkError, at the thing that is wrong, and makes nothing then.
    """
    return _put_on_record(case, asked, passphrase, actor)[0]


def file_of(case: Case, row: GoBag, asked: NewBag, passphrase: str) -> Iterator[bytes]:
    """The file of a copy that was put on record a moment ago, piece by piece; it can be asked for once more.

    Raises CaseworkError where it is ticked off, or would tell or hold something else by now.
    """
    _checked(case, asked, passphrase)
    gathered = _gather(case, asked)
    is_same = sorted(gathered.told) == row.told and [one.title for one in gathered.within] == row.contents
    if not rules.is_out(row.ended_as) or not is_same:
        raise OutOfDate("The case is not as it was when this copy was put on record. Make another one.")
    return _written(case, row, gathered, passphrase)


def _put_on_record(case: Case, asked: NewBag, passphrase: str, actor: User) -> tuple[GoBag, Gathered]:
    taken_by, expires_on = _checked(case, asked, passphrase)
    gathered = _gather(case, asked)
    token, log_key = secrets.token_hex(5), secrets.token_bytes(32)
    language = _language(case, asked.audience)
    row = GoBag(
        case=case, token=token, audience=asked.audience, language=language.code if language else None,
        taken_by=taken_by, contents=[paper.title for paper in gathered.within], told=sorted(gathered.told),
        with_hidden=asked.with_hidden, log_key=log_keys.new_sealed(case.id, token, log_key), expires_on=expires_on,
        made_at=clock.now(), made_by=actor,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    audit.record(
        "go-bag made", actor, case, bag=row.id, audience=str(asked.audience), papers=len(gathered.within),
        with_hidden=asked.with_hidden,
    )  # fmt: skip
    db.session.commit()
    return row, gathered


def _written(case: Case, row: GoBag, gathered: Gathered, passphrase: str) -> Iterator[bytes]:
    log_key = log_keys.log_key_of(row)
    if log_key is None:
        raise CaseworkError(papers.NO_KEY)
    beside = languages.beside(row.language)
    language = beside.language if beside else None
    read = papers.reader(case)
    lock = go_bag_files.new_lock(passphrase, clock.today(), row.expires_on)
    index = _index(row, log_key, language, gathered.within, gathered.found)
    sections = [getattr(gathered.found, name) for name in SECTIONS]
    return go_bag_files.write(
        lock, [index, *sections], (one.content or read(one.sha256) for one in gathered.within)
    )


def _language(case: Case, audience: Audience) -> Language | None:
    """The language of the person, where these people may know it: it says where somebody comes from."""
    may_know = may_say(Kind.IDENTITY, audience, agreements.agreement_on(case, clock.today()))
    return languages.language_of(case.languages or "") if may_know else None


def list_bags(case: Case) -> list[GoBag]:
    """Every copy of a case, the newest first, with who made it and who ticked it off."""
    query = select(GoBag).where(GoBag.case_id == case.id).order_by(GoBag.id.desc())
    return list(db.session.scalars(query.options(joinedload(GoBag.made_by), joinedload(GoBag.ended_by))))


def get_bag(case: Case, bag_id: int) -> GoBag:
    """One of the copies of this case. Raises NotFound."""
    row = db.session.get(GoBag, bag_id)
    if row is None or row.case_id != case.id:
        raise NotFound("There is no such copy of this case.")
    return row


def shows_contents(case: Case) -> bool:
    """Whether whoever asks may read what was in each: its titles may tell what is hidden from them."""
    return not need_to_know.left_out(case)


def holds_hidden(case: Case) -> bool:
    """Whether this case has something hidden that whoever asks may see, and could put in on purpose."""
    seen = need_to_know.left_out(case)
    with asking_for(replace(now_asking(), eyes=NOBODY)):
        return need_to_know.left_out(case) != seen


def told_beyond(row: GoBag, agreement: Agreement) -> frozenset[Kind]:
    """The kinds of fact that a copy tells and that are not agreed to: under what holds today, or what is tried."""
    return not_agreed(map(Kind, row.told), Audience(row.audience), agreement)


def tick_off(case: Case, bag_id: int, ended_as: Ended, actor: User) -> GoBag:
    """Keep that a copy was destroyed, given back or lost. Raises OutOfDate when somebody was first."""
    row = get_bag(case, bag_id)
    if not rules.is_out(row.ended_as):
        raise OutOfDate("Somebody had ticked this copy off already.")
    row.ended_as, row.ended_on, row.ended_by = ended_as, clock.today(), actor
    audit.record("go-bag ticked off", actor, case, bag=row.id, ended=str(ended_as))
    db.session.commit()
    return row


def _checked(case: Case, asked: NewBag, passphrase: str) -> tuple[str, date]:
    """Who takes it, and until when. Raises CaseworkError for what cannot be."""
    if asked.audience not in FOR_WHOM:
        raise CaseworkError("Choose for whom it is.", field="audience")
    for sentence in disclosure.lacking(case, asked.audience, ()):
        raise CaseworkError(sentence)
    if not asked.taken_by.strip():
        raise CaseworkError("Type who takes this copy.", field="taken_by")
    expires_on = rules.check_end(asked.expires_on, clock.today())
    try:
        check_passphrase(passphrase)
        if asked.is_own_passphrase:
            names = (case.name_used, case.official_name, case.other_names, asked.taken_by)
            passwords.check_passphrase_of_own(passphrase, " ".join(filter(None, names)).split())
    except CaseworkError as error:
        raise CaseworkError(error.message, field="own_passphrase") from None
    return asked.taken_by.strip(), expires_on


def _chosen(case: Case, asked: NewBag) -> list[Item]:
    """The papers that were chosen. Raises CaseworkError for one that may not go to them, or that nobody looked at."""
    known = {one.key: one for one in pack_items.papers_offered(case, asked.audience)}
    known[EXPLANATION.key] = EXPLANATION
    chosen = [known[key] for key in dict.fromkeys(asked.keys) if key in known]
    for one in chosen:
        if one.stops:
            raise CaseworkError(f"{one.title}: {one.stops}", field="keys")
    if any(one.is_original for one in chosen) and asked.audience is not Audience.PERSON and not asked.looked:
        raise CaseworkError(
            "Look through each original first, and say that you did: no program can read what a scan tells.",
            field="looked",
        )
    return chosen


def _papers(case: Case, asked: NewBag, chosen: list[Item]) -> tuple[list[Paper], set[Kind]]:
    """The papers with their sizes, and what they tell. Raises CaseworkError where they are too large for one file."""
    agreement = agreements.agreement_on(case, clock.today())
    may = {kind for kind in Kind if may_say(kind, asked.audience, agreement)}
    found: list[Paper] = []
    told: set[Kind] = set()
    for one in chosen:
        if one is EXPLANATION:
            language = _language(case, asked.audience)
            if beside := languages.beside(language.code if language else None):
                pdf = letter_pages.blank(EXPLANATION.key, beside)
                found.append(Paper(one.title, "application/pdf", len(pdf), content=pdf))
            continue
        name, media_type, tells = pack_items.paper_of(case, one)
        # Somebody looked whether an original may go. What it tells nobody here knows: agreeing to less lists it.
        told |= may if tells is None else tells
        found.append(Paper(one.title, media_type, len(papers.read(case, name)), name))
    if sum(paper.size for paper in found) > MOST_BYTES:
        raise CaseworkError("These papers are too large for one file. Leave some out.", field="keys")
    return found, told


def _index(
    row: GoBag, log_key: bytes, language: Language | None, within: list[Paper], found: Contents
) -> dict[str, Any]:
    """What the file knows of itself, encrypted like the rest."""
    at = 1 + len(SECTIONS)
    listed = []
    for paper in within:
        number = go_bag_files.parts_of(paper.size)
        listed.append(
            {
                "title": paper.title,
                "type": paper.media_type,
                "bytes": paper.size,
                "first": at,
                "parts": number,
            }
        )
        at += number
    labels = {text for one in found.own for line in one["rows"] for text in line[:2]}
    said = words_in(language, {*WORDS, *labels, *(one["label"] for one in found.brief)})
    return {
        "bag": row.token,
        "log_key": b64encode(log_key).decode(),
        "idle_minutes": IDLE_MINUTES,
        "for_person": row.audience == Audience.PERSON,
        "left_out": bool(found.left_out),
        "sections": {name: number for number, name in enumerate(SECTIONS, 1)},
        "papers": listed,
        "language": {"code": language.code, "own_name": language.own_name, "dir": language.direction}
        if language and said
        else None,
        "words": said,
        "is_draft": language is not None and _is_draft(language, said),
    }


def _is_draft(language: Language, said: Collection[str]) -> bool:
    """Whether somebody who speaks the language has still to check something of what is said in it."""
    catalogue = languages.beside(language.code)
    return catalogue is None or any(catalogue.text(english).state is not State.CHECKED for english in said)


def words_in(language: Language | None, texts: Collection[str] = WORDS) -> dict[str, str]:
    """What the bag says, in this language, by its English; what is not translated is not there."""
    catalogue = languages.beside(language.code) if language else None
    if catalogue is None:
        return {}
    return {english: said for english in sorted(texts) if (said := catalogue.text(english).said)}
