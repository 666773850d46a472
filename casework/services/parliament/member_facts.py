"""What is known of a member beyond the directory's own page: the criteria of two models, and all-party groups."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from sqlalchemy import select

from casework.domain.parliament.criteria import (
    Criterion,
    Finding,
    Lists,
    Typed,
    findings,
    is_committee,
    is_post,
    is_private_secretary,
)
from casework.domain.parliament.directory import Fact, Member, Seat
from casework.domain.parliament.member_notes import NoteKind
from casework.reference.directory import Directory
from casework.reference.directory.groups import GROUP
from casework.reference.directory.records import POSTS_PART
from casework.services.parliament.directory import directory
from casework.storage.database import db
from casework.storage.models import MemberNote
from casework.storage.models.member_pages import OfAMember

ANSWERING = [kind for kind in NoteKind if kind.criterion]


def criteria_of(seat: Seat) -> tuple[Finding, ...]:
    """Each criterion for whoever sits here, with its reason."""
    return findings(seat, typed_of([seat])[seat.constituency.gss_code], lists())


def lists() -> Lists:
    """What the directory in use has lists of."""
    return _lists(directory())


@lru_cache(maxsize=4)
def _lists(known: Directory) -> Lists:
    release = known.release
    facts = [fact for member in _sitting(known) for fact in member.facts]
    also = {Criterion.PRIVATE_SECRETARY} if any(map(is_private_secretary, facts)) else set()
    also |= {Criterion.COMMITTEE} if any(map(is_committee, facts)) else set()
    # A post with a warning is of an older list, or of the press, which names one and says nothing of the others.
    plain = [fact.dated for fact in facts if is_post(fact) and not fact.warning and len(fact.dated) == 10]
    days = [part.as_of for part in release.parts if part.name == POSTS_PART]
    days += [date.fromisoformat(day) for day in plain]
    return Lists(max(days, default=None), release.government_changed_on, frozenset(also))


def _sitting(known: Directory) -> Iterable[Member]:
    for constituency in known.constituencies():
        last = known.terms(constituency.gss_code)[-1]
        if last.until is None:
            yield last.member


def typed_of(seats: Iterable[Seat]) -> dict[str, list[Typed]]:
    """What the group typed that answers a criterion, of whoever sits now, by the code of the constituency."""
    wanted = {seat.constituency.gss_code: seat for seat in seats if seat.member}
    query = select(MemberNote).where(
        MemberNote.kind.in_(ANSWERING), MemberNote.binned_at.is_(None), MemberNote.said_on.is_not(None)
    )
    if len(wanted) == 1:
        query = query.where(MemberNote.gss_code.in_(wanted))
    found: dict[str, list[Typed]] = defaultdict(list)
    for row in db.session.scalars(query.order_by(MemberNote.id)):
        criterion, seat = NoteKind(row.kind).criterion, wanted.get(row.gss_code)
        if seat is not None and is_about_now(row, seat) and criterion and row.said_on:
            found[row.gss_code].append(
                Typed(criterion, row.text, row.source or "", row.said_on, row.is_over, row.link or "")
            )
    return found


def is_about_now(row: OfAMember, seat: Seat) -> bool:
    """Whether a row was written of whoever sits here now."""
    member = seat.member
    if member is None:
        return row.member_name == ""
    return row.member_name == member.name or (row.member_id is not None and row.member_id == member.member_id)


def about(seat: Seat) -> dict[str, object]:
    """The columns that say of whom a new row is: the seat, and who sits there."""
    member = seat.member
    return {
        "gss_code": seat.constituency.gss_code,
        "member_name": member.name if member else "",
        "member_id": member.member_id if member else None,
    }


def groups_of(seat: Seat) -> list[Fact]:
    """The all-party groups in which whoever sits here holds an office, by name."""
    facts = seat.member.facts if seat.member else ()
    return sorted((fact for fact in facts if fact.kind == GROUP), key=lambda fact: fact.text)


def group_name(fact: Fact) -> str:
    """The name of an all-party group, without the office."""
    return fact.text.partition(": ")[0]


def all_groups() -> list[str]:
    """Every all-party group of which the directory names an officer."""
    facts = (fact for member in _sitting(directory()) for fact in member.facts)
    return sorted({group_name(fact) for fact in facts if fact.kind == GROUP})
