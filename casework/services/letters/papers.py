"""The papers of a case: issued letters, packs and scans, each kept under the case's own key and read back whole."""

from collections.abc import Callable
from hashlib import sha256
from typing import Any

from sqlalchemy import Column, select

from casework.domain.errors import CaseworkError
from casework.storage import case_keys, case_rows
from casework.storage.archive import Store
from casework.storage.case_keys import PaperKey
from casework.storage.database import Base, db
from casework.storage.instance import current_instance
from casework.storage.models import Case

GONE = "This paper is missing from the archive or damaged. Bring the instance folder back from a backup."
NOT_KEPT = (
    "The place where the papers lie cannot be reached now, so this was not kept. Try again in some minutes."
)
NOT_NOW = "The place where the papers lie cannot be reached now. Nothing is lost: try again in some minutes."
NO_KEY = "The papers of this case were erased with its key. Nobody can read them any more."


def keep(case: Case, content: bytes) -> str:
    """The name, a SHA-256 in hex, under which these bytes are now kept for this case. The same twice is one paper.

    Raises CaseworkError where the store does not take them.
    """
    name, key, store = sha256(content).hexdigest(), _key(case, make=True), current_instance().archive
    place = key.place_of(name)
    try:
        if not store.has(place):
            store.write_sealed(place, key.seal(name, content))
    except OSError as error:
        if error.errno:  # of this machine's own disk: the page says which
            raise
        raise CaseworkError(NOT_KEPT) from None
    return name


def read(case: Case, name: str) -> bytes:
    """The bytes kept for this case under this name. Raises CaseworkError when they are missing or damaged."""
    return _opened(_key(case), current_instance().archive, name)


def _opened(key: PaperKey, store: Store, name: str) -> bytes:
    try:
        return key.unseal(name, store.read_sealed(key.place_of(name)))
    except (FileNotFoundError, ValueError):
        raise CaseworkError(GONE) from None
    except OSError:
        raise CaseworkError(NOT_NOW) from None


def reader(case: Case) -> Callable[[str], bytes]:
    """What reads the papers of this case by their names when nothing else of it is at hand any more.

    Raises CaseworkError when its key was destroyed; what it gives does as `read`.
    """
    key, store = _key(case), current_instance().archive
    return lambda name: _opened(key, store, name)


def is_kept(case: Case, name: str) -> bool:
    """Whether this paper of the case is where it was put; also where that cannot be told now."""
    key = case_keys.paper_key(case.id)
    try:
        return key is not None and current_instance().archive.has(key.place_of(name))
    except OSError:
        return True


def remove(case: Case, name: str) -> None:
    """Take away one paper of this case that nobody may keep any more. One that is not there is no matter."""
    key = case_keys.paper_key(case.id)
    if key is not None:
        current_instance().archive.remove(key.place_of(name))


def remove_unnamed(case: Case, names: set[str]) -> None:
    """Take away those of these papers of which no row of the case speaks any more."""
    for name in names - names_of(case) if names else ():
        remove(case, name)


def names_of(case: Case) -> set[str]:
    """The name of every paper that a row of this case speaks of."""
    return names_by(db.session, case.id)


def names_by(connection: Any, case_id: int) -> set[str]:
    """The same by this connection, or session."""
    found: set[str] = set()
    for column in columns():
        rows = select(column).where(column.is_not(None), case_rows.belongs(column.table, case_id))
        found |= set(connection.scalars(rows))
    return found


def columns() -> list[Column[str]]:
    """The columns that name a paper, in whatever table: those whose model says so."""
    return [
        column
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.info.get("paper")
    ]


def destroy_key(case: Case) -> str | None:
    """Destroy the case's key, without saving that yet, and return the folder that then holds what nobody can read.

    Save it, and then `clear_folder`: a machine that stops between the two leaves files that are noise.
    """
    return case_keys.destroy_key(case.id)


def clear_folder(folder: str | None) -> None:
    """Take away the files of a case whose key is destroyed."""
    if folder:
        current_instance().archive.remove_folder(folder)


def folder_of(case: Case) -> str:
    """Where the papers of this case lie, or will lie; a new case is given its key."""
    return _key(case, make=True).folder


def take_back(folder: str) -> None:
    """Take away the papers of a case that was not saved after all; those of one that was stay."""
    if not case_keys.is_known(folder):
        clear_folder(folder)


def erase_case(case: Case) -> None:
    """Destroy the case's key and its papers, and save that. The rows of the case are the caller's."""
    folder = destroy_key(case)
    db.session.commit()
    clear_folder(folder)


def _key(case: Case, *, make: bool = False) -> PaperKey:
    """What seals this case's papers. Raises CaseworkError when its key was destroyed."""
    key = case_keys.paper_key(case.id)
    if key is None and make:
        case_keys.make_key(case.id)
        key = case_keys.paper_key(case.id)
    if key is None:
        raise CaseworkError(NO_KEY)
    return key
