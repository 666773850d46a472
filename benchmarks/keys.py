"""What keys cost: one try of a passphrase, the gate that each connection goes through, and a change of the key.

Run `python benchmarks/keys.py`; it ends with status 1 when a goal is missed.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Engine, create_engine, text

from casework.app import create_app
from casework.settings import load_settings
from casework.storage import key_file, rotation
from casework.storage.database import db, engine_options
from casework.storage.instance import current_instance

ROWS = 60_000
LEAST_SECONDS_A_TRY = 0.5
MOST_MICROSECONDS_A_GATE = 50.0
MOST_SECONDS_A_MEGABYTE = 0.15


def processor(what: Callable[[], object]) -> float:
    """Seconds of the processor."""
    begun = time.process_time()
    what()
    return time.process_time() - begun


def a_try() -> float:
    """One try of a passphrase."""
    salt = bytes(16)
    return statistics.median(
        processor(lambda: key_file._key_from("six words drawn by lot from a book", salt, key_file.COST))
        for _ in range(3)
    )


def a_checkout(engine: Engine, times: int = 3000) -> float:
    """One connection out of its pool and back, in microseconds."""

    def out_and_back() -> None:
        for _ in range(times):
            with engine.connect():
                pass

    return statistics.median(processor(out_and_back) for _ in range(5)) / times * 1e6


def main() -> int:
    """Measure, print, and say by the status whether every goal is met."""
    seconds_a_try = a_try()
    print(f"one try of a passphrase: {seconds_a_try:.2f} s, {key_file.COST.memory // 1024} MiB")
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings({}, instance=Path(folder))
        with create_app(settings).app_context():
            here = current_instance()
            plain = create_engine("sqlite://", **engine_options(here.database_path, here.keys.database))
            without, gated = a_checkout(plain), a_checkout(db.engine)
            print(f"a connection from the pool: {without:.0f} µs, through the gate {gated:.0f} µs")
            with db.engine.begin() as connection:
                connection.execute(text("CREATE TABLE filler (id INTEGER PRIMARY KEY, words TEXT)"))
                connection.execute(
                    text("INSERT INTO filler (words) VALUES (:words)"), [{"words": "x" * 500}] * ROWS
                )
            plain.dispose()
            db.engine.dispose()
        megabytes = (Path(folder) / "casework.db").stat().st_size / 1e6
        begun = time.perf_counter()
        seconds = processor(lambda: rotation.rotate(settings, None))
        print(
            f"a new key for {megabytes:.0f} MB: {seconds:.1f} s, {time.perf_counter() - begun:.1f} s on the clock"
        )
    met = (
        seconds_a_try >= LEAST_SECONDS_A_TRY,
        gated - without <= MOST_MICROSECONDS_A_GATE,
        seconds / megabytes <= MOST_SECONDS_A_MEGABYTE,
    )
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
