"""What search keeps is read from the rows: those that were written since, before anybody searches."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from casework.domain.case.search import kept_of_names, kept_of_numbers, kept_of_texts
from casework.services.case.latin import to_latin
from casework.storage import search_tables
from casework.storage.asking import every_group
from casework.storage.database import db
from casework.storage.models import SearchEntry, SearchWaiting
from casework.storage.searched import BY_TABLE, Part, Searched

AT_ONCE = 500
# So many one request reads; after a great import the next ones read the rest, and a start reads all.
MOST_AT_ONCE = 4 * AT_ONCE


def take_in(most: int | None = None) -> bool:
    """Read the rows that wait, those of all groups, and save; whether none waits any more.

    In a session of its own, so that whoever searches holds nothing that they may not see. Where somebody else writes
    at this moment, it is left to the next search.
    """
    read = 0
    with every_group(), Session(db.engine) as session:
        try:
            while most is None or read < most:
                number = _read_some(session)
                read += number
                if number < AT_ONCE:
                    return True
            return session.execute(select(SearchWaiting).limit(1)).first() is None
        except OperationalError:
            session.rollback()
            return False


def rebuild() -> int:
    """Forget all that search keeps, and read every row anew; how many entries there are then."""
    with every_group():
        db.session.commit()
        with db.engine.begin() as connection:
            search_tables.read_all_anew(connection)
        take_in()
        with db.engine.begin() as connection:
            search_tables.write_index_anew(connection)
        return db.session.query(SearchEntry).count()


def _read_some(session: Session) -> int:
    """Read as many rows as are read at once, and save; how many it were."""
    query = select(SearchWaiting.source, SearchWaiting.row_id)
    waiting = session.execute(query.order_by(SearchWaiting.source, SearchWaiting.row_id).limit(AT_ONCE)).all()
    for source, rows in groupby(waiting, lambda row: row.source):
        ids = [row.row_id for row in rows]
        # First the change, which has others wait: what is read after it is not changed before it is saved.
        session.execute(
            delete(SearchWaiting).where(SearchWaiting.source == source, SearchWaiting.row_id.in_(ids))
        )
        session.execute(delete(SearchEntry).where(SearchEntry.source == source, SearchEntry.row_id.in_(ids)))
        if source in BY_TABLE and (entries := _entries(session, BY_TABLE[source], ids)):
            session.execute(insert(SearchEntry), entries)
    session.commit()
    return len(waiting)


def _entries(session: Session, source: Searched, ids: list[int]) -> list[dict[str, Any]]:
    """What is kept of these rows."""
    found = []
    for row in session.scalars(select(source.model).where(source.model.id.in_(ids))).unique():
        if any(value_at(row, path) is not None for path in source.gone):
            continue
        case = value_at(row, source.case)
        for number, part in enumerate(source.parts):
            if words := words_of(row, part):
                found.append(
                    {
                        "source": source.table,
                        "row_id": row.id,
                        "part": number,
                        "case_id": case.id if case else None,
                        "group_id": case.group_id if case else row.group_id,
                        "hidden": getattr(row, "hidden", None),
                        "needs": str(part.needs.value) if part.needs else None,
                        "template": getattr(row, "template", None),
                        "words": " ".join(words),
                    }
                )
    return found


def words_of(row: Any, part: Part) -> list[str]:
    """What is kept of one part of a row: each word once."""
    kept = (
        *kept_of_names(texts_at(row, part.names), to_latin),
        *kept_of_numbers(texts_at(row, part.numbers), to_latin),
        *kept_of_texts(texts_at(row, part.texts + part.unseen), to_latin),
    )
    return list(dict.fromkeys(kept))


def texts_at(row: Any, paths: Iterable[str]) -> list[str]:
    """What stands in these columns, without those that are empty."""
    return [text for path in paths for text in _texts(value_at(row, path))]


def value_at(row: Any, path: str) -> Any:
    """What stands in a column of this row, or of one that it leads to: "supporter.name". An empty path is the row."""
    for name in filter(None, path.split(".")):
        row = getattr(row, name, None)
    return row


def _texts(value: Any) -> list[str]:
    """The texts of a column: one, or those of each block of a letter."""
    if isinstance(value, dict):
        return [text for one in value.values() for text in _texts(one)]
    return [value] if isinstance(value, str) and value.strip() else []
