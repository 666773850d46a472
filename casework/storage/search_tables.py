"""The parts of search that the database keeps by itself: triggers on every table in which is searched, and the index.

A trigger sees every change, whatever makes it: a page, an import, a case that moves, a backup that is brought back, a
cascade. It takes the old words away in the same transaction, and puts down which row has to be read anew; so search
never holds what its row no longer says, and an erased row leaves no word. `services/case/search_index.py` reads them.

The index is FTS5 in the encrypted file, and tsvector on PostgreSQL. Both are made anew with every change of the tables.
"""

from sqlalchemy import Connection

from casework.storage.searched import SOURCES, Searched

# ruff: noqa: S608 - all names in this SQL are our own
# Tables that are made from the others: they are not carried over, and made again there.
REMADE = frozenset({"search_entries", "search_waiting"})
INDEX = "search_index"
_FORGET = "DELETE FROM search_entries WHERE source = '{table}' AND row_id = OLD.id"
_WAIT = "INSERT INTO search_waiting (source, row_id) VALUES ('{table}', NEW.id) ON CONFLICT DO NOTHING"
_FORGET_BY = (
    "DELETE FROM search_entries WHERE source = '{table}' AND row_id IN "
    "(SELECT id FROM {table} WHERE {way} = NEW.id)"
)
_WAIT_BY = (
    "INSERT INTO search_waiting (source, row_id) SELECT '{table}', id FROM {table} WHERE {way} = NEW.id "
    "ON CONFLICT DO NOTHING"
)
_MOVE = "UPDATE search_entries SET group_id = NEW.group_id WHERE case_id = NEW.id"


def make_anew(connection: Connection) -> None:
    """Make triggers and index as the tables are now, and have every row wait to be read."""
    take_down(connection)
    connection.exec_driver_sql("DELETE FROM search_entries")  # before the index watches it
    for step in _of_postgres() if connection.dialect.name == "postgresql" else _of_sqlite():
        connection.exec_driver_sql(step)
    read_all_anew(connection)


def take_down(connection: Connection) -> None:
    """Take the triggers away, which would keep tables from being changed, until `make_anew`."""
    if connection.dialect.name == "postgresql":
        of_ours = (
            "SELECT tgname, tgrelid::regclass FROM pg_trigger "
            "WHERE NOT tgisinternal AND starts_with(tgname, 'search_')"
        )
        for name, table in connection.exec_driver_sql(of_ours).all():
            connection.exec_driver_sql(f"DROP TRIGGER {name} ON {table}")
    else:
        of_ours = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'search^_%' ESCAPE '^'"
        for (name,) in connection.exec_driver_sql(of_ours).all():
            connection.exec_driver_sql(f"DROP TRIGGER {name}")


def read_all_anew(connection: Connection) -> None:
    """Forget all that search keeps, and have every row wait to be read."""
    connection.exec_driver_sql("DELETE FROM search_entries")
    connection.exec_driver_sql("DELETE FROM search_waiting")
    for one in SOURCES:
        connection.exec_driver_sql(
            f"INSERT INTO search_waiting (source, row_id) SELECT '{one.table}', id FROM {one.table}"
        )


def write_index_anew(connection: Connection) -> None:
    """Have the index hold nothing but the words of today: a deleted word may stand in it as a signpost."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"INSERT INTO {INDEX} ({INDEX}) VALUES ('rebuild')")


def _of_sqlite() -> list[str]:
    steps = [
        f"DROP TABLE IF EXISTS {INDEX}",
        # The words lie in search_entries alone; the index says only in which of them each stands.
        f"CREATE VIRTUAL TABLE {INDEX} USING fts5(words, content='search_entries', content_rowid='id', detail=none, "
        "tokenize='ascii')",
        f"INSERT INTO {INDEX} ({INDEX}, rank) VALUES ('secure-delete', 1)",
        _trigger(
            "entry_in",
            "INSERT",
            "search_entries",
            f"INSERT INTO {INDEX} (rowid, words) VALUES (NEW.id, NEW.words)",
        ),
        _trigger(
            "entry_out",
            "DELETE",
            "search_entries",
            f"INSERT INTO {INDEX} ({INDEX}, rowid, words) VALUES ('delete', OLD.id, OLD.words)",
        ),
        _trigger("moved", "UPDATE OF group_id", "cases", _MOVE),
    ]
    for one in SOURCES:
        forget, wait = _FORGET.format(table=one.table), _WAIT.format(table=one.table)
        no_longer = f"DELETE FROM search_waiting WHERE source = '{one.table}' AND row_id = OLD.id"
        steps += [
            _trigger(f"{one.table}_new", "INSERT", one.table, wait),
            _trigger(f"{one.table}_changed", f"UPDATE OF {_columns(one.watched)}", one.table, forget, wait),
            _trigger(f"{one.table}_gone", "DELETE", one.table, forget, no_longer),
        ]
        steps += [
            _trigger(f"{one.table}_by_{other}", f"UPDATE OF {_columns(columns)}", other, *_by(one, way))
            for other, way, columns in one.leads_to
        ]
    return steps


def _trigger(name: str, when: str, table: str, *steps: str) -> str:
    return f"CREATE TRIGGER search_{name} AFTER {when} ON {table} BEGIN {'; '.join(steps)}; END"


def _by(one: Searched, way: str) -> tuple[str, str]:
    return _FORGET_BY.format(table=one.table, way=way), _WAIT_BY.format(table=one.table, way=way)


def _columns(names: list[str] | tuple[str, ...]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _of_postgres() -> list[str]:
    steps = [
        # Whoever reads a row for search holds its place among those that wait: the words are taken away after that.
        "CREATE OR REPLACE FUNCTION search_watches() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF TG_OP = 'DELETE' THEN "
        "DELETE FROM search_waiting WHERE source = TG_TABLE_NAME AND row_id = OLD.id; END IF; "
        "IF TG_OP <> 'INSERT' THEN "
        "DELETE FROM search_entries WHERE source = TG_TABLE_NAME AND row_id = OLD.id; END IF; "
        "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; "
        "INSERT INTO search_waiting (source, row_id) VALUES (TG_TABLE_NAME, NEW.id) ON CONFLICT DO NOTHING; "
        "RETURN NEW; END $$",
        *_made("moved", "AFTER UPDATE OF group_id", "cases", _MOVE),
    ]
    for one in SOURCES:
        steps.append(
            f"CREATE OR REPLACE TRIGGER search_{one.table} AFTER INSERT OR DELETE OR UPDATE OF {_columns(one.watched)} "
            f"ON {one.table} FOR EACH ROW EXECUTE FUNCTION search_watches()"
        )
        for other, way, columns in one.leads_to:
            when = f"AFTER UPDATE OF {_columns(columns)}"
            steps += _made(f"{one.table}_by_{other}", when, other, *_by(one, way))
    steps.append(
        "CREATE INDEX IF NOT EXISTS search_index_words ON search_entries "
        "USING gin (array_to_tsvector(string_to_array(words, ' ')))"
    )
    return steps


def _made(name: str, when: str, table: str, *steps: str) -> list[str]:
    """A trigger with a function of its own."""
    return [
        f"CREATE OR REPLACE FUNCTION search_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"{'; '.join(steps)}; RETURN NEW; END $$",
        f"CREATE OR REPLACE TRIGGER search_{name} {when} ON {table} FOR EACH ROW EXECUTE FUNCTION search_{name}()",
    ]
