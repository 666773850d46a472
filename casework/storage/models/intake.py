"""The first hour: answers before there is a case, and after it who does what and what is to be found out."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from casework.storage.database import Instant, db
from casework.storage.models.accounts import User
from casework.storage.models.cases import Case
from casework.storage.models.groups import OfAGroup


class Intake(OfAGroup, db.Model):  # type: ignore[name-defined]
    """A first hour. `door` is one of `domain.case.intake.Door`.

    Once it is finished it holds the reference of its case and no answer; once it was thrown away, neither.
    """

    __tablename__ = "intakes"

    id: Mapped[int] = mapped_column(primary_key=True)
    door: Mapped[str] = mapped_column(String(20))
    begun_at: Mapped[datetime] = mapped_column(Instant)
    begun_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    changed_at: Mapped[datetime] = mapped_column(Instant)
    reference: Mapped[str | None] = mapped_column(String(20))
    begun_by: Mapped[User] = relationship()
    answers: Mapped[list["IntakeAnswer"]] = relationship(
        back_populates="intake", cascade="all, delete-orphan", order_by="IntakeAnswer.id"
    )


class IntakeAnswer(db.Model):  # type: ignore[name-defined]
    """What was said to one question, field by field. `state` is one of `domain.case.intake.Said`."""

    __tablename__ = "intake_answers"
    __table_args__ = (UniqueConstraint("intake_id", "question"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    intake_id: Mapped[int] = mapped_column(ForeignKey("intakes.id", ondelete="CASCADE"))
    question: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(10))
    told: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    at: Mapped[datetime] = mapped_column(Instant)
    by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    intake: Mapped[Intake] = relationship(back_populates="answers")
    by: Mapped[User] = relationship(lazy="joined", innerjoin=True)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class ToFindOut(db.Model):  # type: ignore[name-defined]
    """Something that the first hour left open. `what` is a key of `domain.case.intake.FINDINGS`.

    It is done as soon as the case knows it; `settled_on` is the day on which somebody found that there is nothing.
    """

    __tablename__ = "to_find_out"
    __table_args__ = (UniqueConstraint("case_id", "what"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    what: Mapped[str] = mapped_column(String(20))
    settled_on: Mapped[date | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    case: Mapped[Case] = relationship()


class TaskOwner(db.Model):  # type: ignore[name-defined]
    """Who of the team took on a task that the program made. `task` is a key of `domain.case.intake.TO_TAKE_ON`."""

    __tablename__ = "task_owners"
    __table_args__ = (UniqueConstraint("case_id", "task"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    task: Mapped[str] = mapped_column(String(20))
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    case: Mapped[Case] = relationship()
    owner: Mapped[User] = relationship()
