"""The group's notes on members: written, changed, deleted; and what of them may go on a paper."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from casework import clock
from casework.domain.errors import CaseworkError, NotFound, OutOfDate
from casework.domain.parliament.directory import Seat
from casework.domain.parliament.member_notes import (
    ON_PAPER,
    NoteKind,
    check_link,
    check_words,
    named_in,
    without_names,
)
from casework.domain.safety.bins import BinKind
from casework.domain.said import of_ours
from casework.domain.words import say
from casework.services import saving
from casework.services.parliament.directory import directory
from casework.services.parliament.member_facts import about, is_about_now
from casework.services.safety import audit, bins
from casework.storage.database import db
from casework.storage.models import (
    Case,
    Meeting,
    MeetingPlan,
    MemberNote,
    OfficeEntry,
    SignUp,
    Supporter,
    TeamMember,
    User,
)

CHANGED = "Somebody changed this while you were typing. Yours is still here: compare and save again."
ORDER = {kind: place for place, kind in enumerate(NoteKind)}


@dataclass(frozen=True)
class NoteFacts:
    """A note as somebody typed it."""

    kind: NoteKind
    text: str
    link: str | None = None
    source: str | None = None
    said_on: date | None = None
    is_over: bool = False


@dataclass(frozen=True)
class Notes:
    """The notes of one seat: those on whoever sits there now, and those on others before."""

    now: tuple[MemberNote, ...]
    before: tuple[MemberNote, ...]
    in_bin: tuple[MemberNote, ...]


def notes_of(seat: Seat) -> Notes:
    """Every note on this seat, by kind, the newest first."""
    query = (
        select(MemberNote)
        .where(MemberNote.gss_code == seat.constituency.gss_code)
        .options(selectinload(MemberNote.written_by))
        .order_by(MemberNote.said_on.desc().nulls_last(), MemberNote.id.desc())
    )
    rows = sorted(db.session.scalars(query), key=lambda row: ORDER[NoteKind(row.kind)])
    kept = [row for row in rows if row.binned_at is None]
    return Notes(
        tuple(row for row in kept if is_about_now(row, seat)),
        tuple(row for row in kept if not is_about_now(row, seat)),
        tuple(row for row in rows if row.binned_at),
    )


def get_note(gss_code: str, note_id: int) -> MemberNote:
    """One note on this seat. Raises NotFound for any other, and for one in the bin."""
    row = db.session.scalar(
        select(MemberNote).where(
            MemberNote.id == note_id, MemberNote.gss_code == gss_code, MemberNote.binned_at.is_(None)
        )
    )
    if row is None:
        raise NotFound("This note is not here any more.")
    return row


def add_note(gss_code: str, facts: NoteFacts, actor: User) -> MemberNote:
    """Keep a note on whoever sits here today. Raises CaseworkError for an empty seat, and for words as in `_check`."""
    seat = directory().seat_on(gss_code, clock.today())
    if seat.member is None:
        raise CaseworkError("Nobody sits here now, so there is nobody to note this of.")
    _check(facts, actor)
    row = MemberNote(**about(seat), written_by=actor)
    _fill(row, facts)
    db.session.add(row)
    db.session.flush()
    audit.record("note on an MP written", actor, **bins.facts_of(row))
    db.session.commit()
    return row


def change_note(gss_code: str, note_id: int, facts: NoteFacts, version: int, actor: User) -> MemberNote:
    """Write a note anew. Raises OutOfDate when somebody saved since this version was read."""
    row = get_note(gss_code, note_id)
    refuse_older(row, version)
    _check(facts, actor)
    _fill(row, facts)
    row.written_by = actor
    audit.record("note on an MP changed", actor, **bins.facts_of(row))
    save()
    return row


def delete_note(gss_code: str, note_id: int, actor: User) -> MemberNote:
    """Put a note in the bin, where it rests for thirty days."""
    row = get_note(gss_code, note_id)
    bins.put(BinKind.MEMBER_NOTE, row, actor)
    save()
    return row


def refuse_older(row: MemberNote | OfficeEntry | MeetingPlan | Meeting, version: int) -> None:
    """Raises OutOfDate when somebody saved this since the page with this version was opened."""
    if row.version != version:
        raise OutOfDate(CHANGED)


def save() -> None:
    """Commit. Raises OutOfDate when somebody else saves the same thing at this moment."""
    saving.commit(CHANGED)


def _fill(row: MemberNote, facts: NoteFacts) -> None:
    row.kind, row.text, row.source, row.said_on = facts.kind, facts.text, facts.source, facts.said_on
    row.link = check_link(facts.link) if facts.link else None
    row.is_over = facts.is_over
    row.written_at = clock.now()


def _check(facts: NoteFacts, actor: User) -> None:
    """Raises CaseworkError where a claim has no source or no day, judges the member, or names somebody it must not."""
    if facts.kind.needs_source and not facts.source:
        raise CaseworkError(
            "Say where this can be looked up: Hansard, a newspaper, a leaflet.", field="source"
        )
    if facts.kind.needs_source and not facts.said_on:
        raise CaseworkError("Type the day on which it was said or seen.", field="said_on")
    if facts.said_on and facts.said_on > clock.today():
        raise CaseworkError("This day has not come yet.", field="said_on")
    if facts.link:
        check_link(facts.link)
    check_words(facts.kind, facts.text)
    refuse_names(actor, text=facts.text, source=facts.source)


def refuse_names(actor: User, **typed: str | None) -> None:
    """Raises CaseworkError where what was typed names a supporter, or somebody whose case this person works on."""
    refuse_these(names_known_to(actor), **typed)


def refuse_these(names: Iterable[str], **typed: str | None) -> None:
    """The same for names that were read already, as for the many rows of a file."""
    for field, text in typed.items():
        if text and (name := named_in(text, names)):
            raise CaseworkError(
                f"This names {name}. Everybody in the group reads this, and the MP may ask for a copy: say it "
                "without the name.",
                field=field,
            )


def names_known_to(actor: User) -> list[str]:
    """The supporters, and the people with a case, whom this person knows.

    They are of this person's own cases alone: whoever types must not learn from an error who else is known.
    """
    mine = select(TeamMember.case_id).where(TeamMember.user_id == actor.id)
    people = select(Case.name_used, Case.official_name).where(Case.id.in_(mine))
    supporters = select(Supporter.name).join(Supporter.sign_ups).where(SignUp.case_id.in_(mine)).distinct()
    found = [name for row in db.session.execute(people) for name in row if name]
    # A supporter's first name alone may be anybody's.
    return found + [name for name in db.session.scalars(supporters) if len(name.split()) > 1]


def for_paper(texts: Iterable[str]) -> list[str]:
    """These texts without the whole name of any supporter or person of this group: a paper may be left on a table."""
    kept = list(texts)
    if not any(kept):
        return kept
    names = list(db.session.scalars(select(Supporter.name)))
    for row in db.session.execute(select(Case.name_used, Case.official_name)):
        names += [name for name in row if name]
    return [without_names(text, names) for text in kept]


def lines_for_paper(seat: Seat) -> list[str]:
    """What of the notes may stand on a paper that is carried to a meeting: interests and posts, and no stance."""
    rows = [row for row in notes_of(seat).now if NoteKind(row.kind) in ON_PAPER and not row.is_over]
    texts = for_paper(row.text for row in rows)
    kinds = [of_ours(NoteKind(row.kind).words) for row in rows]
    return [say("{kind}: {text}", kind=kind, text=text) for kind, text in zip(kinds, texts, strict=True)]
