"""Passphrases that the program makes: random groups of letters that read well aloud and on paper."""

import unicodedata

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without i, l, o, 0 and 1, which look alike: 31 signs."""

GROUPS, GROUP_LENGTH = 6, 4
"""Twenty-four signs of thirty-one are 118 bits: more than anybody tries, however fast their machines."""

LEAST_LETTERS = 20
"""How long a passphrase of somebody's own has to be."""


def tidy_passphrase(typed: str) -> str:
    """The passphrase as it counts: capitals, spaces and hyphens do not matter."""
    plain = unicodedata.normalize("NFKC", typed).casefold()
    return "".join(sign for sign in plain if not sign.isspace() and sign not in "-‐‑–")


def passphrase_from(numbers: list[int]) -> str:
    """The passphrase that these random numbers make, in groups."""
    signs = "".join(ALPHABET[number % len(ALPHABET)] for number in numbers)
    return "-".join(signs[at : at + GROUP_LENGTH] for at in range(0, len(signs), GROUP_LENGTH))


def is_long_enough(passphrase: str) -> bool:
    """Whether nobody guesses it by trying."""
    return len(tidy_passphrase(passphrase)) >= LEAST_LETTERS
