"""How the encrypted database is opened: SQLCipher with a raw key, one pool in a process."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import sqlcipher3.dbapi2 as sqlcipher
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Dialect, Index, MetaData, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, MappedColumn, mapped_column
from sqlalchemy.pool import QueuePool
from sqlalchemy.schema import DDL
from sqlalchemy.types import TypeDecorator

from casework import clock

BUSY_SECONDS = 10
# How many kinds of query stay worked out: more than the house has. To work one out takes longer than to ask it.
QUERIES_KEPT = 1500

# `synchronous=full` because what somebody was told is saved must survive a power cut; `temp_store=memory`
# because a temporary file would lie on the disk in clear; `secure_delete` because deleted means gone.
PRAGMAS = (
    "PRAGMA journal_mode=wal",
    "PRAGMA synchronous=full",
    "PRAGMA foreign_keys=on",
    "PRAGMA temp_store=memory",
    "PRAGMA secure_delete=on",
    "PRAGMA cache_size=-16384",
)


class Base(DeclarativeBase):
    """What every table shares: names for all constraints, so that migrations can alter them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base)


class Instant(TypeDecorator[datetime]):
    """An instant in UTC: stored without a zone, always read back with it."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


def last_change() -> MappedColumn[datetime]:
    """A column with the instant at which its row was last saved, whoever saved it."""
    return mapped_column(
        Instant,
        default=lambda: clock.now(),
        onupdate=lambda: clock.now(),
        server_default="2026-01-01 00:00:00.000000",  # of rows older than the column
    )


def index_of_open(name: str, *columns: str, empty: str) -> Index:
    """An index of the rows in which the column `empty` is still empty: of what is open, and of nothing older."""
    where = text(f"{empty} IS NULL")
    return Index(name, *columns, sqlite_where=where, postgresql_where=where)


def insert(table: Any) -> Any:
    """An INSERT that may say what happens on a conflict: SQLite and PostgreSQL say it in the same words."""
    return (postgresql if db.engine.dialect.name == "postgresql" else sqlite).insert(table)


def connect(path: Path, key: bytes) -> Any:
    """A connection to the encrypted database. The key goes by PRAGMA, so it is in no address and no log."""
    # SQLite gives the files beside it the mode of the database itself.
    if not path.exists():
        path.touch(mode=0o600)
    connection = sqlcipher.connect(str(path), timeout=BUSY_SECONDS, check_same_thread=False)
    # A wrong key is answered in words by whoever asked; SQLCipher's own lines on the terminal help nobody.
    connection.execute("PRAGMA cipher_log_level = NONE")
    connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    for pragma in PRAGMAS:
        connection.execute(pragma)
    return connection


def engine_options(path: Path, key: bytes) -> dict[str, Any]:
    """What Flask-SQLAlchemy needs to open this database."""
    creator: Callable[[], Any] = lambda: connect(path, key)  # noqa: E731
    return {
        # An error's text goes without what people typed.
        "hide_parameters": True,
        "module": sqlcipher,
        "creator": creator,
        "poolclass": QueuePool,
        "pool_size": 8,
        "max_overflow": 8,
        "pool_use_lifo": True,  # few connections in use, which have their pages at hand, rather than each in its turn
        "query_cache_size": QUERIES_KEPT,
        "json_deserializer": orjson.loads,
    }


# The trail of audit is append-only for the program itself, not only by good manners.
AUDIT_TRIGGERS = tuple(
    f"CREATE TRIGGER IF NOT EXISTS audit_events_no_{verb.lower()} BEFORE {verb} ON audit_events "
    "BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END"
    for verb in ("UPDATE", "DELETE")
)
AUDIT_TRIGGERS_OF_POSTGRES = (
    "CREATE OR REPLACE FUNCTION audit_events_stay() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'the audit trail is append-only' USING ERRCODE = '23000'; END $$",
    *(
        f"CREATE OR REPLACE TRIGGER audit_events_no_{verb.lower()} BEFORE {verb} ON audit_events "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_events_stay()"
        for verb in ("UPDATE", "DELETE", "TRUNCATE")
    ),
)


def protect_audit_table(table: Any) -> None:
    """Have the triggers made wherever the table is made."""
    for dialect, statements in (("sqlite", AUDIT_TRIGGERS), ("postgresql", AUDIT_TRIGGERS_OF_POSTGRES)):
        for statement in statements:
            event.listen(table, "after_create", DDL(statement).execute_if(dialect=dialect))
