"""Members found by what is known of them: a criterion, an all-party group, a region, supporters who live there."""

from dataclasses import dataclass

from sqlalchemy import func, select

from casework import clock
from casework.domain.parliament.criteria import Answer, Criterion, Finding, finding
from casework.domain.parliament.directory import Fact, Seat
from casework.services.parliament.directory import directory
from casework.services.parliament.member_facts import group_name, groups_of, lists, typed_of
from casework.storage.database import db
from casework.storage.models import Case, SignUp, Supporter, TeamMember, User


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for. What is empty is not asked. `group` may be ANY_GROUP."""

    criterion: Criterion | None = None
    group: str = ""
    region: str = ""
    with_supporters: bool = False

    @property
    def is_nothing(self) -> bool:
        """Whether nothing is asked for, so that all would be found."""
        return not (self.criterion or self.group or self.region or self.with_supporters)


@dataclass(frozen=True)
class Found:
    """One member with the facts that were asked for, and how many supporters live there whom this person may see."""

    seat: Seat
    finding: Finding | None
    groups: tuple[Fact, ...]
    supporters: int


@dataclass(frozen=True)
class Members:
    """Those for whom it is so, and those for whom it was so by an older list; and of how many nobody knows."""

    so: tuple[Found, ...]
    once: tuple[Found, ...]
    not_known: int


ANY_GROUP = "any"


def find_members(wanted: Wanted, actor: User) -> Members:
    """Everybody who fits all that is wanted, by constituency."""
    seats = [seat for seat in _seats() if _fits(seat, wanted)]
    supporters = supporters_by_constituency(actor)
    if wanted.with_supporters:
        seats = [seat for seat in seats if supporters.get(seat.constituency.gss_code)]
    typed, known = typed_of(seats) if wanted.criterion else {}, lists()
    so, once, not_known = [], [], 0
    for seat in seats:
        code = seat.constituency.gss_code
        answer = finding(wanted.criterion, seat, typed.get(code, ()), known) if wanted.criterion else None
        one = Found(seat, answer, tuple(groups_of(seat)), supporters.get(code, 0))
        if answer is None or answer.answer is Answer.MET:
            so.append(one)
        elif answer.once:
            once.append(one)
        elif answer.answer is Answer.NOT_KNOWN:
            not_known += 1
    return Members(tuple(so), tuple(once), not_known)


def _seats() -> list[Seat]:
    """Every seat in which somebody sits today."""
    today = clock.today()
    seats = (directory().seat_on(one.gss_code, today) for one in directory().constituencies())
    return [seat for seat in seats if seat.member]


def _fits(seat: Seat, wanted: Wanted) -> bool:
    if wanted.region and wanted.region != region_of(seat):
        return False
    if not wanted.group:
        return True
    names = {group_name(fact) for fact in groups_of(seat)}
    return bool(names) if wanted.group == ANY_GROUP else wanted.group in names


def region_of(seat: Seat) -> str:
    """The region of England in which a seat lies, or the nation."""
    return seat.constituency.region or seat.constituency.nation


def regions() -> list[str]:
    """Every region and nation, by name."""
    return sorted({one.region or one.nation for one in directory().constituencies()})


def supporters_by_constituency(actor: User) -> dict[str, int]:
    """How many supporters live in each constituency, of the open cases that this person works on; each counted once."""
    query = (
        select(Supporter.gss_code, func.count(func.distinct(Supporter.id)))
        .join(Supporter.sign_ups)
        .join(SignUp.case)
        .join(TeamMember, TeamMember.case_id == SignUp.case_id)
        .where(TeamMember.user_id == actor.id, Supporter.gss_code.is_not(None))
        .where(Case.binned_at.is_(None), Case.closed_on.is_(None))
        .group_by(Supporter.gss_code)
    )
    return {code: number for code, number in db.session.execute(query) if code}
