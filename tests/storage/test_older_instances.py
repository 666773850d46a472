"""What an older Casework kept is still there after its tables were brought to those of today."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import (
    JSON,
    Boolean,
    Connection,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    MetaData,
    create_engine,
    func,
    select,
    text,
)

from casework.storage.migrate import _config, known_revisions, newest_revision


@pytest.fixture
def at_0003(tmp_path: Path):
    """An instance from before supporters had rooms of their own: Łukasz and Ada support one case, and Ada wrote."""
    engine = create_engine(f"sqlite:///{tmp_path / 'old.db'}")
    with engine.begin() as connection:
        connection.execute(text("PRAGMA foreign_keys=on"))
        _upgrade(connection, "0003")
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


def _upgrade(connection: Connection, revision: str) -> None:
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def test_supporters_keep_their_case_their_words_and_their_letters(at_0003: Connection) -> None:
    _upgrade(at_0003, "head")
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
WAS = datetime(2026, 3, 1, 12, 30)


def _something(column: Any, table: str) -> Any:
    """A value that this column may hold."""
    kinds = (
        (Boolean, True),
        (Integer, 1),
        (DateTime, WAS),
        (Date, WAS.date()),
        (LargeBinary, b"\x00x"),
        (JSON, {}),
    )
    for kind, value in kinds:
        if isinstance(column.type, kind):
            return value
    return f"{table} {column.name}"[: getattr(column.type, "length", None) or 60]


def _fill(connection: Connection) -> dict[str, int]:
    """Put a row into every table that is there, and count the rows of each."""
    there = MetaData()
    there.reflect(connection)
    for table in there.sorted_tables:
        if table.name != "alembic_version" and connection.execute(select(table).limit(1)).first() is None:
            connection.execute(
                table.insert().values(
                    {
                        column.name: 1 if column.foreign_keys else _something(column, table.name)
                        for column in table.c
                    }
                )
            )
    return _counts(connection)


def _counts(connection: Connection) -> dict[str, int]:
    there = MetaData()
    there.reflect(connection)
    return {
        table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
        for table in there.sorted_tables
    }


@pytest.mark.parametrize("revision", EARLIER)
def test_no_row_of_any_table_is_lost_on_the_way_from_any_earlier_version(
    tmp_path: Path, revision: str
) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'old.db'}")
    with engine.begin() as connection:
        connection.execute(text("PRAGMA foreign_keys=on"))
        _upgrade(connection, revision)
        before = _fill(connection)
    with engine.begin() as connection:
        connection.execute(text("PRAGMA foreign_keys=on"))
        _upgrade(connection, "head")
        after = _counts(connection)
        assert {name: number for name, number in before.items() if after[name] < number} == {}
        assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
        name = connection.execute(text("SELECT name FROM users")).scalar_one()
        assert name == "users name"
    engine.dispose()
