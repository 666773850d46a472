"""A machine that stops in the middle of issuing a letter loses nothing and leaves nothing half done."""

import os
import signal
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select

from casework import clock
from casework.services.case import cases
from casework.services.consent import consent
from casework.services.consent.consent import NewAuthority
from casework.services.letters import letters
from casework.services.letters.letters import draft_letter, issue_letter, save_draft
from casework.services.parliament.directory import directory
from casework.storage.archive import FolderStore
from casework.storage.database import db
from casework.storage.instance import current_instance
from casework.storage.models import AuditEvent, Correspondence, Deadline, Letter
from tests import forked
from tests.factories import home, make_case

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


def die(*_: object, **__: object) -> None:
    """What a power cut looks like to a program: nothing is tidied up."""
    os.kill(os.getpid(), signal.SIGKILL)


def lay_the_trap(where: str) -> None:
    """Have this process be killed at that point."""
    if where == "while the file is written":
        os.fsync = die
    elif where == "when the file is whole":
        write = FolderStore.write_sealed
        FolderStore.write_sealed = lambda self, *paper: (write(self, *paper), die())[0]
    elif where == "when the rows are written":
        event.listen(db.session, "before_commit", die)
    elif where == "when all is saved":
        event.listen(db.session, "after_commit", die)


def killed_while_issuing(letter: Letter, where: str) -> Letter:
    """The letter as it is found after another process was killed while it issued it."""
    letter_id = letter.id

    def issue_and_die() -> None:
        in_hand = db.session.get_one(Letter, letter_id)
        actor = in_hand.drafted_by
        in_hand.case  # noqa: B018 read before the trap is set
        lay_the_trap(where)
        issue_letter(in_hand, actor)

    assert forked.how_it_ended(forked.begin(issue_and_die)) == -signal.SIGKILL
    return db.session.get_one(Letter, letter_id)


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
def test_killed_before_all_is_saved_the_draft_is_as_it_was_and_can_be_issued_once(letter, where):
    found = killed_while_issuing(letter, where)
    assert found.issued_at is None
    assert found.blocks["worth"] == WORDS
    assert rows(found) == (0, 0, 0)
    issue_letter(found, found.drafted_by)
    assert letters.issued_pdf(found).startswith(b"%PDF")
    assert rows(found) == (1, 1, 1)
    assert len(current_instance().archive.names()) == 1


def test_killed_after_all_is_saved_the_letter_is_issued_whole_and_issuing_again_changes_nothing(
    letter,
):
    found = killed_while_issuing(letter, "when all is saved")
    assert found.issued_at is not None
    assert letters.issued_pdf(found).startswith(b"%PDF")
    before = found.sha256
    assert issue_letter(found, found.drafted_by).sha256 == before
    assert rows(found) == (1, 1, 1)
