"""What left the house about a person, the newest first: letters, batches, messages, pages, packs, copies, papers."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date

from sqlalchemy import func, select

from casework import clock
from casework.domain.campaign.batches import LetterState
from casework.domain.campaign.messages import Means
from casework.domain.consent.own_view import counted, day_of, to_you
from casework.domain.consent.publicity import Audience, Kind
from casework.domain.letters.correspondence import Kind as PaperKind
from casework.domain.letters.go_bags import Ended
from casework.domain.letters.letter_values import OwnLine
from casework.domain.said import AND, in_a_row
from casework.services.campaign import pages_told
from casework.services.consent import need_to_know
from casework.services.letters.correspondence import list_papers
from casework.services.parliament.directory import member_name_on
from casework.storage.database import db
from casework.storage.models import (
    Batch,
    BatchLetter,
    CampaignPage,
    Case,
    Correspondence,
    GoBag,
    Letter,
    Message,
    Pack,
)


def went_out(case: Case, titles: Mapping[str, str], their_own: Collection[str]) -> Iterator[OwnLine]:
    """What left the house, the newest first: letters made here, and what was sent in another way."""
    rows = db.session.scalars(
        select(Letter).where(
            Letter.case_id == case.id, Letter.issued_at.is_not(None), Letter.discarded_at.is_(None)
        )
    )
    told = [
        _letter(row, titles.get(row.template, row.template))
        for row in rows
        if row.may_have_gone_out and row.template not in their_own
    ]
    batches = db.session.scalars(select(Batch).where(Batch.case_id == case.id)).all()
    of_batches = {one.correspondence_id for row in batches for one in row.bundles}
    told += [
        _sent(row)
        for row in list_papers(case)
        if not PaperKind(row.kind).comes_in and row.letter_id is None and row.id not in of_batches
    ]
    sent = select(Message).where(Message.case_id == case.id, Message.sent_on.is_not(None))
    told += [_message(row) for row in db.session.scalars(sent)]
    told += [line for row in batches for line in _batch(row, titles.get(row.template, row.template))]
    told += [_page(row) for row in pages_told.pages_of(case)]
    packs = db.session.scalars(select(Pack).where(Pack.case_id == case.id, Pack.audience != Audience.PERSON))
    told += [_pack(row) for row in packs if not need_to_know.holds_hidden(row)]
    bags = db.session.scalars(select(GoBag).where(GoBag.case_id == case.id))
    told += [_bag(row) for row in bags]
    for _, line in sorted(told, key=lambda one: one[0], reverse=True):
        yield line


def _letter(row: Letter, title: str) -> tuple[date, OwnLine]:
    on = row.sent_on or (clock.day_of(row.issued_at) if row.issued_at else date.min)
    to = row.member_name or row.facts.get("given_to")
    said = [title, f"to {to}" if to else ""]
    said += [f"signed by {row.facts['sender_name']}" if row.facts.get("sender_name") else ""]
    kinds = row.facts.get("told")
    said += [f"it tells: {_named(kinds)}" if kinds else ""]
    said += ["" if row.sent_on else "nobody wrote down whether it went"]
    return on, OwnLine("", day_of(on), "; ".join(filter(None, said)))


def _named(kinds: Iterable[str]) -> str:
    """Kinds of fact, as they are said to the person."""
    return in_a_row((to_you(Kind(kind).words) for kind in kinds), AND)


def _batch(row: Batch, title: str) -> Iterator[tuple[date, OwnLine]]:
    """What was made for many supporters, and what of it was handed over to each MP."""
    made = select(func.count()).where(BatchLetter.batch_id == row.id, BatchLetter.state == LetterState.MADE)
    number, kinds = db.session.scalar(made) or 0, _named(row.told)
    if number:
        on = clock.day_of(row.made_at)
        yield (
            on,
            OwnLine("", day_of(on), f"{title}: {counted(number, 'letter', ' made')}; they tell: {kinds}"),
        )
    for one in row.bundles:
        if one.handed_over and one.handed_over_on:
            member = member_name_on(one.gss_code, one.handed_over_on)
            words = f"{counted(one.handed_over, 'letter')} handed over to {member}"
            yield one.handed_over_on, OwnLine("", day_of(one.handed_over_on), words)


def _message(row: Message) -> tuple[date, OwnLine]:
    """What supporters were told in a mail or a text, or on the telephone."""
    on = row.sent_on or clock.day_of(row.made_at)
    kinds = _named(row.told)
    rung = "was rung" if row.number == 1 else "were rung"
    how = {Means.CALL: rung, Means.TEXT: "got a text message", Means.EMAIL: "got an email"}
    who = counted(row.number or 0, "supporter") or "Supporters"
    return on, OwnLine("", day_of(on), f"{who} {how[Means(row.means)]}; it tells: {kinds}")


def _page(row: CampaignPage) -> tuple[date, OwnLine]:
    """A campaign page, which anybody with its address could read: while it is open, and afterwards."""
    since, until = pages_told.days_of(row)
    kinds = _named(sorted(pages_told.told_by(row)))
    words = (
        f"A page on the internet, open to anybody until {day_of(until)}: {row.heading}; it tells: {kinds}"
        if until
        else f"A page on the internet, open to anybody now: {row.heading}; it tells: {kinds}"
    )
    return since, OwnLine("", day_of(since), words)


def _pack(row: Pack) -> tuple[date, OwnLine]:
    on = clock.day_of(row.made_at)
    kinds = _named(row.told)
    return on, OwnLine("", day_of(on), f"A pack was made: {row.title}; it tells: {kinds}")


def _bag(row: GoBag) -> tuple[date, OwnLine]:
    """A copy that left the house in somebody's pocket, and what became of it."""
    on = clock.day_of(row.made_at)
    kinds = _named(row.told)
    ended = f"; {Ended(row.ended_as).words.lower()}" if row.ended_as else "; it is out"
    return on, OwnLine(
        "", day_of(on), f"An encrypted copy was taken along by {row.taken_by}; it tells: {kinds}{ended}"
    )


def _sent(row: Correspondence) -> tuple[date, OwnLine]:
    on = row.sent_on or row.dated or clock.day_of(row.recorded_at)
    said = (PaperKind(row.kind).words, f"to {row.recipient}" if row.recipient else "")
    return on, OwnLine("", day_of(on), "; ".join(filter(None, said)))
