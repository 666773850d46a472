"""What is known of each backup: never where it lies, which only people know."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from casework.storage.database import Instant, db


class Backup(db.Model):  # type: ignore[name-defined]
    """One backup that was made of this instance, or from which it was brought back.

    `case_ids` are the cases whose rows it holds, `kept_until` the day until which people said they keep it: a day
    that is over means that it is destroyed. `counts` are the rows of each table. `verified_at` is set when it was
    brought back into a scratch place and was right in every row.
    """

    __tablename__ = "backups"

    id: Mapped[int] = mapped_column(primary_key=True)
    made_at: Mapped[datetime] = mapped_column(Instant, index=True)
    file_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    bytes: Mapped[int] = mapped_column(BigInteger)
    revision: Mapped[str] = mapped_column(String(40))
    counts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    case_ids: Mapped[list[int]] = mapped_column(JSON, default=list)
    has_passphrase: Mapped[bool] = mapped_column(default=False)
    kept_until: Mapped[date]
    verified_at: Mapped[datetime | None] = mapped_column(Instant)
    made_by: Mapped[str] = mapped_column(String(200))
