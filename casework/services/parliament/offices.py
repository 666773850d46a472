"""What the group knows of MPs' offices: learned, confirmed, changed, deleted; and what an office asks for."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from casework import clock
from casework.domain.errors import CaseworkError, NotFound
from casework.domain.parliament.directory import Seat
from casework.domain.parliament.offices import ORDER, OfficeKind, condition, content, is_stale, learned
from casework.domain.safety.bins import BinKind
from casework.domain.said import of_ours
from casework.domain.words import say
from casework.services.case.contact_details import read_email, read_phone
from casework.services.parliament.directory import directory
from casework.services.parliament.member_facts import about, is_about_now
from casework.services.parliament.member_notes import (
    for_paper,
    names_known_to,
    refuse_older,
    refuse_these,
    save,
)
from casework.services.safety import audit, bins
from casework.storage.database import db
from casework.storage.models import OfficeEntry, User

BEFORE_A_VISIT = frozenset(
    {OfficeKind.SURGERY, OfficeKind.BOOKING, OfficeKind.TELEPHONE, OfficeKind.CASEWORKER, OfficeKind.ASKING}
)


@dataclass(frozen=True)
class OfficeFacts:
    """Something about an office as somebody typed it."""

    kind: OfficeKind
    text: str | None = None
    name: str | None = None
    role: str | None = None
    told_by: str | None = None
    learned_on: date | None = None


@dataclass(frozen=True)
class Known:
    """One thing that is known of an office, with how sure it is today. `was_of` names an earlier member."""

    row: OfficeEntry
    content: str
    learned: str
    is_stale: bool
    was_of: str = ""

    @property
    def kind(self) -> OfficeKind:
        """What it is about."""
        return OfficeKind(self.row.kind)

    @property
    def doubt(self) -> str:
        """Why it may not hold any more; empty where it was learned of this member's office lately."""
        return (
            say("This was {name}’s office: it may have gone with them.", name=self.was_of)
            if self.was_of
            else ""
        )


def entries_of(seat: Seat) -> list[Known]:
    """Everything known of the office of this seat, by what it is about."""
    return known_by_seat([seat])[seat.constituency.gss_code]


def nameless(known: list[Known]) -> list[Known]:
    """The same as a paper may have it: without the whole name of any supporter or person of this group."""
    texts = for_paper(one.content for one in known)
    return [replace(one, content=text) for one, text in zip(known, texts, strict=True)]


def known_by_seat(seats: Iterable[Seat]) -> dict[str, list[Known]]:
    """The same for many seats at once, by the code of the constituency."""
    wanted = {seat.constituency.gss_code: seat for seat in seats}
    query = (
        select(OfficeEntry)
        .where(OfficeEntry.gss_code.in_(wanted), OfficeEntry.binned_at.is_(None))
        .options(selectinload(OfficeEntry.learned_by))
        .order_by(OfficeEntry.learned_on.desc(), OfficeEntry.id.desc())
    )
    found: dict[str, list[Known]] = defaultdict(list)
    for row in sorted(db.session.scalars(query), key=lambda row: ORDER[OfficeKind(row.kind)]):
        found[row.gss_code].append(_known(row, wanted[row.gss_code]))
    return found


def _known(row: OfficeEntry, seat: Seat) -> Known:
    today = clock.today()
    return Known(
        row,
        condition(row) if OfficeKind(row.kind).is_condition else content(row),
        learned(row.learned_on, row.learned_by.name, today),
        is_stale(row.learned_on, today),
        "" if is_about_now(row, seat) else row.member_name or "an earlier member",
    )


def conditions_by_seat(seats: Iterable[Seat]) -> dict[str, list[str]]:
    """What each office asks for before it acts, as sentences with who learned it and when."""
    return {
        code: [sentence(one) for one in known if one.kind.is_condition]
        for code, known in known_by_seat(seats).items()
    }


def asked_by(gss_code: str | None) -> list[str]:
    """What the office of this seat asks for before it acts, as sentences; nothing where no seat is named."""
    if gss_code is None:
        return []
    seat = directory().seat_on(gss_code, clock.today())
    return conditions_by_seat([seat]).get(gss_code, [])


def for_a_visit(gss_code: str) -> list[str]:
    """What to know of an office before a visit, in sentences: surgeries, how to book, whom to ask, what it asks for."""
    known = entries_of(directory().seat_on(gss_code, clock.today()))
    said = [_with_doubt(_told(one), one) for one in known if one.kind in BEFORE_A_VISIT]
    return said + [sentence(one) for one in known if one.kind.is_condition]


def telephones(gss_code: str) -> tuple[str, ...]:
    """The numbers of an office, as a paper may have them."""
    known = entries_of(directory().seat_on(gss_code, clock.today()))
    found = nameless([one for one in known if one.kind is OfficeKind.TELEPHONE])
    return tuple(_with_doubt(say("Telephone: {known}.", known=one.content), one) for one in found)


def sentence(one: Known) -> str:
    """A condition as a sentence: "The office asks for a signed form (learned 3 March 2026 by Ada)."""
    return _with_doubt(say("The office {known} ({learned}).", known=one.content, learned=one.learned), one)


def _told(one: Known) -> str:
    return say(
        "{what}: {known} ({learned}).", what=of_ours(one.kind.words), known=one.content, learned=one.learned
    )


def _with_doubt(said: str, one: Known) -> str:
    return say("{sentence} {doubt}", sentence=said, doubt=one.doubt) if one.doubt else said


def in_bin(seat: Seat) -> list[OfficeEntry]:
    """What was deleted of this office within thirty days."""
    return bins.list_of_members(BinKind.OFFICE, OfficeEntry.gss_code == seat.constituency.gss_code)


def get_entry(gss_code: str, entry_id: int) -> OfficeEntry:
    """One entry of this office. Raises NotFound for any other, and for one in the bin."""
    row = db.session.scalar(
        select(OfficeEntry).where(
            OfficeEntry.id == entry_id, OfficeEntry.gss_code == gss_code, OfficeEntry.binned_at.is_(None)
        )
    )
    if row is None:
        raise NotFound("This is not known of the office any more.")
    return row


def add_entry(gss_code: str, facts: OfficeFacts, actor: User) -> OfficeEntry:
    """Keep something about the office of whoever sits here today; of nobody where the seat is vacant."""
    row = new_entry(
        directory().seat_on(gss_code, clock.today()), checked(facts, names_known_to(actor)), actor
    )
    db.session.flush()
    audit.record("office of an MP: learned", actor, **bins.facts_of(row))
    db.session.commit()
    return row


def new_entry(seat: Seat, facts: OfficeFacts, actor: User) -> OfficeEntry:
    """Add what was checked. The caller records it and commits."""
    row = OfficeEntry(**about(seat), learned_by=actor)
    _fill(row, facts)
    db.session.add(row)
    return row


def change_entry(gss_code: str, entry_id: int, facts: OfficeFacts, version: int, actor: User) -> OfficeEntry:
    """Put an entry right. Raises OutOfDate when somebody saved since this version was read."""
    row = get_entry(gss_code, entry_id)
    refuse_older(row, version)
    _fill(row, checked(facts, names_known_to(actor)))
    found_so(row, directory().seat_on(gss_code, clock.today()), row.learned_on, actor)
    audit.record("office of an MP: changed", actor, **bins.facts_of(row))
    save()
    return row


def confirm_entry(gss_code: str, entry_id: int, actor: User) -> OfficeEntry:
    """Keep that this was found to be so today, for whoever sits here now."""
    row = get_entry(gss_code, entry_id)
    found_so(row, directory().seat_on(gss_code, clock.today()), clock.today(), actor)
    audit.record("office of an MP: still so", actor, **bins.facts_of(row))
    save()
    return row


def found_so(row: OfficeEntry, seat: Seat, on: date, actor: User) -> None:
    """Keep that an entry holds for whoever sits here now, learned on this day. The caller commits."""
    row.learned_on, row.learned_by = on, actor
    for name, value in about(seat).items():
        setattr(row, name, value)


def delete_entry(gss_code: str, entry_id: int, actor: User) -> OfficeEntry:
    """Put an entry in the bin, where it rests for thirty days."""
    row = get_entry(gss_code, entry_id)
    bins.put(BinKind.OFFICE, row, actor)
    save()
    return row


def checked(facts: OfficeFacts, names: Iterable[str]) -> OfficeFacts:
    """What was typed, telephone and email in standard form. Raises CaseworkError for what cannot be kept so.

    `names` are those of `member_notes.names_known_to`: nobody of them may stand there.
    """
    kind, text = facts.kind, facts.text
    if kind is OfficeKind.CASEWORKER and not facts.name:
        raise CaseworkError("Type the name of the caseworker.", field="name")
    if not (text or kind.says_itself or kind is OfficeKind.CASEWORKER):
        raise CaseworkError("Say what you learned, in a few words.", field="text")
    try:
        if kind is OfficeKind.TELEPHONE and text:
            text = read_phone(text)[0]
        if kind is OfficeKind.EMAIL and text:
            text = read_email(text)[0]
    except CaseworkError as error:
        raise CaseworkError(error.message, field="text") from None
    if facts.learned_on and facts.learned_on > clock.today():
        raise CaseworkError("This day has not come yet.", field="learned_on")
    refuse_these(names, text=text, told_by=facts.told_by)
    is_person = kind is OfficeKind.CASEWORKER
    return OfficeFacts(
        kind,
        text,
        facts.name if is_person else None,
        facts.role if is_person else None,
        facts.told_by,
        facts.learned_on or clock.today(),
    )


def _fill(row: OfficeEntry, facts: OfficeFacts) -> None:
    assert facts.learned_on
    row.kind, row.text, row.name, row.role = facts.kind, facts.text, facts.name, facts.role
    row.told_by, row.learned_on = facts.told_by, facts.learned_on


def all_entries() -> list[tuple[Seat, list[Known]]]:
    """Every office of which something is known, by constituency."""
    today = clock.today()
    codes = set(db.session.scalars(select(OfficeEntry.gss_code).where(OfficeEntry.binned_at.is_(None))))
    seats = [
        directory().seat_on(one.gss_code, today)
        for one in directory().constituencies()
        if one.gss_code in codes
    ]
    known = known_by_seat(seats)
    return [(seat, known[seat.constituency.gss_code]) for seat in seats]
