"""What the file of a case holds for a letter: what was with one MP's office, refusals, a visit, letters to recall.

What was with somebody who sat there before is left out: a letter must not thank a new MP for what another promised.
"""

from collections.abc import Collection
from datetime import date

from sqlalchemy import select

from casework import clock
from casework.domain.dates import spoken
from casework.domain.letters.correspondence import Kind, ResponseKind
from casework.domain.letters.letter_values import OnFile, Recalled, Refusal, Visit
from casework.domain.parliament.surgeries import THANKS, Outcome
from casework.services.letters.letter_readers import addressed
from casework.services.parliament.directory import directory, was_with_another
from casework.storage.database import db
from casework.storage.models import Case, CasePlace, Correspondence, Deadline, FollowUp, Letter, SurgeryVisit

ANSWER_RULE = "mp_letter_home_office"


def on_file(case: Case, gss_code: str | None) -> OnFile:
    """Meetings and letters with this MP's office; empty where there were none. A day that was not kept stays empty."""
    if gss_code is None:
        return OnFile()
    papers = [paper for paper in _papers(case) if not _is_of_another(paper)]
    ours = _newest(papers, Kind.US_TO_MEMBER, gss_code)
    theirs = _newest(papers, Kind.MEMBER_TO_HOME_OFFICE, gss_code)
    visit, aim = _last_visit(case, gss_code), _aim(theirs)
    return OnFile(
        met_on=visit.held_on if visit else None,
        met_whom=(visit.who_was_met or "") if visit else "",
        promises=_promises(visit),
        written_on=_left(ours),
        answered_on=_answered_on(papers, gss_code, _left(ours)),
        asked_home_office_on=_left(theirs),
        home_office_aims_at=aim,
        aim_has_passed=aim is not None and aim < clock.today(),
        home_office_answered_on=_home_office_answered_on(papers, theirs),
    )


def _papers(case: Case) -> list[Correspondence]:
    return list(
        db.session.scalars(
            select(Correspondence)
            .where(Correspondence.case_id == case.id, Correspondence.not_void())
            .order_by(Correspondence.id)
        )
    )


def _is_of_another(paper: Correspondence) -> bool:
    """Whether it went to, or came from, somebody who sat there before."""
    name = paper.recipient if paper.kind == Kind.US_TO_MEMBER else paper.sender
    return was_with_another(paper.gss_code, name, _left(paper) or paper.received_on)


def _left(paper: Correspondence | None) -> date | None:
    return (paper.sent_on or paper.dated) if paper else None


def _newest(papers: list[Correspondence], kind: Kind, gss_code: str) -> Correspondence | None:
    """The last letter of this kind, by the day it left; one without a day counts as the oldest."""
    found = [paper for paper in papers if paper.kind == kind and paper.gss_code == gss_code]
    return max(found, key=lambda paper: (_left(paper) or date.min, paper.id), default=None)


def _answered_on(papers: list[Correspondence], gss_code: str, since: date | None) -> date | None:
    days = [
        paper.received_on
        for paper in papers
        if paper.kind == Kind.MEMBER_TO_US and paper.gss_code == gss_code and paper.received_on
    ]
    return min((day for day in days if since is None or day >= since), default=None)


def _home_office_answered_on(papers: list[Correspondence], asked: Correspondence | None) -> date | None:
    """When the Home Office answered the MP's letter: to say that it arrived, or that an answer will come, is none."""
    if asked is None:
        return None
    answers = [
        paper.received_on or paper.sent_on or paper.dated
        for paper in papers
        if paper.answers_id == asked.id
        and paper.kind == Kind.HOME_OFFICE_RESPONSE
        and paper.response_kind
        and ResponseKind(paper.response_kind).is_an_answer
    ]
    return min((day for day in answers if day), default=None)


def _aim(asked: Correspondence | None) -> date | None:
    if asked is None:
        return None
    return db.session.scalar(
        select(Deadline.last_on).where(
            Deadline.correspondence_id == asked.id, Deadline.rule_key == ANSWER_RULE
        )
    )


def _last_visit(case: Case, gss_code: str) -> SurgeryVisit | None:
    """The last visit at which somebody was met."""
    met = [outcome for outcome in Outcome if outcome.met]
    visits = db.session.scalars(
        select(SurgeryVisit)
        .where(
            SurgeryVisit.case_id == case.id, SurgeryVisit.gss_code == gss_code, SurgeryVisit.outcome.in_(met)
        )
        .order_by(SurgeryVisit.held_on.desc(), SurgeryVisit.id.desc())
    )
    return next((one for one in visits if not was_with_another(gss_code, one.member_name, one.held_on)), None)


def _promises(visit: SurgeryVisit | None) -> tuple[str, ...]:
    rows: list[FollowUp] = visit.follow_ups if visit else []
    return tuple(_promise(row) for row in rows if row.what != THANKS)


def _promise(row: FollowUp) -> str:
    """What was promised. The day is ours for asking: not every promise was given one."""
    who = f"{row.who}: " if row.who else ""
    said = f"{who}{row.what} (in our diary for {spoken(row.due_on)})"
    return said[0].upper() + said[1:]


def written_to_home_member(case: Case, home: CasePlace | None, gss_code: str | None) -> str:
    """When we last wrote to the home MP, in a letter to another; empty when we have not."""
    if home is None or home.gss_code is None or home.gss_code == gss_code:
        return ""
    row = db.session.scalar(
        select(Correspondence)
        .where(
            Correspondence.case_id == case.id,
            Correspondence.gss_code == home.gss_code,
            Correspondence.kind == Kind.US_TO_MEMBER,
            Correspondence.sent_on.is_not(None),
            Correspondence.not_void(),
        )
        .order_by(Correspondence.sent_on.desc())
    )
    if row is None:
        return ""
    if was_with_another(home.gss_code, row.recipient, row.sent_on):
        name = row.recipient
    else:
        name = addressed(home.gss_code, clock.today()).address_as or row.recipient
    seat = directory().constituency(home.gss_code).name
    return f"We wrote to {name}, the Member for {seat}, on {spoken(row.sent_on)}"


def refusal(case: Case) -> Refusal:
    """The newest decision in the file, with the day until which it can still be appealed."""
    decision = _newest_response(case, (ResponseKind.REFUSAL, ResponseKind.DECISION))
    if decision is None:
        return Refusal()
    row = _date_of(decision, "ftt_appeal_in_uk")
    open_limit = row if row and not row.settled_on and not row.working.get("condition") else None
    return Refusal(sent_on=decision.sent_on or decision.dated, appeal_due=_still_due(open_limit))


def _still_due(limit: Deadline | None) -> date | None:
    """The last moment while it is to come, which is what a letter may say has to be kept."""
    last = limit.final_on if limit else None
    return last if last and last >= clock.today() else None


def _newest_response(case: Case, kinds: tuple[ResponseKind, ...]) -> Correspondence | None:
    return db.session.scalar(
        select(Correspondence)
        .where(Correspondence.case_id == case.id, Correspondence.response_kind.in_(kinds))
        .order_by(Correspondence.received_on.desc(), Correspondence.id.desc())
    )


def _date_of(paper: Correspondence, rule_key: str) -> Deadline | None:
    return db.session.scalar(
        select(Deadline).where(Deadline.correspondence_id == paper.id, Deadline.rule_key == rule_key)
    )


def planned_visit(case: Case, gss_code: str | None) -> Visit:
    """The visit to this MP that is planned, for its brief."""
    row = db.session.scalar(
        select(SurgeryVisit)
        .where(
            SurgeryVisit.case_id == case.id,
            SurgeryVisit.gss_code == gss_code,
            SurgeryVisit.recorded_at.is_(None),
        )
        .order_by(SurgeryVisit.held_on)
    )
    if row is None:
        return Visit()
    going = tuple(name.strip() for name in (row.who_went or "").split(",") if name.strip())
    return Visit(
        on=row.held_on,
        where=row.held_at or "",
        who_goes=going,
        to_meet=row.who_was_met or "",
        asked=row.asked or "",
    )


def recalled(case: Case, ids: Collection[int]) -> tuple[Recalled, ...]:
    """The letters that this one asks back, the oldest first. What they were about is not said again."""
    asked = select(Letter).where(Letter.case_id == case.id, Letter.id.in_(ids)).order_by(Letter.issued_at)
    rows = db.session.scalars(asked).all() if ids else []
    return tuple(
        Recalled("letter", clock.day_of(row.issued_at), row.facts.get("sender_name") or "")
        for row in rows
        if row.issued_at
    )
