"""Passwords as Argon2 hashes."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from casework.domain.sign_in import MOST_LETTERS, tidy_password

# argon2-cffi's default is RFC 9106's second choice: 64 MiB, three passes, four lanes.
_hasher = PasswordHasher()


def make_hash(password: str) -> str:
    """The hash to keep of a password."""
    return _hasher.hash(tidy_password(password))


def is_right(password_hash: str | None, password: str) -> bool:
    """Whether this is the password. Without a hash the answer is no, after the same time."""
    try:
        _hasher.verify(password_hash or _nobodys_hash(), tidy_password(password[: MOST_LETTERS + 1]))
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def is_old(password_hash: str | None) -> bool:
    """Whether it was made with weaker settings than now."""
    return password_hash is not None and _hasher.check_needs_rehash(password_hash)


@cache
def _nobodys_hash() -> str:
    return _hasher.hash("nobody has this password")
