"""Backups: whole while others work, tried out at once, brought back as they were, and never over anything."""

import os
import threading
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from casework import clock
from casework.app import create_app
from casework.domain.errors import CaseworkError
from casework.services.letters import papers
from casework.services.safety import backups
from casework.services.safety.passphrases import new_passphrase
from casework.storage import backup_files
from casework.storage.bare import file_engine
from casework.storage.database import connect, db
from casework.storage.encryption import make_key_file, read_keys
from casework.storage.fingerprints import fingerprints_of_file
from casework.storage.instance import current_instance
from casework.storage.migrate import current_revision, newest_revision
from casework.storage.models import AuditEvent, Backup, Case, CaseNote, User
from casework.storage.restoring import restore
from casework.storage.sealed_files import Opener, SealedReader, SealedWriter
from tests.conftest import settings_for
from tests.factories import add_note, home, make_case
from tests.older import fill, upgrade_to

# They look into the file of the database. The drill on PostgreSQL: tests/commands/test_backup.py.
pytestmark = pytest.mark.sqlcipher
PAPER = b"%PDF one paper of Samira Unmistakable " + bytes(range(256)) * 9000


@pytest.fixture
def case(organiser) -> Case:
    case = make_case(organiser, home(), name="Samira Unmistakable")
    case.team  # noqa: B018
    return case


def made(folder: Path, name: str = "backup", **given) -> Path:
    """A backup of the running instance."""
    target = folder / name
    backups.make(target, None, kept_until=clock.today() + timedelta(days=30), **given)
    return target


def rows_in(folder: Path) -> dict[str, object]:
    with closing(connect(folder / "casework.db", read_keys(folder / "key").database)) as connection:
        return fingerprints_of_file(connection)


def test_what_is_brought_back_is_every_row_every_paper_and_the_settings(case, instance, tmp_path):
    paper = papers.keep(case, PAPER)
    (instance / "settings.toml").write_text('group_name = "Invented Welcome Group"\n')
    (instance / "letters" / "languages").mkdir(parents=True)
    (instance / "letters" / "languages" / "prs.po").write_text("words of ours")
    before = rows_in(instance)
    file = made(tmp_path)
    restore(file, tmp_path / "again", instance / "key", None)
    assert rows_in(tmp_path / "again") == before
    kept = {"settings.toml", "letters/languages/prs.po", "key"}
    for name in (
        *kept,
        *(path.relative_to(instance).as_posix() for path in (instance / "archive").glob("??/*")),
    ):
        assert (tmp_path / "again" / name).read_bytes() == (instance / name).read_bytes()
    again = create_app(settings_for(tmp_path / "again"))
    with again.app_context():
        assert papers.read(db.session.scalars(select(Case)).one(), paper) == PAPER
        db.engine.dispose()
    assert [path for path in (tmp_path / "again").rglob("*") if path.stat().st_mode & 0o077] == []


def test_a_backup_is_for_its_owner_alone_says_nothing_in_clear_and_holds_no_key(case, instance, tmp_path):
    papers.keep(case, PAPER)
    file = made(tmp_path)
    content, key = file.read_bytes(), (instance / "key").read_bytes()
    assert file.stat().st_mode & 0o077 == 0
    assert b"Unmistakable" not in content
    with file.open("rb") as open_file:
        reader = SealedReader(open_file, "backup", Opener(current_instance().keys.backups))
        inside = {name: b"".join(parts) for name, _, parts in reader.entries()}
    assert not any(key.strip() in one or b"Unmistakable" in one for one in inside.values())
    assert not list(instance.glob(".scratch*"))


def test_a_passphrase_brings_everything_back_when_the_key_is_lost(case, instance, tmp_path):
    passphrase = new_passphrase()
    file = made(tmp_path, passphrase=passphrase)
    before = (instance / "key").read_bytes()
    with pytest.raises(CaseworkError, match="passphrase does not open it"):
        restore(file, tmp_path / "again", None, new_passphrase())
    assert not list((tmp_path / "again").glob("[!.]*"))
    restore(file, tmp_path / "again", None, passphrase.replace("-", " ").upper())
    assert (tmp_path / "again" / "key").read_bytes() == before
    create_app(settings_for(tmp_path / "again"))


def test_a_backup_made_while_others_save_is_as_it_was_at_one_moment(app, case, organiser, tmp_path):
    """Each note stands with its line of the trail: a copy of two moments would have one without the other."""
    case_id, stop, saved = case.id, threading.Event(), []

    def write() -> None:
        with app.app_context():
            row, actor = db.session.get(Case, case_id), db.session.get(type(organiser), organiser_id)
            while not stop.is_set():
                add_note(row, "A note, saved while the backup runs.", actor)
                saved.append(1)

    organiser_id = organiser.id
    writer = threading.Thread(target=write)
    writer.start()
    try:
        while not saved:
            stop.wait(0.001)
        files = [made(tmp_path, f"backup-{number}") for number in range(3)]
    finally:
        stop.set()
        writer.join()
    for number, file in enumerate(files):
        folder = tmp_path / f"again-{number}"
        restore(file, folder, current_instance().settings.key_file, None)
        with closing(connect(folder / "casework.db", current_instance().keys.database)) as connection:
            notes = connection.execute("SELECT count(*) FROM case_notes").fetchone()
            lines = connection.execute(
                "SELECT count(*) FROM audit_events WHERE action = 'note added'"
            ).fetchone()
        assert notes == lines


def test_no_file_is_written_over_and_none_is_left_behind_when_it_cannot_be_written(case, tmp_path):
    file = made(tmp_path)
    before = file.read_bytes()
    with pytest.raises(CaseworkError, match="there already"):
        made(tmp_path)
    assert file.read_bytes() == before
    with pytest.raises(CaseworkError, match="no such folder"):
        made(tmp_path / "nowhere")
    assert [path.name for path in tmp_path.iterdir()] == ["backup"]


def test_a_living_instance_is_never_written_over(case, instance, tmp_path):
    file, before = made(tmp_path), rows_in(instance)
    with pytest.raises(CaseworkError, match="never written over"):
        restore(file, instance, instance / "key", None)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "holiday.jpg").write_bytes(b"a picture")
    with pytest.raises(CaseworkError, match="something in"):
        restore(file, tmp_path / "other", instance / "key", None)
    assert (tmp_path / "other" / "holiday.jpg").read_bytes() == b"a picture"
    assert set(rows_in(instance)) == set(before)


def test_a_backup_that_is_damaged_cut_short_or_of_another_key_leaves_nothing(case, instance, tmp_path):
    papers.keep(case, os.urandom(3 * 2**20))
    whole = made(tmp_path).read_bytes()
    make_key_file(tmp_path / "another-key")
    for name, content, key, words in (
        ("flipped", whole[:-2000] + bytes([whole[-2000] ^ 1]) + whole[-1999:], instance / "key", "damaged"),
        ("cut", whole[: len(whole) // 2], instance / "key", "cut short"),
        ("other", whole, tmp_path / "another-key", "made under another key"),
        ("none", b"a letter", instance / "key", "not a file that Casework made"),
    ):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(CaseworkError, match=words):
            restore(tmp_path / name, tmp_path / "again", key, None)
        assert {path.name for path in (tmp_path / "again").iterdir()} <= {".starting"}


def test_a_restore_that_was_interrupted_can_be_done_again(case, instance, tmp_path):
    file, folder = made(tmp_path), tmp_path / "again"
    (folder / ".restoring").mkdir(parents=True)
    (folder / ".restoring" / "casework.db").write_bytes(b"half")
    (folder / "archive").mkdir()
    restore(file, folder, instance / "key", None)
    assert not (folder / ".restoring").exists()
    create_app(settings_for(folder))


@pytest.mark.parametrize(
    "name", ["../evil", "/etc/evil", "archive/../../evil", "archive/.hidden", "key/../x", "casework.db/x"]
)
def test_a_backup_with_names_that_lead_out_of_the_folder_is_refused(app, instance, tmp_path, name):
    with (tmp_path / "evil-backup").open("wb") as file:
        writer = SealedWriter(file, "backup", Opener(current_instance().keys.backups))
        writer.put(name, 1, [b"x"])
        writer.close()
    with pytest.raises(CaseworkError, match="damaged"):
        restore(tmp_path / "evil-backup", tmp_path / "again", instance / "key", None)
    assert not list(tmp_path.rglob("evil"))


def test_a_backup_of_a_newer_version_says_so(app, instance, tmp_path):
    with (tmp_path / "newer").open("wb") as file:
        backup_files.write_backup(current_instance(), file, clock.now(), "9999")
    with pytest.raises(CaseworkError, match="newer Casework"):
        restore(tmp_path / "newer", tmp_path / "again", instance / "key", None)


@pytest.mark.parametrize("revision", ["0005", "0012", "0019"])
def test_a_backup_of_an_older_version_is_brought_back_as_it_was_and_up_to_date_with_the_first_start(
    app, instance, tmp_path, revision
):
    keys = current_instance().keys
    db.engine.dispose()
    for path in instance.glob("casework.db*"):
        path.unlink()
    engine = file_engine(instance / "casework.db", keys.database)
    with engine.begin() as connection:
        upgrade_to(connection, revision)
        fill(connection)
    engine.dispose()
    with (tmp_path / "older").open("wb") as file:
        backup_files.write_backup(current_instance(), file, clock.now(), revision)
    restore(tmp_path / "older", tmp_path / "again", instance / "key", None)
    assert rows_in(tmp_path / "again") == rows_in(instance)
    with create_app(settings_for(tmp_path / "again")).app_context():
        assert [user.name for user in db.session.scalars(select(User))] == ["users name"]
        assert current_revision(db.session.connection()) == newest_revision()
        db.session.remove()
        db.engine.dispose()


def test_trying_out_finds_a_database_that_is_not_what_the_backup_says(case, instance, tmp_path):
    """A database with one row more, in a backup that is sealed rightly."""
    forged = tmp_path / "forged"
    with forged.open("wb") as file:
        real, looked = backup_files._look_into, []

        def look_and_add(path, keys):
            looked.append(real(path, keys))
            with closing(connect(path, keys.database)) as connection:
                connection.execute("INSERT INTO instance_notes (key, value) VALUES ('one', 'more')")
                connection.commit()
                connection.execute("PRAGMA journal_mode=delete")
            return looked[0]

        patch = pytest.MonkeyPatch()
        patch.setattr(backup_files, "_look_into", look_and_add)
        backup_files.write_backup(current_instance(), file, clock.now(), "0009")
        patch.undo()
    keys = current_instance().keys
    with pytest.raises(CaseworkError, match="does not hold the rows"):
        backups.try_out_file(forged, Opener(keys.backups), keys, tmp_path)


def test_the_list_says_what_is_known_of_each_backup_and_the_trail_that_it_was_made(case, organiser, tmp_path):
    row = backups.make(tmp_path / "one", organiser, kept_until=clock.today())
    assert (row.case_ids, row.made_by, row.bytes) == (
        [case.id],
        "Ruth Ellery",
        (tmp_path / "one").stat().st_size,
    )
    assert row.counts["cases"] == 1
    assert row.verified_at is not None
    backups.keep_until(row, clock.today() + timedelta(days=9), organiser)
    actions = [event.action for event in db.session.scalars(select(AuditEvent).order_by(AuditEvent.id))]
    assert actions[-2:] == ["backup made", "backup kept until"]


def test_an_instance_that_was_brought_back_knows_which_backup_still_holds_its_cases(case, instance, tmp_path):
    file = made(tmp_path)
    restored = restore(file, tmp_path / "again", instance / "key", None)
    again = create_app(settings_for(tmp_path / "again"))
    with again.app_context():
        backups.note_restored(restored.manifest, restored.file_sha256, restored.bytes)
        row = db.session.scalars(select(Backup)).one()
        assert (row.case_ids, row.bytes) == ([1], file.stat().st_size)
        db.engine.dispose()


def test_organisers_are_reminded_when_there_is_no_good_backup_of_late(app, organiser, tmp_path):
    assert backups.reminder_now() == ""
    make_case(organiser)
    assert backups.reminder_now() == "There is no backup yet."
    row = backups.make(tmp_path / "one", organiser, kept_until=clock.today())
    assert backups.reminder_now() == ""
    row.made_at = clock.now() - timedelta(days=8)
    db.session.commit()
    assert backups.reminder_now() == "The last good backup is 8 days old."
    row.made_at = clock.now() + timedelta(days=2)
    db.session.commit()
    assert "clock" in backups.reminder_now()


def test_what_a_killed_program_left_in_a_scratch_place_is_swept_away(case, instance, tmp_path):
    (instance / ".scratch-left.lock").touch()
    (instance / ".scratch-left").mkdir()
    (instance / ".scratch-left" / "casework.db").write_bytes(b"half a copy")
    made(tmp_path)
    assert not list(instance.glob(".scratch*"))
    assert db.session.scalars(select(CaseNote)).all() == []
