"""The end of the trail, what lies in the bin, which cases were erased, and how long things are kept."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, ForeignKey, LargeBinary, String, event, func, select
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from casework.storage.asking import every_group
from casework.storage.database import Instant, db
from casework.storage.models.accounts import User
from casework.storage.models.cases import Case
from casework.storage.models.groups import MayBeHidden, OfAGroup


class AuditHead(db.Model):  # type: ignore[name-defined]
    """The last line of the trail: how many there are, its link, and a seal over both. One row.

    Whoever cuts lines off the end cannot make the seal that would hide it.
    """

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
    link: Mapped[str] = mapped_column(String(64))
    seal: Mapped[str] = mapped_column(String(64))


class Binned(MayBeHidden, db.Model):  # type: ignore[name-defined]
    """Something of a case that was deleted and can be brought back until `gone_on`.

    `kind` is one of `domain.safety.bins.BinKind`. `content` is its rows as JSON, sealed; nobody reads them there.
    `row_id` is the id that it had.
    """

    __tablename__ = "binned"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    row_id: Mapped[int]
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary, nullable=False))
    binned_at: Mapped[datetime] = mapped_column(Instant)
    binned_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    gone_on: Mapped[date] = mapped_column(index=True)
    case: Mapped[Case] = relationship()
    binned_by: Mapped[User] = relationship()


class ErasedCase(OfAGroup, db.Model):  # type: ignore[name-defined]
    """A case that is gone: its reference and when, and nothing of the person. Its number is never given again.

    `erased_by_id` is empty where it went by itself, because its time was over.
    """

    __tablename__ = "erased_cases"

    id: Mapped[int] = mapped_column(primary_key=True)
    erased_case_id: Mapped[int] = mapped_column(index=True)
    reference: Mapped[str] = mapped_column(String(20))
    erased_at: Mapped[datetime] = mapped_column(Instant)
    erased_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    erased_by: Mapped[User | None] = relationship()


@event.listens_for(Case, "before_insert")
def _never_the_number_of_an_erased_case(mapper: Any, connection: Connection, case: Case) -> None:
    """Give a new case a number that no erased one had: the trail still speaks of that one by its number.

    SQLite gives the highest number again once its row is gone.
    """
    with every_group():  # numbers are one row for the whole machine
        erased = connection.scalar(select(func.max(ErasedCase.erased_case_id))) or 0
        if case.id is None and erased > (connection.scalar(select(func.max(Case.id))) or 0):
            case.id = erased + 1


class RetentionChoice(db.Model):  # type: ignore[name-defined]
    """For how long this group keeps one kind of thing, where it chose another time than the program's own.

    `before` is the length that held until `chosen_on`: see `domain.safety.retention.Chosen`.
    """

    __tablename__ = "retention_choices"

    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    length: Mapped[int]
    before: Mapped[int]
    chosen_on: Mapped[date]


class RetentionReport(db.Model):  # type: ignore[name-defined]
    """How many things of one kind went by themselves on a day. Numbers alone."""

    __tablename__ = "retention_reports"

    id: Mapped[int] = mapped_column(primary_key=True)
    on: Mapped[date] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(String(20))
    number: Mapped[int]
