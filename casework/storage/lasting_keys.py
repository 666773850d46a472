"""Keys that outlast a change of the key file, because what was made with them has to be read and proved later.

A key of an instance is made from its secret. What the program does today may change with that: cookies, the database's
own encryption, backups. All other keys stay as they were at the first change, kept wrapped like the keys of cases.
"""

from collections.abc import Iterable
from dataclasses import fields, replace

from sqlalchemy import Connection, delete, insert, select

from casework import clock
from casework.storage.encryption import Keys
from casework.storage.models import LastingKey
from casework.storage.sealing import seal, unseal

# What may be another one from one day to the next. A key that is added and stands nowhere here lasts: nothing is lost.
CHANGING = frozenset({"database", "archive", "cookies", "sessions", "words", "backups"})


def kept(connection: Connection) -> list[tuple[str, str]]:
    """The keys that last, wrapped; none before the first change."""
    rows = connection.execute(select(LastingKey.purpose, LastingKey.wrapped))
    return [(row.purpose, row.wrapped) for row in rows]


def with_lasting(keys: Keys, rows: Iterable[tuple[str, str]]) -> Keys:
    """These keys, with those that last in the place of the ones made from the secret of today."""
    known = {field.name for field in fields(Keys)} - CHANGING
    lasting = {
        purpose: unseal(keys.archive, bytes.fromhex(wrapped), _label(purpose))
        for purpose, wrapped in rows
        if purpose in known
    }
    return replace(keys, **lasting)


def keep(connection: Connection, before: Keys, after: Keys) -> None:
    """Keep those of before for the time after. The caller commits."""
    before = with_lasting(before, kept(connection))
    for field in fields(Keys):
        if field.name in CHANGING:
            continue
        wrapped = seal(after.archive, getattr(before, field.name), _label(field.name)).hex()
        connection.execute(delete(LastingKey).where(LastingKey.purpose == field.name))
        connection.execute(
            insert(LastingKey).values(purpose=field.name, wrapped=wrapped, made_at=clock.now())
        )


def _label(purpose: str) -> bytes:
    return f"lasting key {purpose}".encode()
