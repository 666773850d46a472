"""Letters: the renderer against WeasyPrint as anybody would call it, the preview, and the first letter after a start.

Usage: python benchmarks/letters.py [--rounds N]. All is measured in turn in one run, and only the ratios mean
anything. Ends with status 1 when the bytes differ or a goal is missed.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from casework.app import create_app
from casework.demo import make_demo
from casework.pdf import PAPER, finish_pdf, lay_out, load_weasyprint
from casework.services.letters import letter_pages
from casework.settings import load_settings
from casework.storage.database import db
from casework.storage.models import Letter

STARTS = 9
# What a fresh process does for its first letter. Both get the page on their standard input.
NAIVE_START = """
import sys, time
page = sys.stdin.read()
start = time.process_time()
import weasyprint
weasyprint.HTML(string=page).write_pdf(pdf_variant="pdf/a-2a")
print(time.process_time() - start)
"""
OUR_START = """
import sys, time
from casework.pdf.letters import open_letters
from casework.settings import resource_dir
start = time.process_time()
letters = open_letters(resource_dir("letters"))
values = letters.sample("home-mp-urgent")
letters.pdf("home-mp-urgent", letters.prefill("home-mp-urgent", values), values)
print(time.process_time() - start)
"""


def naive(html: str) -> bytes:
    """A letter as anybody would make it: nothing is shared with the letter before."""
    weasyprint = load_weasyprint()
    return bytes(weasyprint.HTML(string=html).write_pdf(finisher=finish_pdf, **PAPER))


def in_turn(done: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """The median processor time of each, measured in turn so that a busy moment hits all of them."""
    taken: dict[str, list[float]] = {name: [] for name in done}
    for _ in range(rounds):
        for name, do in done.items():
            start = time.process_time()
            do()
            taken[name].append(time.process_time() - start)
    return {name: median(times) for name, times in taken.items()}


def first_letter(program: str, page: str) -> float:
    """How long the first letter of a fresh process takes, with what has to be imported for it."""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    answer = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program],
        input=page, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return float(answer.stdout)


class KeyPress:
    """Somebody types one more letter into a draft, and its first page is shown."""

    def __init__(self, letter: Letter) -> None:
        self.letter = letter

    def __call__(self) -> bytes:
        self.letter.blocks = {**self.letter.blocks, "closing": self.letter.blocks["closing"] + "."}
        return letter_pages.picture(letter_pages.preview(self.letter), 1)


def measure(letter: Letter, rounds: int) -> dict[str, float]:
    """All ratios of one run, and 1 or 0 for whether the bytes are the same."""
    letters, values = letter_pages.letters(), letter_pages.values_of(letter)
    with_css = letters.render_html(letter.template, letter.blocks, values)
    css = (letters.folder / "letter.css").read_text("utf-8")
    bare = with_css.replace(f"<style>{css}</style>", "")
    taken = in_turn(
        {
            "naive": lambda: naive(with_css),
            "warm": lambda: lay_out(bare, css).written(),
            "preview": KeyPress(letter),
        },
        rounds,
    )
    sample = letters.sample("home-mp-urgent")
    page = letters.render_html("home-mp-urgent", letters.prefill("home-mp-urgent", sample), sample)
    starts = {"naive": NAIVE_START, "ours": OUR_START}
    first: dict[str, list[float]] = {name: [] for name in starts}
    for _ in range(STARTS):
        for name, program in starts.items():
            first[name].append(first_letter(program, page))
    return {
        "same": float(naive(with_css) == lay_out(bare, css).written()),
        "warm": taken["naive"] / taken["warm"],
        "preview": taken["preview"] / taken["warm"],
        "first": median(first["ours"]) / median(first["naive"]),
        "naive_ms": taken["naive"] * 1000,
    }


def report(found: dict[str, float]) -> bool:
    """Print what was found beside its goal; whether every goal is met."""
    print(f"the same bytes as WeasyPrint alone   {'yes' if found['same'] else 'NO':>6}   goal yes")
    print(f"letters a second, against naive      {found['warm']:>6.2f} times   goal 1.6")
    print(f"key press to picture, against a warm letter {found['preview']:.2f} times   goal below 2")
    print(f"first letter, against import and one naive  {found['first']:.2f} times   goal 1.5 at most")
    print(f"(a naive letter took {found['naive_ms']:.0f} ms of this processor)")
    return bool(found["same"]) and found["warm"] >= 1.6 and found["preview"] < 2 and found["first"] <= 1.5


def main() -> int:
    """Measure on the demo's letter, print, and say whether every goal is met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=60)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(load_settings({}, instance=Path(folder), group_name="Invented Welcome Group"))
        with app.app_context():
            make_demo()
            letter = db.session.query(Letter).filter_by(template="home-mp-urgent").first()
            assert letter is not None
            with db.session.no_autoflush:
                met = report(measure(letter, given.rounds))
            db.session.rollback()
            db.engine.dispose()
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
