"""Contact all year: whom to speak with next, evenings of calls, and what supporters are told."""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from casework.storage.database import Instant, db
from casework.storage.models.accounts import User
from casework.storage.models.cases import Case
from casework.storage.models.groups import OfAGroup
from casework.storage.models.supporters import SignUp


class NextContact(db.Model):  # type: ignore[name-defined]
    """When a campaign speaks with its supporters next, why, and whose turn it is. One for each case."""

    __tablename__ = "next_contacts"

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), unique=True)
    due_on: Mapped[date] = mapped_column(index=True)
    why: Mapped[str | None] = mapped_column(String(200))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    case: Mapped[Case] = relationship()
    owner: Mapped[User | None] = relationship()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class MemberContact(OfAGroup, db.Model):  # type: ignore[name-defined]
    """When a group speaks with a member next, why, and whose turn it is. It belongs to no case and names nobody's."""

    __tablename__ = "member_contacts"
    __table_args__ = (UniqueConstraint("group_id", "gss_code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    gss_code: Mapped[str] = mapped_column(String(9))
    due_on: Mapped[date] = mapped_column(index=True)
    why: Mapped[str | None] = mapped_column(String(200))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    owner: Mapped[User | None] = relationship()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Message(db.Model):  # type: ignore[name-defined]
    """What supporters are told: a text, a mail, or what is said on the telephone. People send it, with their own tools.

    `kind`, `means` and `to_whom` are words of `domain.campaign.messages`, `audience` of `domain.consent.publicity`.
    `told` are the kinds of fact that it tells, and `level` how far the person's consent went when it was sent.
    `number` is how many it was sent to. The last three say what it thanks for, or what it tells the result of.
    """

    __tablename__ = "messages"

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    means: Mapped[str] = mapped_column(String(20))
    audience: Mapped[str] = mapped_column(String(20))
    to_whom: Mapped[str] = mapped_column(String(20))
    gss_code: Mapped[str | None] = mapped_column(String(9))
    subject: Mapped[str | None] = mapped_column(String(200))
    words: Mapped[str] = mapped_column(Text)
    told: Mapped[list[str]] = mapped_column(JSON, default=list)
    level: Mapped[int | None]
    made_at: Mapped[datetime] = mapped_column(Instant)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    sent_on: Mapped[date | None]
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    number: Mapped[int | None]
    asked_back_on: Mapped[date | None]
    # Thrown away before it was sent: it can be brought back for as long as what lies in the bin. It stays in its table,
    # so that what it says of a supporter is found when they stop.
    discarded_at: Mapped[datetime | None] = mapped_column(Instant)
    bundle_id: Mapped[int | None] = mapped_column(ForeignKey("bundles.id", ondelete="SET NULL"), index=True)
    visit_id: Mapped[int | None] = mapped_column(
        ForeignKey("surgery_visits.id", ondelete="SET NULL"), index=True
    )
    correspondence_id: Mapped[int | None] = mapped_column(
        ForeignKey("correspondence.id", ondelete="SET NULL"), index=True
    )
    case: Mapped[Case] = relationship()
    made_by: Mapped[User] = relationship(foreign_keys=[made_by_id])
    sent_by: Mapped[User | None] = relationship(foreign_keys=[sent_by_id])

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Telling(db.Model):  # type: ignore[name-defined]
    """That a supporter was sent a message. It goes with the supporter, and with the message."""

    __tablename__ = "tellings"
    __table_args__ = (UniqueConstraint("message_id", "sign_up_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"))
    sign_up_id: Mapped[int] = mapped_column(ForeignKey("sign_ups.id", ondelete="CASCADE"), index=True)
    message: Mapped[Message] = relationship()


class CallRound(db.Model):  # type: ignore[name-defined]
    """An evening of calls for one case: what is said stands in its message, and whom to ring in its calls."""

    __tablename__ = "call_rounds"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"), index=True)
    made_at: Mapped[datetime] = mapped_column(Instant)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    case: Mapped[Case] = relationship()
    message: Mapped[Message] = relationship()
    made_by: Mapped[User] = relationship()


class Call(db.Model):  # type: ignore[name-defined]
    """One supporter to ring. Whoever took it has it until `taken_until`.

    `outcome` is one of `domain.campaign.calls.Outcome`. When the supporter stops, nothing of them stays: only that a
    call was made, and how it ended.
    """

    __tablename__ = "calls"
    __table_args__ = (
        UniqueConstraint("round_id", "position"),
        Index("ix_calls_outcome", "round_id", "outcome", "position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("call_rounds.id", ondelete="CASCADE"))
    position: Mapped[int]
    sign_up_id: Mapped[int | None] = mapped_column(ForeignKey("sign_ups.id", ondelete="SET NULL"), index=True)
    taken_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    taken_until: Mapped[datetime | None] = mapped_column(Instant)
    outcome: Mapped[str | None] = mapped_column(String(20))
    words: Mapped[str | None] = mapped_column(String(300))
    rung_at: Mapped[datetime | None] = mapped_column(Instant)
    tries: Mapped[int] = mapped_column(default=0)
    round: Mapped[CallRound] = relationship()
    sign_up: Mapped[SignUp | None] = relationship()
    taken_by: Mapped[User | None] = relationship()
