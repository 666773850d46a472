"""Batches: many letters, each to the signer's own MP, made one by one and handed over by constituency."""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from casework.storage.database import Instant, db
from casework.storage.models.accounts import User
from casework.storage.models.cases import Case
from casework.storage.models.supporters import SignUp


class Batch(db.Model):  # type: ignore[name-defined]
    """Letters of one kind to be made for many supporters.

    `state` is one of `domain.campaign.batches.BatchState`, `order_by` of `Order` there. With `room_to_write`, a letter
    without words of its own has lines on which the signer writes them by hand. `told` are the kinds of fact that
    its letters tell of the person, for the day on which less is agreed to; `because` is why it stopped by itself.
    """

    __tablename__ = "batches"

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    template: Mapped[str] = mapped_column(String(60))
    template_sha256: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(20))
    order_by: Mapped[str] = mapped_column(String(20))
    room_to_write: Mapped[bool] = mapped_column(default=False)
    told: Mapped[list[str]] = mapped_column(JSON, default=list)
    because: Mapped[str | None] = mapped_column(Text)
    # Of the spreadsheet from which the terminal made it, so that asking again goes on with the same batch.
    source_sha256: Mapped[str | None] = mapped_column(String(64), index=True)
    dated: Mapped[date]
    made_at: Mapped[datetime] = mapped_column(Instant)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    finished_at: Mapped[datetime | None] = mapped_column(Instant)
    asked_back_on: Mapped[date | None]
    case: Mapped[Case] = relationship()
    made_by: Mapped[User] = relationship()
    letters: Mapped[list["BatchLetter"]] = relationship(
        back_populates="batch", cascade="all, delete-orphan", order_by="BatchLetter.position"
    )
    shapes: Mapped[list["BatchShape"]] = relationship(back_populates="batch", cascade="all, delete-orphan")
    bundles: Mapped[list["Bundle"]] = relationship(
        back_populates="batch", cascade="all, delete-orphan", order_by="Bundle.id"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class BatchShape(db.Model):  # type: ignore[name-defined]
    """The letter from which others of the same shape were stamped, whole. See `pdf.stamp`.

    `refused` is why no letter may be stamped from it any more.
    """

    __tablename__ = "batch_shapes"
    __table_args__ = (UniqueConstraint("batch_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(64))
    exemplar: Mapped[bytes] = deferred(mapped_column(LargeBinary, nullable=False))
    refused: Mapped[str | None] = mapped_column(Text)
    batch: Mapped[Batch] = relationship(back_populates="shapes")


class BatchLetter(db.Model):  # type: ignore[name-defined]
    """One letter of a batch: waiting, made and then frozen, or failed with its reason.

    `state` is one of `domain.campaign.batches.LetterState`. A worker that holds it is named in `worker_id`; when that
    worker is gone the letter waits again, and `tries` counts how often it was begun. `piece` is what differs from its
    shape, or the whole PDF where it has none, and `sha256` is over that and the key of the shape.
    """

    __tablename__ = "batch_letters"
    __table_args__ = (
        UniqueConstraint("batch_id", "position"),
        Index("ix_batch_letters_state", "batch_id", "state", "position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id", ondelete="CASCADE"))
    position: Mapped[int]
    sign_up_id: Mapped[int | None] = mapped_column(ForeignKey("sign_ups.id", ondelete="SET NULL"), index=True)
    signer: Mapped[str] = mapped_column(String(200))
    gss_code: Mapped[str] = mapped_column(String(9))
    member_name: Mapped[str | None] = mapped_column(String(200))
    table_name: Mapped[str | None] = mapped_column(String(60))
    state: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str | None] = mapped_column(Text)
    worker_id: Mapped[int | None] = mapped_column(ForeignKey("workers.id", ondelete="SET NULL"), index=True)
    tries: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime | None] = mapped_column(Instant)
    shape_id: Mapped[int | None] = mapped_column(ForeignKey("batch_shapes.id"))
    piece: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    sha256: Mapped[str | None] = mapped_column(String(64))
    pages: Mapped[int | None]
    batch: Mapped[Batch] = relationship(back_populates="letters")
    sign_up: Mapped[SignUp | None] = relationship()
    shape: Mapped[BatchShape | None] = relationship()


class Bundle(db.Model):  # type: ignore[name-defined]
    """The letters of a batch to one MP on their way: printed, signed, handed over, with numbers, by whom and when."""

    __tablename__ = "bundles"
    __table_args__ = (UniqueConstraint("batch_id", "gss_code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id", ondelete="CASCADE"))
    gss_code: Mapped[str] = mapped_column(String(9))
    printed: Mapped[int | None]
    printed_on: Mapped[date | None]
    printed_by: Mapped[str | None] = mapped_column(String(200))
    signed: Mapped[int | None]
    signed_on: Mapped[date | None]
    signed_by: Mapped[str | None] = mapped_column(String(200))
    handed_over: Mapped[int | None]
    handed_over_on: Mapped[date | None]
    handed_over_by: Mapped[str | None] = mapped_column(String(200))
    correspondence_id: Mapped[int | None] = mapped_column(ForeignKey("correspondence.id"))
    batch: Mapped[Batch] = relationship(back_populates="bundles")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Worker(db.Model):  # type: ignore[name-defined]
    """A process that makes letters. While it lives it says so; `gone_at` is set when it ended or was given up."""

    __tablename__ = "workers"

    id: Mapped[int] = mapped_column(primary_key=True)
    machine: Mapped[str] = mapped_column(String(100))
    process: Mapped[int]
    started_at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime] = mapped_column(Instant)
    gone_at: Mapped[datetime | None] = mapped_column(Instant)


class PlanDate(db.Model):  # type: ignore[name-defined]
    """A day by which a campaign wants its letters handed over, and for what: a debate, a hearing, a flight."""

    __tablename__ = "plan_dates"

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), unique=True)
    on: Mapped[date]
    what: Mapped[str] = mapped_column(String(200))
    wanted: Mapped[int | None]
    case: Mapped[Case] = relationship()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
