"""How far a case is with the MPs who can act: who is asked first, who was visited, and who was written to."""

from collections.abc import Iterable
from dataclasses import dataclass

from casework.domain.parliament.members import Connection, Standing
from casework.services.letters import letters
from casework.services.parliament.directory import was_with_another
from casework.storage.models import Letter, SurgeryVisit


@dataclass(frozen=True)
class WithMembers:
    """The MP to ask first with the visits to them, and the seats of those to write to and of those written to."""

    first: Standing | None
    visits: tuple[SurgeryVisit, ...]
    to_write_to: frozenset[str]
    written_to: frozenset[str]

    @property
    def first_member(self) -> str | None:
        """The name of the MP to ask first."""
        return self.first.seat.member.name if self.first and self.first.seat.member else None

    @property
    def visited(self) -> bool:
        """Whether somebody met that MP."""
        return any(visit.recorded_at for visit in self.visits)


def with_members(
    standings: Iterable[Standing], visits: Iterable[SurgeryVisit], papers: Iterable[Letter]
) -> WithMembers:
    """The same from who can act today, and the visits and letters of the case."""
    sitting = [one for one in standings if one.seat.member]
    first = next((one for one in sitting if one.connection is not Connection.SUPPORTER), None)
    seats = frozenset(one.seat.constituency.gss_code for one in sitting)
    issued = {
        letter.gss_code
        for letter in papers
        if letter.issued_at
        and not letter.voided_at
        and _is_to_member(letter)
        and not was_with_another(letter.gss_code, letter.member_name, letter.sent_on)
    }
    met = (visit for visit in visits if first and visit.gss_code == first.seat.constituency.gss_code)
    return WithMembers(first, tuple(one for one in met if not _is_of_another(one)), seats, seats & issued)


def _is_of_another(visit: SurgeryVisit) -> bool:
    """With whoever sat there before nothing was said to this MP; what is only planned is with whoever sits then."""
    return bool(visit.recorded_at and was_with_another(visit.gss_code, visit.member_name, visit.held_on))


def _is_to_member(letter: Letter) -> bool:
    template = letters.template_of(letter)
    return template.writes_to_member and not template.sheet
