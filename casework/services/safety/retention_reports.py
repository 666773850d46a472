"""What went by itself on which day: numbers alone, kept for the group to see that its policy is kept."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select

from casework import clock
from casework.domain.safety.retention import Kept
from casework.storage.database import db
from casework.storage.models import RetentionReport

BIN, CASES, LINKS = "bin", "cases", "links"
REPORT_WORDS = {
    Kept.FACTS: "cases emptied, but for what was signed",
    Kept.AUTHORITY: "papers that the person had signed",
    Kept.SUPPORTER: "supporters",
    Kept.DRAFT: "drafts of letters",
    BIN: "things in the bin",
    CASES: "cases, for good",
    LINKS: "links that had ended",
}
MOST = 100


def report(gone: Mapping[str, int]) -> None:
    """Keep how many things of each kind went today."""
    for kind, number in gone.items():
        if number:
            db.session.add(RetentionReport(on=clock.today(), kind=kind, number=number))
    db.session.commit()


def reports() -> list[tuple[date, str, int]]:
    """What went when, the newest first: the day, what, and how many."""
    query = select(RetentionReport).order_by(RetentionReport.on.desc(), RetentionReport.id).limit(MOST)
    return [(row.on, REPORT_WORDS.get(row.kind, row.kind), row.number) for row in db.session.scalars(query)]
