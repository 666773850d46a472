"""The file that holds the secret of an instance: bare, or wrapped under a passphrase.

The first line says which. `casework-key-1:` and 64 signs is the secret itself. `casework-key-2:` is the secret sealed
with AES-256-GCM under a key that Argon2id makes from a passphrase, with the cost and the salt beside it, so that the
file alone opens nothing. A second line says since when the secret is in use.
"""

import os
import re
import secrets
import stat
import unicodedata
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from argon2.low_level import Type, hash_secret_raw

from casework import clock
from casework.domain.errors import CaseworkError, SettingsError
from casework.storage.sealing import seal, unseal
from casework.storage.whole_files import sync_folder, write_new

BARE = "casework-key-1:"
WRAPPED = "casework-key-2:"
LEAST_LETTERS = 16
SECRET_BYTES = 32
_INHERITED = re.compile(r"/dev/fd/([0-9]{1,4})")
_LARGEST_MEMORY = 4 * 1024 * 1024  # KiB: a file that asks for more is no key of ours


class NeedsPassphrase(SettingsError):
    """The key is wrapped under a passphrase, and nobody has typed it."""


class WrongPassphrase(CaseworkError):
    """This passphrase does not open the key."""


@dataclass(frozen=True)
class Cost:
    """What one try of a passphrase costs: memory in KiB, passes over it, lanes. RFC 9106 has the words."""

    memory: int = 256 * 1024
    passes: int = 3
    lanes: int = 4


COST = Cost()


def is_wrapped(path: Path) -> bool:
    """Whether a passphrase is needed. Raises SettingsError as `read_secret` does."""
    return _first_lines(path)[0].startswith(WRAPPED)


def is_bare(path: Path) -> bool:
    """Whether this is a key that opens without a passphrase. Raises SettingsError as `read_secret` does."""
    return _first_lines(path)[0].startswith(BARE)


def made_on(path: Path) -> date | None:
    """The day from which this secret is in use; None where the file is from before that was kept."""
    for line in _first_lines(path)[1:]:
        if line.startswith("made "):
            with suppress(ValueError):
                return date.fromisoformat(line.removeprefix("made "))
    return None


def read_secret(path: Path, passphrase: str | None = None) -> bytes:
    """The secret in this file.

    Raises SettingsError when the file is missing, is not a key, or can be read by other accounts; NeedsPassphrase
    when it is wrapped and none is given, and WrongPassphrase when that one does not open it.
    """
    line = _first_lines(path)[0]
    if line.startswith(WRAPPED):
        if passphrase is None:
            raise NeedsPassphrase(
                f"The key {path} is kept under a passphrase. Type it in a terminal, or set passphrase_file."
            )
        return _unwrap(path, line, passphrase)
    try:
        secret = bytes.fromhex(line.removeprefix(BARE))
    except ValueError:
        secret = b""
    if not line.startswith(BARE) or len(secret) != SECRET_BYTES:
        raise _not_ours(path)
    return secret


def make(path: Path) -> None:
    """Write a new random secret, readable by its owner alone.

    Raises FileExistsError when there is one already: a key is never overwritten.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_new(path, [_lines(secrets.token_bytes(SECRET_BYTES), None, COST, clock.today())])


def write(
    path: Path, secret: bytes, passphrase: str | None, *, since: date | None = None, cost: Cost | None = None
) -> None:
    """Put this secret, wrapped where there is a passphrase, into the place of the file that is there.

    The new one is read back before it takes the place, and the old one is kept beside it until that is done. Raises
    OSError when it cannot be written; then the old one is in its place.
    """
    tidy_up(path)
    new, before = _beside(path)
    try:
        write_new(new, [_lines(secret, passphrase, cost or COST, since or clock.today())])
        if read_secret(new, passphrase) != secret:
            raise OSError(f"{new} was not written as it should be.")
        if path.exists():
            os.link(path, before)
        new.replace(path)
        sync_folder(path.parent)
        if read_secret(path, passphrase) == secret and before.exists():
            wipe(before)
    except KeyboardInterrupt:
        tidy_up(path)
        raise


def tidy_up(path: Path) -> None:
    """Take away what a machine left beside the key that stopped while it was written."""
    new, before = _beside(path)
    if new.exists():
        wipe(new)
    if not before.exists() or not path.exists():  # the last key that is left stays
        return
    if before.samefile(path):
        before.unlink()
    else:
        wipe(before)


def left_beside(path: Path) -> list[Path]:
    """What lies beside the key while it is written, and is left there by a machine that stops."""
    return [left for left in _beside(path) if left.exists()]


def _beside(path: Path) -> tuple[Path, Path]:
    """The key that is written, and the one from before."""
    return path.with_name(path.name + ".new"), path.with_name(path.name + ".before")


def wipe(path: Path) -> None:
    """Overwrite a small file and take it away. A disk of flash may keep the old cells for a while all the same."""
    with path.open("r+b") as file:
        file.write(bytes(path.stat().st_size))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()
    sync_folder(path.parent)


def read_passphrase(path: Path) -> str:
    """The first line of this file. Raises SettingsError when it cannot be read, or others can read it too."""
    inherited = _INHERITED.fullmatch(str(path))
    try:
        # Not by its name: a process that lets nobody look in may not open its own descriptors by theirs.
        with os.fdopen(int(inherited[1]), "rb") if inherited else path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            text = file.read(4096).decode(errors="replace")
    except OSError as error:
        raise SettingsError(f"The passphrase_file {path} cannot be read ({error.strerror}).") from None
    if stat.S_ISREG(mode) and mode & 0o077:
        raise SettingsError(f"Other accounts on this machine can read {path}. Mend it: chmod 600 {path}")
    return (text.splitlines() or [""])[0]


def check_passphrase(passphrase: str) -> None:
    """Nothing, when this passphrase may be used. Raises CaseworkError that says what to do instead.

    Who has the disk can try as often as they like, so it has to hold more than a password for a page.
    """
    tidy = _tidy(passphrase).decode()
    if len(tidy) < LEAST_LETTERS or len(set(tidy.casefold())) < 6:
        raise CaseworkError(
            f"Choose a longer passphrase: at least {LEAST_LETTERS} letters. Six words that do not belong together, "
            "drawn by lot from a book, are good.",
            field="passphrase",
        )


def _first_lines(path: Path) -> list[str]:
    try:
        text = path.read_bytes().decode(errors="replace")
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
    return text.strip().splitlines() or [""]


def _not_ours(path: Path) -> SettingsError:
    return SettingsError(f"The file {path} is not a Casework key. Put the right one back from your copy.")


def _lines(secret: bytes, passphrase: str | None, cost: Cost, since: date) -> bytes:
    if passphrase is None:
        return f"{BARE}{secret.hex()}\nmade {since}\n".encode()
    salt = secrets.token_bytes(16)
    head = f"{WRAPPED}argon2id:m={cost.memory},t={cost.passes},p={cost.lanes}:{salt.hex()}"
    sealed = seal(_key_from(passphrase, salt, cost), secret, head.encode()).hex()
    return f"{head}:{sealed}\nmade {since}\n".encode()


def _unwrap(path: Path, line: str, passphrase: str) -> bytes:
    try:
        head, _, sealed = line.rpartition(":")
        kind, costs, salt = head.removeprefix(WRAPPED).split(":")
        given = dict(part.split("=") for part in costs.split(","))
        cost = Cost(int(given["m"]), int(given["t"]), int(given["p"]))
        wrapped, salt_bytes = bytes.fromhex(sealed), bytes.fromhex(salt)
        if kind != "argon2id" or not 8 <= cost.memory <= _LARGEST_MEMORY:
            raise ValueError(kind)
    except (ValueError, KeyError):
        raise _not_ours(path) from None
    try:
        return unseal(_key_from(passphrase, salt_bytes, cost), wrapped, head.encode())
    except ValueError:
        raise WrongPassphrase("This passphrase does not open it. Try again.", field="passphrase") from None


def _key_from(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    return hash_secret_raw(_tidy(passphrase), salt, cost.passes, cost.memory, cost.lanes, 32, Type.ID)


def _tidy(passphrase: str) -> bytes:
    """One form of Unicode and single spaces, so that it is the same from every keyboard."""
    return " ".join(unicodedata.normalize("NFKC", passphrase[:1000]).split()).encode()
