"""The papers of a case: issued letters, packs and scans, each kept under the case's own key and read back whole."""

from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from typing import Any

from sqlalchemy import Column, select

from casework.domain.errors import CaseworkError, SettingsError
from casework.services.letters import papers_to_go
from casework.storage import case_keys, case_rows
from casework.storage.archive import Store, WrongPlace
from casework.storage.case_keys import PaperKey
from casework.storage.database import Base, db
from casework.storage.instance import current_instance
from casework.storage.models import Case, CaseKey
from casework.storage.stores import store_of

GONE = (
    "This paper is missing from the archive or damaged. A scan that you send again is kept anew. Whoever looks after "
    "this machine can bring others back: casework doctor says from where."
)
NOT_KEPT = (
    "The place where the papers lie cannot be reached now, so this was not kept. Try again in some minutes."
)
NOT_NOW = "The place where the papers lie cannot be reached now. Nothing is lost: try again in some minutes."
WRONG_PLACE = (
    "The storage for papers has no bucket of the name that the settings give it, so no paper can be opened or kept. "
    "Whoever looks after this machine has to look at s3_bucket in the settings. A backup does not help here."
)
NO_KEY = "The papers of this case were erased with its key. Nobody can read them any more."


def keep(case: Case, content: bytes) -> str:
    """The name, a SHA-256 in hex, under which these bytes are now kept for this case. The same twice is one paper.

    One that is there is opened, and written anew where it is damaged. Raises CaseworkError where the store does not
    take them.
    """
    name, key, store = sha256(content).hexdigest(), _key(case, make=True), current_instance().archive
    place = key.place_of(name)
    # One that was to go stays after all. It is written anew: whoever was at taking it away may just have done so.
    if was_to_go := papers_to_go.is_noted(place):
        papers_to_go.strike_out(place)
    try:
        if was_to_go or not _is_whole(key, store, name):
            store.write_sealed(place, key.seal(name, content))
    except WrongPlace:
        raise CaseworkError(WRONG_PLACE) from None
    except OSError as error:
        if error.errno:  # of this machine's own disk: the page says which
            raise
        raise CaseworkError(NOT_KEPT) from None
    return name


def _is_whole(key: PaperKey, store: Store, name: str) -> bool:
    try:
        key.unseal(name, store.read_sealed(key.place_of(name)))
    except (FileNotFoundError, ValueError):
        return False
    return True


def read(case: Case, name: str) -> bytes:
    """The bytes kept for this case under this name. Raises CaseworkError when they are missing or damaged."""
    return _opened(_key(case), current_instance().archive, name)


def _opened(key: PaperKey, store: Store, name: str) -> bytes:
    try:
        return key.unseal(name, store.read_sealed(key.place_of(name)))
    except (FileNotFoundError, ValueError):
        raise CaseworkError(GONE) from None
    except WrongPlace:
        raise CaseworkError(WRONG_PLACE) from None
    except OSError:
        raise CaseworkError(NOT_NOW) from None


def reader(case: Case) -> Callable[[str], bytes]:
    """What reads the papers of this case by their names when nothing else of it is at hand any more.

    Raises CaseworkError when its key was destroyed; what it gives does as `read`.
    """
    key, store = _key(case), current_instance().archive
    return lambda name: _opened(key, store, name)


def is_kept(case: Case, name: str) -> bool:
    """Whether this paper of the case is where it was put, to stay; also where that cannot be told now."""
    key = case_keys.paper_key(case.id)
    try:
        return (
            key is not None
            and not papers_to_go.is_noted(key.place_of(name))
            and current_instance().archive.has(key.place_of(name))
        )
    except OSError:
        return True


def remove(case: Case, name: str) -> None:
    """Take away one paper of this case that nobody may keep any more. One that is not there is no matter."""
    key = case_keys.paper_key(case.id)
    if key is not None:
        _take_away(key.place_of(name))


def remove_unnamed(case: Case, names: set[str]) -> None:
    """Take away those of these papers of which no row of the case speaks any more; it is saved.

    Where their place does not answer they are noted, and go later.
    """
    unnamed = names - names_of(case) if names else set()
    key = case_keys.paper_key(case.id) if unnamed else None
    if key is not None:
        _note_and_take_away(sorted(map(key.place_of, unnamed)))


def _note_and_take_away(places: list[str]) -> None:
    for place in places:
        papers_to_go.note(place)
    db.session.commit()
    with suppress(OSError):
        for place in places:
            _take_away(place)
            papers_to_go.strike_out(place)
    db.session.commit()


def _take_away(place: str, store: Store | None = None) -> None:
    store = store or current_instance().archive
    if "/" in place:
        store.remove(place)
    else:
        store.remove_folder(place)


def take_away_noted() -> int:
    """Take away what could not be taken away before, over all groups; how many places hold such papers still.

    What a row speaks of by now stays. Raises OSError while a place does not answer.
    """
    left, settings = 0, current_instance().settings
    for kind, place in papers_to_go.noted():
        try:
            here = kind == settings.archive_store
            store = current_instance().archive if here else store_of(settings, kind)
        except SettingsError:  # they lie where these settings do not lead, as in a copy that was brought back
            left += 1
            continue
        store.names(place.partition("/")[0])  # first whether it answers: nobody has to wait for it then
        # Struck out before it is looked at: whoever keeps this very paper meanwhile waits, and writes it anew.
        if papers_to_go.strike_out(place) and not _is_spoken_of(place):
            try:
                _take_away(place, store)
            except OSError:
                db.session.rollback()
                raise
        db.session.commit()
    return left


def _is_spoken_of(place: str) -> bool:
    folder, _, name = place.partition("/")
    case_id = db.session.scalar(select(CaseKey.case_id).where(CaseKey.folder == folder))
    key = None if case_id is None else case_keys.paper_key(case_id)
    if case_id is None or key is None:
        return False
    return not name or place in {key.place_of(one) for one in names_by(db.session, case_id)}


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

    Save it, and then `clear_folder`: a machine that stops between the two leaves files that are noise, and noted.
    """
    folder = case_keys.destroy_key(case.id)
    if folder:
        papers_to_go.note(folder)
    return folder


def clear_folder(folder: str | None) -> None:
    """Take away the files of a case whose key is destroyed; where their place does not answer they go later."""
    if folder:
        _note_and_take_away([folder])


def folder_of(case: Case) -> str:
    """Where the papers of this case lie, or will lie; a new case is given its key."""
    return _key(case, make=True).folder


def take_back(folder: str) -> None:
    """Take away the papers of a case that was not saved after all; those of one that was stay."""
    if not case_keys.is_known(folder):
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
