"""MPs of today and of before, and constituencies, as they are searched: published facts, the same for everybody."""

from dataclasses import dataclass

from casework import clock
from casework.domain.directory import Constituency, Term
from casework.domain.search import Wanted, fits, kept_of_names
from casework.reference.directory import Directory
from casework.services.directory import directory
from casework.services.latin import to_latin
from casework.services.search_nearness import is_likely


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


_read: dict[str, tuple[Directory, list[_Known]]] = {}


def find_seats(wanted: Wanted, most: int) -> list[Person]:
    """MPs by name, those who sit first, and constituencies; those that are spelt so before those that sound so."""
    today = clock.today()
    found = []
    for one in _everybody(directory()):
        nearness = fits(wanted, one.words)
        if nearness == 0 or (nearness == 1 and is_likely(wanted, one.words)):
            sits = one.term is None or one.term.until is None or one.term.until > today
            found.append((nearness, not sits, one.term is None, one))
    found.sort(key=lambda each: each[:3])
    return [
        Person(one.constituency, one.term, not before, bool(nearness))
        for nearness, before, _, one in found[:most]
    ]


def _everybody(known: Directory) -> list[_Known]:
    """All of a directory, made once for each."""
    held = _read.get("now")
    if held is None or held[0] is not known:
        held = _read["now"] = (known, list(_made(known)))
    return held[1]


def _made(known: Directory) -> list[_Known]:
    found = []
    for one in known.constituencies():
        names = [one.name, one.name_welsh or ""]
        found.append(_Known(one, None, frozenset(kept_of_names(names, to_latin))))
        for term in known.terms(one.gss_code):
            found.append(_Known(one, term, frozenset(kept_of_names([term.member.name], to_latin))))
    return found
