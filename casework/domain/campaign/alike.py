"""How alike the words of two letters are, and which letters of a campaign are near copies of each other.

Offices sort their post by machine and by eye: letters in the same words are counted once and set aside.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Runs = frozenset[str]

_WORD = re.compile(r"\w+")
RUN = 3  # words: shorter runs stand in any two letters about one person, longer ones are lost with each changed word
FEWEST_WORDS = 3  # of a text that is compared at all: "my neighbour" is no letter
SAME_FIELD_WORDS = 6  # of an answer that counts as pasted where another has exactly the same


@dataclass(frozen=True)
class Threshold:
    """From which share of their runs on two texts are too alike, and why."""

    share: float
    reason: str


TOO_ALIKE = Threshold(
    0.5,
    "Two texts of the same length that share half of their runs have about two thirds of their words in the same "
    "order. Whoever opens both sees a form with a few words changed. Two people who tell of the same person in their "
    "own way share fewer than one run in ten. It is our own measure; no office has told us theirs.",
)
LIKE_NONE = "No other letter of this campaign is much like this one."
ONE = (
    "This is very like one other letter. An MP’s office sets such letters aside. Change the first sentence, or say "
    "one thing that only you know."
)


@dataclass(frozen=True)
class Reading:
    """What the meter shows of one text: how many other letters are too like it, and the share with the nearest."""

    count: int = 0
    nearest: float = 0.0

    @property
    def per_cent(self) -> int:
        """The share with the nearest letter, of a hundred."""
        return round(self.nearest * 100)

    @property
    def words(self) -> str:
        """The meter in words."""
        if not self.count:
            return LIKE_NONE
        if self.count == 1:
            return ONE
        return (
            f"This is very like {self.count:,} other letters. An MP’s office sets such letters aside. Change the first "
            "sentence, or say one thing that only you know."
        )


def words_of(text: str) -> list[str]:
    """The words of a text in small letters, without accents and signs."""
    plain = text.casefold().replace("’", "").replace("'", "")
    if not plain.isascii():
        apart = unicodedata.normalize("NFKD", plain)
        plain = "".join(sign for sign in apart if not unicodedata.combining(sign))
    return _WORD.findall(plain)


def runs_of(texts: Iterable[str]) -> Runs:
    """Every run of three words in these texts, once; none runs over from one text into the next.

    Texts with fewer than three words in all have none, and are like nothing.
    """
    return runs_in([words_of(text) for text in texts])


def runs_in(texts: Sequence[Sequence[str]]) -> Runs:
    """The same of texts that are lists of words already."""
    if sum(map(len, texts)) < FEWEST_WORDS:
        return frozenset()
    found: set[str] = set()
    for words in texts:
        if len(words) >= RUN:
            found.update(map(" ".join, zip(*(words[at:] for at in range(RUN)), strict=False)))
        elif words:
            found.add(" ".join(words))
    return frozenset(found)


def share(one: Runs, other: Runs) -> float:
    """Which part of all runs of two texts they share, from 0 to 1: the index of Jaccard, exactly."""
    both = len(one & other)
    return both / (len(one) + len(other) - both) if both else 0.0


def reading(own: Runs, others: Iterable[Iterable[Runs]]) -> Reading:
    """How like the texts of others this one is; each of the others counts once, with the text that is most like it."""
    count, nearest = 0, 0.0
    for texts in others:
        most = max((share(own, text) for text in texts), default=0.0)
        count += most >= TOO_ALIKE.share
        nearest = max(nearest, most)
    return Reading(count, nearest)


@dataclass(frozen=True)
class Near:
    """Texts that are near copies of each other, by their numbers; the least share by which one was put among them."""

    numbers: tuple[int, ...]
    share: float


def near_copies(
    texts: Sequence[Runs], likely: Iterable[Sequence[int]], same: Iterable[Sequence[int]] = ()
) -> list[Near]:
    """The groups of texts that are too alike, the largest first.

    `likely` are bundles of numbers among which alike texts are looked for: each share is counted exactly before it
    joins two. `same` are bundles that are copies of each other whatever else stands in them.
    """
    joined = _Joined(len(texts))
    for bundle in same:
        for number in bundle[1:]:
            joined.join(bundle[0], number, 1.0)
    for bundle in likely:
        # One of each group that is already joined is enough: else a thousand copies would be compared a million times.
        first_of: dict[int, int] = {}
        for number in bundle:
            for root, first in list(first_of.items()):
                if joined.root(number) == joined.root(root):
                    continue
                found = share(texts[number], texts[first])
                if found >= TOO_ALIKE.share:
                    joined.join(first, number, found)
            first_of.setdefault(joined.root(number), number)
    return joined.groups()


class _Joined:
    """Numbers that were joined into groups, with the least share of each."""

    def __init__(self, count: int) -> None:
        self._above = list(range(count))
        self._least = [1.0] * count

    def root(self, number: int) -> int:
        """The number that stands for the group of this one."""
        while self._above[number] != number:
            self._above[number] = self._above[self._above[number]]
            number = self._above[number]
        return number

    def join(self, one: int, other: int, found: float) -> None:
        """Put two into one group."""
        first, second = sorted((self.root(one), self.root(other)))
        if first != second:
            self._above[second] = first
            self._least[first] = min(found, self._least[first], self._least[second])

    def groups(self) -> list[Near]:
        """Those of more than one, the largest first."""
        members: dict[int, list[int]] = {}
        for number in range(len(self._above)):
            members.setdefault(self.root(number), []).append(number)
        found = [Near(tuple(row), self._least[root]) for root, row in members.items() if len(row) > 1]
        return sorted(found, key=lambda near: (-len(near.numbers), near.numbers))
