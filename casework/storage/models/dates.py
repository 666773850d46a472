"""Dates: what happened in a case, the dates that it started, what moved them, and how a removal is met."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from casework.storage.database import Instant, db, index_of_open, last_change
from casework.storage.models.accounts import User
from casework.storage.models.cases import Case
from casework.storage.models.contact import Correspondence, SurgeryVisit


class CaseEvent(db.Model):  # type: ignore[name-defined]
    """Something that happened and is no letter, such as a refusal of bail. `name` is one of `domain.timing.events`.

    `told` keeps the days of its notice as they were typed (sent, received, posted, how), and besides the ids of what
    ended with it: `places` of detention, a `removal`. `taken_back_at` is set when it was recorded by mistake.
    """

    __tablename__ = "case_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    happened_on: Mapped[date]
    told: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    note: Mapped[str | None] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    taken_back_at: Mapped[datetime | None] = mapped_column(Instant)
    case: Mapped[Case] = relationship()
    recorded_by: Mapped[User] = relationship()


# The order of the board, and the columns by which it is narrowed: an index that holds both is walked in that order,
# and a row itself is read only when it is shown.
BY_DAY = ("aim_on", "final_on", "id")
NARROWED_BY = ("kind", "owed_by", "waiting_for")


class Deadline(db.Model):  # type: ignore[name-defined]
    """A date worked out from a rule, kept with its working. `cannot_say` holds the reason where there is no date yet.

    `safe_on` is the day to aim for, `last_on` the last day in time (or the end of a notice period, or the day an
    office aims at), `earliest_on` the first day on which something may happen. `stated_on` is a date printed in
    the letter itself or confirmed by a lawyer: it wins and is shown beside ours. `aim_on`, `final_on`, `owed_by`
    and `waiting_for` repeat what follows from the others, so that the board is put in order by the database.
    Between `window_from` and `window_until` departure details alone are enough: of such a window, and of a notice in
    its case whose own first day comes later (`services.windows` keeps both).
    `event_on` is the day from which it counts; where that follows from the days of a notice, they are in `told`.
    `turn` says which turn of a review this is, the first being 1.
    """

    __tablename__ = "deadlines"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    correspondence_id: Mapped[int | None] = mapped_column(ForeignKey("correspondence.id"), index=True)
    visit_id: Mapped[int | None] = mapped_column(ForeignKey("surgery_visits.id"), index=True)
    event_id: Mapped[int | None] = mapped_column(ForeignKey("case_events.id"), index=True)
    removal_id: Mapped[int | None] = mapped_column(ForeignKey("removals.id"), index=True)
    rule_key: Mapped[str] = mapped_column(String(60))
    variant: Mapped[str | None] = mapped_column(String(60))
    region: Mapped[str] = mapped_column(String(20))
    event_on: Mapped[date]
    told: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")
    turn: Mapped[int] = mapped_column(default=1, server_default="1")
    kind: Mapped[str] = mapped_column(String(30))
    owed_by: Mapped[str] = mapped_column(String(10), default="us", server_default="us")
    waiting_for: Mapped[str | None] = mapped_column(String(30))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    safe_on: Mapped[date | None]
    last_on: Mapped[date | None]
    earliest_on: Mapped[date | None]
    aim_on: Mapped[date | None]
    final_on: Mapped[date | None]
    window_from: Mapped[date | None]
    window_until: Mapped[date | None]
    cannot_say: Mapped[str | None] = mapped_column(String(500))
    moved: Mapped[str | None] = mapped_column(String(800))
    working: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    stated_on: Mapped[date | None]
    stated_by: Mapped[str | None] = mapped_column(String(200))
    stated_from: Mapped[str | None] = mapped_column(String(20))
    stated_said_on: Mapped[date | None]
    settled_on: Mapped[date | None]
    settled_as: Mapped[str | None] = mapped_column(String(20))
    settled_how: Mapped[str | None] = mapped_column(String(300))
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    ended_by_event_id: Mapped[int | None] = mapped_column(ForeignKey("case_events.id"), index=True)
    proof_sha256: Mapped[str | None] = mapped_column(String(64), info={"paper": True})
    proof_type: Mapped[str | None] = mapped_column(String(40))
    changed_at: Mapped[datetime] = last_change()
    case: Mapped[Case] = relationship()
    correspondence: Mapped[Correspondence | None] = relationship()
    visit: Mapped[SurgeryVisit | None] = relationship()
    event: Mapped[CaseEvent | None] = relationship(foreign_keys=[event_id])
    removal: Mapped["Removal | None"] = relationship()
    owner: Mapped[User | None] = relationship(foreign_keys=[owner_id])
    settled_by: Mapped[User | None] = relationship(foreign_keys=[settled_by_id])
    moves: Mapped[list["DeadlineMove"]] = relationship(
        back_populates="deadline", cascade="all, delete-orphan", order_by="DeadlineMove.id"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
    __table_args__ = (
        index_of_open("ix_deadlines_open", *BY_DAY, "case_id", "owner_id", *NARROWED_BY, empty="settled_on"),
        index_of_open(
            "ix_deadlines_open_owner", "owner_id", *BY_DAY, "case_id", *NARROWED_BY, empty="settled_on"
        ),
        index_of_open(
            "ix_deadlines_open_case", "case_id", *BY_DAY, "owner_id", *NARROWED_BY, empty="settled_on"
        ),
    )


class DeadlineMove(db.Model):  # type: ignore[name-defined]
    """A date that became another, with the reason. `was` and `now` hold the dates by name, as ISO days."""

    __tablename__ = "deadline_moves"

    id: Mapped[int] = mapped_column(primary_key=True)
    deadline_id: Mapped[int] = mapped_column(ForeignKey("deadlines.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(Instant, index=True)
    because: Mapped[str] = mapped_column(String(500))
    was: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    now: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    rule_change_id: Mapped[int | None] = mapped_column(ForeignKey("rule_changes.id"), index=True)
    deadline: Mapped[Deadline] = relationship(back_populates="moves")


class RuleChange(db.Model):  # type: ignore[name-defined]
    """A rule or a bank holiday that this group added or changed before the program did.

    `kind` is "rule" or "holiday", `key` the rule's key or the day, `facts` the fields as written. `origin` is "form"
    or "file"; `signed_by` is who answers for it, by name.
    """

    __tablename__ = "rule_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(60), index=True)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    why: Mapped[str] = mapped_column(String(500))
    origin: Mapped[str] = mapped_column(String(10))
    signed_by: Mapped[str] = mapped_column(String(200))
    signed_on: Mapped[date]
    made_at: Mapped[datetime] = mapped_column(Instant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
    withdrawn_by: Mapped[str | None] = mapped_column(String(200))


class InstanceNote(db.Model):  # type: ignore[name-defined]
    """Something that this instance remembers of itself, such as the rules by which its dates were last counted."""

    __tablename__ = "instance_notes"

    key: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[str] = mapped_column(String(200))


class Removal(db.Model):  # type: ignore[name-defined]
    """An attempt to remove the person: the notice of intention, and the departure details when they are known.

    Times are wall-clock times "HH:MM" in the UK. `ended_as` is empty while it may still happen: a case has one
    such at most. `region` is the part of the UK that somebody chose; empty means where the case says they were.
    """

    __tablename__ = "removals"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    version: Mapped[int] = mapped_column(default=1)
    correspondence_id: Mapped[int | None] = mapped_column(ForeignKey("correspondence.id"), index=True)
    notice_given_on: Mapped[date | None]
    notice_given_at: Mapped[str | None] = mapped_column(String(5))
    notice_how: Mapped[str | None] = mapped_column(String(20))
    region: Mapped[str | None] = mapped_column(String(20))
    destination: Mapped[str | None] = mapped_column(String(200))
    details_given_on: Mapped[date | None]
    departs_on: Mapped[date | None]
    departs_at: Mapped[str | None] = mapped_column(String(5))
    carriage: Mapped[str | None] = mapped_column(String(20))
    flight: Mapped[str | None] = mapped_column(String(40))
    airline: Mapped[str | None] = mapped_column(String(100))
    airport: Mapped[str | None] = mapped_column(String(100))
    route: Mapped[str | None] = mapped_column(String(300))
    booked_name: Mapped[str | None] = mapped_column(String(200))
    ended_as: Mapped[str | None] = mapped_column(String(20))
    ended_on: Mapped[date | None]
    ended_why: Mapped[str | None] = mapped_column(String(300))
    made_at: Mapped[datetime] = mapped_column(Instant)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    case: Mapped[Case] = relationship()
    steps: Mapped[list["RemovalStep"]] = relationship(
        back_populates="removal", cascade="all, delete-orphan", order_by="RemovalStep.position"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
    __table_args__ = (
        Index(
            "ix_removals_running",
            "case_id",
            unique=True,
            sqlite_where=text("ended_as IS NULL"),
            postgresql_where=text("ended_as IS NULL"),
        ),
        Index(
            "ix_removals_flights",
            "departs_on",
            sqlite_where=text("ended_as IS NULL AND departs_on IS NOT NULL"),
            postgresql_where=text("ended_as IS NULL AND departs_on IS NOT NULL"),
        ),
    )


class RemovalStep(db.Model):  # type: ignore[name-defined]
    """One thing to do before the flight: who does it, and whether it is done.

    `key` is one of `domain.timing.removals.STEP_KINDS`; one of our own has `what` and `hours` instead.
    """

    __tablename__ = "removal_steps"

    id: Mapped[int] = mapped_column(primary_key=True)
    removal_id: Mapped[int] = mapped_column(ForeignKey("removals.id", ondelete="CASCADE"), index=True)
    version: Mapped[int] = mapped_column(default=1)
    position: Mapped[int]
    key: Mapped[str | None] = mapped_column(String(40))
    what: Mapped[str | None] = mapped_column(String(300))
    hours: Mapped[int | None]
    who: Mapped[str | None] = mapped_column(String(200))
    done_at: Mapped[datetime | None] = mapped_column(Instant)
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    removal: Mapped[Removal] = relationship(back_populates="steps")
    done_by: Mapped[User | None] = relationship()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class CalendarFeed(db.Model):  # type: ignore[name-defined]
    """A secret address at which a calendar program reads one person's dates. Only a hash of it is kept."""

    __tablename__ = "calendar_feeds"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    label: Mapped[str | None] = mapped_column(String(100))
    made_at: Mapped[datetime] = mapped_column(Instant)
    last_read_at: Mapped[datetime | None] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    user: Mapped[User] = relationship()
