"""The instance folder at the start of a program."""

import os
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import text

from casework import clock
from casework.app import create_app
from casework.domain.errors import SettingsError
from casework.services.safety.erasing import OLD_COPIES_LAST, remove_old_copies
from casework.storage.database import db
from casework.storage.encryption import read_keys
from casework.storage.migrate import _config
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


def test_a_database_of_a_newer_casework_is_said_in_words_and_left_as_it_is(tmp_path: Path) -> None:
    with create_app(settings_for(tmp_path)).app_context():
        _put_at("9999")
    with pytest.raises(SettingsError, match="A newer Casework"):
        create_app(settings_for(tmp_path))
    assert list(tmp_path.glob("casework-before-*.db")) == []


def test_the_copy_before_an_update_lasts_from_that_day_however_long_nobody_had_written(
    tmp_path: Path,
) -> None:
    with create_app(settings_for(tmp_path)).app_context():
        config = _config()
        with db.engine.begin() as connection:
            config.attributes["connection"] = connection
            command.downgrade(config, "0019")
        db.engine.dispose()
    long_ago = (clock.now() - 2 * OLD_COPIES_LAST).timestamp()
    os.utime(tmp_path / "casework.db", (long_ago, long_ago))
    with create_app(settings_for(tmp_path)).app_context():
        assert remove_old_copies() == 0
    assert len(list(tmp_path.glob("casework-before-*.db"))) == 1


def _put_at(revision: str) -> None:
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :now"), {"now": revision})
    db.engine.dispose()
