"""The secrets that this process was given, by the key file that each belongs to: the only place that holds one."""

from contextlib import suppress
from pathlib import Path

from casework.domain.errors import CaseworkError
from casework.storage import key_file

_secrets: dict[Path, bytes] = {}


def secret_of(path: Path) -> bytes:
    """The secret of this key file. Raises NeedsPassphrase while nobody unlocked it, else as `key_file.read_secret`."""
    if key_file.is_wrapped(path) and path in _secrets:
        return _secrets[path]
    return key_file.read_secret(path)


def has(path: Path) -> bool:
    """Whether the secret can be had without asking anybody. Raises SettingsError when the file is no key."""
    return path in _secrets or not key_file.is_wrapped(path)


def unlock(path: Path, passphrase: str) -> None:
    """Open the key with this passphrase, for this process. Raises WrongPassphrase."""
    _secrets[path] = key_file.read_secret(path, passphrase)
    # A change of the key that a machine did not bring to its end left the next one, under the same passphrase.
    following = path.with_name(path.name + ".next")
    with suppress(OSError, CaseworkError):
        if following.exists():
            _secrets[following] = key_file.read_secret(following, passphrase)


def take(path: Path, secret: bytes) -> None:
    """Use a secret that another process of ours handed over."""
    _secrets[path] = secret


def forget() -> None:
    """Let go of every secret."""
    _secrets.clear()
