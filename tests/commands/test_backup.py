"""`casework backup` and `casework restore`, from the terminal, as the drill has it."""

import re
import shutil

import pytest
from click.testing import CliRunner

from casework.app import create_app
from casework.cli import main
from casework.storage.database import db
from casework.storage.models import Backup, Case
from tests.conftest import settings_for
from tests.factories import home, make_case, make_user


@pytest.fixture
def group(nowhere, empty_instance):
    """An instance with one case, in the folder where commands look."""
    shutil.copytree(empty_instance, nowhere)
    with create_app(settings_for(nowhere)).app_context():
        make_case(make_user(), home())
        db.engine.dispose()
    return nowhere


def run(*words, status=0, typed=""):
    answer = CliRunner().invoke(main, [str(word) for word in words], input=typed)
    assert answer.exit_code == status, answer.output
    return answer.output


def in_instance(folder, table):
    with create_app(settings_for(folder)).app_context():
        found = [(row.id, getattr(row, "verified_at", None)) for row in db.session.scalars(db.select(table))]
        db.engine.dispose()
    return found


def test_the_drill(group, tmp_path, monkeypatch):
    """Made, looked at, brought back with the key, brought back with the passphrase alone, and started."""
    said = run("backup", tmp_path / "file", "--passphrase")
    passphrase = re.search(r"kept nowhere: (\S+)", said)[1]
    assert "every row and paper is there" in said
    assert "is whole" in run("backup", "--verify", tmp_path / "file")
    assert "never written over" in run("restore", tmp_path / "file", status=1)
    run("restore", tmp_path / "file", "--to", tmp_path / "by-key")
    monkeypatch.setenv("CASEWORK_INSTANCE", str(tmp_path / "another machine"))
    assert "key of the instance" in run("restore", tmp_path / "file", status=1)
    assert "does not open it" in run("restore", tmp_path / "file", "--passphrase", status=1, typed="wrong\n")
    assert "is whole" in run("backup", "--verify", tmp_path / "file", "--passphrase", typed=f"{passphrase}\n")
    run("restore", tmp_path / "file", "--passphrase", typed=f"{passphrase}\n")
    for folder in (tmp_path / "by-key", tmp_path / "another machine"):
        assert len(in_instance(folder, Case)) == 1
        assert len(in_instance(folder, Backup)) == 1
    assert not list(tmp_path.rglob(".scratch*"))


def test_a_backup_for_cron_takes_its_passphrase_from_a_file(group, tmp_path):
    (tmp_path / "words").write_text("lantern gravel otter balcony\n")
    said = run(
        "backup", tmp_path / "file", "--passphrase-file", tmp_path / "words", "--keep-until", "2099-01-31"
    )
    assert "31 January 2099" in said
    assert "lantern" not in said
    run("restore", tmp_path / "file", "--to", tmp_path / "again", "--passphrase-file", tmp_path / "words")
    (tmp_path / "words").write_text("short\n")
    assert "too short" in run("backup", tmp_path / "two", "--passphrase-file", tmp_path / "words", status=1)


def test_without_an_instance_there_is_nothing_to_back_up_and_none_is_made(nowhere, tmp_path):
    assert "nothing to back up" in run("backup", tmp_path / "file", status=1)
    assert not nowhere.exists()


def test_the_doctor_reminds_of_a_backup(group, tmp_path):
    assert "There is no backup yet." in run("doctor")
    run("backup", tmp_path / "file")
    assert "The last good one was made on" in run("doctor")
