"""Notes on a case: who is meant by an @name in one."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

# An @ within a word is an address of mail, and one before nothing is no name.
_AT = re.compile(r"(?<![\w@])@(?=\w)")
_WORD = re.compile(r"[\w.'’-]+")
_GOES_ON = re.compile(r"\w|[.@_-]\w")
LONGEST_NAME = 200


@dataclass(frozen=True)
class Person:
    """Somebody who can be meant: by their name, its first word, or the name with which they sign in."""

    id: int
    name: str
    sign_in_name: str

    def spellings(self) -> set[str]:
        """Every way in which they can be typed after the @."""
        words = self.name.split()
        ways = (self.name, "".join(words), ".".join(words), *words[:1], self.sign_in_name)
        return {_plain(way) for way in ways if way}


@dataclass(frozen=True)
class Named:
    """Whom a text names: people by their number, what nobody is called, and what several are called."""

    ids: frozenset[int]
    unknown: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()


def named_in(text: str, people: Iterable[Person]) -> Named:
    """Whom each @name of a text means. The longest name that fits is meant: “@Ada Obi” is not Ada Okafor."""
    known = [(spelling, one.id) for one in people for spelling in one.spellings()]
    ids: set[int] = set()
    unknown: dict[str, None] = {}
    unclear: dict[str, None] = {}
    for at in _AT.finditer(text):
        rest = text[at.end() : at.end() + LONGEST_NAME]
        meant = _meant(_plain(rest), known)
        word = _WORD.match(rest)
        typed = (word[0] if word else rest).rstrip(".'’-")
        if len(meant) == 1:
            ids |= meant
        else:
            (unclear if meant else unknown)[typed] = None
    return Named(frozenset(ids), tuple(unknown), tuple(unclear))


def _meant(rest: str, known: list[tuple[str, int]]) -> set[int]:
    fitting = [
        (len(spelling), person)
        for spelling, person in known
        if rest.startswith(spelling) and not _GOES_ON.match(rest, len(spelling))
    ]
    longest = max((length for length, _ in fitting), default=0)
    return {person for length, person in fitting if length == longest}


def handles(people: Iterable[Person]) -> dict[int, str]:
    """What to type for each: “@Ruth”, and where two share a first name “@Ruth.Ellery”."""
    everybody = list(people)
    firsts = Counter(_plain(one.name.split()[0]) for one in everybody if one.name.split())
    return {
        one.id: f"@{words[0] if firsts[_plain(words[0])] == 1 else '.'.join(words)}"
        for one in everybody
        if (words := one.name.split())
    }


def _plain(text: str) -> str:
    """Without capitals and accents, so that “@zoe” is Zoë."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in apart if not unicodedata.combining(char))
