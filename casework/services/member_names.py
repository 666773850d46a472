"""Who sits for a constituency, by name, for the rooms that only need to call somebody something."""

from datetime import date

from casework.services.directory import directory


def member_on(gss_code: str, day: date) -> str:
    """Who sits for this constituency on this day, by name; "the MP for ..." when the seat is vacant or not known.

    Raises NotFound for an unknown constituency.
    """
    seat = directory().seat_on(gss_code, day)
    return seat.member.name if seat.member else f"the MP for {seat.constituency.name}"
