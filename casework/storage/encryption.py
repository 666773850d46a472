"""The keys of an instance: one secret in one file, and what is derived from it.

The key file holds 32 random bytes. HKDF-SHA256 makes from it the database's raw key, the archive's key and
three for cookies, what is in them, and words on their way, so that none of them tells the others. The secret is
random, so no slow derivation is needed, and it is read once in a process.
"""

import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from casework.domain.errors import SettingsError
from casework.storage.sealing import derive, seal, unseal

__all__ = ["Keys", "derive", "make_key_file", "read_keys", "seal", "unseal"]

PREFIX = "casework-key-1:"


@dataclass(frozen=True)
class Keys:
    """The keys of an instance. Never printed, never in a URL."""

    database: bytes = field(repr=False)
    archive: bytes = field(repr=False)
    cookies: bytes = field(repr=False)
    sessions: bytes = field(repr=False)
    words: bytes = field(repr=False)


def make_key_file(path: Path) -> None:
    """Write a new random key, readable by its owner alone.

    Raises FileExistsError when there is one already: a key is never overwritten.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(PREFIX + secrets.token_hex(32) + "\n")
        file.flush()
        os.fsync(file.fileno())


def read_keys(path: Path) -> Keys:
    """The keys of the instance whose key file this is.

    Raises SettingsError when the file is missing, is not a key, or can be read by other accounts.
    """
    try:
        text = path.read_bytes().decode(errors="replace").strip()
        mode = path.stat().st_mode & 0o777
    except OSError as error:
        raise SettingsError(
            f"The key file {path} cannot be read ({error.strerror}). Without it the database cannot be opened. "
            "Put it back from your copy, or set CASEWORK_KEY_FILE to where it is."
        ) from None
    if mode & 0o077:
        raise SettingsError(
            f"Other accounts on this machine can read the key file {path}. Mend it: chmod 600 {path}"
        )
    try:
        secret = bytes.fromhex(text.removeprefix(PREFIX))
    except ValueError:
        secret = b""
    if not text.startswith(PREFIX) or len(secret) != 32:
        raise SettingsError(f"The file {path} is not a Casework key. Put the right one back from your copy.")
    purposes = (b"database", b"archive", b"cookies", b"sessions", b"words")
    return Keys(*(derive(secret, purpose) for purpose in purposes))
