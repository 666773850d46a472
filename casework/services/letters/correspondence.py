"""Letters in and out: recorded with the dates they start, in chains from our letter to an answer."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from casework import clock
from casework.domain.errors import CaseworkError, NotFound
from casework.domain.letters.correspondence import (
    DECISION_IN_DETENTION,
    Chain,
    Kind,
    Paper,
    Remedy,
    ResponseKind,
    chains,
    events_of,
    is_answer,
)
from casework.domain.timing.deadline_rules import How, OwedBy
from casework.domain.timing.deadline_rules import Kind as DateKind
from casework.domain.timing.settling import THE_LETTER, StatedFrom
from casework.domain.timing.triggers import Told
from casework.services.case import whereabouts
from casework.services.case.whereabouts import left_on
from casework.services.parliament.directory import member_name_on
from casework.services.safety import audit
from casework.services.timing import counting, removals
from casework.services.timing.effects import Answers, Cause, Effects
from casework.services.timing.rule_book import rule_book
from casework.storage.database import db
from casework.storage.models import Case, Correspondence, Deadline, Letter, User
from casework.storage.one_look import none_without

ONLY_IF_APPEAL = "Only if the letter says that the person can appeal."
ONLY_IF_REVIEW = "Only if the letter says that the person can ask for an administrative review."
# The earliest day on which a notice can have been given is the careful one to count from.
DAY_NOT_KNOWN = (
    "Nobody knows yet on which day the notice was given, so this counts from the date on it or the day it was sent: "
    "the earliest that it can be. Find out that day, and write it down on the removal clock."
)
CONDITIONS = {"decision_sent": ONLY_IF_APPEAL, "decision_received_abroad": ONLY_IF_APPEAL}


@dataclass(frozen=True)
class NewPaper:
    """A letter as somebody typed it. `stated_on` is a last day that the letter itself gives, or a day of removal.

    `is_flight` says that something leaves on that day; else it is only one before which nobody is removed.
    """

    kind: Kind
    response: ResponseKind | None = None
    remedy: Remedy = Remedy.UNCLEAR
    gss_code: str | None = None
    sender: str | None = None
    recipient: str | None = None
    dated: date | None = None
    sent_on: date | None = None
    received_on: date | None = None
    received_how: str | None = None
    their_reference: str | None = None
    summary: str | None = None
    answers_id: int | None = None
    stated_on: date | None = None
    is_flight: bool = False
    scan: tuple[str, str] | None = None


def record_paper(case: Case, paper: NewPaper, actor: User, answers: Answers | None = None) -> Correspondence:
    """Keep a letter, open every date that it starts, and settle what was waited for if it answers.

    The letter, its dates and the lines of the trail are saved together or not at all. `answers` are those of
    somebody who saw what will change.
    """
    row = add_paper(case, paper, actor, Effects(case, actor, answers or Answers()))
    audit.record(
        "letter recorded", actor, case, letter=row.id, kind=row.kind, response=row.response_kind or ""
    )
    db.session.commit()
    return row


def add_paper(case: Case, paper: NewPaper, actor: User, effects: Effects) -> Correspondence:
    """Add a letter with its dates, without saving it yet. Raises CaseworkError for days that cannot be."""
    _check_days(paper)
    answered = get_paper(case, paper.answers_id) if paper.answers_id else None
    scan_sha256, scan_type = paper.scan or (None, None)
    row = Correspondence(
        case=case, kind=paper.kind, response_kind=paper.response, gss_code=paper.gss_code, sender=paper.sender,
        recipient=paper.recipient, dated=paper.dated, sent_on=paper.sent_on, received_on=paper.received_on,
        received_how=paper.received_how, their_reference=paper.their_reference, summary=paper.summary,
        answers=answered, scan_sha256=scan_sha256, scan_type=scan_type, recorded_at=clock.now(),
        recorded_by_id=actor.id,
    )  # fmt: skip
    _name_member(row)
    db.session.add(row)
    db.session.flush()
    if answered is not None and is_answer(as_paper(row)):
        effects.settle_answered(answered, "it was answered", as_paper(row).day)
    _open_dates(case, row, paper, effects)
    if paper.response is ResponseKind.REMOVAL_NOTICE:
        if removals.running(case) is None:
            effects.also.append("The removal clock starts.")
        removals.take_up_notice(case, row, paper.stated_on if paper.is_flight else None, actor)
    return row


def add_sent(
    case: Case, *, letter: Letter, gss_code: str | None, recipient: str, sent_on: date, actor: User
) -> Correspondence:
    """Add an issued letter to the file, with the day to chase it; without saving it yet."""
    kind = Kind.US_TO_MEMBER if gss_code else Kind.OTHER_OUT
    paper = NewPaper(kind, gss_code=gss_code, recipient=recipient, dated=sent_on, sent_on=sent_on)
    row = add_paper(case, paper, actor, Effects(case, actor))
    row.letter = letter
    return row


def get_paper(case: Case, paper_id: int) -> Correspondence:
    """One of the letters of this case. Raises NotFound."""
    row = db.session.scalar(
        select(Correspondence).where(Correspondence.id == paper_id, Correspondence.case_id == case.id)
    )
    if row is None:
        raise NotFound("There is no such letter in this case.")
    return row


@none_without(Correspondence)
def list_papers(case: Case) -> list[Correspondence]:
    """Every letter of this case, the newest first."""
    rows = db.session.scalars(
        select(Correspondence)
        .where(Correspondence.case_id == case.id)
        .options(joinedload(Correspondence.recorded_by), joinedload(Correspondence.letter))
    )
    return sorted(rows, key=lambda row: (as_paper(row).day, row.id), reverse=True)


def file_of(
    case: Case, papers: list[Correspondence] | None = None
) -> tuple[list[Chain], dict[int, Correspondence]]:
    """The letters of this case in chains, and each letter by its id; `papers` where they were asked for already."""
    rows = {row.id: row for row in (list_papers(case) if papers is None else papers)}
    return chains(as_paper(row) for row in rows.values()), rows


def chain_of(paper: Correspondence) -> Chain:
    """The chain in which this letter stands."""
    found, _ = file_of(paper.case)
    return next(chain for chain in found if paper.id in {link.id for link in chain.papers})


def as_paper(row: Correspondence) -> Paper:
    """A letter as the chain sees it: by the day it was received or sent, else its own date, else the record's."""
    kind = Kind(row.kind)
    received_first = row.received_on if kind.comes_in else None
    day = received_first or row.sent_on or row.dated or row.received_on
    response = ResponseKind(row.response_kind) if row.response_kind else None
    void = row.letter is not None and row.letter.voided_at is not None
    return Paper(row.id, kind, day or clock.day_of(row.recorded_at), response, row.answers_id, void)


def _name_member(row: Correspondence) -> None:
    """Write down who the MP was on the day of the letter, on the side of the letter where the MP stands."""
    if row.gss_code is None:
        return
    name = member_name_on(row.gss_code, row.sent_on or row.dated or clock.today())
    if row.kind == Kind.US_TO_MEMBER:
        row.recipient = row.recipient or name
    else:
        row.sender = row.sender or name


def _check_days(paper: NewPaper) -> None:
    sent = paper.sent_on or paper.dated
    if paper.received_on and sent and paper.received_on < sent:
        raise CaseworkError(
            "It cannot be received before it was sent. Check both dates.", field="received_on"
        )
    if paper.sent_on and paper.dated and paper.sent_on < paper.dated:
        raise CaseworkError("It cannot be sent before the date it bears. Check both dates.", field="sent_on")
    if paper.stated_on and paper.dated and paper.stated_on < paper.dated:
        raise CaseworkError("This day is before the date of the letter. Check it.", field="stated_on")


def _open_dates(case: Case, row: Correspondence, paper: NewPaper, effects: Effects) -> None:
    told = _told(paper)
    came = paper.received_on or told.sent
    # Who was held on the day of the decision has the shorter time to ask for a review (AR2.6(a)); who was not held
    # until it came is given it too, as the safer of the two.
    held_on = next(
        (day for day in (paper.dated or told.sent, came) if day and whereabouts.is_detained(case, day)), None
    )
    events = events_of(
        paper.kind,
        told,
        response=paper.response,
        remedy=paper.remedy,
        detained=held_on is not None,
        abroad=bool(came) and left_on(case, came or date.min) is not None,
    )
    for event in events:
        condition = _condition(event.name, paper)
        cause = Cause(correspondence=row, condition=condition, decided_on=paper.dated)
        fits_on = held_on if event.name == DECISION_IN_DETENTION else None
        effects.happened(event.name, event.told, cause, fits_on=fits_on)
    for deadline in effects.opened:
        _state(deadline, paper)


def _told(paper: NewPaper) -> Told:
    """The days of the letter, and how it came where that tells when it counts as served."""
    how = How(paper.received_how) if paper.received_how in set(How) else None
    return Told(sent=paper.sent_on or paper.dated, received=paper.received_on, how=how)


def _condition(event: str, paper: NewPaper) -> str:
    """Under which condition the dates of what a letter tells of run; empty where there is none."""
    if paper.response is ResponseKind.REMOVAL_NOTICE and not paper.received_on:
        return DAY_NOT_KNOWN
    unclear = paper.remedy is Remedy.UNCLEAR and paper.response is not None and paper.response.decides
    return CONDITIONS.get(event, ONLY_IF_REVIEW) if unclear else ""


def _state(row: Deadline, paper: NewPaper) -> None:
    """A last day, or a day of removal, that stands in the letter wins over ours."""
    kind = DateKind(row.kind)
    ours = kind is DateKind.HARD_LIMIT and rule_book().rule(row.rule_key).owed_by is OwedBy.US
    if paper.stated_on and (ours or kind is DateKind.NOTICE_PERIOD):
        row.stated_on, row.stated_by, row.stated_from = paper.stated_on, THE_LETTER, StatedFrom.LETTER
        counting.put_in_order(row)
