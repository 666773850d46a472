"""What search keeps: the words of each row in which is searched, and which rows wait to be read for it."""

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from casework.storage.database import db
from casework.storage.models.groups import MayBeHidden, OfAGroup


class SearchEntry(MayBeHidden, OfAGroup, db.Model):  # type: ignore[name-defined]
    """The words of one part of one row, in plain small letters. It is made from the row, and goes with it.

    `source` is the table of the row, `part` the number of the part in `storage/searched.py`. It is hidden as the row
    is; `needs` is the action that a role has to carry to be shown this part, and `template` which letter it is.
    No foreign key leads anywhere: triggers take an entry away with its row, however that goes.
    """

    __tablename__ = "search_entries"
    __table_args__ = (Index("ix_search_entries_source", "source", "row_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(30))
    row_id: Mapped[int]
    part: Mapped[int]
    case_id: Mapped[int | None] = mapped_column(index=True)
    needs: Mapped[str | None] = mapped_column(String(60))
    template: Mapped[str | None] = mapped_column(String(60))
    words: Mapped[str] = mapped_column(Text)


class SearchWaiting(db.Model):  # type: ignore[name-defined]
    """A row that was written and not read for search yet. Triggers put it here; it holds no word of anybody."""

    __tablename__ = "search_waiting"

    source: Mapped[str] = mapped_column(String(30), primary_key=True)
    row_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
