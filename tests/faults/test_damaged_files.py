"""Files that are damaged, cut short, lost or older than they should be: noticed, and never served as truth."""

import random
import shutil
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy.exc import DatabaseError

from casework import clock
from casework.app import create_app
from casework.domain.errors import CaseworkError, SettingsError
from casework.services.safety import accounts, one_time_links
from casework.services.safety.tries import TooManyTries
from casework.storage.database import connect, db
from casework.storage.encryption import read_keys
from casework.storage.fingerprints import fingerprints_of_file
from casework.storage.models import Case, User
from tests.conftest import Visitor, settings_for
from tests.factories import add_note, make_case
from tests.faults.conftest import NAME, PASSWORD
from tests.pages import Browser

FLIPS, PREFIXES = 60, 40


@pytest.fixture
def resting(group: Path) -> Path:
    """The instance with everything in its database file, and nobody who uses it."""
    with closing(connect(group / "casework.db", key_of(group))) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return group


def key_of(folder: Path) -> bytes:
    return read_keys(folder / "key").database


def rows(path: Path, key: bytes) -> dict[str, object]:
    with closing(connect(path, key)) as connection:
        return fingerprints_of_file(connection)


def test_a_flipped_bit_anywhere_in_the_database_is_noticed_and_no_other_row_is_read(resting, tmp_path):
    lot, whole, key = random.Random(), (resting / "casework.db").read_bytes(), key_of(resting)
    right, noticed = rows(resting / "casework.db", key), 0
    for _ in range(FLIPS):
        at = lot.randrange(len(whole) * 8)
        damaged = bytearray(whole)
        damaged[at // 8] ^= 1 << at % 8
        path = tmp_path / "flipped.db"
        path.write_bytes(damaged)
        try:
            assert rows(path, key) == right, f"bit {at} was flipped, and other rows were read"
        except sqlcipher.DatabaseError:
            noticed += 1
        with closing(sqlcipher.connect(path)) as connection:
            connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
            try:
                complaints = connection.execute("PRAGMA cipher_integrity_check").fetchall()
            except sqlcipher.DatabaseError:
                complaints = ["it does not open"]
        assert complaints, f"bit {at} was flipped, and the check of the pages says nothing"
    assert noticed


@pytest.mark.parametrize("part", [0.001, 0.3, 0.99])
def test_a_database_that_was_cut_short_does_not_pass_for_whole(resting, part):
    path = resting / "casework.db"
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * part)])
    with pytest.raises((SettingsError, DatabaseError)):
        read_all(resting)
    path.write_bytes(content)
    read_all(resting)


def read_all(folder: Path) -> None:
    """Start, and read every row."""
    app = create_app(settings_for(folder))
    with app.app_context():
        try:
            for table in db.metadata.sorted_tables:
                db.session.execute(table.select()).all()
        finally:
            db.session.remove()
            db.engine.dispose()


def test_a_damaged_database_is_said_on_the_page_and_nothing_of_it_is_shown(resting):
    path = resting / "casework.db"
    app = create_app(settings_for(resting))
    with app.app_context():
        browser = Browser(app.test_client())
        browser.get("/sign-in")
        db.session.execute(db.text("PRAGMA wal_checkpoint(TRUNCATE)"))
        db.session.remove()
        db.engine.dispose()
        content = bytearray(path.read_bytes())
        for page in range(2, len(content) // 4096):
            content[page * 4096 + 100] ^= 1
        path.write_bytes(content)
        assert "brought back from the last good backup" in browser.get("/sign-in", 503)
        db.session.remove()
        db.engine.dispose()


def test_a_database_of_another_key_or_without_its_key_is_said_in_words_and_left_as_it_is(resting, tmp_path):
    before = (resting / "casework.db").read_bytes()
    (resting / "key").rename(tmp_path / "key")
    with pytest.raises(SettingsError, match="Put it back from your copy"):
        create_app(settings_for(resting))
    assert not (resting / "key").exists()
    assert (resting / "casework.db").read_bytes() == before


def test_after_a_power_cut_all_that_the_disk_kept_of_the_log_is_there_in_order_and_whole(group, tmp_path):
    """The database and any beginning of its log, as a disk may have them when the power goes."""
    with create_app(settings_for(group)).app_context():
        db.session.execute(db.text("PRAGMA wal_autocheckpoint = 0"))
        case, ruth = db.session.scalars(db.select(Case)).one(), db.session.scalars(db.select(User)).one()
        assert db.session.execute(db.text("PRAGMA synchronous")).scalar() == 2
        for number in range(20):
            add_note(case, f"Note {number}", ruth)
        database, log = (group / "casework.db").read_bytes(), (group / "casework.db-wal").read_bytes()
        db.session.remove()
        db.engine.dispose()
    lot, found = random.Random(), []
    for length in sorted({0, len(log), *(lot.randrange(len(log)) for _ in range(PREFIXES))}):
        folder = tmp_path / str(length)
        folder.mkdir()
        (folder / "casework.db").write_bytes(database)
        (folder / "casework.db-wal").write_bytes(log[:length])
        with closing(connect(folder / "casework.db", key_of(group))) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            notes = [row[0] for row in connection.execute("SELECT text FROM case_notes ORDER BY id")]
            lines = connection.execute(
                "SELECT count(*) FROM audit_events WHERE action = 'note added'"
            ).fetchone()[0]
        assert notes == [f"Note {number}" for number in range(len(notes))]
        assert lines == len(notes)
        found.append(len(notes))
        shutil.rmtree(folder)
    assert found == sorted(found)
    assert found[-1] == 20  # the log is whole on the disk before anybody is told that it is saved


def test_a_clock_that_was_set_back_signs_people_out_and_keeps_nobody_out(group, monkeypatch):
    now, real = datetime.now(UTC), time.time
    app = create_app(settings_for(group))
    app.test_client_class = Visitor
    with app.app_context():
        browser = Browser(app.test_client())
        browser.post("/sign-in", sign_in_name=NAME, password=PASSWORD)
        browser.get("/cases")
        for _ in range(4):
            with pytest.raises(CaseworkError):
                accounts.sign_in(NAME, "wrong", "192.0.2.1")
        ruth = db.session.scalars(db.select(User)).one()
        link = accounts.make_new_link(ruth, None)
        monkeypatch.setattr(clock, "now", lambda: now - timedelta(days=400))
        monkeypatch.setattr(time, "time", lambda: real() - 400 * 86_400)
        assert "/sign-in" in browser.client.get("/cases").headers["Location"]
        for _ in range(4):
            with pytest.raises(CaseworkError):
                accounts.sign_in(NAME, "wrong", "192.0.2.1")
        with pytest.raises(TooManyTries, match=r"(second|minute)"):
            accounts.sign_in(NAME, PASSWORD, "192.0.2.2")
        assert one_time_links.find(link).user_id == ruth.id
        monkeypatch.undo()
        monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=400))
        with pytest.raises(CaseworkError, match="old"):
            one_time_links.find(link)
        db.session.remove()
        db.engine.dispose()


def test_dates_are_counted_from_their_papers_whatever_the_clock_says(app, organiser, monkeypatch):
    from casework.services.timing import deadlines

    case = make_case(organiser)
    before = deadlines.record_deadline(case, "sar", datetime(2026, 11, 2).date(), None, organiser)
    monkeypatch.setattr(clock, "now", lambda: datetime(2020, 1, 1, tzinfo=UTC))
    after = deadlines.record_deadline(case, "sar", datetime(2026, 11, 2).date(), None, organiser)
    assert (before.aim_on, before.final_on) == (after.aim_on, after.final_on)
