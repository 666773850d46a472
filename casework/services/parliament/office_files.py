"""Offices as files: a table that spreadsheets read, and contacts that address books read; both come in again.

No note on a member is in either, and nothing of how they spoke or voted. What is read is checked whole first: where one
row is wrong, every mistake is named with its row and nothing is added.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from casework import clock
from casework.domain.campaign.sheet_cells import plain, read_day
from casework.domain.cells import as_typed
from casework.domain.errors import CaseworkError
from casework.domain.parliament.directory import Seat
from casework.domain.parliament.offices import WORDS, OfficeKind
from casework.domain.said import PARTS, in_a_row
from casework.domain.said import names as names_of
from casework.domain.timing.vcards import Card, read_cards, write_cards
from casework.domain.words import say
from casework.reference.directory.notes import order
from casework.services.campaign.sheet_files import read_sheets
from casework.services.parliament.directory import directory
from casework.services.parliament.member_notes import names_known_to
from casework.services.parliament.offices import (
    Known,
    OfficeFacts,
    checked,
    entries_of,
    found_so,
    new_entry,
)
from casework.services.safe_csv import to_csv
from casework.services.safety import audit
from casework.storage.database import db
from casework.storage.models import User

COLUMNS = ("Constituency", "MP", "What", "Words", "Name", "Role", "Told by", "Learned on", "Learned by")
NEEDED = ("constituency", "what", "words")
MOST_ROWS = 2_000
MOST_TOLD = 20
LONGEST = 5_000
_KINDS = {order(words): kind for kind, words in WORDS.items()}


class BadRows(CaseworkError):
    """Rows that cannot be read, each as a sentence with its number."""

    def __init__(self, said: list[str]) -> None:
        self.said = tuple(said[:MOST_TOLD])
        more = len(said) - MOST_TOLD
        rest = f" And {more} more." if more > 0 else ""
        super().__init__(f"Nothing was added yet. {' '.join(self.said)}{rest}", field="sheet")


@dataclass(frozen=True)
class Read:
    """One thing that a file says of the office of a constituency, and whether it says when that was learned.

    What says nothing of when it was learned may be old: it confirms nothing that is known.
    """

    gss_code: str
    facts: OfficeFacts
    is_dated: bool


@dataclass(frozen=True)
class Outcome:
    """What came of a file: how many entries are new, how many were confirmed, how many stood there already."""

    new: int = 0
    confirmed: int = 0
    known: int = 0


def as_csv(offices: Iterable[tuple[Seat, list[Known]]]) -> bytes:
    """These offices as a table, a row for each thing that is known."""
    rows = [
        (
            seat.constituency.name,
            one.row.member_name,
            one.kind.words,
            one.row.text,
            one.row.name,
            one.row.role,
            one.row.told_by,
            one.row.learned_on.isoformat(),
            one.row.learned_by.name,
        )
        for seat, known in offices
        for one in known
    ]
    return to_csv(COLUMNS, rows)


def as_vcards(offices: Iterable[tuple[Seat, list[Known]]]) -> str:
    """These offices as contacts: one for each office, and one for each of its caseworkers."""
    return write_cards(card for seat, known in offices for card in _cards(seat, known))


def _cards(seat: Seat, known: list[Known]) -> Iterator[Card]:
    name = _office_name(seat)

    def texts(kind: OfficeKind) -> tuple[str, ...]:
        return tuple(one.row.text or "" for one in known if one.kind is kind)

    notes = [
        f"{one.kind.words}: {one.content}"
        for one in known
        if one.kind in (OfficeKind.SURGERY, OfficeKind.BOOKING)
    ]
    office = Card(
        name=name,
        organisation=name,
        phones=texts(OfficeKind.TELEPHONE),
        emails=texts(OfficeKind.EMAIL),
        addresses=texts(OfficeKind.ADDRESS),
        note="\n".join(notes),
        revised=_revised(one for one in known if one.kind is not OfficeKind.CASEWORKER),
    )
    if office.phones or office.emails or office.addresses or office.note:
        yield office
    for one in known:
        if one.kind is OfficeKind.CASEWORKER:
            yield Card(one.row.name or "", name, one.row.role or "", revised=_revised([one]), is_person=True)


def _revised(known: Iterable[Known]) -> str:
    newest = max((one.row.learned_on for one in known), default=None)
    return f"{newest:%Y%m%d}" if newest else ""


def _office_name(seat: Seat) -> str:
    """What an address book calls the office."""
    who = f"{seat.member.name} MP" if seat.member else "the MP"
    return f"Office of {who}, {seat.constituency.name}"


def read_csv(content: bytes, actor: User) -> Outcome:
    """Add what a table holds, as `as_csv` makes it: of one office or of many. Raises BadRows."""
    rows = [[as_typed(cell).strip() for cell in row] for row in read_sheets(content).table.rows]
    columns = [order(cell) for cell in rows[0]] if rows else []
    missing = [name for name in NEEDED if name not in columns]
    if missing:
        raise CaseworkError(
            say(
                "The first row names the columns. Missing: {columns}. Take out a table here first: it has them all.",
                columns=names_of(missing),
            ),
            field="sheet",
        )
    if len(rows) > MOST_ROWS:
        raise CaseworkError(f"This is longer than {MOST_ROWS:,} rows. Send it in parts.", field="sheet")
    codes = {order(one.name): one.gss_code for one in directory().constituencies()}
    names = names_known_to(actor)
    found: list[Read] = []
    said: list[str] = []
    for number, row in enumerate(rows[1:], start=2):
        cells = dict(zip(columns, row, strict=False))
        if not any(cells.values()):
            continue
        try:
            found.append(_from_row(cells, codes, names))
        except CaseworkError as error:
            said.append(f"Row {number}: {error.message}")
    if said:
        raise BadRows(said)
    return _keep(found, actor)


def _from_row(cells: dict[str, str], codes: dict[str, str], names: list[str]) -> Read:
    gss_code = codes.get(order(cells["constituency"]))
    if gss_code is None:
        raise CaseworkError(f"We know no constituency called “{cells['constituency'][:60]}”.")
    kind = _KINDS.get(order(cells["what"]))
    if kind is None:
        raise CaseworkError(
            say(
                "“{typed}” is none of the things we keep of an office. They are: {things}.",
                typed=cells["what"][:60],
                things=in_a_row(WORDS.values(), PARTS),
            )
        )
    learned_on = read_day(cells["learned on"])[0] if cells.get("learned on") else None
    facts = OfficeFacts(
        kind,
        _kept(cells["words"]),
        plain(cells.get("name", ""))[:200] or None,
        plain(cells.get("role", ""))[:200] or None,
        plain(cells.get("told by", ""))[:300] or None,
        learned_on,
    )
    return Read(gss_code, checked(facts, names), learned_on is not None)


def _kept(text: str) -> str | None:
    """The words of a cell, its lines kept; nothing for an empty one. What is too long is said, not cut."""
    if len(text) > LONGEST:
        raise CaseworkError(f"This is too long: {LONGEST:,} characters at most.")
    lines = [" ".join(plain(line).split()) for line in text.splitlines()]
    return "\n".join(line for line in lines if line) or None


def read_vcards(gss_code: str, content: bytes, actor: User) -> Outcome:
    """Add what contacts hold to the office of one seat: telephone, email, address, and each person as a caseworker.

    Raises CaseworkError for a file without any, and BadRows with what may not be kept, each with its line.
    """
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise CaseworkError(
            "This file is not in the alphabet that contacts are written in (UTF-8). Save it anew as vCard 3 or 4.",
            field="sheet",
        ) from None
    found: list[Read] = []
    said: list[str] = []
    names = names_known_to(actor)
    for number, card in enumerate(read_cards(text), start=1):
        for facts in _facts_of(card):
            try:
                is_dated = facts.learned_on is not None
                found.append(Read(gss_code, checked(facts, names), is_dated))
            except CaseworkError as error:
                said.append(f"Contact {number}: {error.message}")
    if said:
        raise BadRows(said)
    if not found:
        raise CaseworkError("There is no telephone, email, address or person in this.", field="sheet")
    return _keep(found, actor)


def _facts_of(card: Card) -> Iterator[OfficeFacts]:
    on = _revised_on(card)
    if card.is_person and card.name:
        reached = "\n".join((*card.phones, *card.emails))
        name, role = plain(card.name)[:200], plain(card.role)[:200] or None
        yield OfficeFacts(OfficeKind.CASEWORKER, _kept(reached), name, role, learned_on=on)
        return
    for kind, values in (
        (OfficeKind.TELEPHONE, card.phones),
        (OfficeKind.EMAIL, card.emails),
        (OfficeKind.ADDRESS, card.addresses),
    ):
        for value in values:
            yield OfficeFacts(kind, _kept(value), learned_on=on)


def _revised_on(card: Card) -> date | None:
    """The day on which a contact was last changed; None where it says none, or one that has not come."""
    try:
        day = date.fromisoformat(card.revised)
    except ValueError:
        return None
    return day if day <= clock.today() else None


def _keep(found: list[Read], actor: User) -> Outcome:
    """Add what is new, confirm what is known where the file learned it later, and leave what stands there already."""
    today = clock.today()
    outcome = Outcome()
    seats = {one.gss_code: directory().seat_on(one.gss_code, today) for one in found}
    known = {code: {_same(one.row): one.row for one in entries_of(seat)} for code, seat in seats.items()}
    for one in found:
        code, facts = one.gss_code, one.facts
        assert facts.learned_on
        key = _same(facts)
        row = known[code].get(key)
        if row is None:
            known[code][key] = new_entry(seats[code], facts, actor)
            outcome = replace(outcome, new=outcome.new + 1)
        elif one.is_dated and facts.learned_on > row.learned_on:
            found_so(row, seats[code], facts.learned_on, actor)
            outcome = replace(outcome, confirmed=outcome.confirmed + 1)
        else:
            outcome = replace(outcome, known=outcome.known + 1)
    audit.record("offices of MPs read from a file", actor, new=outcome.new, confirmed=outcome.confirmed)
    db.session.commit()
    return outcome


def _same(entry: object) -> tuple[str, str, str]:
    """What makes two entries one: what they are about, and their words, however they are spaced and written."""
    text, name = getattr(entry, "text", None) or "", getattr(entry, "name", None) or ""
    return str(getattr(entry, "kind", "")), " ".join(text.casefold().split()), name.casefold()
