"""The MP of somebody who writes on a campaign page: by their postcode, or as they choose where it leaves a doubt."""

from dataclasses import dataclass

from casework import clock
from casework.domain.campaign.campaign_pages import LONGEST_ADDRESS, Asked
from casework.domain.case.postcodes import BadPostcode, parse_postcode
from casework.domain.errors import CaseworkError
from casework.domain.parliament.directory import Lookup, LookupStatus, Seat
from casework.domain.parliament.members import NOT_CHECKED, cautions_about
from casework.services.parliament import ministers
from casework.services.parliament.directory import directory

MINISTER = (
    "Your MP is also a minister in the Home Office. As your MP they can still read your letter, answer you, and hand "
    "it on to whoever decides; a minister does not speak in public against the government. The letter says so. "
    f"{NOT_CHECKED}"
)
VACANT = (
    "Nobody sits for {seat} at present. Look again after the by-election: your letter can wait until then."
)


@dataclass(frozen=True)
class Found:
    """The MP of somebody, or the seats among which they have to choose; `anywhere` when no postcode tells."""

    lookup: Lookup
    seat: Seat | None
    choices: tuple[Seat, ...] = ()
    anywhere: bool = False

    @property
    def because(self) -> str:
        """Why it is this MP."""
        if self.lookup.status is LookupStatus.FOUND:
            return f"Because {self.lookup.postcode} is in {self.place}."
        return f"Because you say that you live in {self.place}."

    @property
    def place(self) -> str:
        """The name of the constituency."""
        return self.seat.constituency.name if self.seat else ""

    @property
    def cautions(self) -> list[str]:
        """What to know of this MP before writing."""
        if self.seat is None or self.seat.member is None:
            return []
        own = ministers.minister(self.seat.constituency.gss_code, clock.today())
        return [*([MINISTER] if own else []), *cautions_about(self.seat.member)]


def find_member(asked: Asked) -> Found:
    """Whose constituent they are. What they chose counts only where their postcode leaves it open.

    Raises CaseworkError for what is no whole postcode.
    """
    try:
        lookup = directory().lookup(asked.postcode)
    except BadPostcode:
        parse_postcode(asked.postcode)  # its refusal offers no part of one: here it has to be whole
        raise
    if lookup.status in (LookupStatus.SECTOR, LookupStatus.DISTRICT):
        raise CaseworkError(
            "Type the whole postcode: your MP’s office asks for it, to see that you live there.",
            field="postcode",
        )
    today = clock.today()
    if lookup.constituency:
        return Found(lookup, directory().seat_on(lookup.constituency.gss_code, today))
    choices = tuple(directory().seat_on(one.constituency.gss_code, today) for one in lookup.candidates)
    anywhere = not choices
    may_choose = anywhere or asked.chosen in {seat.constituency.gss_code for seat in choices}
    known = directory().find(asked.chosen) if may_choose and asked.chosen else None
    seat = directory().seat_on(known.gss_code, today) if known else None
    return Found(lookup, seat, choices, anywhere)


def check_member(asked: Asked) -> Found:
    """The MP to whom the letter goes. Raises CaseworkError while none is chosen, for an empty seat and no address."""
    found = find_member(asked)
    if found.seat is None:
        raise CaseworkError("Choose the constituency that you live in.", field="chosen")
    if found.seat.member is None:
        raise CaseworkError(VACANT.format(seat=found.place), field="chosen")
    if not asked.address:
        raise CaseworkError("Type your address. Offices answer only people who live there.", field="address")
    if len(asked.address) > LONGEST_ADDRESS:
        raise CaseworkError(f"This is too long: {LONGEST_ADDRESS} characters at most.", field="address")
    return found
