"""Who may be the same person twice: a warning with both, never a wall.

Two are likely the same who have one email address, or one postcode and nearly the same name, or one phone and much
the same name. Each is compared only with those who share one of the three, so that the work grows with the list.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from rapidfuzz.distance import Indel

NEAR = 0.82  # of names at one postcode; “Jon Smyth” and “John Smith” are near
MUCH_THE_SAME = 0.6  # of names with one phone
MOST_NAMED = 3  # of those who are like one person
MOST_COMPARED = (
    100  # of those who share a postcode, such as a hall of residence; the same name is found in any case
)


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody as far as it takes to know them again. `key` is whatever the list calls them by."""

    key: object
    name: str
    postcode: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Likeness:
    """Two who may be the same, and why we think so."""

    one: Known
    other: Known
    why: str


@dataclass(frozen=True, slots=True)
class _Name:
    """A name as two are compared: in one, and its words."""

    joined: str
    words: frozenset[str]


class KnownPeople:
    """A list of people in which those who are like somebody are found without going through it."""

    def __init__(self, people: Iterable[Known] = ()) -> None:
        self._by: dict[tuple[str, str], list[tuple[Known, _Name]]] = {}
        for person in people:
            self.add(person)

    def add(self, person: Known) -> None:
        """Put somebody on the list."""
        self._add(person, *_places(person))

    def like(self, person: Known) -> list[Likeness]:
        """Those on the list who may be this person, the surest first, and not more than a few."""
        return self._like(person, *_places(person))

    def _add(self, person: Known, name: _Name, places: list[tuple[str, str]]) -> None:
        for place in places:
            self._by.setdefault(place, []).append((person, name))

    def _like(self, person: Known, name: _Name, places: list[tuple[str, str]]) -> list[Likeness]:
        found: dict[int, Likeness] = {}
        for place in places:
            why, alike = _WHY[place[0]]
            for other, its_name in self._by.get(place, [])[-MOST_COMPARED:]:
                if id(other) not in found and alike(name, its_name):
                    found[id(other)] = Likeness(person, other, why)
                    if len(found) == MOST_NAMED:
                        return list(found.values())
        return list(found.values())


def one_by_one(
    rows: Iterable[Known], held: KnownPeople
) -> Iterator[tuple[Known, list[Likeness], list[Likeness]]]:
    """Each row with those who are held whom it is like, and with the rows before it whom it is like."""
    before = KnownPeople()
    for row in rows:
        name, places = _places(row)
        yield row, held._like(row, name, places), before._like(row, name, places)
        before._add(row, name, places)


def same_person(one: Known, other: Known) -> str | None:
    """Why these two may be the same person, or nothing."""
    found = KnownPeople([other]).like(one)
    return found[0].why if found else None


def folded_name(name: str) -> str:
    """A name in plain small letters, its words in the order of the alphabet, without titles."""
    low = name.lower()
    if not low.isascii():
        apart = unicodedata.normalize("NFKD", name).casefold()
        low = "".join(c for c in apart if not unicodedata.combining(c))
    words = _APART.sub(" ", low.translate(_QUOTES)).split()
    return " ".join(sorted(word for word in words if word not in _TITLES))


def _places(person: Known) -> tuple[_Name, list[tuple[str, str]]]:
    """The name to compare, and where somebody stands in the list."""
    folded = folded_name(person.name)
    postcode = _MARKS.sub("", person.postcode).upper()
    places = []
    if person.email:
        places.append(("email", person.email.strip().casefold()))
    if postcode and folded:
        places += [("same", f"{postcode} {folded}"), ("postcode", postcode)]
    if digits := _NO_DIGITS.sub("", person.phone)[-9:]:
        places.append(("phone", digits))
    return _Name(folded.replace(" ", ""), frozenset(folded.split())), places


def _near(one: _Name, other: _Name) -> bool:
    return _are_alike(one, other, NEAR)


def _much_the_same(one: _Name, other: _Name) -> bool:
    return _are_alike(one, other, MUCH_THE_SAME)


def _are_alike(one: _Name, other: _Name, least: float) -> bool:
    if not one.joined or not other.joined:
        return False
    if Indel.normalized_similarity(one.joined, other.joined, score_cutoff=least) >= least:
        return True
    return not one.words.isdisjoint(other.words) and _fits_initials(one.words, other.words)


def _fits_initials(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two names are one once initials count as the names they stand for: “J Smith”, “John Smith”."""
    if not any(len(word) > 1 for word in one & other):
        return False
    short, long = sorted((one - other, other - one), key=lambda words: max(map(len, words), default=0))
    if len(short) > 1 or any(len(word) > 1 for word in short):
        return False
    if not short:  # a second name that only one of the two gives, but no first name that nobody gave
        return len(one & other) > 1
    return any(word.startswith(next(iter(short))) for word in long)


_APART, _MARKS, _NO_DIGITS = re.compile(r"[\W_]+"), re.compile(r"\W"), re.compile(r"\D")
_QUOTES = dict.fromkeys(map(ord, "'’‘`´"))
_TITLE_WORDS = "mr|mrs|miss|ms|mx|dr|prof|rev|revd|sir|dame|cllr|councillor|imam|rabbi|sister|brother"
_TITLES = frozenset(_TITLE_WORDS.split("|"))
_WHY: dict[str, tuple[str, Callable[[_Name, _Name], bool]]] = {
    "email": ("the same email address", lambda one, other: True),
    "same": ("the same name and postcode", lambda one, other: True),
    "postcode": ("nearly the same name, and the same postcode", _near),
    "phone": ("much the same name, and the same phone", _much_the_same),
}
