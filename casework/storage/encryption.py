"""The keys of an instance: one secret in one file, and what is derived from it.

The secret is 32 random bytes. HKDF-SHA256 makes from it the database's raw key, the key that wraps the key of each
case and others for cookies, what is in them, words on their way, second factors, the links of the trail, what lies in
the bin and backups, so that none of them tells the others. It is read once in a process.
"""

from dataclasses import dataclass, field, fields
from pathlib import Path

from casework.storage import key_ring
from casework.storage.key_file import make as make_key_file
from casework.storage.sealing import derive, seal, unseal

__all__ = ["Keys", "derive", "keys_of", "make_key_file", "read_keys", "seal", "unseal"]


@dataclass(frozen=True)
class Keys:
    """The keys of an instance. Never printed, never in a URL."""

    database: bytes = field(repr=False)
    archive: bytes = field(repr=False)
    cookies: bytes = field(repr=False)
    sessions: bytes = field(repr=False)
    words: bytes = field(repr=False)
    factors: bytes = field(repr=False)
    trail: bytes = field(repr=False)
    bin: bytes = field(repr=False)
    backups: bytes = field(repr=False)


def keys_of(secret: bytes) -> Keys:
    """The keys that are made from this secret."""
    return Keys(*(derive(secret, purpose.name.encode()) for purpose in fields(Keys)))


def read_keys(path: Path) -> Keys:
    """The keys of the instance whose key file this is.

    Raises SettingsError when the file is missing, is not a key, or can be read by other accounts, and
    NeedsPassphrase when nobody has unlocked it in this process.
    """
    return keys_of(key_ring.secret_of(path))
