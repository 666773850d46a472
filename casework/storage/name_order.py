"""By what people's names are put in order, in lists of Python and of SQL alike: as they sound to a reader of English.

Łukasz stands with L, Øystein with O, Đorđe with D and Şirin with S; capitals, accents and signs make no difference. In
PostgreSQL letters of other alphabets than the Latin one stand after Z, since it has no table for them; in SQLite, and
wherever a list is put in order by the program, they stand where their Latin spelling would.
"""

from typing import Any

from anyascii import anyascii
from sqlalchemy import Engine, String, event
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

IN_SQLITE = "casework_name_key"
# The Latin letters with marks, each with the first of what it is written with in English.
_MARKED = [
    sign
    for sign in map(chr, (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)))
    if sign.isalpha() and anyascii(sign)[:1].isalpha()
]
_FROM = "".join(_MARKED)
_TO = "".join(anyascii(sign)[0].lower() for sign in _MARKED)


def name_key(name: str) -> str:
    """What to put a name in order by."""
    plain = name if name.isascii() else anyascii(name)
    return "".join(sign for sign in plain.casefold() if sign.isalnum() or sign == " ")


class name_order(GenericFunction[str]):
    """The same of a column, for the order of a query."""

    type = String()
    inherit_cache = True
    name = "name_order"


@compiles(name_order, "sqlite")
def _in_sqlite(element: Any, compiler: Any, **how: Any) -> str:
    return f"{IN_SQLITE}({compiler.process(element.clauses, **how)})"


@compiles(name_order, "postgresql")
def _in_postgres(element: Any, compiler: Any, **how: Any) -> str:
    plain = f"lower(translate({compiler.process(element.clauses, **how)}, '{_FROM}', '{_TO}'))"
    return f"regexp_replace({plain}, '[^[:alnum:] ]', '', 'g') COLLATE \"C\""


@event.listens_for(Engine, "connect")
def _teach(connection: Any, _record: Any) -> None:
    """Let SQLite know the key: PostgreSQL has a way of its own."""
    if hasattr(connection, "create_function"):
        connection.create_function(IN_SQLITE, 1, lambda name: None if name is None else name_key(name))
