"""The keys of an instance: one secret in one file, and what is derived from it.

The key file holds 32 random bytes. HKDF-SHA256 makes from it the database's raw key, the archive's key and
four for cookies, what is in them, words on their way, and backups, so that none of them tells the others. The secret is
random, so no slow derivation is needed, and it is read once in a process.
"""

import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from casework.domain.errors import SettingsError

PREFIX = "casework-key-1:"
_NONCE_BYTES = 12


@dataclass(frozen=True)
class Keys:
    """The keys of an instance. Never printed, never in a URL."""

    database: bytes = field(repr=False)
    archive: bytes = field(repr=False)
    cookies: bytes = field(repr=False)
    sessions: bytes = field(repr=False)
    words: bytes = field(repr=False)
    backups: bytes = field(repr=False)


def _derive(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"casework/" + purpose).derive(secret)


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
    purposes = (b"database", b"archive", b"cookies", b"sessions", b"words", b"backups")
    return Keys(*(_derive(secret, purpose) for purpose in purposes))


def seal(key: bytes, content: bytes, label: bytes) -> bytes:
    """The content encrypted with AES-256-GCM and bound to its label."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, content, label)


def unseal(key: bytes, sealed: bytes, label: bytes) -> bytes:
    """The content that was sealed under this label.

    Raises ValueError when it was altered, cut short or sealed with another key.
    """
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], label)
    except InvalidTag:
        raise ValueError("This file was altered or belongs to another key.") from None
