"""The plan of a campaign, part by part, and the plan for the days on which the person reports."""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from casework.storage.database import Instant, db
from casework.storage.models.accounts import User
from casework.storage.models.cases import Case
from casework.storage.models.groups import MayBeHidden


class PlanPart(db.Model):  # type: ignore[name-defined]
    """One part of the plan, saved by itself. `part` is a key of `domain.campaign.plans.PARTS`."""

    __tablename__ = "plan_parts"
    __table_args__ = (UniqueConstraint("case_id", "part"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    part: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[datetime] = mapped_column(Instant)
    saved_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    case: Mapped[Case] = relationship()
    saved_by: Mapped[User] = relationship()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class PlanDay(db.Model):  # type: ignore[name-defined]
    """A day or a meeting that somebody typed into the plan. `at` is a wall-clock time "HH:MM", `source` where it is
    from; `kind` is one of `domain.campaign.plans.DayKind`.
    """

    __tablename__ = "plan_days"

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    on: Mapped[date]
    at: Mapped[str | None] = mapped_column(String(5))
    what: Mapped[str] = mapped_column(String(200))
    place: Mapped[str | None] = mapped_column(String(200))
    source: Mapped[str | None] = mapped_column(String(300))
    case: Mapped[Case] = relationship()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class PlanTask(db.Model):  # type: ignore[name-defined]
    """Who does what by when. `owner` is somebody of the team; `who` is anybody else, by name."""

    __tablename__ = "plan_tasks"

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    what: Mapped[str] = mapped_column(String(200))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    who: Mapped[str | None] = mapped_column(String(200))
    due_on: Mapped[date | None]
    done_on: Mapped[date | None]
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    case: Mapped[Case] = relationship()
    owner: Mapped[User | None] = relationship(foreign_keys=[owner_id])
    done_by: Mapped[User | None] = relationship(foreign_keys=[done_by_id])

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class SigningPlan(MayBeHidden, db.Model):  # type: ignore[name-defined]
    """How somebody is kept safe on the days on which they report: who goes along, who waits for word, what then.

    `word_by` is a wall-clock time "HH:MM". `on_card` are keys of `domain.campaign.signing.ON_CARD`: what the person
    agreed on `agreed_on` to carry on a card. Never why they report.
    """

    __tablename__ = "signing_plans"

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), unique=True)
    place: Mapped[str | None] = mapped_column(String(300))
    goes_along: Mapped[str | None] = mapped_column(String(200))
    friend: Mapped[str | None] = mapped_column(String(200))
    friend_phone: Mapped[str | None] = mapped_column(String(50))
    word_by: Mapped[str | None] = mapped_column(String(5))
    takes_along: Mapped[str | None] = mapped_column(Text)
    if_no_word: Mapped[str | None] = mapped_column(Text)
    to_look_after: Mapped[str | None] = mapped_column(Text)
    in_their_language: Mapped[str | None] = mapped_column(Text)
    agreed_on: Mapped[date | None]
    on_card: Mapped[list[str]] = mapped_column(JSON, default=list)
    saved_at: Mapped[datetime] = mapped_column(Instant)
    case: Mapped[Case] = relationship()
    contacts: Mapped[list["SigningContact"]] = relationship(
        back_populates="plan",
        cascade="all, delete-orphan",
        order_by="(SigningContact.position, SigningContact.id)",
    )
    days: Mapped[list["ReportingDay"]] = relationship(
        back_populates="plan", cascade="all, delete-orphan", order_by="ReportingDay.on"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class SigningContact(db.Model):  # type: ignore[name-defined]
    """Somebody to ring when no word comes, in order, and what they then do."""

    __tablename__ = "signing_contacts"

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("signing_plans.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    phone: Mapped[str | None] = mapped_column(String(50))
    does: Mapped[str | None] = mapped_column(String(300))
    on_card: Mapped[bool] = mapped_column(default=False)
    plan: Mapped[SigningPlan] = relationship(back_populates="contacts")

    @property
    def case_id(self) -> int:
        """The case of its plan."""
        return self.plan.case_id

    @property
    def hidden(self) -> str | None:
        """Why it is hidden from some of the team: as its plan is."""
        return self.plan.hidden


class ReportingDay(db.Model):  # type: ignore[name-defined]
    """A day on which the person reports. `heard_at` is when word came that they are out again."""

    __tablename__ = "reporting_days"
    __table_args__ = (UniqueConstraint("plan_id", "on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("signing_plans.id", ondelete="CASCADE"))
    on: Mapped[date] = mapped_column(index=True)
    at: Mapped[str | None] = mapped_column(String(5))
    heard_at: Mapped[datetime | None] = mapped_column(Instant)
    heard_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    plan: Mapped[SigningPlan] = relationship(back_populates="days")
    heard_by: Mapped[User | None] = relationship()

    @property
    def case_id(self) -> int:
        """The case of its plan."""
        return self.plan.case_id

    @property
    def hidden(self) -> str | None:
        """Why it is hidden from some of the team: as its plan is."""
        return self.plan.hidden
