"""What a try of a passphrase, password or code costs: as the house says it, or little in tests of other things.

What a file, a go-bag or a hash cost stands in it, so that whatever was made at one cost opens at any.
"""

from types import ModuleType
from typing import Any

import pytest
from argon2 import PasswordHasher

from casework.services.safety import passwords, recovery_codes
from casework.storage import go_bag_files, sealed_files

LITTLE: dict[ModuleType, dict[str, Any]] = {
    sealed_files: {"PASSES": 1, "MEMORY_KIB": 64, "LANES": 1},
    go_bag_files: {"ITERATIONS": 1000},
    recovery_codes: {"PASSES": 1, "MEMORY_KIB": 64},
    passwords: {"_hasher": PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)},
}
OF_THE_HOUSE = {where: {name: getattr(where, name) for name in names} for where, names in LITTLE.items()}


def take_little(patch: pytest.MonkeyPatch) -> None:
    """From now on a lock of a file or a go-bag, a hash of a password and a code are made at next to no cost."""
    _take(LITTLE, patch)


def take_that_of_the_house(patch: pytest.MonkeyPatch) -> None:
    """For one test they cost what they cost in a group's hands."""
    _take(OF_THE_HOUSE, patch)


def _take(costs: dict[ModuleType, dict[str, Any]], patch: pytest.MonkeyPatch) -> None:
    for where, values in costs.items():
        for name, value in values.items():
            patch.setattr(where, name, value)
