"""What is to be done next in a case, what waits for whom and what is done, from all that is kept of it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import func, select

from casework import clock
from casework.domain.campaign.signing import Standing
from casework.domain.campaign.supporters import OFFERS
from casework.domain.case.places import has_home
from casework.domain.case.tasks import (
    CaseFacts,
    LeftOver,
    OurTask,
    PlannedVisit,
    Reporting,
    Task,
    ToSend,
    Waited,
    tasks,
)
from casework.domain.consent.telling_mps import Word
from casework.domain.letters.correspondence import Kind
from casework.domain.timing.diary import DiaryEntry, EntrySource
from casework.services.campaign import needs, plans, reporting_days
from casework.services.case import finding_out, first_pack, task_owners
from casework.services.case.homes import places_to_count
from casework.services.case.with_members import with_members
from casework.services.consent import campaign_consent, consent, recall, staying
from casework.services.consent.need_to_know import all_places
from casework.services.consent.staying import Said
from casework.services.letters import correspondence
from casework.services.parliament import surgeries
from casework.services.parliament.members import WhoCanAct, left_constituency
from casework.services.timing.removal_plan import Plan
from casework.storage.database import db
from casework.storage.models import (
    Case,
    CasePlace,
    Correspondence,
    Deadline,
    Letter,
    SurgeryVisit,
)

MOST_DONE = 5
# What a letter is that still waits for its answer, by whom it went to.
ANSWERS = {
    Kind.US_TO_MEMBER: "The answer to our letter",
    Kind.MEMBER_TO_HOME_OFFICE: "The Home Office’s answer to the MP",
    Kind.REQUEST_FOR_FILE: "The person’s own file",
}


@dataclass(frozen=True)
class Read:
    """What was read of a case already; what is None is asked for.

    `filed` are its letters, and `has_pack` says whether a pack of the first hour was made.
    """

    filed: list[Correspondence] | None = None
    visits: Sequence[SurgeryVisit] | None = None
    has_pack: bool | None = None
    places: Sequence[CasePlace] | None = None  # hidden ones too


NOTHING = Read()


def tasks_of(
    case: Case,
    today: date,
    who: WhoCanAct,
    papers: list[Letter],
    plan: Plan | None = None,
    dates: Iterable[DiaryEntry] = (),
    read: Read = NOTHING,
) -> list[Task]:
    """The list at the top of the case's page, first things first; `who` and `papers` are those of this day.

    `plan` is that of a removal which may come, `dates` are those that run.
    """
    filed = correspondence.list_papers(case) if read.filed is None else read.filed
    said = staying.said_by(case, today, who.authorities)
    facts = replace(
        _facts(case, today, who, papers, read),
        removal_steps=(plan.done, plan.to_do) if plan else None,
        waiting=(*_answers_waited_for(case, filed, said), *_promises(dates)),
        to_send=tuple(_to_send(filed, said)),
        ours=(*_tasks_of_plan(case), *_offers_taken_up(case)),
        reporting=_reporting(case),
        findings=tuple(finding_out.in_case(case)),
        taken_on=task_owners.names(case),
    )
    return tasks(facts, today)


def _facts(case: Case, today: date, who: WhoCanAct, papers: list[Letter], read: Read) -> CaseFacts:
    visits = surgeries.list_visits(case) if read.visits is None else read.visits
    members = with_members((one.standing for one in who), visits, papers)
    planned = next((one for one in members.visits if one.recorded_at is None and one.held_on), None)
    good = [letter for letter in papers if letter.issued_at and not letter.voided_at]
    authority = consent.covering(who.authorities, today)
    printed = any(letter.template == "form-of-authority" for letter in good)
    return CaseFacts(
        name=case.person_name,
        has_lawyer=bool(case.representative_name or case.representative_firm),
        asked_on=case.asked_about_mps_on,
        agreed=case.agreed_to_mps,
        took_back=who.word is Word.TAKEN_BACK,
        has_home=has_home(case.places, today) or has_home(places_to_count(case), today),
        places_to_settle=len(who.unplaced) + who.to_settle,
        authority_signed_on=authority.signed_on if authority else None,
        authority_printed=printed or (first_pack.has_one(case) if read.has_pack is None else read.has_pack),
        first_member=members.first_member,
        visit_planned_for=planned.held_on if planned else None,
        visit_by=_who_goes(planned) if planned else "",
        to_call_off=tuple(
            PlannedVisit(row.id, row.member_name, row.held_on, _who_goes(row))
            for row in reversed(visits)
            if row.recorded_at is None
        ),
        to_ask_back=recall.to_ask_back(case) if _agree_to_less(case, who, today) else 0,
        visited=members.visited,
        visits_left_over=tuple(_left_over(case, visits, read.places)),
        members_to_write_to=len(members.to_write_to),
        members_written_to=len(members.written_to),
    )


def _agree_to_less(case: Case, who: WhoCanAct, today: date) -> bool:
    """Whether they may agree to less than they once did: only then something may be out that is to be asked back."""
    papers = campaign_consent.papers(case)
    has_ended = len(papers) > 1 or (bool(papers) and campaign_consent.in_force(case, today) is None)
    return who.word.refuses or has_ended


def _who_goes(visit: SurgeryVisit) -> str:
    return visit.owner.name if visit.owner else visit.who_went or ""


def _left_over(
    case: Case, visits: Sequence[SurgeryVisit], places: Sequence[CasePlace] | None
) -> Iterator[LeftOver]:
    """The visits to come to an MP of where the person was when they were planned, and is no more."""
    planned = [visit for visit in visits if visit.recorded_at is None]
    if planned and places is None:
        places = all_places(case)
    for visit in planned:
        begun = clock.day_of(visit.planned_at)
        if why := left_constituency(case, visit.gss_code, begun, places):
            yield LeftOver(visit.id, visit.member_name, why)


def is_unsent(row: Correspondence) -> bool:
    """Whether it is a letter of ours that stands and of which nobody said that it went."""
    return row.letter is not None and row.letter.sent_on is None and row.letter.voided_at is None


def _to_send(filed: list[Correspondence], said: Said) -> Iterator[ToSend]:
    for row in filed:
        if is_unsent(row) and row.letter and row.letter.issued_at:
            issued_on = clock.day_of(row.letter.issued_at)
            stays = said.of_letter(row.letter)
            to = row.recipient or row.letter.member_name or ""
            yield ToSend(row.letter.id, to, issued_on, stays.because if stays else "")


def _answers_waited_for(case: Case, filed: list[Correspondence], said: Said) -> list[Waited]:
    """Each letter that has had no answer: whose it would be, since when, and from which day to ask again."""
    found, rows = correspondence.file_of(case, filed)
    waits = [wait for chain in found for wait in chain.waiting if not is_unsent(rows[wait.paper_id])]
    if not waits:
        return []
    aims = select(Deadline.correspondence_id, func.min(Deadline.aim_on)).where(
        Deadline.correspondence_id.in_([wait.paper_id for wait in waits]), Deadline.settled_on.is_(None)
    )
    found_aims = db.session.execute(aims.group_by(Deadline.correspondence_id))
    ask_on = {row[0]: row[1] for row in found_aims}
    return [
        Waited(
            "letter",
            wait.paper_id,
            ANSWERS[Kind(rows[wait.paper_id].kind)],
            _of(rows[wait.paper_id]),
            wait.since,
            ask_on.get(wait.paper_id),
            _not_asked_about(rows[wait.paper_id], said),
        )
        for wait in sorted(waits, key=lambda one: (one.since, one.paper_id))
    ]


def _not_asked_about(row: Correspondence, said: Said) -> str:
    """Why nobody asks an MP's office for the answer to this any more; empty where somebody may."""
    with_office = row.kind in (Kind.US_TO_MEMBER, Kind.MEMBER_TO_HOME_OFFICE)
    stays = said.of_ringing(row.letter) if with_office else None
    return stays.because if stays else ""


def _of(row: Correspondence) -> str:
    """For whose answer a letter waits."""
    if row.kind == Kind.US_TO_MEMBER:
        return f"the office of {row.recipient}" if row.recipient else "the MP’s office"
    return "the Home Office" if row.kind == Kind.MEMBER_TO_HOME_OFFICE else row.recipient or "the file"


def _promises(dates: Iterable[DiaryEntry]) -> list[Waited]:
    """What others promised at a visit, with the day to ask."""
    return [
        Waited("follow_up", entry.id, entry.title, entry.who, ask_on=entry.final, caution=entry.caution)
        for entry in dates
        if entry.source is EntrySource.FOLLOW_UP and entry.who
    ]


def _tasks_of_plan(case: Case) -> list[OurTask]:
    rows = plans.list_tasks(case)
    done = [row for row in rows if row.done_on][:MOST_DONE]
    return [
        OurTask("plan_task", row.id, row.what, plans.whose(row), row.due_on, row.done_on)
        for row in (*(row for row in rows if not row.done_on), *done)
    ]


def _offers_taken_up(case: Case) -> list[OurTask]:
    """What a supporter said yes to."""
    return [
        OurTask("need", need.id, need.words or OFFERS[need.what], name, need.on)
        for need, name, _ in needs.promised(case)
    ]


def _reporting(case: Case) -> Reporting | None:
    found = reporting_days.open_in(case)
    if found is None or found.standing in (Standing.HEARD, Standing.NOT_SAID):
        return None
    return Reporting(found.row.on, found.standing.value, found.plan.word_by, found.plan.friend)
