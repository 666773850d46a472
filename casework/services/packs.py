"""Packs: papers of a case bound into one PDF for somebody, with nothing in it that goes beyond consent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select

from casework import clock
from casework.domain.disclosure import kinds_marked
from casework.domain.errors import CaseworkError, NotFound
from casework.domain.letters import LetterTemplate
from casework.domain.packs import PackKind
from casework.domain.publicity import Audience, Kind, may_say, not_agreed
from casework.domain.said import on_day
from casework.domain.words import say
from casework.pdf import Attached
from casework.services import (
    audit,
    consent,
    correspondence,
    disclosure,
    first_pack,
    letter_checks,
    letter_pages,
    letters,
    need_to_know,
    pack_lists,
    papers,
    recall,
)
from casework.services.scan_checks import PDF
from casework.services.scans import ENDINGS
from casework.services.surgery_scripts import BRIEF
from casework.storage.database import db
from casework.storage.models import Authority, Case, Correspondence, Letter, Pack, User

AUDIENCES: dict[PackKind, tuple[Audience, ...]] = {
    PackKind.FIRST: (Audience.LAWYER,),
    PackKind.PACK: (Audience.LAWYER, Audience.OFFICE, Audience.SUPPORTERS),
    PackKind.EVIDENCE: (Audience.LAWYER, Audience.OFFICE),
}
KNOW_THE_CASE = (Audience.LAWYER, Audience.OFFICE)
ON_TOP = (BRIEF, "form-of-authority")  # what is handed over before anything else
TO_SIGN = (
    "form-of-authority",
    "campaign-consent",
    "withdrawal-notice",
)  # as we issue them, they are not signed
UNNAMED = "Paper"  # one whose title tells what there is no consent to tell
NOT_UNASKED = ("recall", "campaign-consent", "supporters-notice")
MOST_BYTES = 150 * 1024 * 1024  # of originals: a mailbox takes far less, a memory stick far more


@dataclass(frozen=True)
class Item:
    """Something that can go into a pack. `stops` says why it cannot, `is_original` that it is attached as it came."""

    key: str
    title: str
    about: str = ""
    stops: str = ""
    is_chosen: bool = True
    is_original: bool = False


def offered(case: Case, kind: PackKind, audience: Audience) -> list[Item]:
    """Everything that could go into such a pack, in the order that it would have unasked."""
    if kind is PackKind.FIRST:
        return [Item(*one) for one in first_pack.things(case)]
    items = [_of_letter(row, audience) for row in _issued(case)]
    if audience in KNOW_THE_CASE:
        items.append(Item("papers", "List of papers", say("every letter in and out, by its day")))
        if kind is PackKind.EVIDENCE:
            items[0:0] = _chronologies(audience)
            items += _originals(case, audience)
    if kind is PackKind.PACK:
        items.append(Item("contacts", "Whom to ring", say("the MPs, the lawyer and us")))
    said = pack_lists.screened(case, audience, [one.title for one in items]).blocks
    return [
        replace(one, title=UNNAMED) if kinds_marked(said[str(number)]) else one
        for number, one in enumerate(items)
    ]


def papers_offered(case: Case, audience: Audience) -> list[Item]:
    """Every paper of a case that could go to them: the issued letters, then the originals; no lists."""
    found = [_to_carry(row, audience) for row in _issued(case)] + _originals(case, audience)
    said = pack_lists.screened(case, audience, [one.title for one in found]).blocks
    return [
        replace(one, title=UNNAMED) if kinds_marked(said[str(number)]) else one
        for number, one in enumerate(found)
    ]


def _to_carry(row: Letter, audience: Audience) -> Item:
    """The same as in a pack, but that our own brief goes along: whoever carries it reads from it."""
    item = _of_letter(row, audience)
    return replace(item, is_chosen=item.is_chosen or (row.template == BRIEF and not item.stops))


def paper_of(case: Case, item: Item) -> tuple[str, str, frozenset[Kind] | None]:
    """Under which name such a paper lies in the archive, its media type, and what it tells; None: nobody knows."""
    if item.is_original:
        row = _original_of(case, item)
        return row.scan_sha256 or "", row.scan_type or "", None
    letter = _row_of(case, item)
    return letter.sha256 or "", PDF, recall.kinds_told(letter)


def _chronologies(audience: Audience) -> list[Item]:
    """What has happened; for an office without what we wrote about a paper, unless somebody chooses that."""
    plain = Item("chronology", "What has happened", "from the file: letters, visits, moves, removals")
    if audience is Audience.LAWYER:
        return [plain]
    ours = "the same, and how we sum up each letter and visit, in our own words"
    return [plain, Item("summaries", "What has happened, with our summaries", ours, is_chosen=False)]


def unfinished(case: Case) -> list[Letter]:
    """The drafts of a case. They cannot go into a pack: nobody has weighed what they say."""
    return [row for row in letters.list_letters(case) if row.issued_at is None]


def lacks(case: Case, audience: Audience) -> list[str]:
    """What the person has not agreed to and any pack for these people needs, in sentences."""
    return disclosure.lacking(case, audience, ())


def asks_to_look(items: Iterable[Item], audience: Audience) -> bool:
    """Whether somebody has to look through these first: what a scan tells, only the lawyer may hear unseen."""
    return audience is not Audience.LAWYER and any(one.is_original for one in items)


def title_for(case: Case, audience: Audience) -> str:
    """What a pack for these people is called unasked; it names the person where they may be named."""
    may_name = may_say(Kind.NAME, audience, disclosure.agreement_on(case, clock.today()))
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
    if audience not in AUDIENCES[kind]:
        raise CaseworkError("Such a pack is not for them.")
    for sentence in lacks(case, audience):
        raise CaseworkError(sentence)
    chosen = _chosen(case, kind, audience, keys)
    if asks_to_look(chosen, audience) and not looked:
        raise CaseworkError(
            "Look through each original first, and say that you did: no program can read what a scan tells.",
            field="looked",
        )
    for field, text in (("title", title), *((one.key, one.title) for one in chosen)):
        _refuse_beyond(case, audience, field, text)
    made = _Made(case, kind, audience)
    finished = [made.paper(one) for one in chosen if not one.is_original]
    files = [file for one in chosen for file in made.files(one)]
    if sum(len(file.data) for file in files) > MOST_BYTES:
        raise CaseworkError("These originals are too large for one PDF. Make two packs of them.")
    # Imported here: its library takes a tenth of a second, and only making a pack needs it.
    from casework.pdf.pack import Paper, make_pack

    bound = [Paper(*one) for one in finished]
    pdf = make_pack(title, bound, files=files, css=letter_pages.letters().css, foot=_group(case, audience))
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
    things = offered(case, PackKind.FIRST, Audience.LAWYER)
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
    audience, agreement = Audience(row.audience), disclosure.agreement_on(row.case, clock.today())
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

    def paper(self, item: Item) -> tuple[str, bytes]:
        """The paper that this thing is: its title and its PDF."""
        if item.key.startswith("letter_"):
            letter = _row_of(self.case, item)
            self.told |= recall.kinds_told(letter)
            return item.title, letters.issued_pdf(letter)
        if item.key.startswith("draft_"):
            draft = _row_of(self.case, item)
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
            letter = _row_of(self.case, item)
            day = clock.day_of(letter.issued_at) if letter.issued_at else clock.today()
            return [Attached(f"letter-{letter.id}.pdf", letters.issued_pdf(letter), item.title, day)]
        if not item.is_original:
            return []
        row = _original_of(self.case, item)
        # Somebody looked whether it may go today. What it tells nobody here knows: agreeing to less stops it.
        agreement = disclosure.agreement_on(self.case, clock.today())
        self.told |= {kind for kind in Kind if may_say(kind, self.audience, agreement)}
        data = papers.read(self.case, row.scan_sha256 or "")
        ending = ENDINGS.get(row.scan_type or "", "bin")
        return [Attached(f"{item.key.replace('_', '-')}.{ending}", data, item.title, _day_of(row))]


def _issued(case: Case) -> list[Letter]:
    """The issued letters that are not void: what is handed over first, then by the day they were issued."""
    rows = [row for row in letters.list_letters(case) if row.issued_at and not row.voided_at]
    place = {key: number for number, key in enumerate(ON_TOP)}
    return sorted(rows, key=lambda row: (place.get(row.template, len(ON_TOP)), row.issued_at, row.id))


def _of_letter(row: Letter, audience: Audience) -> Item:
    template = letters.template_of(row)
    day = clock.day_of(row.issued_at) if row.issued_at else clock.today()
    to_sign = row.template in TO_SIGN
    what = f"{template.title}, not signed" if to_sign else template.title
    title = f"{what}, {row.member_name}" if row.member_name else what
    stops, recalled = _stops(row, template, audience), recall.told_beyond(row)
    ours = row.template == "surgery-brief" and audience is not Audience.LAWYER
    is_chosen = not (stops or recalled or ours or to_sign or row.template in NOT_UNASKED)
    return Item(f"letter_{row.id}", title, on_day(day), stops, is_chosen)


def _stops(row: Letter, template: LetterTemplate, audience: Audience) -> str:
    """Why an issued letter cannot go to them, in a sentence; empty when it can.

    The lawyer may see what went out too far: it is the proof of it.
    """
    if audience is Audience.PERSON:
        return "It holds a supporter’s name and address." if row.supporter_id else ""
    if template.layout == letter_pages.OWN_VIEW:
        return "It is theirs alone: it holds everything."
    if audience is Audience.SUPPORTERS and template.sheet and template.audience is Audience.PERSON:
        return "It is the person’s own paper. It is for no supporter."
    if audience is not Audience.LAWYER and recall.told_beyond(row):
        return "The person has agreed to less since it was issued, so no copy is handed out any more."
    agreement = disclosure.agreement_on(row.case, clock.today())
    beyond = sorted(not_agreed(recall.kinds_told(row), audience, agreement))
    return (
        f"It tells what there is no consent to tell them: {', '.join(one.words for one in beyond)}."
        if beyond
        else ""
    )


def _originals(case: Case, audience: Audience) -> list[Item]:
    """The scans of a case. For an office none is chosen unasked: no program can read what it tells."""
    is_chosen = audience is Audience.LAWYER
    found = [
        Item(f"authority_{row.id}", "Form of authority, signed", on_day(row.signed_on), "", is_chosen, True)
        for row in consent.list_authorities(case)
        if row.scan_sha256
    ]
    for row in reversed(correspondence.list_papers(case)):
        if row.scan_sha256:
            paper = correspondence.as_paper(row)
            who = row.sender or row.recipient
            title = f"{paper.words}, {who}" if who else paper.words
            found.append(Item(f"scan_{row.id}", title, on_day(paper.day), "", is_chosen, True))
    return found


def _chosen(case: Case, kind: PackKind, audience: Audience, keys: Iterable[str]) -> list[Item]:
    known = {one.key: one for one in offered(case, kind, audience)}
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


def _row_of(case: Case, item: Item) -> Letter:
    return letters.get_letter(case, int(item.key.partition("_")[2]))


def _original_of(case: Case, item: Item) -> Correspondence | Authority:
    where, _, number = item.key.partition("_")
    if where == "authority":
        return consent.get_authority(case, int(number))
    return correspondence.get_paper(case, int(number))


def _day_of(row: Correspondence | Authority) -> date:
    return row.signed_on if isinstance(row, Authority) else correspondence.as_paper(row).day


def _group(case: Case, audience: Audience) -> str:
    """The name of the group at the foot of each page, where it may be told."""
    return pack_lists.screened(case, audience, []).values.group.name
