"""What an older Casework kept is still there after its tables were brought to those of today."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, text

from casework.storage.migrate import known_revisions, newest_revision
from tests.older import counts, fill, upgrade_to


@pytest.fixture
def at_0003(tmp_path: Path):
    """An instance from before supporters had rooms of their own: Łukasz and Ada support one case, and Ada wrote."""
    engine = create_engine(f"sqlite:///{tmp_path / 'old.db'}")
    with engine.begin() as connection:
        connection.execute(text("PRAGMA foreign_keys=on"))
        upgrade_to(connection, "0003")
        for statement in (
            "INSERT INTO users (id, name, sign_in_name, role, active, session_key, created_at) "
            "VALUES (1, 'Ruth', 'ruth', 'organiser', 1, 'k', '2026-03-01 00:00:00')",
            "INSERT INTO cases (id, reference, version, opened_at, opened_by_id) "
            "VALUES (7, 'AAA-111', 1, '2026-03-01 00:00:00', 1)",
            "INSERT INTO supporters (id, case_id, name, postcode, connection, notice_given_on) "
            "VALUES (3, 7, 'Łukasz', 'S1 2HH', 'She lived two doors from us', '2026-03-02')",
            "INSERT INTO supporters (id, case_id, name) VALUES (4, 7, 'Ada')",
            "INSERT INTO letters (id, case_id, version, template, supporter_id, blocks, facts, drafted_at, "
            "drafted_by_id, saved_at) VALUES (9, 7, 1, 'supporter-to-own-mp', 4, '{}', '{}', '2026-03-03 00:00:00', 1, "
            "'2026-03-03 00:00:00')",
        ):
            connection.execute(text(statement))
    with engine.begin() as connection:
        connection.execute(text("PRAGMA foreign_keys=on"))
        yield connection


def test_supporters_keep_their_case_their_words_and_their_letters(at_0003: Connection) -> None:
    upgrade_to(at_0003, "head")
    signed_up = at_0003.execute(
        text(
            "SELECT case_id, supporter_id, joined_on, joined_how, how_known FROM sign_ups ORDER BY supporter_id"
        )
    ).all()
    assert signed_up[0] == (7, 3, "2026-03-02", "hand", "She lived two doors from us")
    assert signed_up[1][:2] == (7, 4)
    assert at_0003.execute(text("SELECT name, postcode FROM supporters WHERE id = 3")).one() == (
        "Łukasz",
        "S1 2HH",
    )
    assert at_0003.execute(text("SELECT supporter_id FROM letters WHERE id = 9")).scalar() == 4
    for table in ("users", "cases", "supporters"):  # all of it belongs to the one group that was there
        groups = at_0003.execute(text(f"SELECT DISTINCT group_id FROM {table}")).all()
        assert groups == at_0003.execute(text("SELECT id FROM groups")).all() == [(1,)]
    assert at_0003.execute(text("PRAGMA foreign_key_check")).all() == []


EARLIER = sorted(known_revisions() - {newest_revision()})


@pytest.fixture(scope="module")
def without_rows() -> Iterator[dict[str, sqlite3.Connection]]:
    """An empty database of each earlier version: what each went on from is made once."""
    engine = create_engine("sqlite://")
    made = {}
    for revision in EARLIER:
        with engine.begin() as connection:
            connection.execute(text("PRAGMA foreign_keys=on"))
            upgrade_to(connection, revision)
        with engine.connect() as connection:
            made[revision] = sqlite3.connect(":memory:")
            _raw(connection).backup(made[revision])
    yield made
    engine.dispose()
    for one in made.values():
        one.close()


def _raw(connection: Connection) -> sqlite3.Connection:
    raw = connection.connection.driver_connection
    assert isinstance(raw, sqlite3.Connection)
    return raw


@pytest.mark.parametrize("revision", EARLIER)
def test_no_row_of_any_table_is_lost_on_the_way_from_any_earlier_version(
    without_rows: dict[str, sqlite3.Connection], revision: str
) -> None:
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        without_rows[revision].backup(_raw(connection))
    with engine.begin() as connection:  # which looks at foreign keys from the next transaction on
        before = fill(connection)
        assert all(before.values()), "there is a row in every table"
        assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
    with engine.begin() as connection:
        connection.execute(text("PRAGMA foreign_keys=on"))
        upgrade_to(connection, "head")
        after = counts(connection)
        assert {name: number for name, number in before.items() if after[name] < number} == {}
        assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
        name = connection.execute(text("SELECT name FROM users")).scalar_one()
        assert name == "users name"
    engine.dispose()
