"""Which of the tasks that somebody took on are still to be done, over all cases of one person.

What closes such a task is the rule of the list on the page of its case (`domain.case.tasks`), for one case as for many.
"""

from collections.abc import Collection, Iterable

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, load_only

from casework import clock
from casework.domain.case.tasks import CaseFacts, open_to_take_on
from casework.domain.consent.telling_mps import Word
from casework.services.case import finding_out
from casework.services.case.with_members import with_members
from casework.services.consent import consent, telling_mps
from casework.services.parliament import members
from casework.storage.by_case import by_case
from casework.storage.database import db
from casework.storage.models import (
    EVEN_HIDDEN,
    Case,
    Letter,
    SurgeryVisit,
    TaskOwner,
    TeamMember,
    User,
)


def open_shares(actor: User, most: int) -> list[TaskOwner]:
    """Every task of an open case of this person that somebody took on and that is to be done, the oldest first."""
    mine = _taken_on().join(TeamMember, TeamMember.case_id == Case.id).where(TeamMember.user_id == actor.id)
    return _still_open(db.session.scalars(mine.limit(most)))


def open_shares_of(people: Collection[int], most: int) -> list[TaskOwner]:
    """The same of all that these people took on, in whatever open case: to be counted, never to be shown."""
    theirs = _taken_on().where(TaskOwner.owner_id.in_(people), Case.binned_at.is_(None))
    return _still_open(db.session.scalars(theirs.limit(most), execution_options=EVEN_HIDDEN))


def _taken_on() -> Select[TaskOwner]:
    return (
        select(TaskOwner)
        .join(TaskOwner.case)
        .where(Case.closed_on.is_(None))
        .options(contains_eager(TaskOwner.case).selectinload(Case.places))
        .order_by(TaskOwner.id)
    )


def _still_open(found: Iterable[TaskOwner]) -> list[TaskOwner]:
    rows = list(found)
    cases = {row.case_id: row.case for row in rows}
    today = clock.today()
    left = {key: open_to_take_on(facts, today) for key, facts in _facts(cases).items()}
    return [row for row in rows if row.task in left[row.case_id]]


def _facts(cases: dict[int, Case]) -> dict[int, CaseFacts]:
    """What the list of each case turns on, as far as somebody can take it on; each table is asked once."""
    if not cases:
        return {}
    today, places = clock.today(), finding_out.places_in(cases)
    standings = members.standings_in(cases.values(), today, places)
    findings = finding_out.in_cases(cases.values(), places)
    visits = by_case(select(SurgeryVisit).where(SurgeryVisit.case_id.in_(cases)))
    signed = consent.authorities_of(cases.values())
    letters = by_case(
        select(Letter)
        .where(Letter.case_id.in_(cases), Letter.issued_at.is_not(None), Letter.voided_at.is_(None))
        .options(
            load_only(
                Letter.case_id, Letter.template, Letter.gss_code, Letter.member_name, Letter.issued_at,
                Letter.voided_at, Letter.sent_on,
            )
        )
    )  # fmt: skip
    found = {}
    for key, case in cases.items():
        seen = with_members(standings[key], visits[key], letters[key])
        authority = consent.covering(signed[key], today)
        found[key] = CaseFacts(
            name=case.person_name,
            has_lawyer=bool(case.representative_name or case.representative_firm),
            asked_on=case.asked_about_mps_on,
            agreed=case.agreed_to_mps,
            took_back=telling_mps.word_of(case, today, signed[key]) is Word.TAKEN_BACK,
            authority_signed_on=authority.signed_on if authority else None,
            first_member=seen.first_member,
            visited=seen.visited,
            members_to_write_to=len(seen.to_write_to),
            members_written_to=len(seen.written_to),
            findings=tuple(findings[key]),
        )
    return found
