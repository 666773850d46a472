"""Consent to a campaign: keep what the person agreed to, lower it, take it back, and say what went out before."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select

from casework import clock
from casework.domain.consent import campaign_consent as rules
from casework.domain.consent.campaign_consent import CampaignGiven
from casework.domain.consent.consent import Given, check_withdrawal
from casework.domain.consent.publicity import Kind, Level
from casework.domain.errors import CaseworkError, NotFound
from casework.services.safety import audit
from casework.storage.by_case import by_case
from casework.storage.database import db
from casework.storage.models import CampaignConsent, Case, User
from casework.storage.one_look import none_without, read_once


@dataclass(frozen=True)
class NewCampaignConsent:
    """What a signed paper says, as somebody read it off."""

    given_on: date
    level: Level
    explained_by: str
    how_given: str
    items: tuple[Kind, ...] = ()
    changed_name: str | None = None
    ends_on: date | None = None
    risks: tuple[str, ...] = ()
    lawyer_asked_on: date | None = None
    anonymity_order: str = "unknown"
    language: str | None = None
    interpreter: str | None = None
    witness: str | None = None
    to_ring: str | None = None
    scan_sha256: str | None = None
    scan_type: str | None = None


def record(case: Case, new: NewCampaignConsent, actor: User) -> CampaignConsent:
    """Keep what the person agreed to; from its day on it takes the place of every paper before it.

    Raises CaseworkError at the field that cannot be right.
    """
    paper_of(new)
    row = CampaignConsent(
        case=case, level=int(new.level), items=[str(item) for item in new.items], changed_name=new.changed_name,
        given_on=new.given_on, ends_on=new.ends_on, risks=list(new.risks), lawyer_asked_on=new.lawyer_asked_on,
        anonymity_order=new.anonymity_order, explained_by=new.explained_by, language=new.language,
        interpreter=new.interpreter, how_given=new.how_given, witness=new.witness, to_ring=new.to_ring,
        scan_sha256=new.scan_sha256, scan_type=new.scan_type, recorded_at=clock.now(), recorded_by=actor,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    audit.record(
        "campaign consent recorded", actor, case, consent=row.id, level=row.level, scan=bool(row.scan_sha256)
    )
    db.session.commit()
    return row


def paper_of(new: NewCampaignConsent) -> CampaignGiven:
    """The paper as its rules see it. Raises CaseworkError at the field that cannot be right."""
    if new.how_given not in rules.HOW_GIVEN:
        raise CaseworkError("Choose how they said yes.", field="how_given")
    if not new.explained_by:
        raise CaseworkError("Name whoever explained it to them.", field="explained_by")
    paper = CampaignGiven(
        new.given_on,
        new.level,
        frozenset(new.items),
        new.ends_on,
        changed_name=new.changed_name or "",
        anonymity_order=new.anonymity_order,
    )
    rules.check(paper, clock.today(), how_given=new.how_given, witness=new.witness or "", risks=new.risks)
    return paper


def withdraw(case: Case, consent_id: int, on: date, how: str | None, actor: User) -> CampaignConsent:
    """Keep that the person took it back: it works at once, by any means and for no reason.

    Doing it twice changes nothing. Raises CaseworkError for a day to come or before it was given.
    """
    row = get(case, consent_id)
    if row.withdrawn_on is not None:
        return row
    taken_back(row, on)
    row.withdrawn_on, row.withdrawn_how = on, how
    audit.record("campaign consent withdrawn", actor, case, consent=row.id)
    db.session.commit()
    return row


def taken_back(row: CampaignConsent, on: date) -> CampaignGiven:
    """The paper as it would stand, were it taken back on this day. Raises CaseworkError as `withdraw` does."""
    check_withdrawal(Given(row.given_on), on, clock.today())
    return replace(given(row), withdrawn_on=on)


@none_without(CampaignConsent)
@read_once
def papers(case: Case) -> list[CampaignConsent]:
    """Every campaign consent of the case, the one recorded last first."""
    query = select(CampaignConsent).where(CampaignConsent.case_id == case.id)
    return list(db.session.scalars(query.order_by(CampaignConsent.id.desc())))


def papers_of(cases: Collection[Case]) -> dict[int, list[CampaignConsent]]:
    """The same of each of these cases, by its number, in one question."""
    if len(cases) == 1:
        return {case.id: papers(case) for case in cases}
    query = select(CampaignConsent).where(CampaignConsent.case_id.in_([case.id for case in cases]))
    return by_case(query.order_by(CampaignConsent.id.desc()))


def get(case: Case, consent_id: int) -> CampaignConsent:
    """One of the campaign consents of this case. Raises NotFound."""
    row = db.session.get(CampaignConsent, consent_id)
    if row is None or row.case_id != case.id:
        raise NotFound("There is no such consent in this case.")
    return row


def in_force(case: Case, on: date, rows: Sequence[CampaignConsent] | None = None) -> CampaignGiven | None:
    """What the person's campaign consent says on this day; None where there is none.

    `rows` are their papers as `papers` gives them, where they were asked for already.
    """
    return rules.in_force([given(row) for row in reversed(papers(case) if rows is None else rows)], on)


def in_force_id(case: Case, on: date) -> int | None:
    """Which of the papers it is that counts on this day; None where none does."""
    read = [(given(row), row.id) for row in reversed(papers(case))]
    now = rules.in_force([paper for paper, _ in read], on)
    return next((row_id for paper, row_id in read if paper is now), None)


def in_force_with(case: Case, on: date, new: CampaignGiven) -> CampaignGiven | None:
    """What would hold on this day, were this paper recorded now."""
    return rules.in_force([*(given(row) for row in reversed(papers(case))), new], on)


def in_force_without(case: Case, on: date, row: CampaignConsent, day: date) -> CampaignGiven | None:
    """What would hold on this day, were this paper taken back on `day`. Raises CaseworkError as `withdraw` does."""
    taken = taken_back(row, day)
    return rules.in_force([taken if one is row else given(one) for one in reversed(papers(case))], on)


def given(row: CampaignConsent) -> CampaignGiven:
    """The row as the rules see it."""
    return CampaignGiven(
        given_on=row.given_on,
        level=Level(row.level),
        items=frozenset(Kind(item) for item in row.items),
        ends_on=row.ends_on,
        withdrawn_on=row.withdrawn_on,
        changed_name=row.changed_name or "",
        anonymity_order=row.anonymity_order or "unknown",
    )
