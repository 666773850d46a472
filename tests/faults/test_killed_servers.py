"""Servers that are killed, two at once, full disks and folders for reading only: what was said to be saved is there."""

import http.client
import random
import threading
from contextlib import closing
from pathlib import Path

from casework.storage.database import connect
from casework.storage.encryption import read_keys
from tests.faults.conftest import NAME, PASSWORD
from tests.faults.real import Somebody

NEW_NOTE = "/cases/C-1/notes/new"
WRITES, KILLS, WRITERS = 200, 8, 4
GONE = (OSError, http.client.HTTPException)


class Writing:
    """Some people who save notes one after the other, and send a form again when nobody answered."""

    def __init__(self, cookie: str, port: int) -> None:
        self.cookie, self.port = cookie, port
        self.acknowledged: list[str] = []
        self.sent_again = 0
        self.moved = threading.Condition()

    def write(self, texts: list[str], port: int | None = None) -> None:
        """Save each of these, at this port or wherever a server is."""
        somebody = Somebody(self.cookie)
        for text in texts:
            form: dict[str, str] = {}
            tries = 0
            while True:
                at = port or self.port
                try:
                    form = form or somebody.form(at, NEW_NOTE)
                    tries += 1
                    status, *_ = somebody.ask(at, "POST", NEW_NOTE, text=text, **form)
                except GONE:
                    self._wait_for_another_than(at)
                    continue
                assert status == 303, status
                break
            with self.moved:
                self.acknowledged.append(text)
                self.sent_again += tries > 1
                self.moved.notify_all()

    def _wait_for_another_than(self, port: int) -> None:
        with self.moved:
            self.moved.wait_for(lambda: self.port != port)

    def move_to(self, port: int) -> None:
        """Go on at this port."""
        with self.moved:
            self.port = port
            self.moved.notify_all()

    def wait_until(self, number: int) -> None:
        """Wait until so many notes were acknowledged."""
        with self.moved:
            self.moved.wait_for(lambda: len(self.acknowledged) >= number)


def signed_in(port: int) -> str:
    """The cookie of somebody who just signed in."""
    somebody = Somebody()
    somebody.sign_in(port, NAME, PASSWORD)
    return somebody.cookie


def kept(folder: Path) -> tuple[list[str], int]:
    """Every note that is kept, and how many lines of the trail tell of one; the database is whole."""
    with closing(connect(folder / "casework.db", read_keys(folder / "key").database)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA cipher_integrity_check").fetchall() == []
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        notes = [row[0] for row in connection.execute("SELECT text FROM case_notes ORDER BY id")]
        lines = connection.execute(
            "SELECT count(*) FROM audit_events WHERE action = 'note added'"
        ).fetchone()[0]
    return notes, lines


def test_killed_again_and_again_in_two_hundred_writes_nothing_is_lost_and_nothing_doubled(group, on):
    texts = [f"Note {number}" for number in range(WRITES)]
    lot = random.Random()
    moments = sorted(lot.sample(range(5, WRITES - 5), KILLS))
    with on(group) as all_of_them:
        port = all_of_them.begin()
        writing = Writing(signed_in(port), port)
        threads = [
            threading.Thread(target=writing.write, args=(texts[at::WRITERS],)) for at in range(WRITERS)
        ]
        for thread in threads:
            thread.start()
        for moment in moments:
            writing.wait_until(moment)
            all_of_them.kill(port)
            port = all_of_them.begin()
            writing.move_to(port)
        for thread in threads:
            thread.join()
    notes, lines = kept(group)
    assert sorted(writing.acknowledged) == sorted(texts)
    assert sorted(notes) == sorted(texts), f"killed after {moments}"
    assert lines == WRITES


def test_two_servers_on_one_instance_save_side_by_side_and_one_goes_on_when_the_other_is_killed(group, on):
    texts = [f"Note {number}" for number in range(40)]
    with on(group) as both:
        first, second = both.begin(), both.begin()
        writing = Writing(signed_in(first), first)
        threads = [
            threading.Thread(target=writing.write, args=(texts[:20],)),
            threading.Thread(target=writing.write, args=(texts[20:], second)),
        ]
        for thread in threads:
            thread.start()
        writing.wait_until(15)
        both.kill(first)
        writing.move_to(second)
        for thread in threads:
            thread.join()
    notes, lines = kept(group)
    assert sorted(notes) == sorted(texts)
    assert lines == 40


def test_on_a_full_disk_the_page_says_so_and_what_was_saved_before_stays(group, on, tmp_path):
    with on(group) as all_of_them:
        port = all_of_them.begin()
        somebody = Somebody(signed_in(port))
        all_of_them.kill(port)
        most = max(path.stat().st_size for path in group.glob("casework.db*")) + 400_000
        port, saved, status, page, text, form = all_of_them.begin(most), [], 303, "", "", {}
        while status == 303:
            text = f"Note {len(saved)} " + "x" * 15_000
            form = somebody.form(port, NEW_NOTE) or form
            status, page, _ = somebody.ask(port, "POST", NEW_NOTE, text=text, **form)
            saved += [text] if status == 303 else []
            assert len(saved) < 1000
        assert status == 503
        assert "Nothing can be saved at this moment" in page
        assert kept(group)[0] == saved
        all_of_them.kill(port)
        said = all_of_them.ask("backup", tmp_path / "backup", 100_000)
        assert "There is no new file." in said or "cannot be copied" in said
        assert not (tmp_path / "backup").exists()
        assert not list(group.glob(".scratch*"))
        port = all_of_them.begin()
        form = somebody.form(port, NEW_NOTE)
        assert somebody.ask(port, "POST", NEW_NOTE, text=text, **form)[0] == 303
        assert kept(group)[0] == [*saved, text]


def test_a_folder_for_reading_only_is_said_at_the_start_and_nothing_is_changed(group, on):
    before = {path: path.read_bytes() for path in group.iterdir() if path.is_file()}
    with on(group) as all_of_them:
        files = list(group.rglob("*"))
        for path in files:
            path.chmod(0o500 if path.is_dir() else 0o400)
        group.chmod(0o500)
        try:
            assert "cannot be written to" in all_of_them.ask("read only")
        finally:
            group.chmod(0o700)
            for path in files:
                path.chmod(0o700 if path.is_dir() else 0o600)
    assert {path: path.read_bytes() for path in before} == before
