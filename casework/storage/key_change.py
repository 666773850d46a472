"""What is owed for a change of the key once it counts: the new key is handed over to what runs, and people are told.

The command that changes the key answers for both. Where it ended on the way, whoever opens the instance next takes away
what it handed over, which opens the new key, and tells what it did not.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path

from casework.settings import Settings
from casework.storage import key_ring
from casework.storage.gate import BeingChanged, changing_alone
from casework.storage.sealing import derive, seal, unseal
from casework.storage.whole_files import sync_folder, write_whole

# Memory that looks like a folder: what lies there is on no disk.
IN_MEMORY = Path("/dev/shm")  # noqa: S108 for its owner's eyes alone, and sealed
HAND_OVER_SECONDS = 10.0
ANSWERING = ".telling-of-key"
UNTOLD = ".key-to-tell-of"


@contextmanager
def answering_alone(settings: Settings) -> Iterator[None]:
    """While it lasts this program answers for changes of the key. Raises BeingChanged while another does."""
    with changing_alone(settings.instance, ANSWERING):
        yield


def hand_over(settings: Settings, old: bytes, new: bytes) -> None:
    """Leave the new secret for the processes that have the old one: sealed under that, and in memory alone."""
    if not IN_MEMORY.is_dir():
        return
    path = hand_over_path(settings)
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(seal(derive(old, b"hand over"), new, b"hand over"))


def handed_over(settings: Settings, old: bytes) -> list[bytes]:
    """The new secret, where one was left for whoever has this old one."""
    with suppress(OSError, ValueError):
        return [unseal(derive(old, b"hand over"), hand_over_path(settings).read_bytes(), b"hand over")]
    return []


def end_hand_over(settings: Settings) -> None:
    """Take away the secret that was handed over."""
    hand_over_path(settings).unlink(missing_ok=True)


def end_hand_over_of_nobody(settings: Settings, after: float = 0.0) -> None:
    """Take it away where the command that left it has ended, and those that run had so many seconds to take it."""
    with suppress(FileNotFoundError, BeingChanged):
        if time.time() - hand_over_path(settings).stat().st_mtime >= after:
            with answering_alone(settings):
                end_hand_over(settings)


def hand_over_path(settings: Settings) -> Path:
    """Where it is left."""
    return IN_MEMORY / f"casework-{os.getuid()}-{sha256(str(settings.instance).encode()).hexdigest()[:16]}"


def to_be_told(settings: Settings, new: bytes) -> None:
    """Keep that a change to this secret has to be told, from before it counts."""
    path = settings.instance / UNTOLD
    earlier = path.read_bytes() if path.exists() else b""
    write_whole(path, earlier + _mark(new) + b"\n")


def is_untold(settings: Settings) -> bool:
    """Whether the key of now came by a change that nobody told of yet."""
    with suppress(FileNotFoundError):
        marks = (settings.instance / UNTOLD).read_bytes().split()
        return _mark(key_ring.secret_of(settings.key_file)) in marks
    return False


def is_told(settings: Settings) -> None:
    """Keep that there is nothing to be told any more."""
    with suppress(FileNotFoundError):
        (settings.instance / UNTOLD).unlink()
        sync_folder(settings.instance)


def _mark(secret: bytes) -> bytes:
    """By which a secret is known again, and which tells nothing of it."""
    return derive(secret, b"change to be told").hex().encode()
