"""What a try of a passphrase or password costs: as the house says it, or next to nothing for tests of other things.

What a file or a hash of a password cost stands in it, so that whatever was made at one cost opens at any.
"""

import pytest
from argon2 import PasswordHasher

from casework.services.safety import passwords, recovery_codes
from casework.storage import sealed_files

_OF_FILES = ("PASSES", "MEMORY_KIB", "LANES")
_OF_CODES = ("PASSES", "MEMORY_KIB")
OF_THE_HOUSE = {name: getattr(sealed_files, name) for name in _OF_FILES}
CODES_OF_THE_HOUSE = {name: getattr(recovery_codes, name) for name in _OF_CODES}
_HASHER_OF_THE_HOUSE = passwords._hasher


def take_little(patch: pytest.MonkeyPatch) -> None:
    """From now on a lock of a file and a hash of a password are made at next to no cost."""
    for name, value in zip(_OF_FILES, (1, 64, 1), strict=True):
        patch.setattr(sealed_files, name, value)
    for name, value in zip(_OF_CODES, (1, 64), strict=True):
        patch.setattr(recovery_codes, name, value)
    patch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))


def take_that_of_the_house(patch: pytest.MonkeyPatch) -> None:
    """For one test they cost what they cost in a group's hands."""
    for name, value in OF_THE_HOUSE.items():
        patch.setattr(sealed_files, name, value)
    for name, value in CODES_OF_THE_HOUSE.items():
        patch.setattr(recovery_codes, name, value)
    patch.setattr(passwords, "_hasher", _HASHER_OF_THE_HOUSE)
