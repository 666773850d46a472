"""The packed postcodes held against the same data in SQLite: size, opening, look-ups, and every answer.

Usage: python benchmarks/postcodes.py SOURCE_DIR [--packed FILE]. Prints ratios; figures in seconds mean
little on a busy machine. Ends with status 1 when an answer is wrong or invented, or a goal is missed.
"""

import argparse
import csv
import gzip
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from casework.reference.directory.cache import open_postcodes
from casework.reference.directory.postcodes import CELLS, UNITS, Placed, Postcodes
from casework.reference.directory.records import DATA_DIR, POSTCODES_FILE

LOOKUPS = 300_000
ABSENT = 500_000
ROUNDS = 5
Answer = tuple[str, bool] | None


def source_rows(source_dir: Path) -> Iterator[tuple[str, str, bool]]:
    """Every postcode of the source in standard form, with its constituency and its flag."""
    with gzip.open(source_dir / "postcodes_gb.csv.gz", "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for column, flag in (("units", False), ("units_approx", True)):
                for at in range(0, len(row[column]), 2):
                    yield row["sector"] + row[column][at : at + 2], row["gss_code"], flag


def number_of(postcode: str, sectors: dict[str, int]) -> int:
    """A number for each postcode, as small as SQLite's integer key can use it."""
    return sectors.get(postcode[:-2], -1) * CELLS + UNITS[postcode[-2:]]


def make_sqlite(path: Path, rows: Iterable[tuple[str | int, str, bool]], key: str) -> None:
    """A table with this kind of key, ordered and without slack."""
    base = sqlite3.connect(path)
    ending = " without rowid" if key == "text" else ""
    base.execute(
        f"create table postcodes (postcode {key} primary key, gss_code integer, flag integer){ending}"
    )
    base.execute("create table codes (number integer primary key, gss_code text)")
    codes: dict[str, int] = {}
    base.executemany(
        "insert into postcodes values (?, ?, ?)",
        ((one, codes.setdefault(code, len(codes)), flag) for one, code, flag in sorted(rows)),
    )
    base.executemany("insert into codes values (?, ?)", [(number, code) for code, number in codes.items()])
    base.commit()
    base.execute("vacuum")
    base.close()


def open_sqlite(path: Path, number: Callable[[str], str | int]) -> Callable[[str], Answer]:
    """A look-up with one prepared statement on a read-only file; codes are kept in memory, as ours are."""
    base = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
    codes = dict(base.execute("select number, gss_code from codes"))
    execute = base.execute

    def find(postcode: str) -> Answer:
        row = execute(
            "select gss_code, flag from postcodes where postcode = ?", (number(postcode),)
        ).fetchone()
        return (codes[row[0]], row[1] == 1) if row else None

    return find


def rate(find: Callable[[str], Answer], asked: list[str]) -> float:
    """Look-ups a second, over all that is asked."""
    start = time.perf_counter()
    for postcode in asked:
        find(postcode)
    return len(asked) / (time.perf_counter() - start)


def absent_postcodes(
    postcodes: Postcodes, present: set[str], count: int, choose: random.Random
) -> Iterator[str]:
    """Postcodes that do not exist: in sectors that do, and in sectors and districts that do not."""
    sectors, units = list(postcodes.sectors()), list(UNITS)
    found = 0
    while found < count:
        sector = choose.choice(sectors)
        if found % 4 == 0:
            sector = f"{sector[:-2]} {choose.randrange(10)}"
        elif found % 4 == 1:
            sector = f"{sector[:2].strip()}{choose.randrange(1, 99)} {choose.randrange(10)}"
        candidate = sector + choose.choice(units)
        if candidate not in present:
            found += 1
            yield candidate


def count_wrong(
    postcodes: Postcodes, rows: list[tuple[str, str, bool]], choose: random.Random
) -> tuple[int, int]:
    """How many postcodes of the source get a wrong answer, and how many that do not exist get any."""
    wrong = sum(postcodes.find(postcode) != Placed(code, flag) for postcode, code, flag in rows)
    present = {postcode for postcode, _, _ in rows}
    invented = sum(
        postcodes.find(postcode) is not None
        for postcode in absent_postcodes(postcodes, present, ABSENT, choose)
    )
    return wrong, invented


def opening_ms(packed: Path, cache: Path) -> float:
    """The median time of opening the unpacked file and finding a first postcode, in milliseconds."""
    times = []
    for _ in range(51):
        start = time.perf_counter()
        open_postcodes(packed, cache).find("SW1A 0AA")
        times.append((time.perf_counter() - start) * 1000)
    return median(times)


@dataclass(frozen=True)
class Measured:
    """What one run has found. Rates are look-ups a second."""

    wrong: int
    invented: int
    size: int
    sqlite_size: int
    first_ms: float
    opened_ms: float
    ours: float
    by_text: float
    by_integer: float

    @property
    def faster(self) -> float:
        """Our rate against the better of the two tables."""
        return self.ours / max(self.by_text, self.by_integer)


def measure(packed: Path, rows: list[tuple[str, str, bool]], work: Path, choose: random.Random) -> Measured:
    """Make both tables, then measure all three in turn, so that a busy moment hits each of them."""
    asked = [postcode for postcode, _, _ in choose.sample(rows, min(LOOKUPS, len(rows)))]
    start = time.perf_counter()
    postcodes = open_postcodes(packed, work)
    first_ms = (time.perf_counter() - start) * 1000
    sectors = {sector: number for number, sector in enumerate(postcodes.sectors())}
    tables = {"text": work / "text.db", "integer": work / "integer.db"}
    make_sqlite(tables["text"], rows, "text")
    make_sqlite(tables["integer"], ((number_of(p, sectors), c, f) for p, c, f in rows), "integer")
    finders = {
        "ours": postcodes.find,
        "text": open_sqlite(tables["text"], str),
        "integer": open_sqlite(tables["integer"], lambda postcode: number_of(postcode, sectors)),
    }
    rates: dict[str, list[float]] = {name: [] for name in finders}
    for _ in range(ROUNDS):
        for name, find in finders.items():
            rates[name].append(rate(find, asked))
    wrong, invented = count_wrong(postcodes, rows, choose)
    return Measured(
        wrong=wrong,
        invented=invented,
        size=packed.stat().st_size,
        sqlite_size=min(table.stat().st_size for table in tables.values()),
        first_ms=first_ms,
        opened_ms=opening_ms(packed, work),
        ours=median(rates["ours"]),
        by_text=median(rates["text"]),
        by_integer=median(rates["integer"]),
    )


def report(found: Measured, count: int) -> None:
    """Print what was found beside its goal."""
    print(f"postcodes in the source      {count:>12,}")
    print(f"wrong answers                {found.wrong:>12,}   goal 0")
    print(f"invented answers             {found.invented:>12,}   goal 0, of {ABSENT:,} that do not exist")
    print(f"size in the package          {found.size:>12,}   goal 500,000 bytes")
    print(f"  the smaller SQLite file is {found.sqlite_size / found.size:>12.1f} times as large")
    print(f"first opening (unpacks)      {found.first_ms:>12.0f} ms")
    print(f"opening afterwards           {found.opened_ms:>12.2f} ms   goal 1 ms")
    print(f"look-ups against text key    {found.ours / found.by_text:>12.2f} times")
    print(f"look-ups against integer key {found.ours / found.by_integer:>12.2f} times")
    print(f"look-ups against the better  {found.faster:>12.2f} times   goal 1.4")


def main() -> int:
    """Measure, print, and say whether every goal is met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source_dir", type=Path)
    parser.add_argument("--packed", type=Path, default=DATA_DIR / POSTCODES_FILE)
    given = parser.parse_args()
    rows = list(source_rows(given.source_dir))
    with tempfile.TemporaryDirectory() as folder:
        found = measure(given.packed, rows, Path(folder), random.Random(1))
    report(found, len(rows))
    missed = found.size > 500_000 or found.opened_ms > 1 or found.faster < 1.4
    return int(bool(found.wrong or found.invented or missed))


if __name__ == "__main__":
    sys.exit(main())
