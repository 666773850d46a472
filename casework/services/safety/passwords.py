"""Passwords: whether one may be chosen, and their Argon2 hashes."""

from functools import cache

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from casework.domain.errors import CaseworkError
from casework.domain.safety.sign_in import MOST_LETTERS, check_password, tidy_password
from casework.storage.models import User

# Argon2id with 64 MiB, three passes and four lanes: the second choice of RFC 9106, section 4, for machines where
# memory is dear (read 29 November 2026). Stated here, so that a newer library changes no hash by itself.
_hasher = PasswordHasher(
    time_cost=3, memory_cost=64 * 1024, parallelism=4, hash_len=32, salt_len=16, type=Type.ID
)

# Below this many guesses a program that knows common passwords, names and patterns finds it.
LEAST_GUESSES = 10**10
# Of a file that is out there nobody counts the tries, and machines try millions at once.
LEAST_GUESSES_OF_A_FILE = 10**14
# How much of a password is looked at: what is longer is not common, and the look takes longer with each letter.
LOOKED_AT = 64


def check(password: str, user: User) -> None:
    """Nothing, when this person may choose this password. Raises CaseworkError that says what to do instead."""
    check_new(password, user.sign_in_name, user.name)


def check_new(password: str, sign_in_name: str, name: str) -> None:
    """As `check`, for somebody who has no account yet."""
    check_password(password, sign_in_name)
    if _guesses(password, [sign_in_name, *sign_in_name.replace("@", ".").split("."), *name.split()]) < (
        LEAST_GUESSES
    ):
        raise CaseworkError(
            "Many people choose a password like this one, so it is among the first that are tried. Choose four words "
            "that do not belong together.",
            field="password",
        )


def check_passphrase_of_own(passphrase: str, known: list[str]) -> None:
    """Nothing, where nobody guesses this passphrase who knows these words. Raises CaseworkError with what to do."""
    if _guesses(passphrase, known) < LEAST_GUESSES_OF_A_FILE:
        raise CaseworkError(
            "A program finds this passphrase: it is too short, or many people would think of it. Type six words that "
            "do not belong together, or take the one that is made for you."
        )


def _guesses(password: str, own_words: list[str]) -> float:
    """How many guesses a program needs that has the lists of common passwords, and knows this person's name."""
    from zxcvbn import (
        zxcvbn,
    )  # its lists take a moment to load, and are needed when a password is chosen alone

    typed = tidy_password(password)[:LOOKED_AT]
    known = [*filter(None, own_words), "casework"]
    # Spaces between words that are known make nothing safer.
    return min(float(zxcvbn(one, user_inputs=known)["guesses"]) for one in {typed, typed.replace(" ", "")})


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
    """Whether it was made with other settings than those of now."""
    return password_hash is not None and _hasher.check_needs_rehash(password_hash)


@cache
def _nobodys_hash() -> str:
    return _hasher.hash("nobody has this password")
