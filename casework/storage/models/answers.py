"""What an answer says to each question that was asked: one map for an answer, one row for a question."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from casework.storage.database import Instant, db, last_change
from casework.storage.models.accounts import User
from casework.storage.models.cases import Case
from casework.storage.models.contact import Correspondence, FollowUp
from casework.storage.models.groups import MayBeHidden
from casework.storage.models.papers import Letter


class AnswerMap(MayBeHidden, db.Model):  # type: ignore[name-defined]
    """A letter that came, read closely beside ours. That of a hidden letter is hidden with it.

    `words` are those of the answer, as somebody typed them; `will` and `only_if` say what an MP's office will do.
    `beside_id` is the letter that it is laid beside, `chaser_id` the one that was drafted from what it leaves open.
    """

    __tablename__ = "answer_maps"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    correspondence_id: Mapped[int] = mapped_column(
        ForeignKey("correspondence.id", ondelete="CASCADE"), unique=True
    )
    version: Mapped[int] = mapped_column(default=1)
    finality: Mapped[str | None] = mapped_column(String(20))
    signed_by: Mapped[str | None] = mapped_column(String(20))
    signer: Mapped[str | None] = mapped_column(String(200))
    will: Mapped[str | None] = mapped_column(String(20))
    only_if: Mapped[str | None] = mapped_column(String(200))
    words: Mapped[str | None] = mapped_column(Text)
    beside_id: Mapped[int | None] = mapped_column(ForeignKey("correspondence.id"))
    chaser_id: Mapped[int | None] = mapped_column(ForeignKey("letters.id"))
    begun_at: Mapped[datetime] = mapped_column(Instant)
    begun_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    changed_at: Mapped[datetime] = last_change()
    case: Mapped[Case] = relationship()
    paper: Mapped[Correspondence] = relationship(foreign_keys=correspondence_id)
    chaser: Mapped[Letter | None] = relationship()
    begun_by: Mapped[User] = relationship()
    questions: Mapped[list["AnswerQuestion"]] = relationship(
        back_populates="map", cascade="all, delete-orphan", order_by="AnswerQuestion.id"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class AnswerQuestion(MayBeHidden, db.Model):  # type: ignore[name-defined]
    """One question of ours, and what the answer says to it. `found` is one of `domain.parliament.answers.Found`."""

    __tablename__ = "answer_questions"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    map_id: Mapped[int] = mapped_column(ForeignKey("answer_maps.id", ondelete="CASCADE"), index=True)
    version: Mapped[int] = mapped_column(default=1)
    asked: Mapped[str] = mapped_column(Text)
    found: Mapped[str | None] = mapped_column(String(20))
    quote: Mapped[str | None] = mapped_column(Text)
    truth: Mapped[str | None] = mapped_column(Text)
    promise: Mapped[str | None] = mapped_column(String(500))
    promised_by: Mapped[str | None] = mapped_column(String(200))
    promised_on: Mapped[date | None]
    follow_up_id: Mapped[int | None] = mapped_column(ForeignKey("follow_ups.id"))
    dropped_at: Mapped[datetime | None] = mapped_column(Instant)
    read_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    changed_at: Mapped[datetime] = last_change()
    map: Mapped[AnswerMap] = relationship(back_populates="questions")
    follow_up: Mapped[FollowUp | None] = relationship()
    read_by: Mapped[User | None] = relationship()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
