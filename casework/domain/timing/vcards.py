"""Contacts as vCard 4 (RFC 6350), which address books read and write; version 3 is read too.

Written: a value with its signs escaped (3.4), each line folded after 75 octets and never within a letter (3.2).
Read: what is folded put together, what is escaped as it was, and of all properties those that an office has.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from casework.domain.errors import CaseworkError

LINE = 75
MOST_CARDS = 500
_ESCAPED = str.maketrans({"\\": "\\\\", ",": "\\,", ";": "\\;", "\n": "\\n", "\r": None})
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True)
class Card:
    """One contact: an office, or a person who works there. `address` has a line for each line of an envelope."""

    name: str
    organisation: str = ""
    role: str = ""
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    note: str = ""
    revised: str = ""  # the day, as 20260303
    is_person: bool = False


def write_cards(cards: Iterable[Card]) -> str:
    """The cards as one file."""
    return "".join(_folded(line) for card in cards for line in _lines(card))


def _lines(card: Card) -> Iterator[str]:
    yield "BEGIN:VCARD"
    yield "VERSION:4.0"
    yield f"KIND:{'individual' if card.is_person else 'org'}"
    yield f"FN:{_escaped(card.name)}"
    for name, value in (("ORG", card.organisation), ("ROLE", card.role)):
        if value:
            yield f"{name}:{_escaped(value)}"
    for phone in card.phones:
        yield f"TEL;TYPE=work:{_escaped(phone)}"
    for email in card.emails:
        yield f"EMAIL;TYPE=work:{_escaped(email)}"
    for address in card.addresses:
        # Street, and nothing guessed of town or postcode: post box; extended; street; town; region; code; country.
        yield f"ADR;TYPE=work:;;{','.join(_escaped(line) for line in address.splitlines())};;;;"
    if card.note:
        yield f"NOTE:{_escaped(card.note)}"
    if card.revised:
        yield f"REV:{card.revised}T000000Z"
    yield "END:VCARD"


def _escaped(value: str) -> str:
    return _UNSEEN.sub("", value.replace("\r\n", "\n")).translate(_ESCAPED)


def _folded(line: str) -> str:
    """The line, and what is too long of it on further lines that begin with a space."""
    parts, part, room = [], "", LINE
    for sign in line:
        size = len(sign.encode())
        if size > room:
            parts.append(part)
            part, room = "", LINE - 1
        part, room = part + sign, room - size
    return "\r\n ".join([*parts, part]) + "\r\n"


def read_cards(text: str) -> list[Card]:
    """The cards of a file. Raises CaseworkError when there is none in it, or one without its end."""
    unfolded = re.sub(r"(?:\r\n|\r|\n)[ \t]", "", text.removeprefix("\ufeff"))
    cards: list[Card] = []
    found: dict[str, list[str]] | None = None
    for line in re.split(r"\r\n|\r|\n", unfolded):
        name, values = _property(line)
        if name == "BEGIN" and line.upper().endswith("VCARD"):
            found = {}
        elif name == "END" and found is not None:
            cards.append(_card(found))
            found = None
            if len(cards) > MOST_CARDS:
                raise CaseworkError(
                    f"This file has more than {MOST_CARDS} contacts. Send it in parts.", field="sheet"
                )
        elif found is not None and name:
            found.setdefault(name, []).append(values)
    if found is not None:
        raise CaseworkError(
            "The last contact of this file has no end. Save it anew, and send it again.", field="sheet"
        )
    if not cards:
        raise CaseworkError("There is no contact (vCard) in this.", field="sheet")
    return cards


def _property(line: str) -> tuple[str, str]:
    """The name of a property and its value as it stands; parameters and the group before a dot are left out."""
    head = re.match(r'((?:[^:;"]+)(?:;(?:[^:"]|"[^"]*")*)?):(.*)', line, re.DOTALL)
    if not head:
        return "", ""
    return head[1].partition(";")[0].rpartition(".")[2].strip().upper(), head[2]


def _card(found: dict[str, list[str]]) -> Card:
    def first(name: str) -> str:
        return _plain(found.get(name, [""])[0])

    organisation = ", ".join(part for part in map(_plain, _parts(found.get("ORG", [""])[0])) if part)
    name = first("FN") or " ".join(
        part for part in map(_plain, _parts(found.get("N", [""])[0])[:2][::-1]) if part
    )
    is_person = first("KIND").lower() == "individual" or (
        not first("KIND") and bool(name) and name != organisation
    )
    return Card(
        name=name,
        organisation=organisation,
        role=first("ROLE") or first("TITLE"),
        phones=tuple(_plain(one).removeprefix("tel:") for one in found.get("TEL", ()) if one.strip()),
        emails=tuple(_plain(one).removeprefix("mailto:") for one in found.get("EMAIL", ()) if one.strip()),
        addresses=tuple(filter(None, (_address(one) for one in found.get("ADR", ())))),
        note=first("NOTE"),
        revised=re.sub(r"\D", "", first("REV"), flags=re.ASCII)[:8],
        is_person=is_person,
    )


def _address(value: str) -> str:
    """The parts of an address that are filled, each on a line of its own; what is listed with commas too."""
    parts = (piece for part in _parts(value) for piece in _parts(part, ","))
    return "\n".join(part for part in (_plain(one).strip() for one in parts) if part)


def _parts(value: str, at: str = ";") -> list[str]:
    """The value cut at each such sign that is not escaped."""
    parts, part, escaped = [], "", False
    for sign in value:
        if sign == at and not escaped:
            parts.append(part)
            part = ""
        else:
            part += sign
        escaped = sign == "\\" and not escaped
    return [*parts, part]


def _plain(value: str) -> str:
    """The value with what was escaped as it was."""
    plain = re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], value, flags=re.DOTALL)
    return _UNSEEN.sub("", plain).strip()
