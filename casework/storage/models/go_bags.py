"""Copies of a case that left the house, and the visit logs that came back from them."""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from casework.storage.database import Instant, db
from casework.storage.models.accounts import User
from casework.storage.models.cases import Case
from casework.storage.models.contact import SurgeryVisit


class GoBag(db.Model):  # type: ignore[name-defined]
    """One copy: who took it, for whom, until when, and what was in it, by title. The file itself is not kept.

    `token` stands in the file, inside what is encrypted. `log_key` is the key of its visit logs, sealed under the key
    of the case. `ended_as` is a word of `domain.letters.go_bags.Ended`; empty while it is out.
    """

    __tablename__ = "go_bags"

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    token: Mapped[str | None] = mapped_column(String(10), unique=True)
    audience: Mapped[str] = mapped_column(String(20))
    language: Mapped[str | None] = mapped_column(String(20))
    taken_by: Mapped[str] = mapped_column(String(200))
    contents: Mapped[list[str]] = mapped_column(JSON, default=list)
    told: Mapped[list[str]] = mapped_column(JSON, default=list)
    with_hidden: Mapped[bool] = mapped_column(default=False)
    log_key: Mapped[str | None] = mapped_column(String(200))
    expires_on: Mapped[date]
    made_at: Mapped[datetime] = mapped_column(Instant)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    ended_on: Mapped[date | None]
    ended_as: Mapped[str | None] = mapped_column(String(20))
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    case: Mapped[Case] = relationship()
    made_by: Mapped[User] = relationship(foreign_keys=[made_by_id])
    ended_by: Mapped[User | None] = relationship(foreign_keys=[ended_by_id])

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class VisitLogTaken(db.Model):  # type: ignore[name-defined]
    """A visit log that was taken in from a bag, so that it is taken in once. `entry` is the log's own number."""

    __tablename__ = "visit_logs_taken"
    __table_args__ = (UniqueConstraint("bag_id", "entry"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    bag_id: Mapped[int] = mapped_column(ForeignKey("go_bags.id", ondelete="CASCADE"))
    entry: Mapped[str] = mapped_column(String(16))
    visit_id: Mapped[int | None] = mapped_column(
        ForeignKey("surgery_visits.id", ondelete="SET NULL"), index=True
    )
    taken_at: Mapped[datetime] = mapped_column(Instant)
    taken_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    bag: Mapped[GoBag] = relationship()
    visit: Mapped[SurgeryVisit | None] = relationship()
    taken_by: Mapped[User] = relationship()
