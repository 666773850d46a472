"""What goes further than the person's consent: papers that stop, papers that went out, who holds them, recalls."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from sqlalchemy import func, select

from casework import clock
from casework.domain.batches import LetterState
from casework.domain.correspondence import Kind as PaperKind
from casework.domain.errors import CaseworkError
from casework.domain.go_bags import is_out
from casework.domain.letters import address_lines
from casework.domain.messages import Kind as MessageKind
from casework.domain.publicity import Agreement, Audience, Kind, not_agreed
from casework.services import (
    audit,
    campaign_pages,
    correspondence,
    disclosure,
    letter_pages,
    letters,
    messages,
    need_to_know,
)
from casework.services.directory import directory
from casework.storage.database import db
from casework.storage.models import (
    Batch,
    BatchLetter,
    Bundle,
    CallRound,
    Case,
    GoBag,
    Letter,
    Message,
    Pack,
    User,
)

TEMPLATE = "recall"
UNSEEN_PACK = "A pack with something in it that is hidden from you"
SENT_BY_US = (PaperKind.US_TO_MEMBER, PaperKind.OTHER_OUT)
# What nobody can call back, said before somebody hopes for it.
CANNOT = (
    "A letter that somebody has read: they can put it away, and cannot forget it.",
    "A printed page or a postcard: we can ask for it, and cannot fetch it.",
    "A picture or a story online: whoever saved it still has it, and search engines keep copies for a while.",
    "A message or a call: whoever had it may have told others.",
    "What an office passed on before we asked, such as an MP’s letter to the Home Office.",
)


@dataclass(frozen=True)
class Holder:
    """Somebody in whose hands a paper is. `key` is the same for the same holder."""

    key: str
    name: str
    what: str
    lines: tuple[str, ...] = ()
    gss_code: str | None = None
    can_be_written_to: bool = True


@dataclass(frozen=True)
class Stopped:
    """A draft that can no longer be made, with the kinds of fact that stop it."""

    letter_id: int
    title: str
    to: str
    kinds: tuple[Kind, ...]


@dataclass(frozen=True)
class PageStopped:
    """A campaign page that is open to anybody and is taken down, with the kinds of fact that stop it."""

    page_id: int
    heading: str
    kinds: tuple[Kind, ...]


@dataclass(frozen=True)
class GoneOut:
    """An issued paper that tells more than is agreed to. `recalls` are the letters that ask it back, by holder.

    `on` is the day on which it was sent, or issued where nobody said that it was sent.
    """

    letter_id: int
    title: str
    on: date
    was_sent: bool
    kinds: tuple[Kind, ...]
    holders: tuple[Holder, ...]
    recalls: Mapping[str, int]


@dataclass(frozen=True)
class PackOut:
    """A pack that was made and tells more than is agreed to; nobody wrote down who was given it."""

    pack_id: int
    title: str
    on: date
    kinds: tuple[Kind, ...]
    readers: str


@dataclass(frozen=True)
class BatchOut:
    """Letters for many that tell more than is agreed to. `unmade` are those that stop, `handed_over` those that went.

    `kinds` are what they tell beyond, `mps` to how many MPs they were handed over.
    """

    batch_id: int
    title: str
    on: date
    kinds: tuple[Kind, ...]
    made: int
    unmade: int
    handed_over: int
    mps: int


@dataclass(frozen=True)
class MessageOut:
    """What supporters were told in a mail, a text or on the telephone, and that tells more than is agreed to."""

    message_id: int
    title: str
    on: date
    number: int
    kinds: tuple[Kind, ...]
    round_id: int | None


@dataclass(frozen=True)
class BagOut:
    """A copy that left the house, is not known to be destroyed, and tells more than is agreed to."""

    bag_id: int
    taken_by: str
    on: date
    expires_on: date
    is_lost: bool
    kinds: tuple[Kind, ...]


@dataclass(frozen=True)
class Elsewhere:
    """A paper that was sent and not made here: what it told is not known."""

    paper_id: int
    to: str
    on: date | None


@dataclass(frozen=True)
class Beyond:
    """Everything that goes further than an agreement: what stops, what went out, what nobody here has read."""

    stops: tuple[Stopped, ...]
    gone_out: tuple[GoneOut, ...]
    packs: tuple[PackOut, ...]
    elsewhere: tuple[Elsewhere, ...]
    pages: tuple[PageStopped, ...] = ()
    batches: tuple[BatchOut, ...] = ()
    messages: tuple[MessageOut, ...] = ()
    bags: tuple[BagOut, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.stops or self.pages or self.went_out)

    @property
    def went_out(self) -> int:
        """How many papers, packs, copies, batches and messages are in somebody's hands, or may be."""
        many = len(self.batches) + len(self.messages)
        return len(self.gone_out) + len(self.packs) + len(self.bags) + many

    @property
    def fingerprint(self) -> str:
        """The same as long as nothing in it changes."""
        stops = [(one.letter_id, one.kinds) for one in self.stops]
        packs = [(one.pack_id, one.kinds) for one in self.packs]
        pages = [(one.page_id, one.kinds) for one in self.pages]
        # How many of a batch are made may change with every second; that it goes on does not.
        many = [(one.batch_id, one.kinds) for one in self.batches]
        said = [(one.message_id, one.kinds) for one in self.messages]
        bags = [(one.bag_id, one.kinds) for one in self.bags]
        told = (stops, packs, pages, bags, [(one.letter_id, one.kinds) for one in self.gone_out], many, said)
        return sha256(repr(told).encode()).hexdigest()[:16]

    @property
    def to_recall(self) -> dict[str, tuple[Holder, list[int]]]:
        """Each holder who can be written to and was not yet, with the letters to ask back from them."""
        found: dict[str, tuple[Holder, list[int]]] = {}
        for paper in self.gone_out:
            for holder in paper.holders:
                if holder.can_be_written_to and holder.key not in paper.recalls:
                    found.setdefault(holder.key, (holder, []))[1].append(paper.letter_id)
        return found


def beyond(case: Case, agreement: Agreement | None = None) -> Beyond:
    """What goes further than the person agrees to today, or than another agreement that is tried.

    A draft stops that could be made today and could not be made under the agreement that is tried.
    """
    today = disclosure.agreement_on(case, clock.today())
    agreement = agreement or today
    rows = letters.list_letters(case)
    drafts = [row for row in rows if row.issued_at is None] if agreement != today else []
    asked = _asked_back(rows)
    of_batches = _papers_of_batches(case)
    elsewhere = [
        Elsewhere(row.id, row.recipient or "", row.sent_on or row.dated)
        for row in correspondence.list_papers(case)
        if row.kind in SENT_BY_US and row.letter_id is None and row.id not in of_batches
    ]
    return Beyond(
        tuple(_stopped(drafts, agreement, today)),
        tuple(_gone_out(row, agreement, asked) for row in rows if _is_beyond(row, agreement)),
        tuple(_packs(case, agreement)),
        tuple(elsewhere),
        tuple(_pages(case, agreement)),
        tuple(_batches(case, agreement)),
        tuple(_messages(case, agreement)),
        tuple(_bags(case, agreement)),
    )


def take_down_pages(case: Case, actor: User) -> int:
    """Take down what is open to anybody and tells more than is agreed to today; how many pages that were."""
    pages = [page for page in campaign_pages.still_up(case) if campaign_pages.beyond(page)]
    campaign_pages.take_down(pages, actor)
    return len(pages)


def told_beyond(letter: Letter, agreement: Agreement | None = None) -> frozenset[Kind]:
    """The kinds of fact that an issued letter tells and that are not agreed to any more; none for a draft."""
    audience = letters.template_of(letter).audience
    if letter.issued_at is None or audience is Audience.PERSON:
        return frozenset()
    agreement = agreement or disclosure.agreement_on(letter.case, clock.today())
    return not_agreed(kinds_told(letter), audience, agreement)


def copy_of(letter: Letter, size: int | None = None) -> bytes:
    """The PDF of an issued letter, to be handed out; with a size its large print.

    Raises CaseworkError once it tells more than is agreed to: no new copy goes out.
    """
    if told_beyond(letter):
        raise CaseworkError(
            "The person has agreed to less since this was issued, so no copy is handed out any more. It is kept as the "
            "proof of what went out, and its page still shows it."
        )
    return letter_pages.large_print(letter, size) if size else letters.issued_pdf(letter)


def draft_recalls(case: Case, actor: User) -> list[Letter]:
    """A draft of a recall letter for each holder who has none yet, and what is to be asked back from them."""
    template = letter_pages.letters().template(TEMPLATE)
    drafts = []
    for holder, ids in beyond(case).to_recall.values():
        facts: dict[str, Any] = {
            **letters.first_facts(case, template, None, actor),
            "recall_name": holder.name,
            "recall_address": "\n".join(holder.lines),
            "recalls": ids,
            "recall_from": holder.key,
        }
        drafts.append(letters.add_draft(case, template, actor, facts, gss_code=holder.gss_code))
        drafts[-1].member_name = holder.name or None
    audit.record("recall letters drafted", actor, case, letters=len(drafts))
    db.session.commit()
    return drafts


def kinds_told(letter: Letter) -> frozenset[Kind]:
    """The kinds of fact that an issued letter tells: as was kept then; of an older letter, what its kind tells."""
    template = letters.template_of(letter)
    kept = letter.facts.get("told")
    return frozenset(map(Kind, kept)) if kept is not None else frozenset(template.tells)


def _packs(case: Case, agreement: Agreement) -> Iterator[PackOut]:
    """The packs for somebody outside that tell more than is agreed to, the newest first."""
    for row in db.session.scalars(select(Pack).where(Pack.case_id == case.id).order_by(Pack.id.desc())):
        audience = Audience(row.audience)
        kinds = sorted(not_agreed(map(Kind, row.told), audience, agreement))
        if kinds:
            title = UNSEEN_PACK if need_to_know.holds_hidden(row) else row.title
            yield PackOut(row.id, title, clock.day_of(row.made_at), tuple(kinds), HELD_BY[audience])


def _bags(case: Case, agreement: Agreement) -> Iterator[BagOut]:
    """The copies that are out and tell more than is agreed to, the newest first."""
    query = select(GoBag).where(GoBag.case_id == case.id).order_by(GoBag.id.desc())
    for row in db.session.scalars(query):
        kinds = sorted(not_agreed(map(Kind, row.told), Audience(row.audience), agreement))
        if kinds and is_out(row.ended_as):
            is_lost = row.ended_as is not None
            day = clock.day_of(row.made_at)
            yield BagOut(row.id, row.taken_by, day, row.expires_on, is_lost, tuple(kinds))


def _batches(case: Case, agreement: Agreement) -> Iterator[BatchOut]:
    """The batches that tell, or would go on to tell, more than is agreed to, the newest first."""
    known = letter_pages.letters().templates
    for row in db.session.scalars(select(Batch).where(Batch.case_id == case.id).order_by(Batch.id.desc())):
        template = known.get(row.template)
        if template is None:
            continue
        counts = dict(_states_of(row))
        unmade = sum(counts.get(state, 0) for state in (LetterState.WAITING, LetterState.WORKING))
        tells = set(map(Kind, row.told)) | (set(template.tells) if unmade else set())
        kinds = not_agreed(tells, template.audience, agreement)
        if kinds:
            went = [one.handed_over for one in row.bundles if one.handed_over]
            made = counts.get(LetterState.MADE, 0)
            day = clock.day_of(row.made_at)
            yield BatchOut(
                row.id, template.title, day, tuple(sorted(kinds)), made, unmade, sum(went), len(went)
            )


def _messages(case: Case, agreement: Agreement) -> Iterator[MessageOut]:
    """What supporters were told and that is beyond, the newest first: mails, texts, and what was said on the phone."""
    found = db.session.scalars(select(CallRound).where(CallRound.case_id == case.id))
    rounds = {row.message_id: row.id for row in found}
    query = select(Message).where(Message.case_id == case.id, Message.sent_on.is_not(None))
    for row in db.session.scalars(query.order_by(Message.id.desc())):
        kinds = sorted(messages.beyond(row, agreement))
        if kinds and row.sent_on:
            title = "Said on the telephone" if row.id in rounds else MessageKind(row.kind).words
            yield MessageOut(row.id, title, row.sent_on, row.number or 0, tuple(kinds), rounds.get(row.id))


def _states_of(batch: Batch) -> Iterable[tuple[str, int]]:
    query = select(BatchLetter.state, func.count()).where(BatchLetter.batch_id == batch.id)
    return ((row[0], row[1]) for row in db.session.execute(query.group_by(BatchLetter.state)))


def _papers_of_batches(case: Case) -> set[int]:
    """The entries of the file that stand for bundles handed over: what those told is known."""
    query = select(Bundle.correspondence_id).join(Batch).where(Batch.case_id == case.id)
    return {found for found in db.session.scalars(query) if found}


def _pages(case: Case, agreement: Agreement) -> Iterator[PageStopped]:
    for page in campaign_pages.still_up(case):
        if kinds := campaign_pages.beyond(page, agreement):
            yield PageStopped(page.id, page.heading, tuple(sorted(kinds)))


def _is_beyond(letter: Letter, agreement: Agreement) -> bool:
    return letter.may_have_gone_out and bool(told_beyond(letter, agreement))


def _stops(letter: Letter, agreement: Agreement) -> frozenset[Kind]:
    """What a draft would have to leave out. One whose text is no letter any more is not looked at."""
    try:
        return letter_pages.taken_out(letter, agreement)
    except CaseworkError:
        return frozenset()


def _stopped(drafts: list[Letter], agreement: Agreement, today: Agreement) -> Iterator[Stopped]:
    """Those of the drafts that stop under this agreement for more than stops them today."""
    for row in drafts:
        kinds = _stops(row, agreement)
        if kinds - _stops(row, today):
            yield Stopped(row.id, letters.template_of(row).title, row.member_name or "", tuple(sorted(kinds)))


def _gone_out(letter: Letter, agreement: Agreement, asked: Mapping[int, Mapping[str, int]]) -> GoneOut:
    return GoneOut(
        letter.id,
        letters.template_of(letter).title,
        letter.sent_on or (clock.day_of(letter.issued_at) if letter.issued_at else clock.today()),
        letter.sent_on is not None,
        tuple(sorted(told_beyond(letter, agreement))),
        tuple(_holders(letter)),
        asked.get(letter.id, {}),
    )


def _asked_back(rows: list[Letter]) -> dict[int, dict[str, int]]:
    """For each letter the recall letters about it, by the key of their holder."""
    found: dict[int, dict[str, int]] = {}
    for row in rows:
        for letter_id in row.facts.get("recalls") or ():
            found.setdefault(letter_id, {})[row.facts.get("recall_from", "")] = row.id
    return found


def _holders(letter: Letter) -> Iterator[Holder]:
    """Who has this letter: the MP or whoever it was made for, and the supporter who signed it."""
    template = letters.template_of(letter)
    if template.sheet and template.audience is Audience.OFFICE:
        whoever = "whoever took it along: ask for the printed copies"
        yield Holder(f"carried {letter.id}", "", whoever, can_be_written_to=False)
        return
    if letter.gss_code:
        yield _member(letter)
    if template.sheet or not letter.gss_code:
        name = letter.facts.get("given_to") or letter.member_name or ""
        yield Holder(f"reader {letter.id}", name, HELD_BY[template.audience])
    if letter.supporter:
        lines = [line for line in (letter.supporter.address or "").splitlines() if line.strip()]
        if lines and letter.supporter.postcode:
            lines[-1] = f"{lines[-1]} {letter.supporter.postcode}"
        yield Holder(
            f"supporter {letter.supporter.id}", letter.supporter.name, "supporter who signed it", tuple(lines)
        )


def _member(letter: Letter) -> Holder:
    """The MP of a letter, as they are addressed while they sit; one who left is written to by name.

    A minister is asked at the Home Office, and not as the MP of a place.
    """
    gss_code, name = letter.gss_code or "", letter.member_name or ""
    values = letter_pages.values_of(letter)
    lines = address_lines(values.member) if values.member.name == name else (name,)
    if letters.template_of(letter).to == "minister":
        return Holder(f"minister {name}", lines[0], values.minister.post or "minister", lines[1:])
    what = f"MP for {directory().constituency(gss_code).name}"
    return Holder(f"mp {gss_code} {name}", lines[0], what, lines[1:], gss_code)


HELD_BY = {
    Audience.OFFICE: "the office it went to",
    Audience.SUPPORTERS: "the supporters who were given it",
    Audience.AIRLINE: "the airline, and the callers who were given it",
    Audience.PUBLIC: "the press and the public: whoever was given it, and whoever read it",
    Audience.LAWYER: "the lawyer",
    Audience.PERSON: "the person",
}
