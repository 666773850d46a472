"""What supporters did and what a case needs: kept for those who agreed to it, and gone with them."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from casework.storage.database import Instant, db
from casework.storage.models.accounts import User
from casework.storage.models.cases import Case
from casework.storage.models.supporters import SignUp


class SupporterAct(db.Model):  # type: ignore[name-defined]
    """Something that a supporter did on a day, kept because they agreed.

    `what` is a key of `domain.campaign.ladder.RUNGS`. A query for these always joins the sign-up: then those who
    stopped are left out by themselves.
    """

    __tablename__ = "supporter_acts"

    id: Mapped[int] = mapped_column(primary_key=True)
    sign_up_id: Mapped[int] = mapped_column(ForeignKey("sign_ups.id", ondelete="CASCADE"), index=True)
    what: Mapped[str] = mapped_column(String(30))
    done_on: Mapped[date]
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    sign_up: Mapped[SignUp] = relationship()
    recorded_by: Mapped[User] = relationship()


class CaseNeed(db.Model):  # type: ignore[name-defined]
    """Something that the campaign needs: what, when, how many. `what` is a key of `domain.campaign.ladder.RUNGS`."""

    __tablename__ = "case_needs"

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    what: Mapped[str] = mapped_column(String(30))
    words: Mapped[str | None] = mapped_column(String(200))
    on: Mapped[date | None]
    wanted: Mapped[int] = mapped_column(default=1)
    language: Mapped[str | None] = mapped_column(String(60))
    met_on: Mapped[date | None]
    made_at: Mapped[datetime] = mapped_column(Instant)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    case: Mapped[Case] = relationship()
    made_by: Mapped[User] = relationship()
    answers: Mapped[list["NeedAnswer"]] = relationship(
        back_populates="need", cascade="all, delete-orphan", order_by="NeedAnswer.id"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class NeedAnswer(db.Model):  # type: ignore[name-defined]
    """What a supporter said who was asked for a need. `said` is one of `domain.campaign.ladder.Said`.

    As with `SupporterAct`: asked for together with the sign-up.
    """

    __tablename__ = "need_answers"
    __table_args__ = (UniqueConstraint("need_id", "sign_up_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    need_id: Mapped[int] = mapped_column(ForeignKey("case_needs.id", ondelete="CASCADE"))
    sign_up_id: Mapped[int] = mapped_column(ForeignKey("sign_ups.id", ondelete="CASCADE"), index=True)
    said: Mapped[str] = mapped_column(String(10))
    said_on: Mapped[date]
    need: Mapped[CaseNeed] = relationship(back_populates="answers")
    sign_up: Mapped[SignUp] = relationship()
