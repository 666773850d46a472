"""Many letters at once: the press against WeasyPrint as anybody would call it, and against other programs.

Usage: python benchmarks/batch.py [--letters N] [--most N]. The letters are those of a supporter to their own MP, all
invented. Only ratios mean anything; they are of the processor's time, which leaves out what other programs take. Ends
with status 1 when a goal is missed.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.rivals import rivals
from casework.pdf import load_weasyprint
from casework.pdf.letters import Letters, open_letters
from casework.pdf.stamp import Press, PrintFile, pdf_of
from casework.pdf.stamp.exemplar import content_of, print_whole
from casework.settings import resource_dir
from tests.pdf.supporters import KEY, pages, supporters

FASTER = 40
TWO = 1.8
GROWTH = 1.1
MEMORY = 1.2
MEGABYTES = 200
KILOBYTES = 3.5


def letters() -> Letters:
    """Those that come with Casework."""
    return open_letters(resource_dir("letters"))


def alone(count: int, seed: int) -> None:
    """Print so many letters into one file and print what it took: one process of a batch."""
    press = Press(letters().css, seed=seed)
    why: Counter[str] = Counter()
    taken, size = 0.0, 0
    with tempfile.TemporaryFile() as out:
        file = PrintFile(out, "Letters")
        for html in pages(letters(), count, seed):
            start = time.process_time()
            printed = press.print(html)
            file.add(printed.piece, press.shapes.get(printed.shape))
            taken += time.process_time() - start
            why[printed.why] += 1
        start = time.process_time()
        file.finish()
        taken += time.process_time() - start
        size = out.tell()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    found = {
        "taken": taken, "size": size, "peak": peak, "stamped": why.pop("", 0), "slow": dict(why),
        "shapes": len(press.shapes), "compared": press.compared, "refused": len(press.refused),
    }  # fmt: skip
    print(json.dumps(found))


def apart(*each: tuple[int, int]) -> list[dict[str, Any]]:
    """What processes of their own say that print so many letters with such a seed, all at the same time."""
    command = [sys.executable, "-W", "ignore", __file__, "--alone"]
    running = [
        subprocess.Popen([*command, str(count), str(seed)], stdout=subprocess.PIPE, text=True)
        for count, seed in each
    ]
    return [json.loads(one.communicate()[0]) for one in running]


def naive(html: str) -> bytes:
    """A letter as anybody would make it: nothing is shared with the letter before."""
    return bytes(load_weasyprint().HTML(string=html).write_pdf())


def seconds(do: Any) -> float:
    """The processor's time that it takes."""
    start = time.process_time()
    do()
    return time.process_time() - start


def each_alone(count: int, rounds: int) -> dict[str, float]:
    """Naive letters and stamped ones as PDFs of their own, in turn: milliseconds a letter."""
    values = list(supporters(letters(), rounds, seed=2))
    blocks = [letters().prefill(KEY, one) for one in values]
    whole = [letters().render_html(KEY, *one) for one in zip(blocks, values, strict=True)]
    bare = list(pages(letters(), count, seed=2))
    press, done = Press(letters().css, seed=2), 0
    taken: list[float] = []
    stamped = 0.0
    made: list[tuple[str, bytes]] = []

    def print_some(some: list[str]) -> None:
        for html in some:
            printed = press.print(html)
            whole_pdf = pdf_of(printed.piece, press.shapes.get(printed.shape))
            if len(made) < 25:
                made.append((html, whole_pdf))

    naive(whole[0])
    for html in whole:
        taken.append(seconds(lambda html=html: naive(html)))
        upto = done + count // rounds
        stamped += seconds(lambda done=done, upto=upto: print_some(bare[done:upto]))
        done = upto
    page = seconds(lambda: list(pages(letters(), 200, seed=3))) / 200
    same = sum(print_whole(html, letters().css).content == content_of(pdf) for html, pdf in made)
    return {
        "naive": median(taken) * 1000, "stamped": stamped / done * 1000, "page": page * 1000,
        "same": same, "looked_at": len(made),
    }  # fmt: skip


def goal(name: str, found: float, met: bool, wanted: str, digits: int = 2) -> bool:
    """Print a figure beside its goal; whether it is met."""
    print(f"{name:<66}{found:>10.{digits}f}   goal {wanted}{'' if met else '   MISSED'}")
    return met


@dataclass(frozen=True)
class Figures:
    """What was measured: letters made singly, then in one file of 100, of 1,000 and of the `most`, then in halves."""

    most: int
    single: dict[str, float]
    little: dict[str, Any]
    middle: dict[str, Any]
    large: dict[str, Any]
    halves: list[dict[str, Any]]

    @property
    def per_letter(self) -> float:
        """Seconds for a letter of the large file."""
        return float(self.large["taken"]) / self.most

    @property
    def against_naive(self) -> float:
        """How many times faster that is than a naive letter."""
        return self.single["naive"] / 1000 / self.per_letter

    @property
    def of_two(self) -> float:
        """How many times faster two processes are than one, each with its half."""
        parts = halves_of(self.most)
        rate = sum(part / half["taken"] for part, half in zip(parts, self.halves, strict=True))
        return float(rate * self.per_letter)

    @property
    def grown(self) -> float:
        """What a letter more costs beyond 1,000, against one more beyond 100."""
        late = (self.large["taken"] - self.middle["taken"]) / (self.most - 1000)
        return float(late / ((self.middle["taken"] - self.little["taken"]) / 900))


def halves_of(number: int) -> tuple[int, int]:
    """The number in two parts that are as good as equal."""
    return number // 2, number - number // 2


def measure(count: int, most: int) -> Figures:
    """All figures of our own."""
    single = each_alone(count, 40)
    (little,), (middle,), (large,) = apart((100, 4)), apart((1000, 4)), apart((most, 4))
    first, second = halves_of(most)
    return Figures(most, single, little, middle, large, apart((first, 5), (second, 6)))


def say_what_happened(found: Figures) -> None:
    """Print what stands behind the figures."""
    large, single = found.large, found.single
    print(
        f"{found.most} letters had {large['shapes']} shapes; {large['compared']} stamped ones were compared with "
        "WeasyPrint’s"
    )
    print(
        f"on the slow path: {sum(large['slow'].values())} {large['slow']}; shapes refused: {large['refused']}"
    )
    print(
        f"(a naive letter took {single['naive']:.1f} ms, a stamped one {found.per_letter * 1000:.2f} ms; the page as "
        f"HTML before that {single['page']:.2f} ms)"
    )


def goals_met(found: Figures) -> list[bool]:
    """Print each figure beside its goal; whether each is met."""
    single, large, middle = found.single, found.large, found.middle
    each = single["naive"] / single["stamped"]
    memory, kilobytes = large["peak"] / middle["peak"], large["size"] / found.most / 1000
    peak = max(one["peak"] for one in (large, *found.halves))
    same, looked_at, times = single["same"], single["looked_at"], f"{FASTER} times"
    rows = (
        ("content streams that are WeasyPrint’s, of those looked at", same, same == looked_at, "all", 0),
        ("into one file to print, against naive", found.against_naive, found.against_naive >= FASTER, times, 1),
        ("each in a PDF of its own, against naive", each, each >= FASTER, times, 1),
        ("two processes, against one", found.of_two, found.of_two >= TWO, f"{TWO} times", 2),
        (
            f"a letter, from 1,000 to {found.most:,} against from 100 to 1,000",
            found.grown, found.grown <= GROWTH, f"{GROWTH} at most", 2,
        ),
        (f"memory of {found.most:,} against 1,000", memory, memory <= MEMORY, f"{MEMORY} at most", 2),
        ("megabytes of a process", peak, peak < MEGABYTES, f"below {MEGABYTES}", 0),
        ("kilobytes a letter in the file to print", kilobytes, kilobytes <= KILOBYTES, f"{KILOBYTES} at most", 2),
    )  # fmt: skip
    return [goal(*row) for row in rows]


def rivals_beaten(found: Figures) -> list[bool]:
    """Print how fast other programs are; whether each that makes a tagged PDF is slower than ours."""
    met = []
    for rival in rivals(list(pages(letters(), 500, seed=7)), letters().css):
        times = rival.rate() * found.single["naive"] / 1000
        met.append(
            goal(
                f"{rival.name}{', tagged' if rival.tagged else ', NOT tagged'}, against naive",
                times,
                times < found.against_naive or not rival.tagged,
                "fewer than ours" if rival.tagged else "none",
                1,
            )
        )
    return met


def compare(count: int, most: int) -> bool:
    """Measure all and print it; whether every goal is met."""
    found = measure(count, most)
    say_what_happened(found)
    return all([*goals_met(found), *rivals_beaten(found)])


def main() -> int:
    """Measure, print, and say whether every goal is met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--letters", type=int, default=1000, help="that are made singly")
    parser.add_argument("--most", type=int, default=10_000, help="that go into one file")
    parser.add_argument("--alone", type=int, nargs=2, metavar=("COUNT", "SEED"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.alone:
        alone(*given.alone)
        return 0
    return 0 if compare(given.letters, given.most) else 1


if __name__ == "__main__":
    sys.exit(main())
