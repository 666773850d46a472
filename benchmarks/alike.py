"""The likeness check: five thousand letters of one campaign against each other.

Usage: python benchmarks/alike.py [--letters N]. The letters are made by lot, always the same: most in words of their
own, some pasted down a column, some with a few words changed. Times are processor time, which leaves out what other
programs take. Ends with status 1 when a goal is missed or when the groups are not those that were planted.
"""

import argparse
import random
import resource
import sys
import time

from casework.domain.campaign.alike import TOO_ALIKE, Near, reading, runs_of, share
from casework.services.campaign.alike import groups_of

GOAL_SECONDS = 10.0
METER_SECONDS = 1.0
MOST_GROWTH = (
    2.6  # of the time from half the letters to all of them: a count of all pairs would take four times
)
MISSED = 0.02  # of the letters with words changed
VOCABULARY = 3_000


def made(count: int) -> tuple[list[tuple[str, str]], list[set[int]]]:
    """The letters as answers to two questions, and the planted groups by their numbers."""
    lot = random.Random(5)
    words = ["".join(lot.choices("aeioubcdfglmnprst", k=lot.randint(3, 9))) for _ in range(VOCABULARY)]
    # Some words stand in every letter, as in any language.
    usual = [word for rank, word in enumerate(words) for _ in range(1 + VOCABULARY // (rank + 3))]
    letters = [(text(lot, usual, 25), text(lot, usual, 60)) for _ in range(count)]
    pasted = set(range(count // 10))
    for number in pasted:
        letters[number] = (letters[number][0], letters[0][1])
    groups = [pasted]
    for start in range(count // 10, count // 3, 20):
        group = set(range(start, start + 10))
        groups.append(group)
        for number in group - {start}:
            letters[number] = tuple(changed(lot, one, usual) for one in letters[start])  # type: ignore[assignment]
    return letters, groups


def text(lot: random.Random, usual: list[str], length: int) -> str:
    """So many words."""
    return " ".join(lot.choices(usual, k=length)) + "."


def changed(lot: random.Random, old: str, usual: list[str]) -> str:
    """The same text with one word in twenty-five changed."""
    words = old.split()
    for at in lot.sample(range(len(words)), max(1, len(words) // 25)):
        words[at] = lot.choice(usual)
    return " ".join(words)


def checked(found: list[Near], letters: list[tuple[str, str]], groups: list[set[int]]) -> list[str]:
    """What is wrong with the groups that were found."""
    wrong = []
    planted = [number for group in groups[1:] for number in group]
    caught = {number for near in found for number in near.numbers}
    lost = sum(number not in caught for number in planted)
    if lost > MISSED * len(planted):
        wrong.append(f"{lost} of {len(planted)} changed letters were not found")
    if not any(groups[0] <= set(near.numbers) for near in found):
        wrong.append("a column that was pasted down was not found whole")
    allowed = set().union(*groups)
    if strange := caught - allowed:
        wrong.append(f"{len(strange)} letters are called alike that are not")
    for near in found[1:]:
        first, *rest = (runs_of(letters[number]) for number in near.numbers)
        if rest and max(share(first, one) for one in rest) < TOO_ALIKE.share:
            wrong.append("a group was joined without a true share")
    return wrong


def seconds(count: int) -> tuple[float, list[Near], list[tuple[str, str]], list[set[int]]]:
    """How long it took to compare so many letters, and what was found."""
    letters, groups = made(count)
    start = time.process_time()
    found = groups_of(letters)
    return time.process_time() - start, found, letters, groups


def main() -> int:
    """Print every figure, and say what is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--letters", type=int, default=5_000)
    count = parser.parse_args().letters
    groups_of([("one two three four", "five six seven")])  # the library is loaded
    half, *_ = seconds(count // 2)
    taken, found, letters, groups = seconds(count)
    wrong = checked(found, letters, groups)
    if groups_of(letters) != found:
        wrong.append("the same letters gave another answer")
    start = time.process_time()
    read = reading(runs_of(letters[1]), ([runs_of(one)] for one in letters[2:]))
    metered = time.process_time() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{count:,} letters against each other: {taken:.2f} s; half of them {half:.2f} s")
    print(f"groups found: {len(found)}, with {sum(len(near.numbers) for near in found):,} letters")
    print(f"one letter against all others, for the meter: {metered:.2f} s, {read.count} too alike")
    print(f"most memory of the process: {memory:.0f} MB")
    if taken > GOAL_SECONDS:
        wrong.append(f"{taken:.1f} seconds")
    if taken > half * MOST_GROWTH:
        wrong.append(f"twice the letters took {taken / half:.1f} times as long")
    if metered > METER_SECONDS:
        wrong.append(f"the meter took {metered:.1f} seconds")
    print("missed: " + "; ".join(wrong) if wrong else "every goal is met")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
