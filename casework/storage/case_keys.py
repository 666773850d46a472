"""A key for each case: made with the case, wrapped by the instance's own key, and gone for good once it is destroyed.

The papers of a case are sealed under its key and lie in a folder with a random name. A file is called by a keyed hash
of what is in it, and padded to whole pages of the disk, so that neither a case nor a known document can be told from
a name or, closer than 4 kilobytes, from a size.
"""

import hmac
import secrets
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, delete, event, insert, select, update

from casework import clock
from casework.storage.database import db
from casework.storage.instance import current_instance
from casework.storage.models import Case, CaseKey
from casework.storage.sealing import SEALED_MORE, derive, seal, unseal

PAGE = 4096
_LENGTH = 8


@dataclass(frozen=True)
class PaperKey:
    """What seals the papers of one case and names them."""

    folder: str
    _sealing: bytes
    _naming: bytes

    @classmethod
    def of(cls, folder: str, key: bytes) -> "PaperKey":
        """The two keys that are made from the case's own."""
        return cls(folder, derive(key, b"papers"), derive(key, b"names"))

    def __repr__(self) -> str:
        return "PaperKey()"

    def place_of(self, name: str) -> str:
        """Where the paper with this SHA-256 lies."""
        return f"{self.folder}/{hmac.new(self._naming, name.encode(), sha256).hexdigest()}"

    def seal(self, name: str, content: bytes) -> bytes:
        """The paper sealed, bound to its place."""
        length = len(content).to_bytes(_LENGTH, "big")
        room = -(_LENGTH + len(content)) % PAGE
        return seal(self._sealing, length + content + bytes(room), self.place_of(name).encode())

    def unseal(self, name: str, sealed: bytes) -> bytes:
        """The paper. Raises ValueError when it was altered, is another one, or belongs to another case."""
        padded = unseal(self._sealing, sealed, self.place_of(name).encode())
        content = padded[_LENGTH : _LENGTH + int.from_bytes(padded[:_LENGTH], "big")]
        if sha256(content).hexdigest() != name:
            raise ValueError("This is another paper.")
        return content

    @staticmethod
    def may_be(size: int) -> bool:
        """Whether a whole paper can have this many sealed bytes: one that was cut or overwritten seldom has."""
        return size > SEALED_MORE and (size - SEALED_MORE) % PAGE == 0

    def fits(self, place: str, sealed: bytes) -> bool:
        """Whether this is a paper of the case, whole, and the one that lies in this place."""
        try:
            unseal(self._sealing, sealed, place.encode())
        except ValueError:
            return False
        return True

    def seal_words(self, label: str, content: bytes) -> str:
        """A few bytes of this case sealed in hex, bound to what they are."""
        return seal(self._sealing, content, b"words " + label.encode()).hex()

    def unseal_words(self, label: str, sealed: str) -> bytes:
        """The bytes. Raises ValueError when they were altered, are others, or belong to another case."""
        return unseal(self._sealing, bytes.fromhex(sealed), b"words " + label.encode())


def paper_key(case_id: int) -> PaperKey | None:
    """What seals the papers of this case; None when its key was destroyed, or was never made."""
    row = db.session.execute(
        select(CaseKey.folder, CaseKey.wrapped).where(CaseKey.case_id == case_id)
    ).one_or_none()
    return None if row is None else PaperKey.of(row.folder, unwrap(_archive_key(), row.folder, row.wrapped))


def make_key(case_id: int, connection: Connection | None = None) -> None:
    """Add a new key for a case that has none, without saving it yet."""
    # The connection first: while it is held nobody changes the key of the instance.
    connection = connection or db.session.connection()
    folder = secrets.token_hex(16)
    wrapped = wrap(_archive_key(), folder, secrets.token_bytes(32))
    new = insert(CaseKey).values(case_id=case_id, folder=folder, wrapped=wrapped, made_at=clock.now())
    connection.execute(new)


def destroy_key(case_id: int) -> str | None:
    """Destroy the key of a case, without saving that yet; the folder of papers that nobody can read any more."""
    folder = db.session.scalar(select(CaseKey.folder).where(CaseKey.case_id == case_id))
    db.session.execute(delete(CaseKey).where(CaseKey.case_id == case_id))
    return folder


def folders() -> set[str]:
    """Where the papers of the cases that are there lie: of every case, whose papers nobody else keeps."""
    return set(db.session.scalars(select(CaseKey.folder)))


def is_known(folder: str) -> bool:
    """Whether the papers in this folder are of a case that is there."""
    return db.session.scalar(select(CaseKey.case_id).where(CaseKey.folder == folder)) is not None


def opens(place: str, sealed: bytes) -> bool:
    """Whether these are the sealed bytes of the paper that lies in this place, whole; no where no case has its key."""
    folder = place.partition("/")[0]
    wrapped = db.session.scalar(select(CaseKey.wrapped).where(CaseKey.folder == folder))
    return wrapped is not None and PaperKey.of(folder, unwrap(_archive_key(), folder, wrapped)).fits(
        place, sealed
    )


def without_key() -> list[int]:
    """The ids of the cases that have no key: those from before there were any."""
    known = select(CaseKey.case_id)
    return list(db.session.scalars(select(Case.id).where(Case.id.not_in(known)).order_by(Case.id)))


def wrap(archive_key: bytes, folder: str, key: bytes) -> str:
    """A case's key as the database keeps it, bound to the folder of that case."""
    return seal(archive_key, key, b"case key " + folder.encode()).hex()


def unwrap(archive_key: bytes, folder: str, wrapped: str) -> bytes:
    """A case's key. Raises ValueError when it belongs to another folder or another instance."""
    return unseal(archive_key, bytes.fromhex(wrapped), b"case key " + folder.encode())


def rewrap_all(connection: Connection, old: bytes, new: bytes) -> int:
    """Wrap the key of every case under a new key of the instance; how many there were. The caller commits."""
    rows = connection.execute(select(CaseKey.case_id, CaseKey.folder, CaseKey.wrapped)).all()
    for row in rows:
        wrapped = wrap(new, row.folder, unwrap(old, row.folder, row.wrapped))
        connection.execute(update(CaseKey).where(CaseKey.case_id == row.case_id).values(wrapped=wrapped))
    return len(rows)


def _archive_key() -> bytes:
    return current_instance().keys.archive


@event.listens_for(Case, "after_insert")
def _with_each_new_case(mapper: Any, connection: Connection, case: Case) -> None:
    make_key(case.id, connection)
