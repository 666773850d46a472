"""Pages at 2,000 and 20,000 cases on SQLCipher, plain SQLite and PostgreSQL, in one run.

Usage: python benchmarks/pages.py [--rounds N] [--folder FOLDER] [--small N] [--large N]. Makes the encrypted instances
as benchmarks/board.py does and copies their rows into the others; PostgreSQL is one of its own, with the settings of
the tests. All are asked in turn in one process. SQLite is judged by the processor's account of the thread, which
leaves out what other programs take; PostgreSQL works in processes of its own, so there the clock is compared with the
clock. Between the pages the processor does the same plain work each time: how much that spreads on this machine is
what the spread of a page is divided by. What a process of one application derives of keys is counted in a process of
its own. Then real servers on the large encrypted instance are asked over four connections, after looks that do not
count: the program's own, and the two processes that docs/hosting.md has for so many. Words are looked for in
benchmarks/search.py. Ends with status 1 when a goal is missed.
"""

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from statistics import median, quantiles
from threading import Thread
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher
from board import LARGE, SMALL, Instance, open_instance
from served import plain_work, serving
from sqlalchemy import Engine, insert, select, text

import casework.app
from casework.commands.serve import settle_memory
from casework.settings import load_settings
from casework.storage.database import PRAGMAS, Base, db
from casework.storage.instance import current_instance
from casework.storage.migrate import keep_key_mark
from casework.storage.models import User

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.databases import make_database
from tests.throwaway_postgres import programs, running

PAGES = (
    ("the board", "/dates"),
    ("this week", "/dates?when=week"),
    ("my dates", "/dates?whose=me"),
    ("the list of cases", "/cases"),
    ("a case", "/cases/C-21"),
    ("its dates", "/cases/C-21/dates"),
)
MOST_GROWTH, MOST_CIPHER, MOST_POSTGRES, MOST_SPREAD, MOST_SECONDS = 1.1, 1.1, 2.0, 1.3, 0.050
CIPHER, PLAIN, POSTGRES = "SQLCipher", "plain SQLite", "PostgreSQL"
PLAIN_WORK = "plain work"
CONNECTIONS = 4
PAUSE = (0.25, 0.75)  # seconds between two looks of one connection
WARM_UP_SECONDS = 15  # in which a server compiles its templates and statements
ENVIRON = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(Path(__file__).parents[1])}


def plain_options(path: Path, key: bytes) -> dict[str, Any]:
    """The same library with the same settings on a file without a key."""

    def connect() -> Any:
        connection = sqlcipher.connect(str(path), timeout=10, check_same_thread=False)
        for pragma in PRAGMAS:
            connection.execute(pragma)
        return connection

    return {"module": sqlcipher, "creator": connect, "pool_size": 8}


@contextmanager
def unencrypted() -> Iterator[None]:
    """Meanwhile an application opens its database without a key."""
    real, casework.app.engine_options = casework.app.engine_options, plain_options
    try:
        yield
    finally:
        casework.app.engine_options = real


def copied(source: Instance, folder: Path, address: str = "") -> Instance:
    """An instance with the same rows in another database, and the same people signed in."""
    folder.mkdir(parents=True, exist_ok=True)
    app = casework.app.create_app(load_settings({}, instance=folder, database_url=address or None))
    found = Instance(app, source.size)
    with source.app.app_context():
        engine = db.engine
    with app.app_context():
        if not db.session.query(User).count():
            copy_rows(engine, db.engine)
            if address:  # the key is another one than that of the first
                with db.engine.begin() as connection:
                    keep_key_mark(connection, current_instance())
        found.sign_in_everybody()
    return found


def copy_rows(source: Engine, target: Engine) -> None:
    """Every row of every table, and for PostgreSQL the numbers that come next."""
    is_postgres = target.dialect.name == "postgresql"
    with source.connect() as here, target.begin() as there:
        if is_postgres:
            there.execute(text("SET LOCAL session_replication_role = replica"))
        else:
            there.execute(text("PRAGMA defer_foreign_keys=on"))
        for table in Base.metadata.sorted_tables:
            there.execute(table.delete())
            for rows in here.execute(select(table)).mappings().partitions(5_000):
                there.execute(insert(table), [dict(row) for row in rows])
            if is_postgres and "id" in table.c:
                numbers = f"pg_get_serial_sequence('{table.name}', 'id')"
                there.execute(
                    text(f"SELECT setval({numbers}, (SELECT coalesce(max(id), 0) + 1 FROM {table.name}))")
                )
        if is_postgres:
            there.execute(text("ANALYZE"))


def ask_in_turn(instances: dict[tuple[str, int], Instance], path: str, rounds: int) -> dict[Any, list[Any]]:
    """The seconds of each, by the clock and by the processor's account, after a few that do not count."""
    found: dict[Any, list[Any]] = {which: [] for which in (*instances, PLAIN_WORK)}
    for instance in instances.values():
        for _ in range(5):
            instance.seconds("Ruth", path)
    # Six applications in one process remember six times what a server does.
    settle_memory()
    for number in range(rounds):
        for which in sorted(instances, reverse=bool(number % 2)):
            found[which].append(instances[which].seconds("Ruth", path))
        found[PLAIN_WORK].append(plain_work())
    return found


def spread_of(pairs: list[Any]) -> float:
    """The 95th percentile over the median, by the processor's account."""
    worked = [pair[1] for pair in pairs]
    return quantiles(worked, n=20)[-1] / median(worked)


def report(words: str, found: dict[Any, list[Any]], sizes: tuple[int, int]) -> list[str]:
    """Print a row, and say what of it misses its goal."""
    small, large = sizes
    clock = {which: median(pair[0] for pair in pairs) for which, pairs in found.items()}
    worked = {which: median(pair[1] for pair in pairs) for which, pairs in found.items()}
    spread, of_machine = spread_of(found[CIPHER, large]), spread_of(found[PLAIN_WORK])
    ratios = {
        "growth on SQLCipher": (worked[CIPHER, large] / worked[CIPHER, small], MOST_GROWTH),
        "SQLCipher to plain": (worked[CIPHER, large] / worked[PLAIN, large], MOST_CIPHER),
        "spread": (spread / of_machine, MOST_SPREAD),
    }
    if (POSTGRES, large) in found:
        ratios["growth on PostgreSQL"] = (clock[POSTGRES, large] / clock[POSTGRES, small], MOST_GROWTH)
        ratios["PostgreSQL to SQLCipher"] = (clock[POSTGRES, large] / clock[CIPHER, large], MOST_POSTGRES)
    figures = "  ".join(f"{name} {ratio:.2f}" for name, (ratio, _) in ratios.items())
    figures += f"  ({spread:.2f} where plain work has {of_machine:.2f})"
    print(f"  {words:22} {clock[CIPHER, large] * 1000:6.1f} ms  {figures}", flush=True)
    return [f"{words}: {name} {ratio:.2f}" for name, (ratio, most) in ratios.items() if ratio > most]


def over_connections(folder: Path, cookie: str, seconds: float, processes: int) -> tuple[int, float]:
    """How many pages four connections got of a real server on this instance, and the 95th percentile in seconds."""
    taken: list[float] = []
    with serving(folder, processes) as port:
        ask_over_connections(port, cookie, WARM_UP_SECONDS, [])
        ask_over_connections(port, cookie, seconds, taken)
    return len(taken), quantiles(taken, n=20)[-1]


def ask_over_connections(port: int, cookie: str, seconds: float, taken: list[float]) -> None:
    """Look over all of them at once, and keep how long each answer took."""
    threads = [
        Thread(target=look, args=(port, cookie, seconds, taken, random.Random(number)))
        for number in range(CONNECTIONS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def look(port: int, cookie: str, seconds: float, taken: list[float], lot: random.Random) -> None:
    """Open the board for so long, with about half a second between two looks, as an eager person would.

    How long is drawn by lot: with the same pause for all they would ask at the same moment for ever.
    """
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        start = time.perf_counter()
        connection.request("GET", "/dates", headers={"Cookie": cookie})
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200, answer.status
        taken.append(time.perf_counter() - start)
        time.sleep(lot.uniform(*PAUSE))


def cookie_of(instance: Instance) -> str:
    """What Ruth's browser sends."""
    kept = instance.clients["Ruth"].get_cookie("casework")
    assert kept is not None
    return f"casework={kept.value}"


KEYS_OF_ONE = """
import sys
from pathlib import Path
import casework.storage.opening as opening
from casework.app import create_app
from casework.settings import load_settings

real, times = opening.read_keys, []
opening.read_keys = lambda path: times.append(path) or real(path)
app = create_app(load_settings({}, instance=Path(sys.argv[1])))
client = app.test_client()
client.set_cookie("casework", sys.argv[2].partition("=")[2])
for path in sys.argv[3:]:
    assert client.get(path).status_code == 200, path
print(len(times))
"""


def keys_derived(folder: Path, cookie: str) -> int:
    """How often a process of one application reads and derives keys, from its start to the last of all these pages."""
    command = [sys.executable, "-c", KEYS_OF_ONE, str(folder), cookie, *(path for _, path in PAGES)]
    found = subprocess.run(command, env=ENVIRON, stdout=subprocess.PIPE, text=True, check=True)
    return int(found.stdout)


def everywhere(stack: ExitStack, folder: Path, sizes: tuple[int, ...]) -> dict[tuple[str, int], Instance]:
    """The same cases on SQLCipher, in plain SQLite and, where there is one, on a PostgreSQL that the stack stops."""
    instances: dict[tuple[str, int], Instance] = {}
    for size in sizes:
        instances[CIPHER, size] = open_instance(folder / f"cipher-{size}", size)
    for size in sizes:
        with unencrypted():
            instances[PLAIN, size] = copied(instances[CIPHER, size], folder / f"plain-{size}")
    if not programs():
        print("There is no PostgreSQL on this machine: it is left out.")
        return instances
    server = stack.enter_context(running(folder / "server"))
    for size in sizes:
        address = make_database(server, f"cases_{size}")
        instances[POSTGRES, size] = copied(instances[CIPHER, size], folder / f"pg-{size}", address)
    return instances


def report_keys(folder: Path, cookie: str) -> list[str]:
    """Print how often keys are derived; what is missed of it."""
    keys = keys_derived(folder, cookie)
    print(f"keys derived in a process of one application: {keys}")
    return [] if keys == 1 else [f"keys were derived {keys} times"]


def report_connections(folder: Path, cookie: str, seconds: float) -> list[str]:
    """Print how long the board takes over many connections to each server; what is missed of it."""
    missed = []
    for words, processes in (("the program's own server", 0), ("two processes of gunicorn", 2)):
        pages, slowest = over_connections(folder, cookie, seconds, processes)
        quick = median(plain_work()[1] for _ in range(20))
        said = f"the board over {CONNECTIONS} connections to {words}: 95th percentile {slowest * 1000:.0f} ms"
        print(f"{said} of {pages} pages, where plain work takes {quick * 1000:.0f} ms", flush=True)
        if processes and slowest > MOST_SECONDS:
            missed.append(f"over {CONNECTIONS} connections: {slowest * 1000:.0f} ms")
    return missed


def main() -> int:
    """Print every figure, and say what is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--small", type=int, default=SMALL)
    parser.add_argument("--large", type=int, default=LARGE)
    parser.add_argument("--seconds", type=float, default=120)
    given = parser.parse_args()
    sizes = (given.small, given.large)
    missed: list[str] = []
    with ExitStack() as stack:
        folder = given.folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.chmod(0o711)
        instances = everywhere(stack, folder, sizes)
        settle_memory()
        print(f"The clock's median at {given.large:,} cases on SQLCipher, and ratios")
        for words, path in PAGES:
            missed += report(words, ask_in_turn(instances, path, given.rounds), sizes)
        largest = folder / f"cipher-{given.large}", cookie_of(instances[CIPHER, given.large])
        missed += report_keys(*largest)
        missed += report_connections(*largest, given.seconds)
    print("missed: " + "; ".join(missed) if missed else "every goal is met")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
