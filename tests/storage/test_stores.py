"""Papers lie in a folder, in the database or on storage that speaks S3: sealed, and carried from one to another."""

from hashlib import sha256
from threading import Event

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from casework import clock
from casework.cli import main
from casework.commands.check_papers import check_papers
from casework.domain.errors import CaseworkError, SettingsError
from casework.services.letters import paper_moves, papers, papers_to_go, unnamed_papers
from casework.services.safety import audit, case_emptying, erasing
from casework.settings import STORES, load_settings
from casework.storage import s3_store
from casework.storage.database import db
from casework.storage.hosted import BUSY_SECONDS
from casework.storage.instance import current_instance
from casework.storage.models import Authority, Case, StoredPaper
from casework.storage.s3_store import open_s3
from casework.storage.stores import store_of
from tests.conftest import settings_for
from tests.factories import make_case
from tests.storage.s3_of_our_own import settings_of, storage

PAPER = b"%PDF a letter that nobody else reads"
NAME = sha256(PAPER).hexdigest()
AILS: list[int] = []


@pytest.fixture(scope="module")
def bucket():
    """Somebody else's storage."""
    with storage(AILS) as found:
        yield found


@pytest.fixture
def refusing():
    """Has that storage answer everything with this number of HTTP, until the end or until it is emptied."""
    yield AILS
    AILS.clear()


@pytest.fixture
def s3(bucket, tmp_path):
    """The settings with which papers go there."""
    address, kept = bucket
    kept.clear()
    return settings_of(tmp_path, address)


@pytest.fixture
def case(app, organiser) -> Case:
    return make_case(organiser)


@pytest.mark.parametrize("kind", STORES)
def test_a_paper_is_kept_whole_listed_and_taken_away_in_every_place(case, instance, s3, bucket, kind):
    store = store_of(settings_for(instance, **{**s3, "archive_store": kind}))
    current_instance().archive = store
    assert papers.keep(case, PAPER) == papers.keep(case, PAPER) == NAME
    db.session.commit()
    assert papers.read(case, NAME) == PAPER
    (name,) = store.names()
    folder = name.split("/")[0]
    assert store.names(folder) == {name}
    assert store.names("another") == set()
    sealed = store.read_sealed(name)
    assert PAPER not in sealed
    store.write_sealed(name, sealed[:-1] + bytes([sealed[-1] ^ 1]))
    db.session.commit()
    with pytest.raises(CaseworkError, match="damaged"):
        papers.read(case, NAME)
    papers.remove(case, NAME)
    papers.remove(case, NAME)
    with pytest.raises(CaseworkError, match="missing"):
        papers.read(case, NAME)
    for content in (PAPER, b"another"):
        papers.keep(case, content)
    db.session.commit()
    erasing.erase_case(case)
    assert store.names() == set()
    assert not any(PAPER in content for content in bucket[1].values())


@pytest.mark.parametrize("kind", STORES)
def test_a_damaged_paper_is_written_anew_when_it_is_sent_again(case, instance, s3, kind):
    current_instance().archive = store = store_of(settings_for(instance, **{**s3, "archive_store": kind}))
    papers.keep(case, PAPER)
    (name,) = store.names()
    store.write_sealed(name, store.read_sealed(name)[:2000])
    db.session.commit()
    with pytest.raises(CaseworkError, match="damaged"):
        papers.read(case, NAME)
    assert papers.keep(case, PAPER) == NAME
    assert papers.read(case, NAME) == PAPER
    assert store.names() == {name}


def test_a_bucket_that_is_not_there_is_a_wrong_setting_and_sends_nobody_to_an_old_backup(case, instance, s3):
    settings = settings_for(instance, **{**s3, "s3_bucket": "another"})
    current_instance().archive = store = open_s3(settings)
    for refused in (lambda: papers.keep(case, PAPER), lambda: papers.read(case, NAME)):
        with pytest.raises(CaseworkError, match="look at s3_bucket in the settings"):
            refused()
    with pytest.raises(OSError, match="s3_bucket"):
        store.has(f"{'0' * 32}/{'1' * 64}")
    assert "there is no bucket of the name that s3_bucket says" in check_papers(settings).says


def test_in_the_database_a_scan_is_kept_although_its_form_came_back_with_an_error(case, organiser):
    current_instance().archive = store_of(current_instance().settings, "database")
    organiser.name = "Changed in the same request"
    db.session.flush()
    papers.keep(case, PAPER)
    # What a form will change is shown by doing it and taking it back, while the request goes on.
    for end in ("rollback", "commit"):
        tried = db.session.begin_nested()
        organiser.name = "Tried"
        db.session.flush()
        getattr(tried, end)()
    db.session.rollback()
    assert organiser.name == "Ruth Ellery"
    assert papers.read(case, NAME) == PAPER
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(StoredPaper)) == 1


def test_what_another_instance_keeps_in_the_same_bucket_is_not_counted_as_left_behind(
    case, instance, s3, bucket
):
    settings = settings_for(instance, **s3)
    current_instance().archive = store = open_s3(settings)
    papers.keep(case, PAPER)
    db.session.commit()
    theirs = f"{'0' * 32}/{'1' * 64}"
    store.write_sealed(theirs, b"of another group")
    now = unnamed_papers.look(settings)[0].found
    assert (len(now.unnamed), now.unreadable) == (1, frozenset())
    assert "1 of them can be read" in check_papers(settings).says
    assert store.names() > {theirs}


def test_storage_that_does_not_answer_is_said_in_words_and_nothing_is_lost(case, instance, s3):
    settings = settings_for(instance, **s3)
    current_instance().archive = store = open_s3(settings)
    papers.keep(case, PAPER)
    wrong = settings_for(instance, **{**s3, "s3_key_file": str(instance / "other")})
    (instance / "other").write_text("stranger\nsecret\n")
    (instance / "other").chmod(0o600)
    current_instance().archive = open_s3(wrong)
    with pytest.raises(CaseworkError, match="cannot be reached now"):
        papers.read(case, NAME)
    with pytest.raises(CaseworkError, match="was not kept"):
        papers.keep(case, b"a new one")
    current_instance().archive = store
    assert papers.read(case, NAME) == PAPER


def test_storage_that_takes_a_paper_and_says_nothing_is_given_up_before_others_are_sent_away(
    case, instance, tmp_path, monkeypatch
):
    longest = max(s3_store.CONNECT_SECONDS, s3_store.ANSWER_SECONDS)
    assert s3_store.TRIES * longest + 1 < BUSY_SECONDS
    monkeypatch.setattr(s3_store, "ANSWER_SECONDS", 0.1)
    tried, over = [], Event()

    def hang():
        tried.append("once")
        over.wait(30)

    with storage(meanwhile=hang) as (address, _):
        current_instance().archive = open_s3(settings_for(instance, **settings_of(tmp_path, address)))
        with pytest.raises(CaseworkError, match="was not kept"):
            papers.keep(case, PAPER)
        over.set()
    assert len(tried) == s3_store.TRIES == 2


@pytest.mark.parametrize("name", ["../key", "folder/../../key", "/etc/passwd", "folder/", "a/b/c", "a\0/b"])
def test_a_name_from_a_forged_back_up_leads_out_of_no_folder(app, name):
    with pytest.raises(ValueError, match="no name of a paper"):
        current_instance().archive.write_sealed(name, b"x")


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"s3_bucket": ""}, "so set s3_bucket too"),
        ({"s3_endpoint": "", "s3_key_file": None}, "s3_endpoint and s3_key_file"),
        ({"s3_endpoint": "http://storage.example.org"}, "must begin with https"),
        ({"archive_store": "cloud"}, "must be `?folder"),
    ],
)
def test_half_a_place_is_refused_at_the_start(s3, tmp_path, change, complaint):
    given = {name: value for name, value in {**s3, **change}.items() if value is not None}
    with pytest.raises(SettingsError, match=complaint):
        load_settings({}, instance=tmp_path, **given)


def test_a_key_of_the_storage_that_others_can_read_is_refused(s3, tmp_path):
    (tmp_path / "s3-key").chmod(0o644)
    with pytest.raises(SettingsError, match="chmod 600"):
        open_s3(load_settings({}, instance=tmp_path, **s3))


def test_papers_are_carried_to_the_database_in_the_terminal_and_taken_away_once_it_is_set(
    case, instance, monkeypatch
):
    monkeypatch.setenv("CASEWORK_INSTANCE", str(instance))
    contents = [PAPER, b"second", b"third"]
    for content in contents:
        papers.keep(case, content)
    db.session.commit()
    case_id = case.id
    db.session.remove()
    first = CliRunner().invoke(main, ["archive", "move", "--to", "database"])
    assert "3 papers carried over and compared; 0 were there already." in first.output
    early = CliRunner().invoke(main, ["archive", "move", "--to", "database", "--remove"])
    assert "Set archive_store to database" in early.output
    monkeypatch.setenv("CASEWORK_ARCHIVE_STORE", "database")
    words = ["archive", "move", "--from", "folder", "--to", "database", "--remove"]
    second = CliRunner().invoke(main, words)
    assert "0 papers carried over and compared; 3 were there already." in second.output
    assert "3 papers taken away from the folder." in second.output
    assert not list((instance / "archive").glob("*/*"))
    current_instance().archive = store_of(load_settings())
    case = db.session.get(Case, case_id)
    assert {papers.read(case, sha256(content).hexdigest()) for content in contents} == set(contents)


def test_carrying_papers_to_other_storage_goes_on_where_it_stopped_and_trusts_nothing_it_did_not_read_back(
    case, instance, s3, bucket, monkeypatch
):
    for content in (PAPER, b"second", b"third"):
        papers.keep(case, content)
    db.session.commit()
    here, there = current_instance().archive, open_s3(settings_for(instance, **s3))
    write = type(there).write_sealed

    def fails_at_the_second(self, name, sealed):
        if self.names():
            raise OSError("the line is down")
        write(self, name, sealed)

    monkeypatch.setattr(type(there), "write_sealed", fails_at_the_second)
    with pytest.raises(CaseworkError, match="stopped after 1 papers: the line is down"):
        paper_moves.carry(here, there)
    monkeypatch.setattr(
        type(there), "write_sealed", lambda self, name, sealed: write(self, name, sealed[:-1])
    )
    with pytest.raises(CaseworkError, match="came back otherwise"):
        paper_moves.carry(here, there)
    monkeypatch.undo()
    moved = paper_moves.carry(here, there)
    assert (moved.carried, moved.there) == (2, 1)
    assert paper_moves.take_away(here, there) == 3
    assert here.names() == set()
    assert {there.read_sealed(name) for name in there.names()} == set(bucket[1].values())


def test_a_damaged_paper_in_the_old_place_spoils_none_in_the_new_and_is_not_what_is_left(case, instance):
    for content in (PAPER, b"second"):
        papers.keep(case, content)
    db.session.commit()
    here, there = current_instance().archive, store_of(settings_for(instance, archive_store="database"))
    paper_moves.carry(here, there)
    damaged, spoilt = sorted(here.names())
    here.write_sealed(damaged, b"")
    there.write_sealed(spoilt, b"half of it")
    db.session.commit()
    moved = paper_moves.carry(here, there)
    assert (moved.carried, moved.there) == (1, 1)
    assert paper_moves.take_away(here, there) == 2
    current_instance().archive = there
    names = [sha256(content).hexdigest() for content in (PAPER, b"second")]
    assert [papers.read(case, name) for name in names] == [PAPER, b"second"]


def test_papers_of_another_instance_in_the_same_bucket_are_neither_carried_nor_taken_away(
    case, instance, s3, bucket
):
    papers.keep(case, PAPER)
    db.session.commit()
    here, there = open_s3(settings_for(instance, **s3)), current_instance().archive
    paper_moves.carry(there, here)
    (ours,) = bucket[1]
    theirs = {f"{'0' * 32}/{'1' * 64}": b"of another group", "README.txt": b"of nobody"}
    bucket[1].update(theirs)
    there.write_sealed(f"{'0' * 32}/{'1' * 64}", b"of another group")
    moved = paper_moves.carry(here, there)
    assert (moved.carried, moved.there) == (0, 1)
    assert paper_moves.take_away(here, there) == 1
    assert bucket[1] == theirs
    assert ours in there.names()


def test_taking_papers_away_from_s3_is_asked_about_and_what_stops_it_is_said(
    case, instance, s3, bucket, monkeypatch, refusing
):
    monkeypatch.setenv("CASEWORK_INSTANCE", str(instance))
    for name, value in s3.items():
        monkeypatch.setenv(f"CASEWORK_{name.upper()}", value)
    monkeypatch.setenv("CASEWORK_ARCHIVE_STORE", "folder")
    papers.keep(case, PAPER)
    db.session.commit()
    paper_moves.carry(current_instance().archive, open_s3(settings_for(instance, **s3)))
    db.session.remove()
    words = ["archive", "move", "--from", "s3", "--to", "folder", "--remove"]
    asked = CliRunner().invoke(main, words, input="n\n")
    assert "may use the same storage" in asked.output
    assert len(bucket[1]) == 1
    refusing.append(404)
    gone = CliRunner().invoke(main, words, input="y\n")
    assert gone.exit_code == 1
    assert "there is no bucket of the name that s3_bucket says" in gone.output
    assert not gone.exception or isinstance(gone.exception, SystemExit)
    refusing.clear()
    assert "1 papers taken away from the s3." in CliRunner().invoke(main, words, input="y\n").output
    assert bucket[1] == {}


def test_a_bucket_that_is_gone_is_no_reason_to_bring_a_backup_back(case, instance, s3, refusing):
    current_instance().archive = open_s3(settings_for(instance, **s3))
    papers.keep(case, PAPER)
    refusing.append(404)
    with pytest.raises(CaseworkError, match="A backup does not help here"):
        papers.read(case, NAME)


def test_a_case_is_erased_while_its_storage_does_not_answer_and_its_papers_go_as_soon_as_it_does(
    case, organiser, instance, s3, bucket, refusing
):
    current_instance().archive = open_s3(settings_for(instance, **s3))
    papers.keep(case, PAPER)
    db.session.commit()
    refusing.append(503)
    erasing.erase_case(case, organiser)
    assert db.session.query(Case).count() == 0
    assert audit.list_events(organiser)[0].action == "case erased"
    assert len(bucket[1]) == 1
    with pytest.raises(OSError, match="refused"):
        papers.take_away_noted()
    assert papers_to_go.of_erased_cases()
    db.session.rollback()
    refusing.clear()
    assert "erased the sealed bytes lie there still" in check_papers(settings_for(instance, **s3)).says
    assert papers.take_away_noted() == 0
    assert bucket[1] == {}
    assert papers_to_go.noted() == []


def test_a_machine_that_stops_before_the_papers_of_an_erased_case_are_gone_takes_them_away_later(
    case, organiser, monkeypatch
):
    papers.keep(case, PAPER)
    db.session.commit()
    store = current_instance().archive
    with monkeypatch.context() as stopping:
        stopping.setattr(type(store), "remove_folder", _stops)
        with pytest.raises(KeyboardInterrupt):
            erasing.erase_case(case, organiser)
    db.session.rollback()
    assert db.session.query(Case).count() == 0
    assert len(store.names()) == 1
    papers.take_away_noted()
    assert store.names() == set()


def _stops(*_):
    raise KeyboardInterrupt


def test_a_signed_paper_that_is_let_go_goes_later_and_stays_where_it_was_kept_again_meanwhile(
    case, organiser, instance, s3, bucket, refusing
):
    current_instance().archive = open_s3(settings_for(instance, **s3))
    rows = [signed_paper(case, organiser, papers.keep(case, content)) for content in (PAPER, b"second")]
    db.session.commit()
    refusing.append(503)
    case_emptying.remove_papers(rows)
    assert len(bucket[1]) == 2
    assert not papers.is_kept(case, NAME)
    refusing.clear()
    signed_paper(case, organiser, papers.keep(case, PAPER))
    db.session.commit()
    papers.take_away_noted()
    assert len(bucket[1]) == 1
    assert papers.read(case, NAME) == PAPER


def signed_paper(case, by, scan):
    row = Authority(
        case_id=case.id, signed_on=clock.today(), how_given="signature", recorded_at=clock.now(),
        recorded_by_id=by.id, scan_sha256=scan, scan_type="application/pdf",
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row


def test_papers_wait_for_the_settings_that_lead_to_them(case, organiser, instance, s3, bucket, refusing):
    settings = current_instance().settings
    current_instance().settings = settings_for(instance, **s3)
    current_instance().archive = open_s3(current_instance().settings)
    papers.keep(case, PAPER)
    db.session.commit()
    refusing.append(503)
    erasing.erase_case(case, organiser)
    refusing.clear()
    current_instance().settings, current_instance().archive = settings, store_of(settings)
    assert papers.take_away_noted() == 1
    assert len(bucket[1]) == 1
    current_instance().settings = settings_for(instance, **{**s3, "archive_store": "folder"})
    assert papers.take_away_noted() == 0
    assert bucket[1] == {}


def test_tidying_takes_away_what_an_erasure_could_not(case, organiser, instance, monkeypatch):
    monkeypatch.setenv("CASEWORK_INSTANCE", str(instance))
    papers.keep(case, PAPER)
    db.session.commit()
    store = current_instance().archive

    def no_answer(*_):
        raise OSError("The storage did not answer")

    with monkeypatch.context() as away:
        away.setattr(type(store), "remove_folder", no_answer)
        erasing.erase_case(case, organiser)
    db.session.remove()
    assert len(store.names()) == 1
    tidied = CliRunner().invoke(main, ["archive", "tidy"])
    assert "no paper that no case speaks of" in tidied.output
    assert store.names() == set()
