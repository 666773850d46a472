"""Whether spellings that sound alike are near enough to be shown: a short name shares its sound with many others."""

from collections.abc import Collection

from rapidfuzz.distance import Indel

from casework.domain.case.search import SOUND, Wanted
from casework.domain.case.sounds import sounds_of

GOES_ON = (
    3  # from so many consonants on a sound says enough by itself, and may be the beginning of a longer one
)
FARTHEST = 0.5  # how far shorter ones may be spelt apart, of 1


def is_likely(asked: Wanted, kept: Collection[str]) -> bool:
    """Whether each word that is looked for is spelt as one of these, or likely another spelling of one."""
    words = [word for word in kept if not word.startswith(SOUND)]
    ways = (asked.words, (asked.joined,))
    return any(are_likely(way, words) for way in ways)


def are_likely(asked: Collection[str], words: Collection[str]) -> bool:
    """Whether each of these words is spelt as one of those, or likely another spelling of one."""
    return all(any(_is_likely(one, word) for word in words) for one in asked)


def farness(asked: Wanted, kept: Collection[str]) -> float:
    """How far these words are spelt from those that are looked for: the sum over each of its nearest."""
    words = [word for word in kept if not word.startswith(SOUND)]
    return sum(
        min((Indel.normalized_distance(one, word) for word in words), default=1.0) for one in asked.words
    )


def _is_likely(asked: str, word: str) -> bool:
    if word.startswith(asked):
        return True
    keys, others = sounds_of(asked), sounds_of(word)
    if any(other.startswith(key) for key in keys if len(key) >= GOES_ON for other in others):
        return True
    return not set(keys).isdisjoint(others) and Indel.normalized_distance(asked, word) <= FARTHEST
