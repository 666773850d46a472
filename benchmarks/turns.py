"""How long a page takes while another thread of the same process works without a pause, as one that draws a letter.

Usage: python benchmarks/turns.py [--rounds N]. Asks for the board and for a case of 2,000 in turn alone, beside such a
thread with Python's own five milliseconds for a turn, and with those of `casework serve`. Ends with status 1 where the
shorter turns are no gain.
"""

import argparse
import sys
import tempfile
from pathlib import Path
from statistics import median
from threading import Event, Thread

from board import SMALL, Instance, open_instance

from casework.commands.serve import settle_memory, take_short_turns

PAGES = (("the board", "/dates"), ("a case", "/cases/C-21"))
OF_PYTHON = 0.005  # seconds


def beside_work(instance: Instance, path: str, rounds: int) -> float:
    """The median of this page in seconds by the clock, beside a thread that never pauses."""
    over = Event()

    def work() -> None:
        kept = {}
        while not over.is_set():
            for number in range(1000):
                kept[number] = str(number)

    thread = Thread(target=work)
    thread.start()
    try:
        return median(instance.seconds("Ruth", path)[0] for _ in range(rounds))
    finally:
        over.set()
        thread.join()


def main() -> int:
    """Print each page, and say where short turns are no gain."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    given = parser.parse_args()
    missed = []
    with tempfile.TemporaryDirectory() as folder:
        instance = open_instance(Path(folder) / "cases", SMALL)
        settle_memory()
        for words, path in PAGES:
            alone = median(instance.seconds("Ruth", path)[0] for _ in range(given.rounds))
            sys.setswitchinterval(OF_PYTHON)
            long = beside_work(instance, path, given.rounds)
            take_short_turns()
            short = beside_work(instance, path, given.rounds)
            print(
                f"  {words:10} alone {alone * 1000:5.0f} ms, beside work {long / alone:5.1f} times as long, "
                f"with short turns {short / alone:4.1f} times",
                flush=True,
            )
            if short > long:
                missed.append(words)
    print("missed: " + "; ".join(missed) if missed else "shorter turns are a gain on each page")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
