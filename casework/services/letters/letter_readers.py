"""To whom a letter goes: the kind that suits an MP, and whether somebody sits there who can be written to."""

from datetime import date

from casework import clock
from casework.domain.errors import CaseworkError
from casework.domain.letters.letter_values import MemberAddressed
from casework.domain.letters.letters import LetterTemplate
from casework.domain.parliament.members import Connection
from casework.services.case.whereabouts import is_detained
from casework.services.parliament import members, ministers
from casework.services.parliament.directory import directory, member_on
from casework.storage.models import Case


def suited_to(case: Case, gss_code: str | None, *, has_supporter: bool = False) -> str | None:
    """The letter that suits this MP best, by what ties the MP to the case; None when no MP is named."""
    if gss_code is None:
        return None
    today = clock.today()
    tied = members.connections(case, gss_code, today)
    if Connection.HOME in tied:
        return "home-mp-urgent" if case.urgency or is_detained(case, today) else "home-mp-first-contact"
    if Connection.DETENTION in tied and not has_supporter:
        return "detention-mp"
    return "friend-at-former-home" if Connection.FORMER_HOME in tied else "supporter-to-own-mp"


def check_reader(template: LetterTemplate, gss_code: str | None) -> None:
    """Nothing where the letter can go to whoever sits there. Raises CaseworkError for nobody, or for the wrong one."""
    if gss_code:
        seat = directory().constituency(gss_code)
        if member_on(gss_code, clock.today()) is None:
            raise CaseworkError(
                f"Nobody sits for {seat.name} at present. Choose another MP, and look again after the by-election.",
                field="gss_code",
            )
        if template.to == "minister" and ministers.minister(gss_code, clock.today()) is None:
            raise CaseworkError(
                f"Our directory does not know the MP for {seat.name} as a minister in the Home Office. Choose a "
                "minister from the list.",
                field="gss_code",
            )
    elif template.to == "minister":
        raise CaseworkError("Choose the minister.", field="gss_code")
    elif template.writes_to_member:
        raise CaseworkError("Choose the MP.", field="gss_code")


def addressed(gss_code: str | None, today: date) -> MemberAddressed:
    """The member as a letter addresses them; empty where there is none."""
    member = member_on(gss_code, today)
    if member is None or gss_code is None:
        return MemberAddressed()
    return MemberAddressed(
        name=member.name,
        address_as=member.address_as or member.name,
        family_name=member.family_name,
        constituency=directory().constituency(gss_code).name,
    )
