"""What goes by itself because its time is over: done once a day, and counted afterwards."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import delete, select

from casework import clock
from casework.domain.safety.retention import ANNOUNCED, Kept, is_over
from casework.services.case import recent_items
from casework.services.safety import audit, bins, case_emptying, erasing
from casework.services.safety.retention_choices import chosen
from casework.services.safety.retention_coming import PAPERS, Due, facts, over_since
from casework.services.safety.retention_reports import CASES, LINKS, report
from casework.storage.database import db
from casework.storage.models import Case, Letter, OneTimeLink, OwnViewLink


def let_go(today: date) -> dict[str, int]:
    """Erase whatever has to go by this day, supporters apart; how many things of each kind. It runs once a day."""
    drafts, papers, links = _let_drafts_go(today), _let_papers_go(today), _let_links_go()
    emptied, erased = _let_facts_go(today)
    recent_items.forget_old()
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
            if (over := over_since(row, today)) and is_over(Kept.AUTHORITY, over, length, today)
        ]
        _say("signed papers let go", (row.case for row in rows))
        case_emptying.remove_papers(rows)
        number += len(rows)
    return number


def _let_facts_go(today: date) -> tuple[int, int]:
    """Empty the cases whose time is over; where nothing is kept as proof they go whole. How many of each."""
    emptied = erased = 0
    for case in _over(facts(Case.id > 0), today):
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
