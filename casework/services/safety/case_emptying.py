"""Emptying a case whose campaign is long over: what is known of it goes, what the person signed stays as proof."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import exists, inspect, select

from casework import clock
from casework.services.letters import papers
from casework.services.safety import audit, case_bins, erasing
from casework.storage.database import db
from casework.storage.models import Authority, CampaignConsent, Case

# What stays: the case by its reference, the names under which it was signed, who worked on it, and the papers.
KEPT_TABLES = ("cases", "authorities", "campaign_consents", "team_members", "case_keys")
KEPT_COLUMNS = frozenset({"official_name", "name_used", "closed_on", "emptied_on", "binned_at"})


def has_papers(case: Case) -> bool:
    """Whether anything that the person signed is kept still."""
    asked = [exists().where(table.case_id == case.id) for table in (Authority, CampaignConsent)]
    return bool(db.session.scalar(select(asked[0] | asked[1])))


def empty(case: Case) -> None:
    """Erase what is known of a case, but for the name and what was signed; it is saved."""
    case_bins.close_to_others(case)
    db.session.commit()
    case_id, named = case.id, papers.names_of(case)
    erasing.erase_rows(case_id, but=KEPT_TABLES)
    case = db.session.get_one(Case, case_id)
    for column in inspect(Case).columns:
        if column.nullable and column.key not in KEPT_COLUMNS:
            setattr(case, column.key, None)
    case.emptied_on = clock.today()
    audit.record("case emptied", None, case, signed=audit.BY_ITSELF)
    db.session.commit()
    db.session.expire_all()
    papers.remove_unnamed(case, named)
    erasing.clear_pages()


def remove_papers(rows: Iterable[Any]) -> None:
    """Erase these signed papers with their scans; it is saved."""
    scans = []
    for row in rows:
        if row.scan_sha256:
            scans.append((row.case, row.scan_sha256))
        db.session.delete(row)
    db.session.commit()
    for case, name in scans:
        papers.remove_unnamed(case, {name})
