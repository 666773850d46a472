"""What goes by itself because its time is over: told of a month before, done once a day, and counted afterwards."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, func, select

from casework import clock
from casework.domain.dates import spoken
from casework.domain.letter_values import OwnLine
from casework.domain.retention import (
    ANNOUNCED,
    POLICIES,
    Kept,
    goes_on,
    in_words,
    is_announced,
    is_over,
)
from casework.services import audit, bins, case_emptying, erasing, letting_go
from casework.services.retention_choices import chosen
from casework.services.retention_reports import CASES, LINKS, report
from casework.storage.database import db
from casework.storage.models import (
    AuditEvent,
    Authority,
    CampaignConsent,
    Case,
    Letter,
    OneTimeLink,
    OwnViewLink,
    SignUp,
    TeamMember,
    User,
)

PAPERS: tuple[Any, ...] = (Authority, CampaignConsent)


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


def coming_in(case: Case) -> list[Coming]:
    """What goes within a month in this case."""
    return _coming(Case.id == case.id)


def _coming(of: Any) -> list[Coming]:
    today = clock.today()
    found: dict[tuple[int, Kept], Coming] = {}
    for case, kind, on in (*_facts(of), *_papers(of), *_drafts(of), *_supporters(of)):
        if is_announced(on, today):
            before = found.get((case.id, kind))
            first, number = (min(on, before.on), before.number + 1) if before else (on, 1)
            found[(case.id, kind)] = Coming(case, kind, first, number)
    return sorted(found.values(), key=lambda one: (one.on, one.case.id, one.kind))


Due = Iterator[tuple[Case, Kept, date]]


def _facts(of: Any) -> Due:
    length = chosen(Kept.FACTS)
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


def _papers(of: Any) -> Due:
    length, today = chosen(Kept.AUTHORITY), clock.today()
    for table in PAPERS:
        query = select(table).join(table.case).where(of, Case.binned_at.is_(None))
        for row in db.session.scalars(query):
            over = _over_since(row, today)
            if over is not None:
                yield row.case, Kept.AUTHORITY, goes_on(Kept.AUTHORITY, over, length)


def _over_since(row: Any, today: date) -> date | None:
    """The day on which a paper ended. With its case emptied, one without an end ended as the case was closed."""
    ends = [day for day in (row.ends_on, row.withdrawn_on) if day]
    if row.case.emptied_on is not None and row.case.closed_on is not None:
        ends.append(row.case.closed_on)
    first = min(ends, default=None)
    return first if first is not None and first <= today else None


def _drafts(of: Any) -> Due:
    length = chosen(Kept.DRAFT)
    query = select(Letter).join(Letter.case).where(of, Case.binned_at.is_(None))
    for row in db.session.scalars(query.where(Letter.issued_at.is_(None), Letter.discarded_at.is_(None))):
        yield row.case, Kept.DRAFT, goes_on(Kept.DRAFT, clock.day_of(row.saved_at), length)


def _supporters(of: Any) -> Due:
    query = select(SignUp).join(SignUp.supporter).join(SignUp.case).where(letting_go.is_announced())
    for row in db.session.scalars(query.where(of, Case.binned_at.is_(None))):
        yield row.case, Kept.SUPPORTER, letting_go.day_of(row.supporter)


def let_go(today: date) -> dict[str, int]:
    """Erase whatever has to go by this day, supporters apart; how many things of each kind. It runs once a day."""
    drafts, papers, links = _let_drafts_go(today), _let_papers_go(today), _let_links_go()
    emptied, erased = _let_facts_go(today)
    gone = {
        Kept.DRAFT: drafts,
        Kept.AUTHORITY: papers,
        LINKS: links,
        Kept.FACTS: emptied,
        CASES: erased + _let_emptied_go(),
    }
    report(gone)
    return gone


def _over(due: Due, today: date) -> list[Case]:
    return [case for case, _, on in due if on <= today]


def _let_drafts_go(today: date) -> int:
    length = chosen(Kept.DRAFT)
    query = select(Letter).join(Letter.case).where(Letter.issued_at.is_(None), Letter.discarded_at.is_(None))
    old = [
        row
        for row in db.session.scalars(query.where(Case.binned_at.is_(None)))
        if is_over(Kept.DRAFT, clock.day_of(row.saved_at), length, today)
    ]
    _say("drafts let go", (row.case for row in old))
    bins.erase_drafts(old)
    db.session.commit()
    return len(old)


def _let_papers_go(today: date) -> int:
    length, number = chosen(Kept.AUTHORITY), 0
    for table in PAPERS:
        rows = [
            row
            for row in db.session.scalars(select(table).join(table.case).where(Case.binned_at.is_(None)))
            if (over := _over_since(row, today)) and is_over(Kept.AUTHORITY, over, length, today)
        ]
        _say("signed papers let go", (row.case for row in rows))
        case_emptying.remove_papers(rows)
        number += len(rows)
    return number


def _let_facts_go(today: date) -> tuple[int, int]:
    """Empty the cases whose time is over; where nothing is kept as proof they go whole. How many of each."""
    emptied = erased = 0
    for case in _over(_facts(Case.id > 0), today):
        if case_emptying.has_papers(case):
            case_emptying.empty(case)
            emptied += 1
        else:
            erasing.erase_case(case)
            erased += 1
    return emptied, erased


def _let_emptied_go() -> int:
    """Erase the emptied cases of which nothing has to be proved any more; how many."""
    cases = db.session.scalars(
        select(Case).where(Case.emptied_on.is_not(None), Case.binned_at.is_(None))
    ).all()
    done = [case for case in cases if not case_emptying.has_papers(case)]
    for case in done:
        erasing.erase_case(case)
    return len(done)


def _let_links_go() -> int:
    """Forget links that ended a month ago. Only a hash of each was kept."""
    before = clock.now() - ANNOUNCED
    number = 0
    for table in (OneTimeLink, OwnViewLink):
        done = db.session.execute(delete(table).where(table.expires_at < before))
        number += done.rowcount  # type: ignore[attr-defined]
    db.session.commit()
    return number


def _say(action: str, cases: Iterable[Case]) -> None:
    numbers: dict[Case, int] = {}
    for case in cases:
        numbers[case] = numbers.get(case, 0) + 1
    for case, number in numbers.items():
        audit.record(action, None, case, signed=audit.BY_ITSELF, number=number)


def own_lines(case: Case) -> Iterator[OwnLine]:
    """What the person is told of how long things about them are kept, and what goes soon."""
    group = "How long we keep things"
    for kind, policy in POLICIES.items():
        told = f"{in_words(kind, chosen(kind).length)} from {policy.counts_from}"
        yield OwnLine(group, policy.what, told)
    for one in coming_in(case):
        yield OwnLine(group, "What goes soon", f"{one.words}, on {spoken(one.on, weekday=True)}")
