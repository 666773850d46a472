"""`casework backup` and `casework restore`, from the terminal, as the drill has it."""

import re
import shutil

import pytest
from click.testing import CliRunner
from sqlalchemy import NullPool, create_engine, select, text

from casework import clock
from casework.app import create_app
from casework.cli import main
from casework.services.letters import papers
from casework.services.safety import audit, erasing
from casework.settings import load_settings
from casework.storage import backup_files, migrate, moving
from casework.storage.database import db
from casework.storage.instance import current_instance
from casework.storage.models import AuditEvent, Backup, Case, Correspondence, User
from tests.conftest import settings_for
from tests.databases import make_database
from tests.factories import home, make_case, make_user
from tests.full_case import PDF, full_case
from tests.storage.s3_of_our_own import settings_of, storage


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


def test_a_backup_from_before_the_key_was_changed_is_looked_at_with_the_old_key(group, tmp_path):
    """Nobody is told that their own backup is somebody else's."""
    run("backup", tmp_path / "file")
    shutil.copy(group / "key", tmp_path / "old-key")
    run("key", "rotate")
    refused = run("backup", "--verify", tmp_path / "file", status=1)
    assert "before its key was changed" in refused
    assert "is whole" in run("backup", "--verify", tmp_path / "file", "--key", tmp_path / "old-key")
    assert all(verified_at for _, verified_at in in_instance(group, Backup))
    assert "for --verify" in run("backup", tmp_path / "other", "--key", tmp_path / "old-key", status=1)
    assert not (tmp_path / "other").exists()


def test_the_passphrase_alone_brings_a_backup_back_where_the_key_was_changed_since(group, tmp_path):
    (tmp_path / "words").write_text("lantern gravel otter balcony\n")
    run("backup", tmp_path / "file", "--passphrase-file", tmp_path / "words")
    run("key", "rotate")
    run("restore", tmp_path / "file", "--to", tmp_path / "again", "--passphrase-file", tmp_path / "words")
    assert len(in_instance(tmp_path / "again", Case)) == 1


def test_without_any_key_a_backup_says_that_it_needs_one(group, tmp_path, monkeypatch):
    run("backup", tmp_path / "file")
    monkeypatch.setenv("CASEWORK_INSTANCE", str(tmp_path / "another machine"))
    assert "It needs the key" in run("backup", "--verify", tmp_path / "file", status=1)
    assert "is whole" in run("backup", "--verify", tmp_path / "file", "--key", group / "key")


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


def test_papers_on_s3_are_not_in_a_backup_and_it_says_so(group, tmp_path, monkeypatch):
    with storage() as (address, kept):
        for name, value in settings_of(tmp_path, address).items():
            monkeypatch.setenv(f"CASEWORK_{name.upper()}", value)
        kept[f"{'0' * 32}/{'1' * 64}"] = b"sealed"
        said = run("backup", tmp_path / "file")
    assert "every row is there." in said
    assert "The papers on S3 are not in it: keep copies of them there." in said


def test_the_doctor_reminds_of_a_backup(group, tmp_path):
    assert "There is no backup yet." in run("doctor")
    run("backup", tmp_path / "file")
    assert "The last good one was made on" in run("doctor")


# What the making of a backup, bringing it back and starting it write down themselves.
OF_THE_DRILL = {"audit_events", "audit_head", "backups", "instance_notes", "workers"}


def what_is_in(folder):
    """The rows of what was brought back into a folder, and whether its trail and its paper are whole."""
    with create_app(load_settings({}, instance=folder), count_anew=False).app_context():
        with db.engine.connect() as connection:
            found = moving.fingerprints(connection)
        case = db.session.scalars(select(Case)).one()
        kept = papers.read(case, db.session.scalars(select(Correspondence.scan_sha256)).first())
        verdict = audit.verify()
        db.session.remove()
        db.engine.dispose()
    return {name: one for name, one in found.items() if name not in OF_THE_DRILL}, kept, verdict.broken


@pytest.mark.postgresql
def test_the_drill_on_postgresql(app, organiser, instance, tmp_path, pytestconfig):
    """Made of a database on PostgreSQL, brought back as an encrypted file, and into another one on PostgreSQL."""
    full_case(organiser, "Unmistakable")
    settings = instance / "settings.toml"
    settings.write_text(f"{settings.read_text()}upload_limit_mb = 7\n")
    run("backup", tmp_path / "file")
    assert b"Unmistakable" not in (tmp_path / "file").read_bytes()
    assert "is whole" in run("backup", "--verify", tmp_path / "file")
    assert "The last good one was made on" in run("doctor")
    assert not list(instance.glob(".scratch*"))
    with db.engine.connect() as connection:
        before = moving.fingerprints(connection)
    here = {name: one for name, one in before.items() if name not in OF_THE_DRILL}

    assert "not the one on PostgreSQL" in run("restore", tmp_path / "file", "--to", tmp_path / "as-file")
    assert what_is_in(tmp_path / "as-file") == (here, PDF + b"Unmistakable", ())
    assert load_settings({}, instance=tmp_path / "as-file").upload_limit_mb == 7

    address = tmp_path / "address"
    address.write_text(make_database(pytestconfig.getoption("--postgresql"), "again"))
    address.chmod(0o600)
    back = ("restore", tmp_path / "file", "--to-url-in", address, "--to")
    run(*back, tmp_path / "hosted")
    assert not list((tmp_path / "hosted").glob("casework.db*"))
    assert what_is_in(tmp_path / "hosted") == (here, PDF + b"Unmistakable", ())
    assert "something in the other database" in run(*back, tmp_path / "once-more", status=1)
    assert not (tmp_path / "once-more").exists()

    # What the backup was made of has heard nothing of all that but that it was made and tried out.
    with db.engine.connect() as connection:
        after = moving.fingerprints(connection)
    assert {name: after[name] for name in here} == here
    assert "instance brought back from a backup" not in db.session.scalars(select(AuditEvent.action)).all()


@pytest.mark.postgresql
def test_a_backup_on_postgresql_is_of_one_moment_and_lets_others_write_meanwhile(app, organiser, tmp_path):
    with create_engine(db.engine.url, poolclass=NullPool).connect() as other:
        other.execute(text('SET casework."group" = 0'))
        other.execute(text("SELECT pg_advisory_xact_lock(7307061)"))  # as whoever writes does
        other.execute(text("UPDATE users SET name = 'Half written'"))
        with (tmp_path / "file").open("w+b") as file:
            backup_files.write_backup(current_instance(), file, clock.now(), migrate.newest_revision())
        other.commit()
    assert db.session.scalar(select(User.name).execution_options(populate_existing=True)) == "Half written"
    run("restore", tmp_path / "file", "--to", tmp_path / "again")
    with create_app(load_settings({}, instance=tmp_path / "again")).app_context():
        assert db.session.scalar(select(User.name)) == "Ruth Ellery"
        db.engine.dispose()


@pytest.mark.sqlcipher
@pytest.mark.parametrize("said_in", ["the settings", "the surroundings"])
def test_what_was_brought_back_never_deletes_papers_of_the_living_from_s3(
    nowhere, empty_instance, tmp_path, monkeypatch, said_in
):
    shutil.copytree(empty_instance, nowhere)
    with storage() as (address, kept):
        settings = settings_of(tmp_path, address)
        if said_in == "the settings":
            lines = (f'{name} = "{value}"\n' for name, value in settings.items())
            (nowhere / "settings.toml").write_text("".join(lines))
        else:
            for name, value in settings.items():
                monkeypatch.setenv(f"CASEWORK_{name.upper()}", value)
        with create_app(load_settings()).app_context():
            case = make_case(make_user(), home())
            papers.keep(case, PDF)
            db.session.commit()
            db.engine.dispose()
        living = dict(kept)
        assert living
        run("backup", tmp_path / "file")
        said = run("restore", tmp_path / "file", "--to", tmp_path / "again")
        assert "opens none of those papers and deletes none" in said
        # As it is told to be looked at, with the surroundings that are there.
        told = re.findall(r"(CASEWORK_\w+)=(\S+)", said.splitlines()[-1])
        for name, value in told:
            monkeypatch.setenv(name, value)
        with create_app(load_settings()).app_context():
            erasing.erase_case(db.session.scalars(select(Case)).one())
            db.engine.dispose()
        assert load_settings().instance == tmp_path / "again"
        assert kept == living


@pytest.mark.sqlcipher
def test_the_settings_that_come_back_say_how_to_go_on_with_papers_on_s3(group, tmp_path):
    lines = ["archive_store = 's3'", 's3_endpoint = "http://127.0.0.1:1"', '  "s3_bucket" = "papers"']
    key = settings_of(tmp_path, "")["s3_key_file"]
    (group / "settings.toml").write_text("\n".join([*lines, f's3_key_file = "{key}"', "port = 8005", ""]))
    run("backup", tmp_path / "file")
    run("restore", tmp_path / "file", "--to", tmp_path / "again")
    kept = (tmp_path / "again" / "settings.toml").read_text()
    assert "Only if that instance is gone for good" in kept
    here = load_settings({}, instance=tmp_path / "again")
    assert (here.archive_store, here.s3_bucket, here.s3_key_file, here.port) == ("folder", "", None, 8005)
    (tmp_path / "again" / "settings.toml").write_text(re.sub(r"^# (?=\S+ = )", "", kept, flags=re.MULTILINE))
    assert load_settings({}, instance=tmp_path / "again").s3_bucket == "papers"


def test_papers_in_the_database_come_back_where_they_were(group, tmp_path, monkeypatch):
    (group / "settings.toml").write_text('archive_store = "database"\n')
    run("backup", tmp_path / "file")
    assert "S3" not in run("restore", tmp_path / "file", "--to", tmp_path / "again")
    assert (tmp_path / "again" / "settings.toml").read_text() == 'archive_store = "database"\n'
