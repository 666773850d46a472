"""The databases on which the tests run: SQLCipher always, and PostgreSQL where there is one.

What a person can do, how it is kept and every command run on both. The tables of facts, the rules, paper and the
browser prove nothing more on a second database. Nor do most pages, which ask services that were met on both: what they
say and the errors of their forms are looked at on the first alone, and on both when everything is (`--thorough`).
Pages in `ON_BOTH` are about what a database does: locks, searching, sorting, paging, counting its queries, times, and
many rows at once.
"""

import secrets
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, NullPool, QueuePool, create_engine, event, text

from casework.storage import hosted
from casework.storage.database import Base
from casework.storage.search_tables import INDEX

SQLCIPHER, POSTGRESQL = "sqlcipher", "postgresql"
# Where another database could make no difference, and those that make paper after paper of a few rows.
FIRST_ALONE = ("domain", "faults", "house", "journeys", "pdf", "reference", "fuzz")
PAPERS = (
    "test_languages.py",
    "test_letter_kinds.py",
    "test_letter_wordings.py",
    "test_loading.py",
    "test_no_leak.py",
    "test_one_date.py",
    "test_packs.py",
    "test_scan_checks.py",
)
PAGES = "web"
ON_BOTH = (
    "test_audit.py",
    "test_autosave.py",
    "test_batches.py",
    "test_bins.py",
    "test_board.py",
    "test_case_list.py",
    "test_errors.py",
    "test_hostile_input.py",
    "test_locking.py",
    "test_queries.py",
    "test_roles.py",
    "test_scans.py",
    "test_search.py",
    "test_sessions.py",
    "test_since.py",
    "test_supporters.py",
)


def wanted(metafunc: pytest.Metafunc, address: str | None, *, thorough: bool) -> list[str]:
    """The databases for this test."""
    path = metafunc.definition.path
    folder = path.relative_to(Path(__file__).parent).parts[0]
    is_page_alone = folder == PAGES and path.name not in ON_BOTH and not thorough
    is_first_alone = folder in FIRST_ALONE or path.name in PAPERS or is_page_alone
    if metafunc.definition.get_closest_marker(POSTGRESQL):
        return [POSTGRESQL]
    if address is None or is_first_alone or metafunc.definition.get_closest_marker(SQLCIPHER):
        return [SQLCIPHER]
    return [SQLCIPHER, POSTGRESQL]


def is_of_the_models(name: str | None, kind: str, parents: object) -> bool:
    """Whether a table or an index is of a model: that of search is not, which the database keeps by itself."""
    return kind not in ("table", "index") or not (name or "").startswith(INDEX)


def make_database(server: str, what_for: str) -> str:
    """A new database on this server, and its address."""
    name = f"{what_for}_{secrets.token_hex(4)}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
    return server.replace("@/postgres?", f"@/{name}?")


class AsAtFirst:
    """Puts a database on PostgreSQL back to what it was when this was made, and keeps its tables.

    The server keeps the steps as a function, and this connection its plans of them: to plan a DELETE from each of a
    hundred tables anew for every test, of which a test filled ten, took most of what a small test takes.
    """

    def __init__(self, engine: Engine) -> None:
        names = [table.name for table in Base.metadata.sorted_tables]
        with engine.begin() as connection:
            full = [name for name in names if connection.scalar(text(f"SELECT count(*) FROM {name}"))]
            connection.execute(text("CREATE SCHEMA at_first"))
            for name in full:
                connection.execute(text(f"CREATE TABLE at_first.{name} AS TABLE {name}"))
            numbered = connection.scalars(text("SELECT relname FROM pg_class WHERE relkind = 'S'")).all()
            steps = [f"IF EXISTS (TABLE {name}) THEN DELETE FROM {name}; END IF" for name in reversed(names)]
            begin_anew = [name for name in numbered if name.rpartition("_id_seq")[0] not in full]
            steps += [
                f"IF (SELECT is_called OR last_value > 1 FROM {name}) THEN PERFORM setval('{name}', 1, false); END IF"
                for name in begin_anew
            ]
            steps += [f"INSERT INTO {name} SELECT * FROM at_first.{name}" for name in names if name in full]
            go_on = [name for name in full if f"{name}_id_seq" in numbered]
            steps += [f"PERFORM setval('{name}_id_seq', max(id)) FROM {name}" for name in go_on]
            body = f"$$BEGIN {'; '.join(steps)}; END$$"
            function = f"CREATE FUNCTION at_first.put_back() RETURNS void LANGUAGE plpgsql AS {body}"
            connection.exec_driver_sql(function)
        options = hosted.bare_options(engine.url.render_as_string(hide_password=False))
        # One connection that stays; one that a test had the server end is made anew.
        options |= {"poolclass": QueuePool, "pool_size": 1, "pool_pre_ping": True}
        self._engine = create_engine(engine.url, **options, isolation_level="AUTOCOMMIT")
        event.listen(self._engine, "connect", _without_triggers)

    def put_back(self) -> None:
        """Empty every table that is not empty, and fill those that were not at first."""
        with self._engine.connect() as connection:
            connection.exec_driver_sql("SELECT at_first.put_back()")

    def close(self) -> None:
        """Let go of the connection."""
        self._engine.dispose()


def _without_triggers(connection: Any, record: object) -> None:
    """The trail lets nothing be deleted, not even here, while its triggers stand guard."""
    connection.autocommit = True
    connection.execute("SET session_replication_role = replica")
