"""No command of a test meets the instance of whoever runs it; and an instance with a passphrase over its key."""

import gc
from pathlib import Path

import pytest

from casework.app import create_app
from casework.door import Door
from casework.storage import key_file, key_ring
from tests.commands.outside import CHEAP, WORDS
from tests.conftest import settings_for


@pytest.fixture(autouse=True)
def nowhere(request, monkeypatch, tmp_path):
    """The folder in which a command looks for its instance: the test's own, or one where there is none yet."""
    has_one = {"app", "instance"} & set(request.fixturenames)
    folder = request.getfixturevalue("instance") if has_one else tmp_path / "instance"
    monkeypatch.setenv("CASEWORK_INSTANCE", str(folder))
    return folder


@pytest.fixture
def wrapped(instance: Path) -> Path:
    """An instance whose key is kept under a passphrase, at a cost that suits a test."""
    secret = key_file.read_secret(instance / "key")
    key_file.write(instance / "key", secret, WORDS, cost=CHEAP)
    key_ring.forget()
    return instance


@pytest.fixture
def door(wrapped: Path):
    """A server's door, still locked, with everything that it lets go of."""
    # A lock has the collector look through the whole process: of what other tests left in it that would take seconds.
    gc.freeze()
    door = Door(settings_for(wrapped), create_app)
    yield door
    door.lock()
