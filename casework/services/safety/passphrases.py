"""New passphrases."""

import secrets

from casework.domain.errors import CaseworkError
from casework.domain.safety.passphrases import (
    ALPHABET,
    GROUP_LENGTH,
    GROUPS,
    LEAST_LETTERS,
    is_long_enough,
    passphrase_from,
)


def new_passphrase() -> str:
    """A passphrase that nobody had before."""
    return passphrase_from([secrets.randbelow(len(ALPHABET)) for _ in range(GROUPS * GROUP_LENGTH)])


def check_passphrase(passphrase: str) -> str:
    """The passphrase. Raises CaseworkError for one that can be guessed by trying."""
    if not is_long_enough(passphrase):
        raise CaseworkError(f"This passphrase is too short: it needs {LEAST_LETTERS} letters or digits.")
    return passphrase
