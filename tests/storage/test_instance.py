"""The instance folder at the start of a program."""

import os
from pathlib import Path

import pytest

from casework.app import create_app
from casework.domain.errors import SettingsError
from casework.storage.encryption import read_keys
from tests import forked
from tests.conftest import settings_for


def start_together(folder: Path, number: int) -> list[int]:
    """How so many processes ended that started on this folder at the same moment."""
    waits, go = os.pipe()

    def start() -> None:
        os.close(go)
        os.read(waits, 1)  # until nobody can write there any more
        create_app(settings_for(folder))

    starts = [forked.fork(start) for _ in range(number)]
    os.close(waits)
    os.close(go)
    return [forked.how_it_ended(one) for one in starts]


def test_three_first_starts_at_the_same_moment_make_one_key_and_one_database(tmp_path: Path) -> None:
    folder = tmp_path / "instance"
    assert start_together(folder, 3) == [0, 0, 0]
    create_app(settings_for(folder))


def test_a_folder_that_cannot_be_made_is_said_in_words() -> None:
    with pytest.raises(SettingsError, match="cannot be written to"):
        create_app(settings_for(Path("/proc/no-folder-can-be-made-here")))


def test_a_key_file_that_is_no_text_is_said_in_words(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_bytes(b"\xff\xfe\x00junk")
    path.chmod(0o600)
    with pytest.raises(SettingsError, match="is not a Casework key"):
        read_keys(path)
