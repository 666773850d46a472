"""Seats: found by postcode, by the name of an MP or a constituency; all 650, and those that border on one."""

from datetime import date

from casework import clock
from casework.domain.case.postcodes import BadPostcode
from casework.domain.errors import CaseworkError, NotFound
from casework.domain.parliament.directory import Lookup, Seat
from casework.reference.directory.notes import order
from casework.services.parliament.directory import constituency_name, directory, maps

MOST_FOUND = 50


def find_by_postcode(text: str) -> Lookup:
    """Where a postcode, or part of one, lies. Raises BadPostcode."""
    return directory().lookup(text)


def find_by_name(text: str) -> list[Seat]:
    """The seats whose constituency or member has every word of the text in its name, by constituency."""
    words = order(text).split()
    today = clock.today()
    seats = (directory().seat_on(one.gss_code, today) for one in directory().constituencies())
    return [seat for seat in seats if words and all(word in _searched(seat) for word in words)][:MOST_FOUND]


def _searched(seat: Seat) -> str:
    member = seat.member.name if seat.member else ""
    return order(f"{seat.constituency.name} {seat.constituency.name_welsh} {member}")


def find(text: str) -> tuple[Lookup | None, list[Seat]]:
    """The answer to a postcode, or else the seats that a name fits. Raises CaseworkError when nothing does."""
    if not text.strip():
        raise CaseworkError("Type a postcode, an MP’s name or a constituency.", field="q")
    try:
        return find_by_postcode(text), []
    except BadPostcode:
        seats = find_by_name(text)
    if not seats:
        raise CaseworkError(
            "This is no postcode that we can read, and no MP or constituency has it in its name.", field="q"
        )
    return None, seats


def all_seats(on: date) -> list[Seat]:
    """All 650 seats by the name of the constituency."""
    return [directory().seat_on(one.gss_code, on) for one in directory().constituencies()]


def neighbours(gss_code: str) -> list[str]:
    """The constituencies that border on this one on land, by name; none where the maps do not have it."""
    try:
        codes = maps().neighbours(gss_code)
    except NotFound:
        return []
    return sorted(filter(directory().find, codes), key=lambda code: order(constituency_name(code)))
