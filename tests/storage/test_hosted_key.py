"""A new key for a database on PostgreSQL: while nobody is in it, whole or not at all."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from casework.app import create_app
from casework.cli import main
from casework.domain.errors import SettingsError
from casework.services.letters import papers
from casework.services.safety import audit
from casework.storage import hosted_key, key_change, key_ring
from casework.storage.database import db
from casework.storage.models import AuditEvent, Case
from tests.conftest import settings_for
from tests.databases import make_database
from tests.factories import make_case, make_user

pytestmark = pytest.mark.postgresql
PAPER = b"%PDF a letter"


class PowerCut(BaseException):
    """The machine stops: nothing is tidied up."""


@pytest.fixture
def folder(tmp_path, pytestconfig):
    """An instance on a database of its own, with a case and a paper of it. Nobody is connected."""
    folder = tmp_path / "instance"
    folder.mkdir()
    address = make_database(pytestconfig.getoption("--postgresql"), "key")
    (folder / "settings.toml").write_text(f'database_url = "{address}"\n')
    with create_app(settings_for(folder)).app_context():
        papers.keep(make_case(make_user(), name="Samira"), PAPER)
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return folder


def reads_its_paper(folder: Path, told: int) -> bool:
    """Whether everything can be read and proved after a start, and the trail says so often that the key changed."""
    with create_app(settings_for(folder), count_anew=False).app_context():
        case = db.session.scalars(select(Case)).one()
        name = papers.keep(case, PAPER)
        read = papers.read(case, name) == PAPER and audit.verify().broken == ()
        changes = db.session.scalars(select(AuditEvent.id).where(AuditEvent.action == "key changed")).all()
        db.session.remove()
        db.engine.dispose()
    return read and len(changes) == told


def test_everything_goes_on_under_the_new_key_and_the_old_one_opens_nothing(folder, monkeypatch):
    monkeypatch.setenv("CASEWORK_INSTANCE", str(folder))
    old = (folder / "key").read_bytes()
    running = create_app(settings_for(folder), count_anew=False)
    refused = CliRunner().invoke(main, ["key", "rotate"])
    assert (refused.exit_code, "Stop Casework" in refused.output) == (1, True)
    assert (folder / "key").read_bytes() == old
    with running.app_context():
        db.session.remove()
        db.engine.dispose()
    done = CliRunner().invoke(main, ["key", "rotate"])
    assert (done.exit_code, "The key is changed" in done.output) == (0, True), done.output
    assert not (folder / "key.next").exists()
    assert reads_its_paper(folder, told=1)
    # A program that slept all the while is let in no more, and writes nothing under a key that is gone.
    with running.app_context(), pytest.raises(SettingsError, match="changed while this program ran"):
        db.session.scalars(select(Case)).all()
    (folder / "key").write_bytes(old)
    with pytest.raises(SettingsError, match="goes by another key"):
        create_app(settings_for(folder))


@pytest.mark.parametrize("last_step", ["the next key is written", "the database goes by the new key"])
def test_a_machine_that_stops_on_the_way_leaves_what_opens(folder, last_step):
    def step(name: str) -> None:
        if name == last_step:
            raise PowerCut

    old = (folder / "key").read_bytes()
    settings = settings_for(folder)
    with pytest.raises(PowerCut):
        hosted_key.rotate(settings, None, step)
    key_ring.forget()
    assert (folder / "key").read_bytes() == old
    assert (folder / "key.next").exists()
    away = settings_for(folder, database_url="postgresql+psycopg://nobody:secret@127.0.0.1:1/casework")
    with pytest.raises(SettingsError, match="Keep both"):
        create_app(away)
    assert reads_its_paper(folder, told=last_step.startswith("the database"))
    assert not [*folder.glob("key.next"), *folder.glob(key_change.UNTOLD)]
    assert ((folder / "key").read_bytes() == old) == (last_step == "the next key is written")
