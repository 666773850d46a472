"""Each case has a key of its own, and its papers lie under it: named by nothing, and gone with it."""

from hashlib import sha256

import pytest
from sqlalchemy import select, text, update

from casework.app import create_app
from casework.domain.errors import CaseworkError
from casework.services.letters import older_papers, papers
from casework.storage import case_keys
from casework.storage.database import Base, db
from casework.storage.instance import current_instance
from casework.storage.models import Case, CaseKey, Correspondence, Letter
from casework.storage.sealing import seal
from tests.conftest import settings_for
from tests.factories import make_case

PAPER = b"%PDF a letter to be kept"
NAME = sha256(PAPER).hexdigest()
# What is a SHA-256 and no paper: words, wordings, sheets and pieces of letters that lie in the database itself.
NO_PAPERS = {
    "backups.file_sha256",
    "batches.template_sha256",
    "batches.source_sha256",
    "batch_letters.sha256",
    "letters.template_sha256",
    "letter_readings.words_sha256",
}


@pytest.fixture
def case(app, organiser) -> Case:
    return make_case(organiser)


def a_row_with(case, organiser, name):
    """A letter that came in, whose scan this is."""
    row = Correspondence(case=case, kind="other in", scan_sha256=name, recorded_by=organiser)
    row.recorded_at = case.opened_at
    db.session.add(row)
    db.session.commit()
    return row


def test_a_paper_comes_back_and_its_file_tells_neither_case_nor_contents_nor_length(case):
    assert papers.keep(case, PAPER) == papers.keep(case, PAPER) == NAME
    assert papers.read(case, NAME) == PAPER
    (place,) = current_instance().archive.names()
    assert NAME[:8] not in place
    sealed = current_instance().archive.read_sealed(place)
    assert PAPER not in sealed
    assert (len(sealed) - 28) % case_keys.PAGE == 0
    assert case.reference not in place


def test_the_same_paper_in_two_cases_is_two_files_and_one_key_does_not_open_the_other(case, organiser):
    other = make_case(organiser)
    papers.keep(case, PAPER)
    with pytest.raises(CaseworkError, match="missing from the archive or damaged"):
        papers.read(other, NAME)
    papers.keep(other, PAPER)
    first, second = sorted(current_instance().archive.names())
    assert first.split("/")[1] != second.split("/")[1]
    store = current_instance().archive
    store.write_sealed(first, store.read_sealed(second))
    broken = [one for one in (case, other) if case_keys.paper_key(one.id).place_of(NAME) == first]
    with pytest.raises(CaseworkError, match="damaged"):
        papers.read(broken[0], NAME)


def test_a_paper_that_was_altered_or_stands_in_another_s_place_is_not_shown(case):
    other_name = papers.keep(case, b"another")
    papers.keep(case, PAPER)
    store, key = current_instance().archive, case_keys.paper_key(case.id)
    store.write_sealed(key.place_of(NAME), store.read_sealed(key.place_of(other_name)))
    with pytest.raises(CaseworkError, match="damaged"):
        papers.read(case, NAME)


def test_a_key_moved_to_another_case_s_row_opens_nothing(case, organiser):
    other = make_case(organiser)
    wrapped = db.session.scalar(select(CaseKey.wrapped).where(CaseKey.case_id == other.id))
    db.session.execute(update(CaseKey).where(CaseKey.case_id == case.id).values(wrapped=wrapped))
    with pytest.raises(ValueError, match="another key"):
        papers.read(case, NAME)


def test_once_its_key_is_destroyed_a_case_s_papers_are_gone_and_no_other_s(case, organiser):
    other = make_case(organiser)
    for one in (case, other):
        papers.keep(one, PAPER)
    (folder,) = {name.split("/")[0] for name in current_instance().archive.names()} - {
        case_keys.paper_key(other.id).folder
    }
    saved = {
        name: current_instance().archive.read_sealed(name) for name in current_instance().archive.names()
    }
    folder_of_case = papers.destroy_key(case)
    db.session.commit()
    papers.clear_folder(folder_of_case)
    assert [name.split("/")[0] for name in current_instance().archive.names()] != [folder]
    # Whoever kept the files has noise: not even the group itself can read them again.
    for name, sealed in saved.items():
        current_instance().archive.write_sealed(name, sealed)
    with pytest.raises(CaseworkError, match="erased with its key"):
        papers.read(case, NAME)
    assert papers.read(other, NAME) == PAPER


def test_a_case_that_is_deleted_takes_its_key_along(case):
    db.session.execute(text("DELETE FROM cases WHERE id = :id"), {"id": case.id})
    assert db.session.scalar(select(CaseKey)) is None


def test_every_column_that_names_a_paper_says_so():
    hashes = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.name.endswith("sha256")
    }
    marked = {f"{column.table.name}.{column.name}" for column in papers.columns()}
    assert {"letters.sha256", "packs.sha256", "correspondence.scan_sha256", "deadlines.proof_sha256"} < marked
    assert hashes - marked == NO_PAPERS


def put_older(instance, content):
    """A paper as it lay before each case had a key: under the key of the instance, named by its contents."""
    name = sha256(content).hexdigest()
    folder = instance / "archive" / name[:2]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(seal(current_instance().keys.archive, content, name.encode()))
    return name


def test_older_papers_are_moved_to_the_key_of_each_case_that_speaks_of_them_at_the_next_start(
    case, organiser, instance
):
    other = make_case(organiser)
    shared, alone, nobody_s = (put_older(instance, one) for one in (PAPER, b"alone", b"nobody's"))
    a_row_with(case, organiser, shared)
    a_row_with(other, organiser, shared)
    letter = Letter(case=other, template="home-mp-urgent", drafted_by=organiser, sha256=alone)
    letter.drafted_at = letter.saved_at = case.opened_at
    db.session.add(letter)
    db.session.execute(text("DELETE FROM case_keys"))
    db.session.commit()
    ids = case.id, other.id
    db.session.remove()
    with create_app(settings_for(instance)).app_context():
        case, other = (db.session.get(Case, case_id) for case_id in ids)
        assert papers.read(case, shared) == papers.read(other, shared) == PAPER
        assert papers.read(other, alone) == b"alone"
        assert len(current_instance().archive.names(case_keys.paper_key(other.id).folder)) == 2
        assert {path.name for path in (instance / "archive").glob("??/*")} == {nobody_s}
        db.engine.dispose()


def test_a_machine_that_stops_while_older_papers_are_moved_loses_none(case, organiser, instance, monkeypatch):
    names = [put_older(instance, content) for content in (PAPER, b"second")]
    for name in names:
        a_row_with(case, organiser, name)
    store = type(current_instance().archive)
    write = store.write_sealed

    def stop_at_the_second(self, name, sealed):
        if self.names():
            raise KeyboardInterrupt
        write(self, name, sealed)

    monkeypatch.setattr(store, "write_sealed", stop_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        older_papers.move(current_instance())
    monkeypatch.undo()
    db.session.rollback()
    assert len(list((instance / "archive").glob("??/*"))) == 2
    assert older_papers.move(current_instance()) == 2
    assert older_papers.move(current_instance()) == 0
    assert {papers.read(case, name) for name in names} == {PAPER, b"second"}
