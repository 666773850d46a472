"""Contact with MPs and the Home Office: visits with their promises, and letters in and out."""

from datetime import date, datetime

from sqlalchemy import ColumnElement, ForeignKey, String, Text, or_
from sqlalchemy.orm import Mapped, mapped_column, relationship

from casework.storage.database import Instant, db, index_of_open, last_change
from casework.storage.models.accounts import User
from casework.storage.models.cases import Case
from casework.storage.models.groups import MayBeHidden
from casework.storage.models.papers import Letter


class SurgeryVisit(MayBeHidden, db.Model):  # type: ignore[name-defined]
    """A meeting with a member or their office. Planned while `recorded_at` is empty."""

    __tablename__ = "surgery_visits"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    version: Mapped[int] = mapped_column(default=1)
    gss_code: Mapped[str] = mapped_column(String(9))
    member_name: Mapped[str] = mapped_column(String(200))
    held_on: Mapped[date | None]
    held_at: Mapped[str | None] = mapped_column(String(300))
    who_went: Mapped[str | None] = mapped_column(String(300))
    who_was_met: Mapped[str | None] = mapped_column(String(300))
    asked: Mapped[str | None] = mapped_column(Text)
    outcome: Mapped[str | None] = mapped_column(String(30))
    private_notes: Mapped[str | None] = mapped_column(Text)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    planned_at: Mapped[datetime] = mapped_column(Instant)
    recorded_at: Mapped[datetime | None] = mapped_column(Instant)
    changed_at: Mapped[datetime] = last_change()
    case: Mapped[Case] = relationship()
    owner: Mapped[User | None] = relationship()
    follow_ups: Mapped[list["FollowUp"]] = relationship(
        back_populates="visit", cascade="all, delete-orphan", order_by="FollowUp.id"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
    __table_args__ = (
        index_of_open(
            "ix_surgery_visits_planned", "held_on", "id", "case_id", "owner_id", empty="recorded_at"
        ),
        index_of_open(
            "ix_surgery_visits_planned_owner", "owner_id", "held_on", "id", "case_id", empty="recorded_at"
        ),
    )


class FollowUp(MayBeHidden, db.Model):  # type: ignore[name-defined]
    """A promise made to us or by us, with the day to chase it. One of a hidden visit is hidden with it."""

    __tablename__ = "follow_ups"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    visit_id: Mapped[int | None] = mapped_column(
        ForeignKey("surgery_visits.id", ondelete="CASCADE"), index=True
    )
    what: Mapped[str] = mapped_column(String(500))
    who: Mapped[str | None] = mapped_column(String(200))
    due_on: Mapped[date]
    done_on: Mapped[date | None]
    done_note: Mapped[str | None] = mapped_column(String(500))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    changed_at: Mapped[datetime] = last_change()
    case: Mapped[Case] = relationship()
    owner: Mapped[User | None] = relationship()
    visit: Mapped[SurgeryVisit | None] = relationship(back_populates="follow_ups")

    __table_args__ = (
        index_of_open("ix_follow_ups_open", "due_on", "id", "case_id", "owner_id", empty="done_on"),
        index_of_open("ix_follow_ups_open_owner", "owner_id", "due_on", "id", "case_id", empty="done_on"),
    )


class Correspondence(MayBeHidden, db.Model):  # type: ignore[name-defined]
    """Any letter in or out. `kind` is one of `domain.letters.correspondence.Kind`; `answers_id` makes the chain.

    A Home Office response keeps `response_kind` besides. `scan_*` name the paper in the archive.
    """

    __tablename__ = "correspondence"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    response_kind: Mapped[str | None] = mapped_column(String(40))
    gss_code: Mapped[str | None] = mapped_column(String(9))
    sender: Mapped[str | None] = mapped_column(String(200))
    recipient: Mapped[str | None] = mapped_column(String(200))
    dated: Mapped[date | None]
    sent_on: Mapped[date | None]
    received_on: Mapped[date | None]
    received_how: Mapped[str | None] = mapped_column(String(40))
    their_reference: Mapped[str | None] = mapped_column(String(100))
    summary: Mapped[str | None] = mapped_column(Text)
    answers_id: Mapped[int | None] = mapped_column(ForeignKey("correspondence.id"), index=True)
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("letters.id"), index=True)
    scan_sha256: Mapped[str | None] = mapped_column(String(64), info={"paper": True})
    scan_type: Mapped[str | None] = mapped_column(String(40))
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    case: Mapped[Case] = relationship()
    recorded_by: Mapped[User] = relationship()
    letter: Mapped[Letter | None] = relationship()
    answers: Mapped["Correspondence | None"] = relationship(remote_side=id, back_populates="answered_by")
    answered_by: Mapped[list["Correspondence"]] = relationship(back_populates="answers")

    @classmethod
    def not_void(cls) -> ColumnElement[bool]:
        """What a query asks so that a letter that was made void is left out."""
        return or_(cls.letter_id.is_(None), cls.letter.has(voided_at=None))
