"""Who of the supporters is reached by which means, who wrote, and what was done for the person lately."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import contains_eager

from casework import clock
from casework.domain.campaign.messages import Means, ToWhom
from casework.domain.consent.publicity import Audience
from casework.domain.letters.correspondence import Kind as PaperKind
from casework.domain.letters.correspondence import ResponseKind
from casework.services.parliament.directory import directory, member_name_on
from casework.storage.database import db
from casework.storage.models import (
    Batch,
    BatchLetter,
    Bundle,
    Case,
    Correspondence,
    Letter,
    Message,
    SignUp,
    Supporter,
    SurgeryVisit,
    Telling,
)
from casework.storage.name_order import name_order

# An act of so long ago is not offered any more: a thank you that comes months later is none.
OFFERED_FOR = timedelta(days=45)
IN_PUBLIC = "page"  # who signed up on the campaign page may be anybody


def of(message: Message) -> Sequence[SignUp]:
    """Whom this message goes to, by name: they agreed to that means, and can be reached by it."""
    query = reachable(message.case, Means(message.means), Audience(message.audience))
    if message.to_whom == ToWhom.WROTE:
        query = query.where(wrote(message.case, message.gss_code))
    return db.session.scalars(query).all()


def told(message: Message) -> Sequence[SignUp]:
    """Who was sent this message, or heard it on the telephone, by name. Who stopped is left out."""
    query = select(SignUp).join(SignUp.supporter).options(contains_eager(SignUp.supporter))
    query = query.join(Telling, Telling.sign_up_id == SignUp.id).where(Telling.message_id == message.id)
    return db.session.scalars(query.order_by(name_order(Supporter.name), SignUp.id)).all()


def reachable(case: Case, means: Means, audience: Audience) -> Select[SignUp]:
    """The query of those who can be reached so and may read what is meant for this audience, by name.

    Who stopped is left out of it as of every query.
    """
    query = select(SignUp).join(SignUp.supporter).options(contains_eager(SignUp.supporter))
    query = query.where(SignUp.case_id == case.id, agreed_to(means))
    if audience is not Audience.PUBLIC:
        query = query.where(SignUp.joined_how != IN_PUBLIC)
    return query.order_by(name_order(Supporter.name), SignUp.id)


def agreed_to(means: Means) -> ColumnElement[bool]:
    """What a query asks of those who agreed to be reached so, and gave what it takes."""
    way = Supporter.email if means is Means.EMAIL else Supporter.phone
    # The keys stand in quotes in the column's JSON, as in `services.campaign.supporter_list`.
    return SignUp.reached_by.cast(db.String).contains(f'"{means}"') & (func.coalesce(way, "") != "")


def wrote(case: Case, gss_code: str | None = None) -> ColumnElement[bool]:
    """What a query asks of those who wrote in this case: whose letter went out, to this MP where one is named.

    Who signed up on the campaign page wrote their own letter there.
    """
    single = select(Letter.supporter_id).where(
        Letter.case_id == case.id, Letter.sent_on.is_not(None), Letter.voided_at.is_(None)
    )
    many = (
        select(BatchLetter.sign_up_id)
        .join(Batch, Batch.id == BatchLetter.batch_id)
        .join(Bundle, (Bundle.batch_id == BatchLetter.batch_id) & (Bundle.gss_code == BatchLetter.gss_code))
        .where(Batch.case_id == case.id, Bundle.handed_over_on.is_not(None))
    )
    here = SignUp.joined_how == IN_PUBLIC
    if gss_code:
        single, many = single.where(Letter.gss_code == gss_code), many.where(BatchLetter.gss_code == gss_code)
        here = here & (Supporter.gss_code == gss_code)
    return or_(SignUp.supporter_id.in_(single), SignUp.id.in_(many), here)


def numbers(case: Case) -> dict[Means, int]:
    """How many agreed to each means and can be reached by it."""
    counted = [select(func.count(SignUp.id)).join(SignUp.supporter) for _ in Means]
    return {
        means: db.session.scalar(query.where(SignUp.case_id == case.id, agreed_to(means))) or 0
        for means, query in zip(Means, counted, strict=True)
    }


def not_asked(case: Case) -> int:
    """How many gave a number or an address, and have not said how they may be reached."""
    query = select(func.count(SignUp.id)).join(SignUp.supporter)
    return db.session.scalar(query.where(SignUp.case_id == case.id, not_asked_how())) or 0


def not_asked_how() -> ColumnElement[bool]:
    """What a query asks of those who could be reached, and have not said how they may be."""
    is_empty = SignUp.reached_by.cast(db.String) == "[]"
    return is_empty & (func.coalesce(Supporter.phone, Supporter.email, "") != "")


def done_since(case: Case, since: date) -> tuple[int, int]:
    """How many letters were handed over, and how many MPs met, since a day."""
    letters = select(func.sum(Bundle.handed_over)).join(Batch, Batch.id == Bundle.batch_id)
    letters = letters.where(Batch.case_id == case.id, Bundle.handed_over_on >= since)
    visits = select(func.count(SurgeryVisit.gss_code.distinct())).where(
        SurgeryVisit.case_id == case.id, SurgeryVisit.recorded_at.is_not(None), SurgeryVisit.held_on >= since
    )
    return int(db.session.scalar(letters) or 0), db.session.scalar(visits) or 0


def member_of(row: Any) -> str:
    """The MP whom an act was about, by name: whoever sat there on that day; empty where there is none."""
    gss_code = getattr(row, "gss_code", None)
    if isinstance(row, SurgeryVisit):
        return row.member_name
    known = directory().find(gss_code) if gss_code else None
    on = row.handed_over_on if isinstance(row, Bundle) else getattr(row, "received_on", None)
    return member_name_on(known.gss_code, on or clock.today()) if known else ""


def acts(case: Case) -> tuple[list[Bundle], list[SurgeryVisit], list[Correspondence]]:
    """What was done of late and nobody was thanked for or told of: letters handed over, visits, and answers."""
    since = clock.today() - OFFERED_FOR
    bundles = select(Bundle).join(Bundle.batch).where(
        Batch.case_id == case.id, Bundle.handed_over_on >= since, _untold(Message.bundle_id, Bundle.id)
    )  # fmt: skip
    visits = select(SurgeryVisit).where(
        SurgeryVisit.case_id == case.id, SurgeryVisit.recorded_at.is_not(None), SurgeryVisit.held_on >= since,
        _untold(Message.visit_id, SurgeryVisit.id),
    )  # fmt: skip
    papers = select(Correspondence).where(
        Correspondence.case_id == case.id, Correspondence.received_on >= since,
        _untold(Message.correspondence_id, Correspondence.id),
    )  # fmt: skip
    return (
        list(db.session.scalars(bundles.order_by(Bundle.handed_over_on.desc(), Bundle.id))),
        list(db.session.scalars(visits.order_by(SurgeryVisit.held_on.desc(), SurgeryVisit.id))),
        [row for row in db.session.scalars(papers.order_by(Correspondence.id.desc())) if is_an_answer(row)],
    )


def is_an_answer(row: Correspondence) -> bool:
    """Whether those who wrote want to hear of this letter: an MP's, or one in which the Home Office answers.

    Of one that is hidden from some nobody is told by a message that all can read.
    """
    if row.hidden is not None:
        return False
    if row.kind == PaperKind.MEMBER_TO_US:
        return True
    known = set(ResponseKind)
    return (
        row.kind == PaperKind.HOME_OFFICE_RESPONSE
        and row.response_kind in known
        and ResponseKind(row.response_kind).is_for_supporters
    )


def told_of(row: Bundle | SurgeryVisit | Correspondence) -> Message | None:
    """The newest message about this act; None where nobody wrote one."""
    column = {Bundle: Message.bundle_id, SurgeryVisit: Message.visit_id}.get(
        type(row), Message.correspondence_id
    )
    there = (column == row.id, Message.discarded_at.is_(None))
    return db.session.scalar(select(Message).where(*there).order_by(Message.id.desc()).limit(1))


def last_told(sign_up: SignUp) -> Message | None:
    """The last message that this supporter was sent, or heard on the telephone; None where there is none."""
    query = select(Message).join(Telling, Telling.message_id == Message.id)
    query = query.where(Telling.sign_up_id == sign_up.id, Message.sent_on.is_not(None))
    return db.session.scalar(query.order_by(Message.sent_on.desc(), Message.id.desc()).limit(1))


def _untold(column: Any, row_id: Any) -> ColumnElement[bool]:
    return ~select(Message.id).where(column == row_id, Message.discarded_at.is_(None)).exists()
