"""Second factors: who must have one, and the shapes of codes."""

import unicodedata

DIGITS = 6
STEP_SECONDS = 30
# A phone's clock may be this many steps off.
STEPS_OFF = 1
RECOVERY_CODES = 10
FEW_LEFT = 3
# No letters or figures that look or sound alike; 31 of them, so that twelve make 59 bits.
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
RECOVERY_LETTERS = 12


def must_have(setting: str, *, is_organiser: bool) -> bool:
    """Whether the group's setting asks this person for a second factor."""
    return setting == "everybody" or (setting == "organisers" and is_organiser)


def tidy_code(typed: str) -> str:
    """A code without the spaces and strokes that people put between its parts, in lower case."""
    plain = unicodedata.normalize("NFKC", typed).casefold()
    return "".join(char for char in plain if char.isalnum())[:64]


def is_app_code(code: str) -> bool:
    """Whether this has the shape of a code from an app: six figures."""
    return len(code) == DIGITS and code.isascii() and code.isdigit()


def in_groups(text: str, size: int = 4, between: str = " ") -> str:
    """The text in groups, as people copy it: "JBSW Y3DP EHPK 3PXP"."""
    return between.join(text[start : start + size] for start in range(0, len(text), size))
