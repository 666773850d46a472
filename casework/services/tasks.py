"""What is to be done next in a case, from all that is kept of it."""

from dataclasses import replace
from datetime import date

from casework.domain.letters import LetterTemplate
from casework.domain.members import Connection
from casework.domain.places import has_home
from casework.domain.tasks import CaseFacts, Task, tasks
from casework.services import consent, letters, surgeries
from casework.services.directory import was_with_another
from casework.services.members import WhoCanAct
from casework.services.removal_plan import Plan
from casework.storage.models import Case, Letter


def tasks_of(
    case: Case, today: date, who: WhoCanAct, papers: list[Letter], plan: Plan | None = None
) -> list[Task]:
    """The list at the top of the case's page, first things first; `who` and `papers` are those of this day.

    `plan` is that of a removal which may come.
    """
    return tasks(
        replace(_facts(case, today, who, papers), removal_steps=(plan.done, plan.to_do) if plan else None)
    )


def _facts(case: Case, today: date, who: WhoCanAct, papers: list[Letter]) -> CaseFacts:
    first = next(
        (one for one in who if one.standing.connection is not Connection.SUPPORTER and one.seat.member), None
    )
    visits = [
        visit
        for visit in surgeries.list_visits(case)
        if first
        and visit.gss_code == first.gss_code
        # With whoever sat there before nothing was said to this MP; what is only planned is with whoever sits then.
        and not (visit.recorded_at and was_with_another(visit.gss_code, visit.member_name, visit.held_on))
    ]
    planned = [visit.held_on for visit in visits if visit.recorded_at is None and visit.held_on]
    sitting = {one.gss_code for one in who if one.seat.member}
    good = [letter for letter in papers if letter.issued_at and not letter.voided_at]
    issued = {
        letter.gss_code
        for letter in good
        if _is_to_member(letters.template_of(letter))
        and not was_with_another(letter.gss_code, letter.member_name, letter.sent_on)
    }
    authority = consent.in_force(case, today)
    return CaseFacts(
        name=case.person_name,
        has_lawyer=bool(case.representative_name or case.representative_firm),
        asked_on=case.asked_about_mps_on,
        agreed=case.agreed_to_mps,
        has_home=has_home(case.places, today),
        places_to_settle=len(who.unplaced) + who.to_settle,
        authority_signed_on=authority.signed_on if authority else None,
        authority_printed=any(letter.template == "form-of-authority" for letter in good),
        first_member=first.seat.member.name if first and first.seat.member else None,
        visit_planned_for=planned[0] if planned else None,
        visited=any(visit.recorded_at for visit in visits),
        members_to_write_to=len(sitting),
        members_written_to=len(sitting & issued),
    )


def _is_to_member(template: LetterTemplate) -> bool:
    return template.writes_to_member and not template.sheet
