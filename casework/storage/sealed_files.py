"""Encrypted files that leave the instance: backups, and what is handed over. Written and read in one pass.

A file begins with words that say what it is and how it opens; then come pieces of a mebibyte, each encrypted with
AES-256-GCM under a key made for this file alone. The nonce of a piece is its number and whether it is the last, and
each is bound to the beginning: a piece that was altered, left out, moved or taken from another file does not open, nor
does a file that ends early. Nothing in it is compressed, so that no file is larger than it looks.
"""

import json
import os
import struct
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, BinaryIO

from argon2.exceptions import Argon2Error
from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from casework.domain.errors import CaseworkError
from casework.domain.safety.passphrases import tidy_passphrase
from casework.storage.encryption import seal, unseal

MAGIC = b"CASEWORK SEALED\n"
VERSION = 1
PIECE_BYTES = 2**20
TAG_BYTES = 16
MOST_HEADER_BYTES = 64 * 2**10
MOST_NAME_BYTES = 1000

# The second choice of RFC 9106 for argon2id. A file may ask for more, and for no more than this machine would bear.
PASSES, MEMORY_KIB, LANES = 3, 64 * 2**10, 4
MOST_PASSES, MOST_MEMORY_KIB, MOST_LANES = 10, 256 * 2**10, 16

NOT_OURS = "This is not a file that Casework made."
DAMAGED = "This file is damaged or cut short. Copy it again from where it was made, or take another one."
CUT_SHORT = (
    "This file is cut short: its end is missing. Copy it again from where it was made, or take another one."
)
NEWER = "A newer Casework made this file. Install that version, and try again."


class SealedFileError(CaseworkError):
    """A sealed file cannot be read: it is not ours, damaged, newer, or locked with something else."""


class DoesNotOpen(SealedFileError):
    """What was given is not what opens this file."""


@dataclass(frozen=True)
class Opener:
    """What opens a sealed file: the instance's key for such files, or a passphrase, or either."""

    key: bytes | None = field(default=None, repr=False)
    passphrase: str | None = field(default=None, repr=False)


class SealedWriter:
    """Writes one sealed file. `close` writes its last piece: without it the file counts as cut short."""

    def __init__(self, file: BinaryIO, kind: str, opener: Opener) -> None:
        key = os.urandom(32)
        head = _head(kind, _locks(key, kind, opener))
        file.write(head)
        self._file, self._cipher, self._bound_to = file, AESGCM(key), sha256(head).digest()
        self._room, self._number = bytearray(), 0

    def write(self, data: bytes) -> None:
        """Add these bytes."""
        self._room += data
        while len(self._room) > PIECE_BYTES:
            self._put(bytes(self._room[:PIECE_BYTES]), last=False)
            del self._room[:PIECE_BYTES]

    def put(self, name: str, size: int, parts: Iterable[bytes]) -> None:
        """Add an entry of this name and size. Raises ValueError when its parts do not add up to its size."""
        written = name.encode()
        self.write(struct.pack(">HQ", len(written), size) + written)
        for part in parts:
            size -= len(part)
            self.write(part)
        if size:
            raise ValueError("An entry of a sealed file has another size than was said.")

    def close(self) -> None:
        """Write the last piece."""
        self._put(bytes(self._room), last=True)

    def _put(self, piece: bytes, *, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._number, last), piece, self._bound_to))
        self._number += 1


class SealedReader:
    """Reads one sealed file. What comes out of it is what went in, or a SealedFileError.

    `heard` is told of every byte of the file itself, in order, for whoever counts or hashes them.
    """

    def __init__(
        self, file: BinaryIO, kind: str, opener: Opener, heard: Callable[[bytes], object] | None = None
    ) -> None:
        self._file, self._heard = file, heard or (lambda data: None)
        head, facts = self._read_head(kind)
        self._cipher, self._bound_to = AESGCM(_unlock(facts, kind, opener)), sha256(head).digest()
        self._ahead = self._take(PIECE_BYTES + TAG_BYTES)
        self._room, self._number, self._is_over = bytearray(), 0, False

    def _take(self, size: int) -> bytes:
        data = self._file.read(size)
        self._heard(data)
        return data

    def _read_head(self, kind: str) -> tuple[bytes, dict[str, Any]]:
        begin = self._take(len(MAGIC) + 4)
        if not begin.startswith(MAGIC) or len(begin) < len(MAGIC) + 4:
            raise SealedFileError(NOT_OURS)
        (size,) = struct.unpack(">I", begin[len(MAGIC) :])
        if size > MOST_HEADER_BYTES:
            raise SealedFileError(DAMAGED)
        written = self._take(size)
        try:
            facts = json.loads(written)
        except (ValueError, RecursionError):
            raise SealedFileError(DAMAGED) from None
        if not isinstance(facts, dict) or not isinstance(facts.get("version"), int):
            raise SealedFileError(DAMAGED)
        if facts["version"] > VERSION:
            raise SealedFileError(NEWER)
        if facts.get("kind") != kind:
            raise SealedFileError(_other_kind(facts.get("kind")))
        return begin + written, facts

    def read(self, size: int) -> bytes:
        """The next bytes, fewer only at the end."""
        while len(self._room) < size and not self._is_over:
            self._open_next()
        data = bytes(self._room[:size])
        del self._room[:size]
        return data

    def _open_next(self) -> None:
        sealed, self._ahead = self._ahead, self._take(PIECE_BYTES + TAG_BYTES)
        self._is_over = not self._ahead
        try:
            self._room += self._cipher.decrypt(_nonce(self._number, self._is_over), sealed, self._bound_to)
        except (InvalidTag, ValueError):
            raise SealedFileError(CUT_SHORT if self._is_cut(sealed) else DAMAGED) from None
        self._number += 1

    def _is_cut(self, sealed: bytes) -> bool:
        """Whether this is the end of the file, and the piece was not meant to be the last."""
        if not self._is_over or len(sealed) < PIECE_BYTES + TAG_BYTES:
            return self._is_over and not sealed
        try:
            self._cipher.decrypt(_nonce(self._number, False), sealed, self._bound_to)
        except InvalidTag:
            return False
        return True

    def entries(self) -> Iterator[tuple[str, int, Iterator[bytes]]]:
        """Each entry with its name, its size and its parts. What is not read of one is passed over."""
        while head := self.read(10):
            if len(head) < 10:
                raise SealedFileError(DAMAGED)
            length, size = struct.unpack(">HQ", head)
            name = self.read(length)
            if length > MOST_NAME_BYTES or len(name) < length:
                raise SealedFileError(DAMAGED)
            try:
                parts = self._parts(size)
                yield name.decode(), size, parts
            except UnicodeDecodeError:
                raise SealedFileError(DAMAGED) from None
            for _ in parts:
                pass

    def _parts(self, size: int) -> Iterator[bytes]:
        while size:
            part = self.read(min(size, PIECE_BYTES))
            if not part:
                raise SealedFileError(DAMAGED)
            size -= len(part)
            yield part


KIND_WORDS = {"backup": "a backup", "case": "a case to hand over", "copy": "a copy for the person"}


def _other_kind(kind: object) -> str:
    words = KIND_WORDS.get(kind) if isinstance(kind, str) else None
    return f"This file is {words}, and not what is asked for here." if words else NEWER


def _head(kind: str, locks: list[dict[str, Any]]) -> bytes:
    facts = json.dumps({"version": VERSION, "kind": kind, "locks": locks}).encode()
    return MAGIC + struct.pack(">I", len(facts)) + facts


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def _label(kind: str, lock: str) -> bytes:
    return f"casework/sealed file/{VERSION}/{kind}/{lock}".encode()


def _locks(key: bytes, kind: str, opener: Opener) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if opener.key:
        found.append({"with": "key", "sealed": seal(opener.key, key, _label(kind, "key")).hex()})
    if opener.passphrase:
        salt = os.urandom(16)
        slow = {"salt": salt.hex(), "passes": PASSES, "memory_kib": MEMORY_KIB, "lanes": LANES}
        sealed = seal(_slow_key(opener.passphrase, slow), key, _label(kind, "passphrase"))
        found.append({"with": "passphrase", **slow, "sealed": sealed.hex()})
    if not found:
        raise ValueError("A sealed file needs something that opens it.")
    return found


def _slow_key(passphrase: str, lock: dict[str, Any]) -> bytes:
    """The key that argon2id makes of the passphrase. Raises ValueError for what no file of ours asks."""
    passes, memory, lanes = lock["passes"], lock["memory_kib"], lock["lanes"]
    asked = ((passes, MOST_PASSES), (memory, MOST_MEMORY_KIB), (lanes, MOST_LANES))
    if any(type(one) is not int or not 0 < one <= most for one, most in asked) or memory < 8 * lanes:
        raise ValueError("This is no lock of ours.")
    return hash_secret_raw(
        tidy_passphrase(passphrase).encode(),
        bytes.fromhex(lock["salt"]),
        time_cost=passes,
        memory_cost=memory,
        parallelism=lanes,
        hash_len=32,
        type=Type.ID,
    )


def _unlock(facts: dict[str, Any], kind: str, opener: Opener) -> bytes:
    """The key of the file. Raises DoesNotOpen, with what would open it."""
    locks = facts.get("locks")
    if not isinstance(locks, list) or len(locks) > 2 or not all(isinstance(lock, dict) for lock in locks):
        raise SealedFileError(DAMAGED)
    for lock in locks:
        try:
            if lock.get("with") == "key" and opener.key:
                return unseal(opener.key, bytes.fromhex(lock["sealed"]), _label(kind, "key"))
            if lock.get("with") == "passphrase" and opener.passphrase:
                key = _slow_key(opener.passphrase, lock)
                return unseal(key, bytes.fromhex(lock["sealed"]), _label(kind, "passphrase"))
        except (KeyError, TypeError, ValueError, ArithmeticError, Argon2Error):
            continue
    raise DoesNotOpen(
        _why_locked({lock.get("with") for lock in locks if isinstance(lock.get("with"), str)}, opener)
    )


def _why_locked(with_what: set[object], opener: Opener) -> str:
    if opener.passphrase and "passphrase" in with_what:
        return (
            "This passphrase does not open it. Capitals, spaces and hyphens do not matter; every letter does."
        )
    if "passphrase" in with_what and not opener.key:
        return "It needs the passphrase that was shown when it was made."
    if "passphrase" in with_what:
        return "This key does not open it. Give the right key, or the passphrase that was shown when it was made."
    if not opener.key:
        return "It needs the key of the instance that made it."
    return (
        "This key does not open it. It was made under another key: that of another instance, or the one that this "
        "instance had before its key was changed. Give the key file of that day."
    )
