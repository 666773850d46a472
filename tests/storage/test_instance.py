"""The instance folder at the start of a program."""

import subprocess
import sys
from pathlib import Path
from subprocess import PIPE

import pytest

from casework.app import create_app
from casework.domain.errors import SettingsError
from casework.storage.encryption import read_keys
from tests.conftest import settings_for

START = "import sys; from tests.conftest import settings_for; from pathlib import Path; \
from casework.app import create_app; print(flush=True); input(); create_app(settings_for(Path(sys.argv[1])))"


def test_three_first_starts_at_the_same_moment_make_one_key_and_one_database(tmp_path: Path) -> None:
    root, folder = Path(__file__).parents[2], tmp_path / "instance"
    starts = [
        subprocess.Popen(
            [sys.executable, "-c", START, folder], cwd=root, stdin=PIPE, stdout=PIPE, stderr=PIPE
        )
        for _ in range(3)
    ]
    for start in starts:
        assert start.stdout
        start.stdout.readline()
    for start in starts:
        assert start.stdin
        start.stdin.write(b"now\n")
        start.stdin.flush()
    said = [start.communicate()[1] for start in starts]
    assert [start.returncode for start in starts] == [0, 0, 0], said
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
