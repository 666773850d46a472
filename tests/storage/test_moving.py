"""Everything can be carried from one database to another, and nothing is lost or changed on the way."""

import shutil

import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine, select, text

from casework import clock
from casework.app import create_app
from casework.cli import main
from casework.domain.errors import CaseworkError
from casework.services.campaign import supporters
from casework.services.case import cases
from casework.services.safety import audit
from casework.storage.database import db, engine_options
from casework.storage.encryption import read_keys
from casework.storage.models import AuditEvent, Batch, BatchShape, Case, CaseNote, Correspondence, User
from casework.storage.moving import fingerprints, move
from tests.conftest import settings_for
from tests.databases import make_database
from tests.factories import add_note, home, make_case

BYTES = bytes(range(256)) * 30


@pytest.fixture
def target(empty_instance, tmp_path):
    """An encrypted database with all tables and nothing in them, of another key than ours."""
    shutil.copytree(empty_instance, tmp_path / "target")
    engine = create_engine("sqlite://", **options(tmp_path / "target"))
    yield engine
    engine.dispose()


def options(folder):
    return engine_options(folder / "casework.db", read_keys(folder / "key").database)


@pytest.fixture
def case(organiser) -> Case:
    """A case with more rows than are copied at once, one that answers a later one, bytes, and a text of every kind."""
    case = make_case(organiser, home(), name="Šamira 🧡 Ahmadi")
    for number in range(510):
        db.session.add(CaseNote(case=case, text=f"Note {number}", at=clock.now(), author_id=organiser.id))
    supporters.add_supporter(case, organiser, name="Łukasz", postcode="S1 2HH")
    facts = {
        "case_id": case.id,
        "kind": "other_in",
        "recorded_at": clock.now(),
        "recorded_by_id": organiser.id,
    }
    first, second = Correspondence(**facts), Correspondence(**facts)
    db.session.add_all([first, second])
    db.session.flush()
    first.answers_id = second.id
    batch = Batch(
        case_id=case.id, template="x", template_sha256="0" * 64, state="done", order_by="surname", told=["name"],
        dated=clock.today(), made_at=clock.now(), made_by_id=organiser.id,
    )  # fmt: skip
    db.session.add(batch)
    db.session.flush()
    db.session.add(BatchShape(batch_id=batch.id, key="k", exemplar=BYTES))
    db.session.commit()
    return case


def test_every_row_arrives_the_same_and_goes_on_counting(case, target):
    said: dict[str, int] = {}
    moved = move(db.engine, target, said.__setitem__)
    assert moved.rows == sum(said.values()) > 520
    assert said["case_notes"] == 510
    with target.begin() as connection:
        assert fingerprints(connection) == moved.tables
        assert connection.execute(select(BatchShape.__table__.c.exemplar)).scalar() == BYTES
        assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
        key = connection.execute(CaseNote.__table__.insert().values(
            case_id=case.id, at=clock.now(), author_id=1, text="the next"
        )).inserted_primary_key  # fmt: skip
        assert key[0] == 511


def test_a_database_that_holds_something_is_not_written_over(case, target):
    move(db.engine, target)
    with pytest.raises(CaseworkError, match="something in the other database already"):
        move(db.engine, target)


def test_a_move_that_is_interrupted_leaves_nothing_and_can_be_done_again(case, target):
    def stop(table: str, rows: int) -> None:
        if table == "case_notes":
            raise KeyboardInterrupt

    with target.connect() as connection:
        before = [one.rows for one in fingerprints(connection).values()]
    with pytest.raises(KeyboardInterrupt):
        move(db.engine, target, stop)
    with target.connect() as connection:
        assert sum(one.rows for one in fingerprints(connection).values()) == sum(before)
    move(db.engine, target)


def test_what_arrives_otherwise_than_it_left_is_noticed_and_nothing_is_kept(case, target):
    with target.begin() as connection:
        connection.execute(
            text(
                "CREATE TRIGGER alter_it AFTER INSERT ON cases BEGIN UPDATE cases SET nationality = 'x' "
                "WHERE id = new.id; END"
            )
        )
    with pytest.raises(CaseworkError, match="nothing was kept: cases"):
        move(db.engine, target)
    with target.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM cases")).scalar() == 0


def test_databases_of_two_versions_are_not_mixed(case, target):
    with target.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0004'"))
    with pytest.raises(CaseworkError, match="different tables"):
        move(db.engine, target)


def move_to(target: str, status: int = 0) -> str:
    answer = CliRunner().invoke(main, ["move", "--to", target])
    assert answer.exit_code == status, answer.output
    return answer.output


def what_is_there(folder) -> tuple[dict[str, object], list[str]]:
    """The fingerprints of what people wrote, and what was done to the whole, after a start on this folder."""
    with create_app(settings_for(folder), count_anew=False).app_context():
        assert audit.verify().broken == ()
        with db.engine.connect() as connection:
            found = fingerprints(connection)
            moves = connection.scalars(
                select(AuditEvent.__table__.c.action).where(AuditEvent.action == "database moved")
            ).all()
        assert cases.case_on_this_machine("C-1").person_name == "Šamira 🧡 Ahmadi"
        add_note(
            cases.case_on_this_machine("C-1"), "The next number is free.", db.session.query(User).first()
        )
        db.session.remove()
        db.engine.dispose()
    return {name: found[name] for name in ("cases", "supporters", "batch_shapes", "users")}, moves


@pytest.mark.postgresql
def test_all_of_it_goes_to_the_encrypted_file_and_to_postgresql_again(
    case, instance, monkeypatch, pytestconfig
):
    monkeypatch.setenv("CASEWORK_INSTANCE", str(instance))
    before, _ = what_is_there(instance)
    said = move_to("file")
    assert "every table is the same there" in said
    assert "something in the other database already" in move_to("file", status=1)
    (instance / "settings.toml").unlink()
    assert what_is_there(instance) == (before, ["database moved"])

    address = make_database(pytestconfig.getoption("--postgresql"), "again")
    assert "casework@" not in move_to(address)
    assert "something in the other database already" in move_to(address, status=1)
    (instance / "settings.toml").write_text(f'database_url = "{address}"\n')
    assert what_is_there(instance) == (before, ["database moved"] * 2)
