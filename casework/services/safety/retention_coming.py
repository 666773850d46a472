"""What goes by itself within a month: told of under Today, in the case, and to the person."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any

from sqlalchemy import func, select

from casework import clock
from casework.domain.dates import spoken
from casework.domain.letters.letter_values import OwnLine
from casework.domain.safety.retention import POLICIES, Chosen, Kept, goes_on, in_words, is_announced
from casework.services.campaign import supporter_times
from casework.services.safety import audit
from casework.services.safety.retention_choices import all_chosen
from casework.storage.database import db
from casework.storage.models import (
    AuditEvent,
    Authority,
    CampaignConsent,
    Case,
    Letter,
    SignUp,
    TeamMember,
    User,
)
from casework.storage.one_look import ask_about, has_none

PAPERS: tuple[Any, ...] = (Authority, CampaignConsent)
ask_about(SignUp)


@dataclass(frozen=True)
class Coming:
    """Something that goes within a month, unless its time starts anew: how many of what, and the first day."""

    case: Case
    kind: Kept
    on: date
    number: int = 1

    @property
    def words(self) -> str:
        """What goes, in words: "3 drafts of letters"."""
        if self.kind is Kept.FACTS:
            return "What is known of this case"
        one, many = _COUNTED[self.kind]
        return f"1 {one}" if self.number == 1 else f"{self.number} {many}"


_COUNTED = {
    Kept.AUTHORITY: ("paper that the person signed", "papers that the person signed"),
    Kept.SUPPORTER: ("supporter", "supporters"),
    Kept.DRAFT: ("draft of a letter", "drafts of letters"),
}


def coming_for(actor: User) -> list[Coming]:
    """What goes within a month in the cases that this person works on, the soonest first."""
    mine = select(TeamMember.case_id).where(TeamMember.user_id == actor.id)
    return _coming(Case.id.in_(mine))


def coming_in(case: Case, signed: Iterable[Authority | CampaignConsent] | None = None) -> list[Coming]:
    """What goes within a month in this case; `signed` is all that the person signed, where it was asked for already."""
    return _coming(
        Case.id == case.id,
        signed,
        with_facts=case.closed_on is not None,
        with_supporters=not has_none(case, SignUp),
    )


def _coming(
    of: Any,
    signed: Iterable[Authority | CampaignConsent] | None = None,
    *,
    with_facts: bool = True,
    with_supporters: bool = True,
) -> list[Coming]:
    signed = _signed(of) if signed is None else signed
    today, lengths = clock.today(), all_chosen()
    due = (
        _facts(of, lengths) if with_facts else (),
        _papers(signed, lengths),
        _drafts(of, lengths),
        _supporters(of, lengths) if with_supporters else (),
    )
    found: dict[tuple[int, Kept], Coming] = {}
    for case, kind, on in chain(*due):
        if is_announced(on, today):
            before = found.get((case.id, kind))
            first, number = (min(on, before.on), before.number + 1) if before else (on, 1)
            found[(case.id, kind)] = Coming(case, kind, first, number)
    return sorted(found.values(), key=lambda one: (one.on, one.case.id, one.kind))


Due = Iterator[tuple[Case, Kept, date]]
Lengths = Mapping[Kept, Chosen]


def facts(of: Any) -> Due:
    """When the facts of each closed case go."""
    return _facts(of, all_chosen())


def _facts(of: Any, lengths: Lengths) -> Due:
    length = lengths[Kept.FACTS]
    query = select(Case).where(of, Case.closed_on.is_not(None), Case.emptied_on.is_(None))
    cases = db.session.scalars(query.where(Case.binned_at.is_(None))).all()
    changed = _last_changes([case.id for case in cases])
    for case in cases:
        yield case, Kept.FACTS, goes_on(Kept.FACTS, _quiet_since(case, changed), length)


def _last_changes(case_ids: list[int]) -> dict[int, date]:
    """The day on which somebody last changed anything in each of these cases."""
    query = (
        select(AuditEvent.case_id, func.max(AuditEvent.at))
        .where(AuditEvent.case_id.in_(case_ids), AuditEvent.action != audit.LOOK)
        .where(AuditEvent.user_id.is_not(None))
        .group_by(AuditEvent.case_id)
    )
    if not case_ids:
        return {}
    return {case_id: clock.day_of(at) for case_id, at in db.session.execute(query) if case_id is not None}


def _quiet_since(case: Case, changed: dict[int, date]) -> date:
    assert case.closed_on
    return max(case.closed_on, changed.get(case.id, case.closed_on))


def _signed(of: Any) -> Iterator[Authority | CampaignConsent]:
    for table in PAPERS:
        yield from db.session.scalars(select(table).join(table.case).where(of, Case.binned_at.is_(None)))


def _papers(signed: Iterable[Authority | CampaignConsent], lengths: Lengths) -> Due:
    length, today = lengths[Kept.AUTHORITY], clock.today()
    for row in signed:
        over = over_since(row, today)
        if over is not None:
            yield row.case, Kept.AUTHORITY, goes_on(Kept.AUTHORITY, over, length)


def over_since(row: Any, today: date) -> date | None:
    """The day on which a paper ended. With its case emptied, one without an end ended as the case was closed."""
    ends = [day for day in (row.ends_on, row.withdrawn_on) if day]
    if row.case.emptied_on is not None and row.case.closed_on is not None:
        ends.append(row.case.closed_on)
    first = min(ends, default=None)
    return first if first is not None and first <= today else None


def _drafts(of: Any, lengths: Lengths) -> Due:
    length = lengths[Kept.DRAFT]
    query = select(Letter).join(Letter.case).where(of, Case.binned_at.is_(None))
    for row in db.session.scalars(query.where(Letter.issued_at.is_(None), Letter.discarded_at.is_(None))):
        yield row.case, Kept.DRAFT, goes_on(Kept.DRAFT, clock.day_of(row.saved_at), length)


def _supporters(of: Any, lengths: Lengths) -> Due:
    length = lengths[Kept.SUPPORTER]
    query = (
        select(SignUp).join(SignUp.supporter).join(SignUp.case).where(supporter_times.is_announced(length))
    )
    for row in db.session.scalars(query.where(of, Case.binned_at.is_(None))):
        yield row.case, Kept.SUPPORTER, supporter_times.day_of(row.supporter, length)


def own_lines(case: Case) -> Iterator[OwnLine]:
    """What the person is told of how long things about them are kept, and what goes soon."""
    group = "How long we keep things"
    lengths = all_chosen()
    for kind, policy in POLICIES.items():
        told = f"{in_words(kind, lengths[kind].length)} from {policy.counts_from}"
        yield OwnLine(group, policy.what, told)
    for one in coming_in(case):
        yield OwnLine(group, "What goes soon", f"{one.words}, on {spoken(one.on, weekday=True)}")
