"""What is different where the database is PostgreSQL: how it is opened, who writes, and what its errors mean.

The rules of Casework were proved on SQLite, where one transaction writes at a time. They hold here for the same reason:
whoever writes waits for the lock of the one who does, and gives it back by saving or giving up.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import orjson
import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Connection, Engine, NullPool, event, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.dml import UpdateBase

from casework.domain.errors import SettingsError
from casework.storage.database import QUERIES_KEPT
from casework.storage.tenants import LOOKS_OVER_ALL

BUSY_SECONDS = 10
_ONE_WRITER, _ONE_UPGRADE = 7_307_061, 7_307_062  # numbers of locks that nothing else in this database takes
_WRITES = "casework writes"
# `jit`: to compile a query costs a page more than it ever gains. `random_page_cost`: the rules of row-level security
# look up the case of each row; as if that cost the seek of a turning disk, hundreds of cases were read for each row.
# `plan_cache_mode`: to plan the statement of the board anew for each page took longer than to carry it out, and of the
# pages of a large instance alone; what it is asked with changes nothing in how it is best gone about.
_SESSION = (
    f"-c lock_timeout={BUSY_SECONDS}s -c timezone=UTC -c idle_in_transaction_session_timeout=10min -c jit=off"
    " -c random_page_cost=1.1 -c plan_cache_mode=force_generic_plan"
)
# What PostgreSQL says when it cannot save, by its codes, as reasons of `web.errors`.
_REASONS = {
    "53100": "full",
    "25006": "readonly",
    "40001": "locked",
    "40P01": "locked",
    "55P03": "locked",
    "57014": "locked",
}
# Too many connections, shut down, starting up, and every code of a connection that is lost.
_AWAY = ("53300", "57P", "08")


def is_postgres(bind: Any) -> bool:
    """Whether this engine, connection or session stands on PostgreSQL."""
    return bool(bind.dialect.name == "postgresql")


def engine_options(address: str) -> dict[str, Any]:
    """What Flask-SQLAlchemy needs to open the database at this address. Its password is in no error and no log."""
    try:
        import psycopg  # noqa: F401
    except ImportError:
        raise SettingsError(
            'For a database on PostgreSQL install what it needs: pip install "casework[hosting]"'
        ) from None
    given = make_url(address).query.get("options", "")
    return {
        "hide_parameters": True,
        "pool_size": 8,
        "max_overflow": 8,
        "pool_use_lifo": True,  # few connections in use, which know the plans, rather than each in its turn
        "query_cache_size": QUERIES_KEPT,
        "json_deserializer": orjson.loads,
        # A server that was started again is no error of the next person's page.
        "pool_pre_ping": True,
        "connect_args": {"options": f"{_SESSION} {given}".strip(), "connect_timeout": BUSY_SECONDS},
    }


def bare_options(address: str) -> dict[str, Any]:
    """What `create_engine` needs besides, for a look at the database without the application: over all groups."""
    asked = dict(engine_options(address)["connect_args"])
    asked["options"] = f"{asked['options']} {LOOKS_OVER_ALL}"
    return {"connect_args": asked, "poolclass": NullPool, "hide_parameters": True}


def keep_plans(engine: Engine) -> None:
    """Have the server plan a query once for each connection and not each time. Before the first connection."""
    from casework.storage import kept_plans  # psycopg, which is there only where a group is hosted so

    @event.listens_for(engine, "do_connect")
    def connect(dialect: Any, record: Any, given: list[Any], how: dict[str, Any]) -> Any:
        return kept_plans.connect(**how)


@contextmanager
def waiting_at_most(session: Any, seconds: float) -> Iterator[None]:
    """While it lasts, this session's next transaction waits no longer than so for whoever writes."""
    connection = session.connection()
    if is_postgres(connection):
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {round(seconds * 1000)}")
        yield
        return
    raw = connection.connection.driver_connection
    raw.execute(f"PRAGMA busy_timeout = {round(seconds * 1000)}")
    try:
        yield
    finally:
        with suppress(sqlcipher.ProgrammingError):  # a lock may have closed it once it was given back
            raw.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")


def let_one_write(engine: Engine) -> None:
    """Have each transaction take the writer's lock before the first statement that changes something."""

    @event.listens_for(engine, "before_execute")
    def take(connection: Connection, statement: Any, *rest: Any) -> None:
        if isinstance(statement, UpdateBase) and _WRITES not in connection.info:
            write_alone(connection)
            connection.info[_WRITES] = True

    def over(connection: Connection, *rest: Any) -> None:
        if not connection.invalidated:  # what was kept of one that was cut is gone with it
            connection.info.pop(_WRITES, None)

    for end in ("commit", "rollback", "rollback_savepoint"):
        event.listen(engine, end, over)

    @event.listens_for(engine, "checkin")
    def given_back(dbapi_connection: Any, record: Any) -> None:
        # Somebody let go of a connection without saving or giving up: the server forgot its lock, and so does this.
        record.info.pop(_WRITES, None)


def write_alone(connection: Connection) -> None:
    """Let nobody else write until this connection saves or gives up."""
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ONE_WRITER})")


@contextmanager
def upgrading_alone(connection: Connection) -> Iterator[None]:
    """While it lasts no other program, on whatever machine, makes the tables: the second waits for the first."""
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ONE_UPGRADE})")
    yield


def why_not_saved(error: DBAPIError) -> str | None:
    """Which reason of `web.errors` PostgreSQL gives for this; None when it is something else, and so a bug."""
    code = getattr(error.orig, "sqlstate", None)
    if error.connection_invalidated or (code is None and _is_lost(error)):
        return "away"
    if code is None:
        return None
    return "away" if code.startswith(_AWAY) else _REASONS.get(code)


def _is_lost(error: DBAPIError) -> bool:
    """Whether the server could not be reached at all: then there is no code."""
    return type(error.orig).__name__ == "OperationalError" and type(error.orig).__module__.startswith(
        "psycopg"
    )
