"""Papers in a table of the database: for PostgreSQL, which several machines share, or an instance of one file.

A paper is written with the rows that speak of it. Where these are not saved, as when a form comes back with an error,
it is written all the same right after: what somebody sent is not to be sent twice.
"""

from typing import Any

from sqlalchemy import delete, event, func, insert, select, update
from sqlalchemy.orm import Session, SessionTransaction

from casework.storage.database import db
from casework.storage.models import StoredPaper

_UNSAVED = "papers written and not saved yet"


class DatabaseStore:
    """Sealed papers as rows."""

    def __init__(self, session: Any = None) -> None:
        """By a session of its own where the application does not run."""
        self._session = session or db.session

    def names(self, folder: str = "") -> set[str]:
        return set(self.sizes(folder))

    def sizes(self, folder: str = "") -> dict[str, int]:
        query = select(StoredPaper.name, func.length(StoredPaper.sealed))
        if folder:
            query = query.where(StoredPaper.name.startswith(f"{folder}/", autoescape=True))
        return dict(self._session.execute(query).all())

    def has(self, name: str) -> bool:
        return self._session.scalar(select(StoredPaper.name).where(StoredPaper.name == name)) is not None

    def read_sealed(self, name: str) -> bytes:
        sealed = self._session.scalar(select(StoredPaper.sealed).where(StoredPaper.name == name))
        if sealed is None:
            raise FileNotFoundError(name)
        return sealed

    def write_sealed(self, name: str, sealed: bytes) -> None:
        _write(self._session, name, sealed, is_new=not self.has(name))
        self._session.info.setdefault(_UNSAVED, {})[name] = sealed

    def remove(self, name: str) -> None:
        self._session.execute(delete(StoredPaper).where(StoredPaper.name == name))
        self._session.commit()

    def remove_folder(self, folder: str) -> None:
        self._session.execute(
            delete(StoredPaper).where(StoredPaper.name.startswith(f"{folder}/", autoescape=True))
        )
        self._session.commit()


def _write(place: Any, name: str, sealed: bytes, *, is_new: bool) -> None:
    if is_new:
        place.execute(insert(StoredPaper).values(name=name, sealed=sealed))
    else:
        place.execute(update(StoredPaper).where(StoredPaper.name == name).values(sealed=sealed))


@event.listens_for(db.session, "after_commit")
def _is_saved(session: Session) -> None:
    if not session.in_nested_transaction():
        session.info.pop(_UNSAVED, None)


@event.listens_for(db.session, "after_soft_rollback")
def _write_again(session: Session, ended: SessionTransaction) -> None:
    # What was only tried goes back to where it began: the request is not over, and holds the database still.
    if ended.parent is not None:
        return
    unsaved = session.info.pop(_UNSAVED, {})
    if not unsaved:
        return
    with db.engine.begin() as connection:
        for name, sealed in unsaved.items():
            is_new = connection.scalar(select(StoredPaper.name).where(StoredPaper.name == name)) is None
            _write(connection, name, sealed, is_new=is_new)
