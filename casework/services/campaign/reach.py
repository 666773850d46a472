"""What a campaign has reached: signers, letters, visits and answers, by constituency."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import func, select

from casework import clock
from casework.domain.campaign.batches import LetterState
from casework.domain.campaign.reach import Progress, Reach, SeatReach, gaps, growth, total
from casework.domain.case.places import held_on
from casework.domain.errors import CaseworkError, OutOfDate
from casework.domain.letters.correspondence import Kind
from casework.domain.parliament.surgeries import Outcome
from casework.domain.said import of_ours, on_day
from casework.domain.words import say
from casework.services import saving
from casework.services.case.homes import former_homes_seen, home_seen
from casework.services.parliament.directory import directory
from casework.services.safety import audit
from casework.services.timing import removals
from casework.storage.database import db
from casework.storage.models import (
    Batch,
    BatchLetter,
    Bundle,
    CampaignPage,
    Case,
    Correspondence,
    Letter,
    PageTally,
    PlanDate,
    SignUp,
    Supporter,
    SurgeryVisit,
    User,
)


@dataclass
class _Tally:
    """What is added up for one constituency."""

    ties: list[str] = field(default_factory=list)
    supporters: int = 0
    signers: set[Any] = field(default_factory=set)
    letters: int = 0
    handed_over: int = 0
    last_handed_over: date | None = None
    visits: int = 0
    answers: int = 0
    last_answer: date | None = None
    did: list[tuple[date | None, str]] = field(default_factory=list)


def reach(case: Case) -> Reach:
    """All that the campaign has reached until today. Constituencies with nothing in them are left out."""
    today = clock.today()
    tallies: dict[str, _Tally] = defaultdict(_Tally)
    _count_ties(tallies, case, today)
    _count_supporters(tallies, case)
    _count_letters(tallies, case)
    _count_bundles(tallies, case)
    _count_visits(tallies, case)
    _count_answers(tallies, case)
    seats = tuple(_seat(gss_code, tally, today) for gss_code, tally in tallies.items())
    unplaced = db.session.scalar(
        select(func.count())
        .select_from(SignUp)
        .join(SignUp.supporter)
        .where(SignUp.case_id == case.id, Supporter.gss_code.is_(None))
    )
    return Reach(
        seats=tuple(sorted(seats, key=lambda row: row.name)),
        unplaced=unplaced or 0,
        total=total(seats),
        gaps=gaps(seats, today),
        progress=_progress(case),
    )


def plan_date(case: Case) -> PlanDate | None:
    """The day by which this campaign wants its letters handed over, if somebody set one."""
    return db.session.scalar(select(PlanDate).where(PlanDate.case_id == case.id))


def set_plan_date(
    case: Case, *, on: date, what: str, wanted: int | None, version: int | None, actor: User
) -> PlanDate:
    """Keep the day that matters, what it is, and how many letters are wanted by then.

    Raises OutOfDate when somebody else set it since this `version` was read.
    """
    row = plan_date(case)
    if row is None:
        row = PlanDate(case=case)
        db.session.add(row)
    elif row.version != version:
        raise OutOfDate(
            "Somebody else changed this day while you were typing. Look at theirs, and save again."
        )
    if not what:
        raise CaseworkError("Say what happens on that day, in a few words.", field="what")
    row.on, row.what, row.wanted = on, what, wanted
    audit.record("day that matters set", actor, case)
    saving.commit("Somebody else changed this day at the same moment. Look once more.")
    return row


def _seat(gss_code: str, tally: _Tally, today: date) -> SeatReach:
    done = sorted(tally.did, key=lambda one: one[0] or date.min)
    return SeatReach(
        seat=directory().seat_on(gss_code, today),
        ties=tuple(dict.fromkeys(tally.ties)),
        supporters=tally.supporters,
        signers=len(tally.signers),
        letters=tally.letters,
        handed_over=tally.handed_over,
        last_handed_over=tally.last_handed_over,
        visits=tally.visits,
        answers=tally.answers,
        last_answer=tally.last_answer,
        did=tuple(_did(words, day) for day, words in done),
    )


def _did(words: str, day: date | None) -> str:
    return say("{what}, {day}", what=of_ours(words), day=on_day(day)) if day else of_ours(words)


def _count_ties(tallies: dict[str, _Tally], case: Case, today: date) -> None:
    home = home_seen(case, today)
    tied = [("the home", home)] if home else []
    tied += [("the place of detention", row) for row in held_on(case.places, today)]
    tied += [("a former home", row) for row in former_homes_seen(case, today)]
    for words, row in tied:
        if row.gss_code:
            tallies[row.gss_code].ties.append(words)


def _count_supporters(tallies: dict[str, _Tally], case: Case) -> None:
    query = select(Supporter.gss_code, func.count()).join(SignUp.supporter).where(SignUp.case_id == case.id)
    for gss_code, number in _rows(query.group_by(Supporter.gss_code)):
        tallies[gss_code].supporters = number


def _count_letters(tallies: dict[str, _Tally], case: Case) -> None:
    """Letters of supporters, however they were made. A signer whose name is gone counts by their letter."""
    in_batches = (
        select(BatchLetter.gss_code, BatchLetter.id, SignUp.supporter_id)
        .join(BatchLetter.batch)
        .outerjoin(BatchLetter.sign_up)
        .where(Batch.case_id == case.id, BatchLetter.state == LetterState.MADE)
    )
    for gss_code, letter_id, supporter_id in _rows(in_batches):
        _add_letter(tallies[gss_code], supporter_id or f"batch {letter_id}")
    issued = select(Letter.gss_code, Letter.id, Letter.supporter_id, Letter.sent_on).where(
        Letter.case_id == case.id,
        Letter.supporter_id.is_not(None),
        Letter.issued_at.is_not(None),
        Letter.voided_at.is_(None),
    )
    for gss_code, letter_id, supporter_id, sent_on in _rows(issued):
        _add_letter(tallies[gss_code], supporter_id or f"letter {letter_id}")
        if sent_on:
            _add_handed_over(tallies[gss_code], 1, sent_on)
    on_pages = (
        select(PageTally.gss_code, PageTally.id, PageTally.letters)
        .join(PageTally.page)
        .where(CampaignPage.case_id == case.id)
    )
    counted_there = _counted_on_pages(case)
    for gss_code, tally_id, number in _rows(on_pages):
        tally = tallies[gss_code]
        # Whoever signed up on the page and has another letter since is one person with two letters.
        known = sorted(counted_there & tally.signers)[:number]
        counted_there -= set(known)
        for one in range(number):
            _add_letter(tally, known[one] if one < len(known) else f"page {tally_id} {one}")


def _counted_on_pages(case: Case) -> set[Any]:
    """The supporters who signed up on a campaign page and whose letter there is among those it counted."""
    query = select(SignUp.supporter_id).where(
        SignUp.case_id == case.id, SignUp.joined_how == "page", SignUp.counted.is_(True)
    )
    return set(db.session.scalars(query))


def _add_letter(tally: _Tally, signer: Any) -> None:
    tally.letters += 1
    tally.signers.add(signer)


def _add_handed_over(tally: _Tally, number: int, on: date | None) -> None:
    tally.handed_over += number
    if on:
        tally.last_handed_over = max(on, tally.last_handed_over or on)


def _count_bundles(tallies: dict[str, _Tally], case: Case) -> None:
    query = (
        select(Bundle.gss_code, Bundle.handed_over, Bundle.handed_over_on)
        .join(Bundle.batch)
        .where(Batch.case_id == case.id, Bundle.handed_over.is_not(None))
    )
    for gss_code, number, on in _rows(query):
        _add_handed_over(tallies[gss_code], number, on)


def _count_visits(tallies: dict[str, _Tally], case: Case) -> None:
    query = select(SurgeryVisit.gss_code, SurgeryVisit.held_on, SurgeryVisit.outcome).where(
        SurgeryVisit.case_id == case.id, SurgeryVisit.recorded_at.is_not(None)
    )
    for gss_code, held_on_day, outcome in _rows(query):
        tallies[gss_code].visits += 1
        if outcome:
            tallies[gss_code].did.append((held_on_day, Outcome(outcome).words))


def _count_answers(tallies: dict[str, _Tally], case: Case) -> None:
    query = select(
        Correspondence.gss_code, Correspondence.kind, Correspondence.received_on, Correspondence.sent_on,
        Correspondence.dated,
    ).where(
        Correspondence.case_id == case.id,
        Correspondence.kind.in_((Kind.MEMBER_TO_US, Kind.MEMBER_TO_HOME_OFFICE)),
        Correspondence.not_void(),
    )  # fmt: skip
    for gss_code, kind, received_on, sent_on, dated in _rows(query):
        tally, day = tallies[gss_code], received_on or sent_on or dated
        if kind == Kind.MEMBER_TO_HOME_OFFICE:
            tally.did.append((day, "Wrote to the Home Office"))
            continue
        tally.answers += 1
        if day:
            tally.last_answer = max(day, tally.last_answer or day)


def _rows(query: Any) -> Iterable[Any]:
    """The rows of a query whose first column is a constituency, without those where it is not known yet."""
    return (row for row in db.session.execute(query) if row[0])


def _progress(case: Case) -> Progress:
    """The letters made and handed over, day by day, and the day that matters: one that was set, else a flight."""
    stamped = db.session.scalars(
        select(BatchLetter.made_at)
        .join(BatchLetter.batch)
        .where(Batch.case_id == case.id, BatchLetter.state == LetterState.MADE)
    )
    made = [(clock.day_of(at), 1) for at in stamped if at]
    letters = db.session.execute(
        select(Letter.issued_at, Letter.sent_on).where(
            Letter.case_id == case.id, Letter.supporter_id.is_not(None), Letter.issued_at.is_not(None),
            Letter.voided_at.is_(None),
        )
    ).all()  # fmt: skip
    made += [(clock.day_of(issued_at), 1) for issued_at, _ in letters if issued_at]
    on_pages = (
        select(PageTally.on, PageTally.letters).join(PageTally.page).where(CampaignPage.case_id == case.id)
    )
    made += [(on, number) for on, number in db.session.execute(on_pages)]
    bundles = db.session.execute(
        select(Bundle.handed_over_on, Bundle.handed_over).join(Bundle.batch).where(Batch.case_id == case.id)
    ).all()
    handed = [(on, number) for on, number in bundles if on and number] + [
        (sent_on, 1) for _, sent_on in letters if sent_on
    ]
    on, what, wanted = _day_that_matters(case)
    return Progress(growth(made), growth(handed), on, what, wanted)


def _day_that_matters(case: Case) -> tuple[date | None, str, int | None]:
    if row := plan_date(case):
        return row.on, row.what, row.wanted
    attempt = removals.running(case)
    if attempt and attempt.departs_on:
        return attempt.departs_on, "The flight", None
    return None, "", None
