"""The papers that lie in a place, held against those of which rows speak: what is missing, and what nobody names.

A stopped import, a form that nobody sent again or a move between two places leaves papers that no row names. Those of
a living case can still be read with its key. They go on command alone, and only those that lay there a day ago in the
very same bytes: by then no form that is open waits for them.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from casework import clock
from casework.services.letters import papers
from casework.settings import STORES, Settings
from casework.storage import case_keys, hosted_key
from casework.storage.archive import Store
from casework.storage.bare import bare_engine
from casework.storage.case_keys import PaperKey
from casework.storage.database import db
from casework.storage.database_store import DatabaseStore
from casework.storage.encryption import Keys, read_keys
from casework.storage.gate import Gate, changing_alone
from casework.storage.instance import current_instance
from casework.storage.models import Case, CaseKey
from casework.storage.stores import store_of
from casework.storage.whole_files import write_whole

SEEN = ".unnamed-papers"
WAITS = timedelta(days=1)
# What lies there under a name of another form is not ours: others may use the same storage.
_OURS = re.compile(r"[0-9a-f]{32}/[0-9a-f]{64}")


@dataclass(frozen=True)
class Compared:
    """Names of papers: of rows without their paper, or with one that was cut or overwritten, each with the reference
    of its case; of papers without a row, in a living case, or in none.
    """

    missing: frozenset[str]
    damaged: dict[str, str]
    unnamed: frozenset[str]
    unreadable: frozenset[str]


@dataclass(frozen=True)
class Place:
    """A place, what lies in it, and how that compares."""

    kind: str
    there: frozenset[str]
    found: Compared


@dataclass(frozen=True)
class Noted:
    """What was found in a place, and which of it nobody named a day ago either."""

    found: Compared
    old: frozenset[str]


def compare(
    connection: Connection, keys: Keys, sizes: dict[str, int], *, others_too: bool = False
) -> Compared:
    """Hold what lies in a place against every row of this database, of whichever group. It changes nothing.

    Nothing is opened: a damaged paper is found by its size alone. `others_too` says that another instance may keep its
    papers there: what is in no case of this one is not ours.
    """
    there = set(sizes)
    named: set[str] = set()
    folders: set[str] = set()
    damaged: dict[str, str] = {}
    of_cases = select(CaseKey.case_id, CaseKey.folder, CaseKey.wrapped, Case.reference).outerjoin(Case)
    for row in connection.execute(of_cases).all():
        key = PaperKey.of(row.folder, case_keys.unwrap(keys.archive, row.folder, row.wrapped))
        folders.add(row.folder)
        of_case = {key.place_of(name) for name in papers.names_by(connection, row.case_id)}
        named |= of_case
        damaged |= {name: row.reference for name in of_case & there if not key.may_be(sizes[name])}
    without_row = {name for name in there - named if _OURS.fullmatch(name)}
    in_a_case = {name for name in without_row if name.split("/")[0] in folders}
    without_row = in_a_case if others_too else without_row
    return Compared(
        frozenset(named - there), damaged, frozenset(in_a_case), frozenset(without_row - in_a_case)
    )


def places(settings: Settings) -> list[str]:
    """The kinds of place that papers of this instance may lie in: first the one of today."""
    others = [
        kind for kind in STORES if kind != settings.archive_store and (kind != "s3" or settings.s3_bucket)
    ]
    return [settings.archive_store, *others]


def place(settings: Settings, kind: str, connection: Connection) -> Store:
    """The place of this kind, without the application: papers in the database come by this connection."""
    return DatabaseStore(Session(connection)) if kind == "database" else store_of(settings, kind)


def look(settings: Settings, missing_before: frozenset[str] | None = None) -> list[Place]:
    """What lies in each place, the one of today first. Of what is missing, that which was missing before.

    Raises OSError where a place cannot be reached.
    """
    engine = bare_engine(settings)
    assert engine is not None
    found = []
    with engine.connect() as connection:
        for kind in places(settings):
            there = place(settings, kind, connection).sizes()
            compared = compare(connection, read_keys(settings.key_file), there, others_too=kind == "s3")
            if missing_before is not None:
                compared = replace(compared, missing=compared.missing & missing_before)
            ours = frozenset(name for name in there if _OURS.fullmatch(name))
            found.append(Place(kind, ours, compared))
    return found


def missing_now() -> int:
    """How many papers of which the cases speak are not where they should be; 0 where that cannot be told."""
    instance = current_instance()
    try:
        there = instance.archive.sizes()
    except OSError:
        return 0
    return len(compare(db.session.connection(), instance.keys, there).missing)


def note(settings: Settings, connection: Connection, kind: str) -> Noted:
    """Note what nobody names in this place, so that it may go a day later; what there is, and what may go by now."""
    store, before = place(settings, kind, connection), _seen(settings, kind)
    found = compare(connection, read_keys(settings.key_file), store.sizes(), others_too=kind == "s3")
    seen: dict[str, list[str]] = {}
    for name in found.unnamed | found.unreadable:
        with suppress(FileNotFoundError):  # somebody erased it meanwhile
            content, now = sha256(store.read_sealed(name)).hexdigest(), clock.now()
            was, since = before.get(name, ["", ""])
            seen[name] = [content, since if was == content else now.isoformat()]
    _keep_seen(settings, kind, seen)
    old = {name for name, (_, since) in seen.items() if clock.now() - datetime.fromisoformat(since) >= WAITS}
    return Noted(found, frozenset(old))


def take_away(settings: Settings, kind: str) -> int:
    """Take away what nobody names and nobody named a day ago, while nobody else is in the database; how many it was.

    Whoever keeps a paper holds a connection from before it is written until a row speaks of it or never will. So
    nothing is on its way to be named now. Raises SettingsError where others stay inside.
    """
    with _alone(settings) as connection:
        old = note(settings, connection, kind).old
        store = place(settings, kind, connection)
        for name in old:
            store.remove(name)
        return len(old)


@contextmanager
def _alone(settings: Settings) -> Iterator[Connection]:
    if settings.database:
        with hosted_key.alone_in(settings) as connection:
            yield connection
        return
    engine = bare_engine(settings)
    assert engine is not None
    with changing_alone(settings.instance), Gate(settings.instance).shut(), engine.begin() as connection:
        yield connection


def _seen(settings: Settings, kind: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = _all_seen(settings).get(kind, {})
    return found


def _all_seen(settings: Settings) -> dict[str, Any]:
    try:
        found = json.loads((settings.instance / SEEN).read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _keep_seen(settings: Settings, kind: str, seen: dict[str, list[str]]) -> None:
    write_whole(settings.instance / SEEN, json.dumps({**_all_seen(settings), kind: seen}).encode())
