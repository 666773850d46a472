"""Which of the tasks that somebody took on are still to be done, over all cases of one person."""

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from casework import clock
from casework.services import consent, finding_out, letters
from casework.services.finding_out import cases_with
from casework.storage.database import db
from casework.storage.models import (
    Authority,
    Case,
    Letter,
    SurgeryVisit,
    TaskOwner,
    TeamMember,
    User,
)


def open_shares(actor: User, most: int) -> list[TaskOwner]:
    """Every task of an open case of this person that somebody took on and that is to be done, the oldest first."""
    query = (
        select(TaskOwner)
        .join(TaskOwner.case)
        .join(TeamMember, TeamMember.case_id == Case.id)
        .where(TeamMember.user_id == actor.id, Case.closed_on.is_(None))
        .options(contains_eager(TaskOwner.case))
        .order_by(TaskOwner.id)
        .limit(most)
    )
    rows = list(db.session.scalars(query))
    done = _done({row.case_id: row.case for row in rows}) if rows else {}
    return [row for row in rows if row.case_id not in done[row.task]]


def _done(cases: dict[int, Case]) -> dict[str, set[int]]:
    """In which cases each kind of task is done: the page of a case may know more, and asks about one case alone."""
    ids = list(cases)
    left = finding_out.in_cases(cases.values())
    return {
        "adviser": {key for key, one in cases.items() if one.representative_name or one.representative_firm},
        "asked": {key for key, one in cases.items() if one.asked_about_mps_on},
        "authority": _signed(ids),
        "visit": cases_with(ids, SurgeryVisit, SurgeryVisit.recorded_at.is_not(None)),
        "letters": _written(ids),
        "find_out": {key for key, findings in left.items() if not any(one.is_open for one in findings)},
    }


def _signed(ids: list[int]) -> set[int]:
    """Where a form of authority holds today."""
    found: dict[int, list[Authority]] = {}
    for row in db.session.scalars(select(Authority).where(Authority.case_id.in_(ids))):
        found.setdefault(row.case_id, []).append(row)
    return {key for key, rows in found.items() if consent.covering(rows, clock.today())}


def _written(ids: list[int]) -> set[int]:
    """Where a letter to an MP was issued, and no draft of one is left."""
    to_members = [one.key for one in letters.templates() if one.writes_to_member and not one.sheet]
    of_these = Letter.template.in_(to_members)
    drafts = (Letter.issued_at.is_(None), Letter.discarded_at.is_(None))
    issued = cases_with(ids, Letter, of_these, Letter.issued_at.is_not(None), Letter.voided_at.is_(None))
    return issued - cases_with(ids, Letter, of_these, *drafts)
