"""The key of each case, and papers where they are kept in the database."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from casework.storage.database import Instant, db


class CaseKey(db.Model):  # type: ignore[name-defined]
    """The key under which the papers of one case lie, itself sealed under the key of the instance.

    Without this row nobody can read those papers any more. `folder` is where they lie: a random name.
    """

    __tablename__ = "case_keys"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True)
    folder: Mapped[str] = mapped_column(String(32), unique=True)
    wrapped: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[datetime] = mapped_column(Instant)


class LastingKey(db.Model):  # type: ignore[name-defined]
    """A key of the instance that stays when its secret is changed, sealed under the key of today."""

    __tablename__ = "lasting_keys"

    purpose: Mapped[str] = mapped_column(String(30), primary_key=True)
    wrapped: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[datetime] = mapped_column(Instant)


class StoredPaper(db.Model):  # type: ignore[name-defined]
    """A sealed paper, where the settings keep papers in the database. Its name tells nothing, of its case neither."""

    __tablename__ = "stored_papers"

    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
