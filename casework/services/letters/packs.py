"""Packs: papers of a case bound into one PDF for somebody, with nothing in it that goes beyond consent."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import select

from casework import clock
from casework.domain.consent.publicity import Audience, Kind, may_say, not_agreed
from casework.domain.errors import CaseworkError, NotFound
from casework.domain.letters.packs import AUDIENCES, Item, PackKind, asks_to_look
from casework.pdf import Attached
from casework.services.case import first_pack
from casework.services.consent import agreements, need_to_know, recall, staying
from casework.services.letters import (
    correspondence,
    disclosure,
    letter_checks,
    letter_pages,
    letters,
    pack_items,
    pack_lists,
    papers,
)
from casework.services.letters.pack_items import letter_of, original_of
from casework.services.letters.scans import ENDINGS
from casework.services.safety import audit
from casework.storage.database import db
from casework.storage.models import Authority, Case, Correspondence, Pack, User

MOST_BYTES = 150 * 1024 * 1024  # of originals: a mailbox takes far less, a memory stick far more


def title_for(case: Case, audience: Audience) -> str:
    """What a pack for these people is called unasked; it names the person where they may be named."""
    may_name = may_say(Kind.NAME, audience, agreements.agreement_on(case, clock.today()))
    return f"Papers for {case.person_name}" if may_name else "Papers"


def make(
    case: Case,
    kind: PackKind,
    audience: Audience,
    title: str,
    keys: Sequence[str],
    actor: User,
    *,
    looked: bool = False,
) -> Pack:
    """Bind these things in this order, and keep the PDF. `looked` says that somebody looked through the originals.

    Raises CaseworkError, at the thing that is wrong, and makes nothing then.
    """
    chosen = _chosen(case, kind, audience, keys)
    if asks_to_look(chosen, audience) and not looked:
        raise CaseworkError(
            "Look through each original first, and say that you did: no program can read what a scan tells.",
            field="looked",
        )
    for field, text in (("title", title), *((one.key, one.title) for one in chosen)):
        _refuse_beyond(case, audience, field, text)
    made = _Made(case, kind, audience)
    pdf = made.pdf(title, chosen)
    letter_checks.refuse_faulty(pdf)
    row = Pack(
        case=case, kind=kind, audience=audience, title=title, told=sorted(made.told), left_out=sorted(made.left_out),
        contents=[{"key": one.key, "title": one.title} for one in chosen], made_at=clock.now(), made_by=actor,
        sha256=papers.keep(case, pdf), pages=letter_pages.count_pages(pdf),
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    audit.record(
        "pack made", actor, case, pack=row.id, kind=str(kind), audience=str(audience), things=len(chosen)
    )
    db.session.commit()
    return row


def make_first(case: Case, actor: User) -> Pack:
    """The pack of the first hour, with everything in it that may go in."""
    things = pack_items.offered(case, PackKind.FIRST, Audience.LAWYER)
    title = title_for(case, Audience.LAWYER)
    return make(case, PackKind.FIRST, Audience.LAWYER, title, [one.key for one in things], actor)


def list_packs(case: Case) -> list[Pack]:
    """The packs of a case, the newest first, without those that hold what is hidden from whoever asks."""
    rows = db.session.scalars(select(Pack).where(Pack.case_id == case.id).order_by(Pack.id.desc()))
    return [row for row in rows if not need_to_know.holds_hidden(row)]


def get_pack(case: Case, pack_id: int) -> Pack:
    """One of the packs of this case. Raises NotFound."""
    row = db.session.get(Pack, pack_id)
    if row is None or row.case_id != case.id or need_to_know.holds_hidden(row):
        raise NotFound("There is no such pack in this case.")
    return row


def told_beyond(row: Pack) -> frozenset[Kind]:
    """The kinds of fact that a pack, or a letter in it, tells and that are not agreed to any more."""
    audience, agreement = Audience(row.audience), agreements.agreement_on(row.case, clock.today())
    found = set(not_agreed(map(Kind, row.told), audience, agreement))
    if audience is not Audience.LAWYER:
        ids = [int(one["key"].partition("_")[2]) for one in row.contents if one["key"].startswith("letter_")]
        for letter_id in ids:
            found |= recall.told_beyond(letters.get_letter(row.case, letter_id), agreement)
    return frozenset(found)


def pack_pdf(row: Pack) -> bytes:
    """The pack as it was made, byte for byte. Raises CaseworkError once it tells more than is agreed to."""
    if told_beyond(row):
        raise CaseworkError(
            "The person has agreed to less since this pack was made, so no copy is handed out any more. Make a new one."
        )
    return papers.read(row.case, row.sha256)


class _Made:
    """What a pack is made of, and what comes to light while it is made."""

    def __init__(self, case: Case, kind: PackKind, audience: Audience) -> None:
        self.case = case
        self.kind = kind
        self.audience = audience
        self.told: set[Kind] = set()
        self.left_out: set[Kind] = set()

    def pdf(self, title: str, chosen: Sequence[Item]) -> bytes:
        """All of it, bound in this order. Raises CaseworkError where the originals are too large."""
        finished = [self.paper(one) for one in chosen if not one.is_original]
        files = [file for one in chosen for file in self.files(one)]
        if sum(len(file.data) for file in files) > MOST_BYTES:
            raise CaseworkError("These originals are too large for one PDF. Make two packs of them.")
        # Imported here: its library takes a tenth of a second, and only making a pack needs it.
        from casework.pdf.pack import Paper, make_pack

        bound, foot = [Paper(*one) for one in finished], _group(self.case, self.audience)
        return make_pack(title, bound, files=files, css=letter_pages.letters().css, foot=foot)

    def paper(self, item: Item) -> tuple[str, bytes]:
        """The paper that this thing is: its title and its PDF."""
        if item.key.startswith("letter_"):
            letter = letter_of(self.case, item)
            self.told |= staying.kinds_told(letter)
            return item.title, letters.issued_pdf(letter)
        if item.key.startswith("draft_"):
            draft = letter_of(self.case, item)
            self.told |= letter_pages.told_by(draft)
            return item.title, first_pack.draft_pdf(draft)
        self.told |= {Kind.CASE}
        listed = pack_lists.LISTS[item.key](
            self.case, self.audience, with_hashes=self.kind is PackKind.EVIDENCE
        )
        self.told |= listed.told
        self.left_out |= listed.left_out
        return item.title, listed.pdf(
            item.title, letter_pages.letters().css, _group(self.case, self.audience)
        )

    def files(self, item: Item) -> list[Attached]:
        """The files that travel along for it: an original as it came, and in evidence each letter as it was issued."""
        if item.key.startswith("letter_") and self.kind is PackKind.EVIDENCE:
            letter = letter_of(self.case, item)
            day = clock.day_of(letter.issued_at) if letter.issued_at else clock.today()
            return [Attached(f"letter-{letter.id}.pdf", letters.issued_pdf(letter), item.title, day)]
        if not item.is_original:
            return []
        row = original_of(self.case, item)
        # Somebody looked whether it may go today. What it tells nobody here knows: agreeing to less stops it.
        agreement = agreements.agreement_on(self.case, clock.today())
        self.told |= {kind for kind in Kind if may_say(kind, self.audience, agreement)}
        data = papers.read(self.case, row.scan_sha256 or "")
        ending = ENDINGS.get(row.scan_type or "", "bin")
        return [Attached(f"{item.key.replace('_', '-')}.{ending}", data, item.title, _day_of(row))]


def _chosen(case: Case, kind: PackKind, audience: Audience, keys: Iterable[str]) -> list[Item]:
    """What goes in, in this order. Raises CaseworkError where such a pack is not for them, or one thing cannot go."""
    if audience not in AUDIENCES[kind]:
        raise CaseworkError("Such a pack is not for them.")
    for sentence in disclosure.lacking(case, audience, ()):
        raise CaseworkError(sentence)
    known = {one.key: one for one in pack_items.offered(case, kind, audience)}
    chosen = [known[key] for key in dict.fromkeys(keys) if key in known]
    if not chosen:
        raise CaseworkError("Give a place to at least one paper.")
    for one in chosen:
        if one.stops:
            raise CaseworkError(one.stops, field=one.key)
    return chosen


def _refuse_beyond(case: Case, audience: Audience, field: str, text: str) -> None:
    """Nothing where what stands on the page of contents may be said; else raises CaseworkError at its field."""
    said = pack_lists.screened(case, audience, [text])
    try:
        disclosure.refuse(said.taken_out)
    except CaseworkError as error:
        raise CaseworkError(error.message, field=field) from None


def _day_of(row: Correspondence | Authority) -> date:
    return row.signed_on if isinstance(row, Authority) else correspondence.as_paper(row).day


def _group(case: Case, audience: Audience) -> str:
    """The name of the group at the foot of each page, where it may be told."""
    return pack_lists.screened(case, audience, []).values.group.name
