"""A machine that stops in the middle of issuing a letter loses nothing and leaves nothing half done."""

import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from casework import clock
from casework.services.case import cases
from casework.services.consent import consent
from casework.services.consent.consent import NewAuthority
from casework.services.letters import letters
from casework.services.letters.letters import draft_letter, issue_letter, save_draft
from casework.services.parliament.directory import directory
from casework.storage.database import db
from casework.storage.instance import current_instance
from casework.storage.models import AuditEvent, Correspondence, Deadline, Letter
from tests.factories import home, make_case

PROGRAM = Path(__file__).with_name("issue_and_die.py")
WORDS = "She is missed at every table here."


@pytest.fixture
def letter(app, organiser) -> Letter:
    """A draft that is ready to be issued."""
    case = make_case(organiser, home(), name="Samira", pronouns="she")
    cases.record_asked(case, asked_on=clock.today(), agreed=True, asked_by="Ruth", actor=organiser)
    signed = NewAuthority(signed_on=clock.today() - timedelta(1), scope=("ask",))
    consent.record_authority(case, signed, organiser)
    seat = next(one.gss_code for one in directory().constituencies() if one.name == "Leeds South")
    letter = draft_letter(case, "home-mp-urgent", organiser, gss_code=seat)
    blocks = {**letter.blocks, "obstacle": "None.", "worth": WORDS}
    facts = {"sender_name": "Ruth Ellery", "sender_address": "22 Example Road"}
    save_draft(letter, blocks, facts, letter.version, organiser)
    return letter


def killed_while_issuing(letter: Letter, instance: Path, where: str) -> Letter:
    """The letter as it is found after the other program was killed."""
    letter_id = letter.id
    db.session.remove()
    db.engine.dispose()
    ended = subprocess.run(
        [sys.executable, PROGRAM, instance, str(letter_id), where],
        cwd=Path(__file__).parents[2],
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(Path(__file__).parents[2]), "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    found = db.session.get(Letter, letter_id)
    assert found is not None
    return found


def rows(letter: Letter) -> tuple[int, int, int]:
    """How many entries of the file, dates and lines of the trail speak of the letter as issued."""
    return (
        db.session.scalar(select(func.count()).where(Correspondence.letter_id == letter.id)) or 0,
        db.session.scalar(select(func.count()).where(Deadline.case_id == letter.case_id)) or 0,
        db.session.scalar(select(func.count()).where(AuditEvent.action == "letter issued")) or 0,
    )


@pytest.mark.parametrize(
    "where", ["while the file is written", "when the file is whole", "when the rows are written"]
)
def test_killed_before_all_is_saved_the_draft_is_as_it_was_and_can_be_issued_once(letter, instance, where):
    found = killed_while_issuing(letter, instance, where)
    assert found.issued_at is None
    assert found.blocks["worth"] == WORDS
    assert rows(found) == (0, 0, 0)
    issue_letter(found, found.drafted_by)
    assert letters.issued_pdf(found).startswith(b"%PDF")
    assert rows(found) == (1, 1, 1)
    assert len(current_instance().archive.names()) == 1


def test_killed_after_all_is_saved_the_letter_is_issued_whole_and_issuing_again_changes_nothing(
    letter, instance
):
    found = killed_while_issuing(letter, instance, "when all is saved")
    assert found.issued_at is not None
    assert letters.issued_pdf(found).startswith(b"%PDF")
    before = found.sha256
    assert issue_letter(found, found.drafted_by).sha256 == before
    assert rows(found) == (1, 1, 1)
