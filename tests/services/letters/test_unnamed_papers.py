"""Papers are held against the rows that speak of them, in every place and both ways; none goes that somebody needs."""

from datetime import timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from casework import clock
from casework.app import create_app
from casework.cli import main
from casework.commands.check_papers import check_papers
from casework.commands.checks import Grade
from casework.domain.errors import SettingsError
from casework.services.letters import papers, unnamed_papers
from casework.storage import gate
from casework.storage.database import db
from casework.storage.instance import current_instance
from casework.storage.models import Case
from casework.storage.stores import store_of
from tests.conftest import settings_for
from tests.databases import make_database
from tests.factories import home, make_case, make_user
from tests.full_case import full_case

PLACES = ("folder", "database")


@pytest.fixture(params=PLACES)
def kind(request):
    return request.param


@pytest.fixture
def settings(app, instance, kind, monkeypatch):
    """The instance, with its papers in this place, as a command finds it."""
    monkeypatch.setenv("CASEWORK_INSTANCE", str(instance))
    monkeypatch.setenv("CASEWORK_ARCHIVE_STORE", kind)
    current_instance().archive = store_of(current_instance().settings, kind)
    return settings_for(instance, archive_store=kind)


@pytest.fixture
def case(settings, organiser) -> Case:
    """A case with one scan of which a row speaks."""
    case = full_case(organiser, "Samira").case
    db.session.commit()
    return case


def given_back():
    """Nobody of the test is in the database any more."""
    db.session.remove()
    db.engine.dispose()


def in_a_day(monkeypatch):
    later = clock.now() + timedelta(days=1, minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)


def tidy(*words, typed="y\n"):
    given_back()
    answer = CliRunner().invoke(main, ["archive", "tidy", *words], input=typed)
    assert answer.exit_code == 0, answer.output
    return answer.output


def kept(case, content):
    name = papers.keep(case, content)
    db.session.commit()
    return name


def test_a_case_whose_papers_are_all_there_is_well(case, settings):
    said = check_papers(settings)
    assert (said.grade, said.says) == (Grade.WELL, "1 paper: each that a case speaks of, and no other.")


def test_a_paper_that_is_missing_is_wrong_and_the_way_back_is_said(case, settings):
    [name] = papers.names_of(case)
    papers.remove(case, name)
    db.session.commit()
    said = check_papers(settings)
    assert said.grade is Grade.WRONG
    assert "1 paper of which the cases speak cannot be found" in said.says
    assert "casework restore" in said.mend


def test_a_paper_that_was_cut_or_overwritten_is_wrong_and_named_with_its_case(case, settings):
    [name] = current_instance().archive.names()
    current_instance().archive.write_sealed(name, b"5 bytes")
    db.session.commit()
    said = check_papers(settings)
    assert said.grade is Grade.WRONG
    assert f"1 paper cannot be opened, cut short or overwritten: {case.reference} ({name})." in said.says
    assert "A scan that somebody sends again is written anew. Bring a backup back" in said.mend


def test_a_paper_that_lies_in_another_place_still_is_not_lost(case, settings, kind):
    other = PLACES[PLACES.index(kind) - 1]
    said = check_papers(settings_for(settings.instance, archive_store=other))
    assert said.grade is Grade.WRONG
    assert f"1 of them lie in the {kind}: casework archive move --from {kind} --to {other}" == said.mend


def test_what_no_case_speaks_of_is_counted_and_changes_nothing_else(case, organiser, settings):
    kept(case, b"left by a letter that stopped")
    erased = make_case(organiser, home())
    kept(erased, b"of a case whose key is gone")
    papers.destroy_key(erased)
    db.session.commit()
    said = check_papers(settings)
    assert (said.grade, said.mend) == (Grade.LOOK, "casework archive tidy")
    assert "2 more that no case speaks of. 1 of them can be read with the key of a case." in said.says


@pytest.mark.sqlcipher
def test_what_no_case_speaks_of_goes_on_command_once_it_lay_there_for_a_day(
    case, settings, kind, monkeypatch
):
    [named] = papers.names_of(case)
    reference, old = case.reference, kept(case, b"left by an import that was killed")
    assert "0 of them were there a day ago" in tidy("--remove")
    in_a_day(monkeypatch)
    case = db.session.scalars(select(Case).where(Case.reference == reference)).one()
    new = kept(case, b"of a form that is open now")
    assert "casework archive tidy --remove" in tidy()
    assert f"Papers taken away from the {kind}: 1" in tidy("--remove")
    case = db.session.scalars(select(Case).where(Case.reference == reference)).one()
    assert not papers.is_kept(case, old)
    assert papers.is_kept(case, new)
    assert papers.is_kept(case, named)
    assert "2 papers" not in check_papers(settings).says


@pytest.mark.sqlcipher
def test_one_that_was_kept_anew_meanwhile_waits_another_day(case, settings, monkeypatch):
    reference, old = case.reference, kept(case, b"a scan that somebody sends again")
    tidy()
    in_a_day(monkeypatch)
    case = db.session.scalars(select(Case).where(Case.reference == reference)).one()
    papers.remove(case, old)
    kept(case, b"a scan that somebody sends again")
    assert "0 of them were there a day ago" in tidy("--remove")


@pytest.mark.sqlcipher
def test_nothing_goes_while_somebody_is_about_to_speak_of_it(case, settings, monkeypatch):
    """A paper is whole in its place before its row is saved, and its program holds a connection until it is."""
    old = kept(case, b"about to be named")
    tidy()
    in_a_day(monkeypatch)
    monkeypatch.setattr(gate, "WAITS_FOR_OTHERS", 0.2)
    case = db.session.scalars(select(Case)).first()
    papers.keep(case, b"about to be named")
    with pytest.raises(SettingsError, match="busy all the time"):
        unnamed_papers.take_away(settings, settings.archive_store)
    assert papers.is_kept(case, old)


def test_other_people_s_things_in_the_same_place_are_none_of_ours(case, settings, kind):
    if kind == "folder":
        (settings.instance / "archive" / "photos").mkdir()
        (settings.instance / "archive" / "photos" / "holiday.jpg").write_bytes(b"of somebody")
    assert check_papers(settings).grade is Grade.WELL


@pytest.mark.postgresql
def test_on_postgresql_it_goes_while_nobody_else_is_in_the_database(tmp_path, pytestconfig, monkeypatch):
    folder = tmp_path / "instance"
    folder.mkdir()
    address = make_database(pytestconfig.getoption("--postgresql"), "tidy")
    (folder / "settings.toml").write_text(f'database_url = "{address}"\narchive_store = "database"\n')
    monkeypatch.setenv("CASEWORK_INSTANCE", str(folder))
    with create_app(settings_for(folder)).app_context():
        kept(make_case(make_user(), home()), b"left behind")
        tidy()
        in_a_day(monkeypatch)
        db.session.execute(select(Case.id))
        refused = CliRunner().invoke(main, ["archive", "tidy", "--remove"], input="y\n")
        assert (refused.exit_code, "Stop Casework" in refused.output) == (1, True), refused.output
        assert "Papers taken away from the database: 1" in tidy("--remove")
        assert current_instance().archive.names() == set()
        given_back()
