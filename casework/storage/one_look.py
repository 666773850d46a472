"""What a page that only looks reads once: the same list of a case is not asked for anew, and no empty table is asked.

Most cases have no rows in most of the tables that their page shows, and one question tells which. Nothing is kept
outside `one_look`, and nothing in it that was read before the session wrote something or gave it up.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, wraps
from typing import Any, TypeVar, cast

from sqlalchemy import TextClause, event, text
from sqlalchemy.orm import ORMExecuteState, Session

from casework.storage.asking import now_asking
from casework.storage.database import db

Key = tuple[Any, ...]
ONLY_LOOKS = {"only_looks": True}  # of words in SQL nobody else knows whether they write
Reader = TypeVar("Reader", bound=Callable[..., Any])  # its first argument is a case
_read: ContextVar[dict[Key, Any] | None] = ContextVar("casework_read", default=None)
_tables: set[str] = set()  # those that `none_without` names


@contextmanager
def one_look() -> Iterator[None]:
    """While it lasts, what `read_once` and `none_without` stand above reads each case once; one in another is one."""
    if _read.get() is not None:
        yield
        return
    token = _read.set({})
    try:
        yield
    finally:
        _read.reset(token)


def read_once(read: Reader) -> Reader:
    """Have this list of a case read once in a look. Each who asks is given a list of their own."""

    @wraps(read)
    def reader(case: Any) -> Any:
        return list(_once((read, case.id, now_asking()), lambda: read(case)))

    return cast(Reader, reader)


def none_without(row: type[Any], none: Callable[[], Any] = list) -> Callable[[Reader], Reader]:
    """Have what is read of a case answer `none()` in a look, without a question, where the case has no such `row`."""
    ask_about(row)

    def around(read: Reader) -> Reader:
        @wraps(read)
        def reader(case: Any, *args: Any, **more: Any) -> Any:
            return none() if has_none(case, row) else read(case, *args, **more)

        return cast(Reader, reader)

    return around


def ask_about(*rows: type[Any]) -> None:
    """Have `has_none` know of these kinds of row, which hang on a case."""
    _tables.update(row.__tablename__ for row in rows)
    _of_all.cache_clear()


def has_none(case: Any, row: type[Any]) -> bool:
    """Whether this look knows that the case has no such row, hidden ones too. `ask_about` it before."""
    assert row.__tablename__ in _tables, row
    if _read.get() is None:
        return False
    return row.__tablename__ not in _once(("tables", case.id, len(_tables)), lambda: _tables_of(case.id))


def _once(key: Key, read: Callable[[], Any]) -> Any:
    kept = _read.get()
    if kept is None:
        return read()
    if db.session.new or db.session.dirty or db.session.deleted:
        kept.clear()  # a question would save it first
        return read()
    try:
        return kept[key]
    except KeyError:
        found = kept[key] = read()
        return found


def _tables_of(case_id: int) -> frozenset[str]:
    row = db.session.execute(_of_all(), {"case_id": case_id}, execution_options=ONLY_LOOKS).one()
    return frozenset(name for name, there in row._mapping.items() if there)


@cache
def _of_all() -> TextClause:
    # The names are those of our own tables.
    asked = (f"EXISTS (SELECT 1 FROM {one} WHERE case_id = :case_id) AS {one}" for one in sorted(_tables))  # noqa: S608
    return text(f"SELECT {', '.join(asked)}")


@event.listens_for(Session, "after_flush")
@event.listens_for(Session, "after_soft_rollback")
def _forget(*_: Any) -> None:
    if kept := _read.get():
        kept.clear()


@event.listens_for(Session, "do_orm_execute")
def _forget_what_is_changed(asked: ORMExecuteState) -> None:
    if not asked.is_select and not asked.execution_options.get("only_looks"):
        _forget()
