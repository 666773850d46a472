"""What was done for a person and nobody was thanked for yet, and what those who wrote were not told yet."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from casework.domain.campaign.messages import Kind, ToWhom
from casework.domain.said import count
from casework.domain.words import say
from casework.services.campaign import message_readers
from casework.storage.database import db
from casework.storage.models import Batch, Bundle, Case, Correspondence, SurgeryVisit

BUNDLE, VISIT, LETTER = "letters", "visit", "answer"


@dataclass(frozen=True)
class Act:
    """Something to thank for, or to tell of: what an address calls it, its number, and it in words."""

    about: str
    number: int
    kind: Kind
    on: date | None
    words: str
    offer: str


def open_acts(case: Case) -> list[Act]:
    """What was done or answered of late and no message tells of, the latest first."""
    bundles, visits, papers = message_readers.acts(case)
    rows: list[Bundle | SurgeryVisit | Correspondence] = [*bundles, *visits, *papers]
    found = [_act(row) for row in rows]
    return sorted(found, key=lambda one: one.on or date.min, reverse=True)


def act(case: Case, about: str, number: int) -> Bundle | SurgeryVisit | Correspondence | None:
    """The row that an address means; None where it means none of this case, or one that is hidden from this person."""
    query: Any = {
        BUNDLE: select(Bundle).join(Bundle.batch).where(Batch.case_id == case.id),
        VISIT: select(SurgeryVisit).where(SurgeryVisit.case_id == case.id),
        LETTER: select(Correspondence).where(Correspondence.case_id == case.id),
    }.get(about)
    if query is None or not number:
        return None
    table: Any = {BUNDLE: Bundle, VISIT: SurgeryVisit, LETTER: Correspondence}[about]
    found: Bundle | SurgeryVisit | Correspondence | None = db.session.scalar(query.where(table.id == number))
    return found


def offer_for(row: Bundle | SurgeryVisit | Correspondence) -> Act | None:
    """What to offer on the page of this act; None where there is nothing to thank for, or it was done."""
    if isinstance(row, Bundle) and row.handed_over_on is None:
        return None
    if isinstance(row, SurgeryVisit) and row.recorded_at is None:
        return None
    if isinstance(row, Correspondence) and not message_readers.is_an_answer(row):
        return None
    return None if message_readers.told_of(row) else _act(row)


def usual_readers(kind: Kind, row: Any) -> ToWhom:
    """Whom such a message usually goes to: a visit was made by a few, and of an answer those hear who wrote."""
    if isinstance(row, SurgeryVisit):
        return ToWhom.BY_HAND
    return ToWhom.WROTE if row is not None or kind is Kind.RESULT else ToWhom.ALL


def _act(row: Bundle | SurgeryVisit | Correspondence) -> Act:
    member = message_readers.member_of(row)
    if isinstance(row, Bundle):
        letters = count(row.handed_over or 0, "letter was", "letters were")
        words = say("{letters} handed to {name}", letters=letters, name=member)
        return Act(BUNDLE, row.id, Kind.THANKS, row.handed_over_on, words, "Thank those who wrote")
    if isinstance(row, SurgeryVisit):
        words = say("Somebody went to see {name}", name=member)
        return Act(VISIT, row.id, Kind.THANKS, row.held_on, words, "Thank those who went")
    words = say("{name} answered", name=member) if member else say("The Home Office answered")
    return Act(LETTER, row.id, Kind.RESULT, row.received_on, words, "Tell those who wrote")
