"""What a group knows of members and their offices, and whom it plans to meet. None of it belongs to a case."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from casework.storage.database import Instant, db
from casework.storage.models.accounts import User
from casework.storage.models.groups import OfAGroup


class OfAMember(OfAGroup):
    """A row about a seat and whoever sat there then; deleted, it rests for thirty days with `binned_at` set.

    `member_id` is Parliament's number of the member, empty where nobody knows it. A member is the same when the number
    is, or the name: either may change while the other stays.
    """

    gss_code: Mapped[str] = mapped_column(String(9), index=True)
    member_name: Mapped[str] = mapped_column(String(200))
    member_id: Mapped[int | None]
    binned_at: Mapped[datetime | None] = mapped_column(Instant)


class MemberNote(OfAMember, db.Model):  # type: ignore[name-defined]
    """Something that the group noted of a member. `kind` is one of `domain.parliament.member_notes.NoteKind`.

    `is_over`: what it says is not so, or not so any more. `said_on` is the day on which it was said or seen.
    """

    __tablename__ = "member_notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    kind: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    link: Mapped[str | None] = mapped_column(String(500))
    source: Mapped[str | None] = mapped_column(String(300))
    said_on: Mapped[date | None]
    is_over: Mapped[bool] = mapped_column(default=False)
    written_at: Mapped[datetime] = mapped_column(Instant)
    written_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    written_by: Mapped[User] = relationship()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class OfficeEntry(OfAMember, db.Model):  # type: ignore[name-defined]
    """One thing that is known of a member's office. `kind` is one of `domain.parliament.offices.OfficeKind`.

    `learned_on` and `learned_by` are those of the last time that somebody found it so; `told_by` says from whom.
    """

    __tablename__ = "office_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    kind: Mapped[str] = mapped_column(String(20))
    text: Mapped[str | None] = mapped_column(Text)
    name: Mapped[str | None] = mapped_column(String(200))
    role: Mapped[str | None] = mapped_column(String(200))
    told_by: Mapped[str | None] = mapped_column(String(300))
    learned_on: Mapped[date]
    learned_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    learned_by: Mapped[User] = relationship()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class MeetingPlan(OfAGroup, db.Model):  # type: ignore[name-defined]
    """A list of members that is kept, to meet them within one month. `month` is its first day."""

    __tablename__ = "meeting_plans"

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    name: Mapped[str] = mapped_column(String(120))
    month: Mapped[date]
    made_at: Mapped[datetime] = mapped_column(Instant)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    binned_at: Mapped[datetime | None] = mapped_column(Instant)
    made_by: Mapped[User] = relationship()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Meeting(OfAMember, db.Model):  # type: ignore[name-defined]
    """One meeting of a plan: which member, who goes, when and where.

    `state` is one of `domain.parliament.meetings.State`.
    """

    __tablename__ = "meetings"

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    plan_id: Mapped[int] = mapped_column(ForeignKey("meeting_plans.id", ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(String(20))
    held_on: Mapped[date | None]
    held_when: Mapped[str | None] = mapped_column(String(100))
    held_at: Mapped[str | None] = mapped_column(String(300))
    who_goes: Mapped[str | None] = mapped_column(String(300))
    what_for: Mapped[str | None] = mapped_column(Text)
    plan: Mapped[MeetingPlan] = relationship()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
