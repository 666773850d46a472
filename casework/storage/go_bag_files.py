"""A go-bag as a file: one HTML page that any browser opens from a stick, with every part of it encrypted.

The passphrase makes a key by PBKDF2-HMAC-SHA-256, since no browser has anything slower of its own. Each part is sealed
with AES-256-GCM under a nonce of its own, and bound to its number and to the line in the clear that has the dates: who
changes a date or puts a part in another's place breaks it. The page lets nothing run but the script that stands in it,
and lets nothing be fetched.
"""

import json
import os
from base64 import b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

from casework.domain.dates import spoken
from casework.domain.letters.go_bags import typed_alike

VERSION = 1
# OWASP Password Storage Cheat Sheet, "PBKDF2": 600,000 for HMAC-SHA-256 (read 29 November 2026).
ITERATIONS = 600_000
SALT_BYTES, NONCE_BYTES = 16, 12
PART_BYTES = 1024 * 1024  # of a paper: so much is opened at a time
CHECK = b"casework go-bag: the passphrase is right"
SOURCES = Path(__file__).parent / "go_bag"
SCRIPTS = ("sealed.js", "page.js", "script.js", "log.js", "bag.js")


@dataclass(frozen=True)
class Lock:
    """The key of one bag, and the line in the clear to which each part of it is bound."""

    header: str
    _key: bytes

    def __repr__(self) -> str:
        return "Lock()"

    def seal(self, number: int, content: bytes) -> str:
        """Part `number` of the file, as it stands there."""
        nonce = os.urandom(NONCE_BYTES)
        bound = f"{self.header}\n{number}".encode()
        return b64encode(nonce + AESGCM(self._key).encrypt(nonce, content, bound)).decode()


def new_lock(passphrase: str, made_on: date, expires_on: date) -> Lock:
    """A key for a new bag from its passphrase, and its line in the clear."""
    salt = os.urandom(SALT_BYTES)
    key = key_from(passphrase, salt, ITERATIONS)
    nonce = os.urandom(NONCE_BYTES)
    header = {
        "go_bag": VERSION,
        "made": made_on.isoformat(),
        "expires": expires_on.isoformat(),
        "kdf": "PBKDF2-HMAC-SHA-256",
        "iterations": ITERATIONS,
        "salt": b64encode(salt).decode(),
        "cipher": "AES-256-GCM",
        # Says whether the passphrase is right, whatever happened to the rest.
        "check": b64encode(nonce + AESGCM(key).encrypt(nonce, b"", CHECK)).decode(),
    }
    return Lock(json.dumps(header, separators=(",", ":")), key)


def key_from(passphrase: str, salt: bytes, iterations: int) -> bytes:
    """The key that this passphrase makes."""
    return PBKDF2HMAC(SHA256(), 32, salt, iterations).derive(typed_alike(passphrase).encode())


def as_part(told: Any) -> bytes:
    """What a part holds that is no paper."""
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def parts_of(size: int) -> int:
    """How many parts a paper of so many bytes takes."""
    return max(1, -(-size // PART_BYTES))


def write(lock: Lock, told: list[Any], papers: Iterable[bytes]) -> Iterator[bytes]:
    """The file, piece by piece: first what is told, then the papers one after another. No two papers are in memory.

    The first thing told is the index; it stands at the end once more, so that one damage cannot take the whole bag.
    """
    yield _beginning(lock)
    for number, one in enumerate(told):
        yield _part(lock, number, as_part(one))
    number = len(told)
    for paper in papers:
        for at in range(0, max(1, len(paper)), PART_BYTES):
            yield _part(lock, number, paper[at : at + PART_BYTES])
            number += 1
    yield _part(lock, 0, as_part(told[0]))
    yield b"</body>\n</html>\n"


def _part(lock: Lock, number: int, content: bytes) -> bytes:
    sealed = lock.seal(number, content)
    return f'<script type="application/octet-stream" data-part="{number}">{sealed}</script>\n'.encode()


def _beginning(lock: Lock) -> bytes:
    header = json.loads(lock.header)
    days = {name: spoken(date.fromisoformat(header[name])) for name in ("made", "expires")}
    script, style = _script(), _source("bag.css")
    policy = (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; img-src blob:; "
        "object-src blob:; frame-src blob:; connect-src 'none'; form-action 'none'; base-uri 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    )
    page = _source("bag.html")
    told = {"policy": policy, "style": style, "script": script, "header": lock.header, **days}
    for name, text in told.items():
        page = page.replace(f"[[{name}]]", text)
    return page.encode()


@cache
def _source(name: str) -> str:
    return (SOURCES / name).read_text("utf-8")


@cache
def _script() -> str:
    return '"use strict";\n(() => {\n' + "\n".join(map(_source, SCRIPTS)) + "})();\n"


def _hash(text: str) -> str:
    """How a policy names the one script or style that may stand in the page."""
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
