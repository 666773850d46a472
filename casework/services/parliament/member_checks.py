"""That somebody looked on the UK Parliament page and found a member still sitting."""

from collections.abc import Iterable

from sqlalchemy import select

from casework import clock
from casework.domain.errors import CaseworkError
from casework.domain.parliament.directory import Seat
from casework.services.parliament.directory import directory
from casework.services.safety import audit
from casework.storage.database import db
from casework.storage.models import MemberCheck, User


def last_check(seat: Seat) -> MemberCheck | None:
    """The newest time somebody found this member still sitting here, after the directory was made; or None."""
    return last_checks([seat]).get(seat.constituency.gss_code)


def last_checks(seats: Iterable[Seat]) -> dict[str, MemberCheck]:
    """The same for many seats at once, by the code of the constituency; those without one are left out."""
    sitting = {seat.constituency.gss_code: seat.member for seat in seats if seat.member}
    rows = db.session.scalars(
        select(MemberCheck)
        .where(MemberCheck.gss_code.in_(sitting))
        .order_by(MemberCheck.checked_on, MemberCheck.id)
    )
    return {
        row.gss_code: row
        for row in rows
        if row.member_name == sitting[row.gss_code].name and row.checked_on >= sitting[row.gss_code].as_of
    }


def record_check(gss_code: str, actor: User) -> MemberCheck:
    """Keep that this person looked today and found this member sitting. Raises CaseworkError for an empty seat."""
    seat = directory().seat_on(gss_code, clock.today())
    if seat.member is None:
        raise CaseworkError("Our directory has no MP for this constituency now, so there is nobody to check.")
    check = MemberCheck(
        gss_code=gss_code, member_name=seat.member.name, checked_on=clock.today(), checked_by=actor
    )
    db.session.add(check)
    audit.record("member checked", actor, gss_code=gss_code)
    db.session.commit()
    return check
