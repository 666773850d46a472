"""Groups that share one machine. Each sees its own people, cases and supporters, and nothing of another's."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, MappedColumn, mapped_column

from casework.storage.asking import group_of_new_rows
from casework.storage.database import Instant, db


class Group(db.Model):  # type: ignore[name-defined]
    """A group. The first one, which runs the machine, may have no name here: then the settings name it."""

    __tablename__ = "groups"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str | None] = mapped_column(String(200))
    made_at: Mapped[datetime] = mapped_column(Instant)


def group_column() -> MappedColumn[int]:
    """The group of a row. No foreign key: SQLite adds none to a table that has rows, and groups are never deleted."""
    return mapped_column(default=group_of_new_rows, server_default="1", index=True)


class OfAGroup:
    """A row that belongs to one group: left out of every query for another. See `seen.py`."""

    group_id: Mapped[int] = group_column()


class MayBeHidden:
    """A row of a case that can be kept from some of its team: `hidden` is a `domain.consent.need_to_know.Hidden`."""

    hidden: Mapped[str | None] = mapped_column(String(20))
