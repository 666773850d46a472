"""MPs of today and of before, and constituencies, as they are searched: published facts, the same for everybody."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from casework import clock
from casework.domain.case.search import SOUND, Wanted, kept_of_names
from casework.domain.case.sounds import sounds_of
from casework.domain.parliament.directory import Constituency, Term
from casework.reference.directory import Directory
from casework.services.case.latin import to_latin
from casework.services.case.search_nearness import is_likely
from casework.services.parliament.directory import directory

TITLES = frozenset({"sir", "dame", "dr"})


@dataclass(frozen=True)
class Person:
    """An MP who was found, or the constituency alone where its name was. `sits` is False for whoever sat before."""

    constituency: Constituency
    term: Term | None
    sits: bool
    sounds: bool


@dataclass(frozen=True)
class _Known:
    """One who sat, or a constituency, with the words by which they are found."""

    constituency: Constituency
    term: Term | None
    words: frozenset[str]


class _Everybody:
    """All of a directory by the words and the sounds of their names, so that nobody is gone through for each letter."""

    def __init__(self, directory: Directory) -> None:
        self.directory = directory
        self._known = list(_made(directory))
        self._by_word: dict[str, set[int]] = {}
        for number, one in enumerate(self._known):
            for word in one.words:
                self._by_word.setdefault(word, set()).add(number)
        self._words = sorted(self._by_word)

    def fitting(self, wanted: Wanted) -> Iterator[tuple[_Known, bool]]:
        """Those in whose name each word begins a word, or sounds like one, and whether it only sounds so."""
        spelt = [self._beginning(word) for word in wanted.words]
        sounding = [
            found.union(*(self._by_word.get(SOUND + key, ()) for key in sounds_of(word)))
            for word, found in zip(wanted.words, spelt, strict=True)
        ]
        exact = set.intersection(*spelt)
        for number in sorted(set.intersection(*sounding)):
            one = self._known[number]
            if number in exact or is_likely(wanted, one.words):
                yield one, number not in exact

    def _beginning(self, word: str) -> set[int]:
        first = bisect_left(self._words, word)
        found = set[int]()
        for one in islice(self._words, first, None):
            if not one.startswith(word):
                break
            found |= self._by_word[one]
        return found


_read: dict[str, _Everybody] = {}


def find_seats(wanted: Wanted, most: int) -> list[Person]:
    """MPs by name, those who sit first, and constituencies; those that are spelt so before those that sound so."""
    today = clock.today()
    found = []
    for one, sounds in _everybody(directory()).fitting(wanted):
        sits = one.term is None or one.term.until is None or one.term.until > today
        found.append((sounds, not sits, one.term is None, one))
    found.sort(key=lambda each: each[:3])
    return [Person(one.constituency, one.term, not before, sounds) for sounds, before, _, one in found[:most]]


def _everybody(known: Directory) -> _Everybody:
    """All of a directory, made once for each."""
    held = _read.get("now")
    if held is None or held.directory is not known:
        held = _read["now"] = _Everybody(known)
    return held


def _made(known: Directory) -> Iterator[_Known]:
    for one in known.constituencies():
        yield _Known(one, None, frozenset(kept_of_names([one.name, one.name_welsh or ""], to_latin)))
        for term in known.terms(one.gss_code):
            yield _Known(one, term, _words_of(term.member.name))


def _words_of(name: str) -> frozenset[str]:
    """The words and the sounds of a name. A title is found as it is spelt alone: "choir" sounds like every Sir."""
    words = name.split()
    titles = {word.casefold() for word in words} & TITLES
    rest = " ".join(word for word in words if word.casefold() not in TITLES)
    return frozenset(kept_of_names([rest], to_latin)) | titles
