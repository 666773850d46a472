"""What goes further than the person's consent: papers that stop, papers that went out, who holds them, recalls."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import func, select, update

from casework import clock
from casework.domain.campaign.batches import LetterState
from casework.domain.campaign.messages import Kind as MessageKind
from casework.domain.consent.publicity import Agreement, Audience, Kind, not_agreed
from casework.domain.consent.recall import (
    HELD_BY,
    BagOut,
    BatchOut,
    Beyond,
    CallsStopped,
    Elsewhere,
    GoneOut,
    MessageOut,
    MessageStopped,
    PackOut,
    PageOut,
    PageStopped,
    Stopped,
)
from casework.domain.errors import CaseworkError, NotFound
from casework.domain.letters.correspondence import Kind as PaperKind
from casework.domain.letters.go_bags import is_out
from casework.services.campaign import call_rounds, campaign_pages, messages, pages_told
from casework.services.consent import agreements, need_to_know, staying
from casework.services.letters import correspondence, letter_pages, letter_signers, letters
from casework.services.letters.holders import holders_of
from casework.services.safety import audit
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
BY_WORD: dict[str, Any] = {"pack": Pack, "batch": Batch, "message": Message}
SENT_BY_US = (PaperKind.US_TO_MEMBER, PaperKind.OTHER_OUT)


def beyond(case: Case, agreement: Agreement | None = None, *, says_no: bool = False) -> Beyond:
    """What goes further than the person agrees to today, or than another agreement that is tried.

    A draft, a message or a call list stops that could go out today and could not under the agreement that is tried. A
    campaign page asks people to write to MPs: it ends where they say no to that.
    """
    today = agreements.agreement_on(case, clock.today())
    agreement = agreement or today
    rows = letters.list_letters(case)
    drafts = [row for row in rows if row.issued_at is None] if agreement != today else []
    unsent, calls = _told_no_more(case, agreement, today) if agreement != today else ((), ())
    asked = _asked_back(rows)
    of_batches = _papers_of_batches(case)
    elsewhere = [
        Elsewhere(row.id, row.recipient or "", row.sent_on or row.dated)
        for row in correspondence.list_papers(case)
        if row.kind in SENT_BY_US and row.letter_id is None and row.id not in of_batches
    ]
    out = [(row, _gone_out(row, agreement, asked)) for row in rows if _is_beyond(row, agreement)]
    return Beyond(
        tuple(_stopped(drafts, agreement, today)),
        tuple(one for row, one in out if row.sent_on),
        tuple(_packs(case, agreement)),
        tuple(elsewhere),
        tuple(_pages(case, agreement, says_no=says_no)),
        tuple(_batches(case, agreement)),
        tuple(_messages(case, agreement)),
        tuple(_bags(case, agreement)),
        tuple(unsent),
        tuple(calls),
        tuple(_pages_out(case, agreement)),
        tuple(one for row, one in out if not row.sent_on),
    )


def to_ask_back(case: Case) -> int:
    """How many papers, copies and messages are in somebody's hands, tell too much, and were not asked back yet.

    A paper was, once a letter went to each holder who can be written to; a copy, once it is ticked off or lost; what
    people ask back by word, once somebody said on which day.
    """
    found = beyond(case)
    recalls = {id_ for paper in found.gone_out for id_ in paper.recalls.values()}
    query = select(Letter.id).where(Letter.id.in_(recalls), Letter.sent_on.is_not(None))
    sent = set(db.session.scalars(query)) if recalls else set()
    waiting = [
        paper
        for paper in found.gone_out
        if any(one.can_be_written_to and paper.recalls.get(one.key) not in sent for one in paper.holders)
    ]
    by_word = [one for one in found.by_word.values() if one.asked_on is None]
    return len(waiting) + len(by_word) + sum(not one.is_lost for one in found.bags)


def keep_asked(
    case: Case, asked: Collection[str], on: date | None, actor: User, *, not_yet: Collection[str] = ()
) -> None:
    """Keep that these keys of `Beyond.by_word` were asked back on this day, and that some were not, after all.

    Raises CaseworkError for a day on which it cannot have been, NotFound for what is not on the list.
    """
    listed = beyond(case).by_word
    if not listed.keys() >= {*asked, *not_yet}:
        raise NotFound("This is not on the list of what went out. Look at how it stands now.")
    if asked and (on is None or on > clock.today()):
        raise CaseworkError("This day has not come yet. Check the date.", field="on")
    if on and any(on < listed[key].on for key in asked):
        raise CaseworkError("It cannot be asked back before it went out. Check the date.", field="on")
    for key, day in {**dict.fromkeys(asked, on), **dict.fromkeys(not_yet)}.items():
        kind, _, number = key.partition("-")
        table = BY_WORD[kind]
        row = (table.case_id == case.id, table.id == int(number))
        db.session.execute(update(table).where(*row).values(asked_back_on=day))
    audit.record("asked back", actor, case, things=len(asked), not_yet=len(not_yet))
    db.session.commit()


def take_down_pages(case: Case, actor: User) -> int:
    """Take down what is open to anybody and may not be there any more; how many pages that were.

    Of one that stays it is kept what it tells from now on.
    """
    up = campaign_pages.still_up(case)
    pages = [page for page in up if campaign_pages.has_to_end(page)]
    campaign_pages.keep_told(page for page in up if page not in pages)
    campaign_pages.take_down(pages, actor)
    return len(pages)


def told_beyond(letter: Letter, agreement: Agreement | None = None) -> frozenset[Kind]:
    """The kinds of fact that an issued letter tells and that are not agreed to any more; none for a draft."""
    return staying.told_beyond(letter, agreement or agreements.agreement_on(letter.case, clock.today()))


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
            **letter_signers.first_facts(case, template, None, actor),
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


def _packs(case: Case, agreement: Agreement) -> Iterator[PackOut]:
    """The packs for somebody outside that tell more than is agreed to, the newest first."""
    for row in db.session.scalars(select(Pack).where(Pack.case_id == case.id).order_by(Pack.id.desc())):
        audience = Audience(row.audience)
        kinds = sorted(not_agreed(map(Kind, row.told), audience, agreement))
        if kinds:
            title = UNSEEN_PACK if need_to_know.holds_hidden(row) else row.title
            yield PackOut(
                row.id, title, clock.day_of(row.made_at), tuple(kinds), HELD_BY[audience], row.asked_back_on
            )


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
                row.id, template.title, day, tuple(sorted(kinds)), made, unmade, sum(went), len(went),
                row.asked_back_on,
            )  # fmt: skip


def _told_no_more(
    case: Case, agreement: Agreement, today: Agreement
) -> tuple[list[MessageStopped], list[CallsStopped]]:
    """The messages that were not sent, and the open call lists, which this agreement stops and today's did not."""
    rounds = {row.message_id: row for row in call_rounds.open_rounds(case)}
    after, before = messages.stopping(case, rounds, agreement), messages.stopping(case, rounds, today)
    stopped = [(row, kinds) for row, kinds in after.items() if kinds - before[row]]
    unsent = [
        MessageStopped(row.id, MessageKind(row.kind).words, row.subject or "", tuple(sorted(kinds)))
        for row, kinds in stopped
        if row.id not in rounds
    ]
    theirs = [(rounds[row.id], kinds) for row, kinds in stopped if row.id in rounds]
    at, ringing = call_rounds.evenings([row for row, _ in theirs]), call_rounds.ringing(case)
    return unsent, [
        CallsStopped(
            row.id,
            clock.day_of(row.made_at),
            at[row.id].waiting,
            ringing.get(row.id, ()),
            tuple(sorted(kinds)),
        )
        for row, kinds in theirs
    ]


def _messages(case: Case, agreement: Agreement) -> Iterator[MessageOut]:
    """What supporters were told and that is beyond, the newest first: mails, texts, and what was said on the phone."""
    found = db.session.scalars(select(CallRound).where(CallRound.case_id == case.id))
    rounds = {row.message_id: row.id for row in found}
    query = select(Message).where(Message.case_id == case.id, Message.sent_on.is_not(None))
    for row in db.session.scalars(query.order_by(Message.id.desc())):
        kinds = sorted(messages.beyond(row, agreement))
        if kinds and row.sent_on:
            title = "Said on the telephone" if row.id in rounds else MessageKind(row.kind).words
            yield MessageOut(
                row.id,
                title,
                row.sent_on,
                row.number or 0,
                tuple(kinds),
                rounds.get(row.id),
                row.asked_back_on,
            )


def _states_of(batch: Batch) -> Iterable[tuple[str, int]]:
    query = select(BatchLetter.state, func.count()).where(BatchLetter.batch_id == batch.id)
    return ((row[0], row[1]) for row in db.session.execute(query.group_by(BatchLetter.state)))


def _papers_of_batches(case: Case) -> set[int]:
    """The entries of the file that stand for bundles handed over: what those told is known."""
    query = select(Bundle.correspondence_id).join(Batch).where(Batch.case_id == case.id)
    return {found for found in db.session.scalars(query) if found}


def _pages(case: Case, agreement: Agreement, *, says_no: bool) -> Iterator[PageStopped]:
    for page in campaign_pages.still_up(case):
        kinds = campaign_pages.beyond(page, agreement)
        if kinds or says_no:
            yield PageStopped(page.id, page.heading, tuple(sorted(kinds)))


def _pages_out(case: Case, agreement: Agreement) -> Iterator[PageOut]:
    """The pages that told more than is agreed to, those that still do and those that are over, the newest first."""
    for page in pages_told.pages_of(case):
        if kinds := not_agreed(pages_told.told_by(page), Audience.PUBLIC, agreement):
            since, until = pages_told.days_of(page)
            yield PageOut(page.id, page.heading, since, until, tuple(sorted(kinds)))


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
        tuple(sorted(told_beyond(letter, agreement))),
        tuple(holders_of(letter)),
        asked.get(letter.id, {}),
    )


def _asked_back(rows: list[Letter]) -> dict[int, dict[str, int]]:
    """For each letter the recall letters about it, by the key of their holder."""
    found: dict[int, dict[str, int]] = {}
    for row in rows:
        for letter_id in row.facts.get("recalls") or ():
            found.setdefault(letter_id, {})[row.facts.get("recall_from", "")] = row.id
    return found
