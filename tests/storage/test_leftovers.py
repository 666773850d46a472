"""What a killed program leaves behind goes with the next erasure, start or day; what cannot go is named."""

import os
import signal
import time
from datetime import timedelta

import pytest
from sqlalchemy import select

from casework import clock
from casework.app import create_app
from casework.commands.check_leftovers import check_leftovers
from casework.commands.checks import Grade
from casework.services.safety import backups, erasing, sweeping
from casework.storage import leftovers
from casework.storage.database import db
from casework.storage.gate import changing_alone
from casework.storage.instance import current_instance
from casework.storage.models import Case, InstanceNote, User
from tests import forked
from tests.conftest import settings_for
from tests.factories import home, make_case


@pytest.fixture
def case(organiser):
    return make_case(organiser, home(), name="Samira Unmistakable")


def erase_the_case():
    """By what the database says of it and of its organiser now: another process had a copy of both."""
    erasing.erase_case(db.session.scalars(select(Case)).one(), db.session.scalars(select(User)).one())


def hidden_in(folder):
    return sorted(path.name for path in folder.iterdir() if path.name.startswith((".scratch", ".casework")))


def kill_while_trying_out(target):
    """A backup that is killed while it is tried out: all of the instance lies unpacked beside it."""

    def work():
        from casework.storage import backup_files

        def stop(*rest):
            os.kill(os.getpid(), signal.SIGKILL)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(backup_files, "check_unpacked", stop)
            backups.make(target, None, kept_until=clock.today())

    assert forked.how_it_ended(forked.begin(work)) == -signal.SIGKILL


@pytest.mark.sqlcipher
@pytest.mark.parametrize("goes_with", ["erasing", "a start", "a new day"])
def test_what_a_killed_backup_left_of_a_case_goes(case, organiser, instance, tmp_path, goes_with):
    stick = tmp_path / "stick"
    stick.mkdir()
    kill_while_trying_out(stick / "backup")
    assert hidden_in(stick)
    assert list(instance.glob(".scratch-*/casework.db"))
    assert check_leftovers(current_instance().settings).grade is Grade.LOOK
    if goes_with == "erasing":
        erase_the_case()
    elif goes_with == "a start":
        create_app(settings_for(instance))
    else:
        db.session.query(InstanceNote).filter_by(key=sweeping.DAILY).delete()
        db.session.commit()
        sweeping.sweep()
    assert hidden_in(stick) == hidden_in(instance) == []
    assert check_leftovers(current_instance().settings).grade is Grade.WELL


@pytest.mark.sqlcipher
def test_half_a_backup_on_a_stick_that_is_taken_out_is_named_until_it_is_gone(
    case, organiser, instance, tmp_path
):
    stick, away = tmp_path / "stick", tmp_path / "away"
    stick.mkdir()
    kill_while_trying_out(stick / "backup")
    [half] = hidden_in(stick)
    stick.rename(away)
    erase_the_case()
    [held] = erasing.list_erased()[0].backups
    assert (held.what, held.where) == ("A copy that broke off", str(stick / half))
    said = check_leftovers(current_instance().settings)
    assert said.grade is Grade.LOOK
    assert str(stick / half) in said.says
    away.rename(stick)
    leftovers.sweep(instance)
    assert hidden_in(stick) == hidden_in(instance) == []
    assert erasing.list_erased()[0].backups == ()


def test_what_somebody_is_at_work_in_stays(case, organiser, instance, tmp_path):
    with (
        leftovers.scratch_folder(instance) as scratch,
        backups.new_file(tmp_path / "copy", instance) as file,
    ):
        (scratch / "casework.db").write_bytes(b"half a copy")
        erasing.erase_case(case, organiser)
        assert leftovers.left(instance) == []
        assert (scratch / "casework.db").exists()
        file.write(b"whole")
    assert (tmp_path / "copy").read_bytes() == b"whole"
    assert hidden_in(instance) == hidden_in(tmp_path) == []


def test_a_folder_whose_note_is_gone_and_one_of_an_older_version_go_too(app, instance):
    for name in (".scratch-one", ".scratch-two"):
        (instance / name).mkdir()
        (instance / name / "casework.db").write_bytes(b"half a copy")
    (instance / ".scratch-two.lock").touch()
    assert len(leftovers.left(instance)) == 2
    leftovers.sweep(instance)
    assert hidden_in(instance) == []


def test_no_note_takes_away_a_file_of_another_name(app, instance, tmp_path):
    (tmp_path / "letter").write_text("of somebody")
    (instance / ".scratch-forged.lock").write_text(str(tmp_path / "letter"))
    leftovers.sweep(instance)
    assert (tmp_path / "letter").exists()


@pytest.mark.sqlcipher
def test_a_copy_of_the_database_that_a_change_of_the_key_left_goes_but_not_while_it_is_under_way(
    case, organiser, instance
):
    left = instance / "casework.db.next"
    left.write_bytes((instance / "casework.db").read_bytes())
    with changing_alone(instance):
        leftovers.sweep(instance)
        assert left.exists()
    assert str(left) in check_leftovers(current_instance().settings).says
    erasing.erase_case(case, organiser)
    assert not left.exists()


@pytest.mark.postgresql
def test_the_database_from_before_the_move_is_named_as_long_as_it_is_there(case, organiser, instance):
    old = instance / "casework.db"
    old.write_bytes(b"all cases")
    before = time.time() - timedelta(days=3).total_seconds()
    os.utime(old, (before, before))
    settings = current_instance().settings
    said = check_leftovers(settings)
    assert said.grade is Grade.LOOK
    assert "holds what was moved" in said.says
    assert "Destroy it when the move has proved itself" in said.mend
    erasing.erase_case(case, organiser)
    [held] = erasing.list_erased()[0].backups
    assert held.where == str(old)
    old.unlink()
    assert erasing.list_erased()[0].backups == ()
    assert check_leftovers(settings).grade is Grade.WELL
