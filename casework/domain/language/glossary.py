"""The words of the field: what each means, and how far that was checked."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Checked(StrEnum):
    """How far what a word means was checked."""

    OURS = "ours"
    READ = "read"
    UNCHECKED = "unchecked"


@dataclass(frozen=True)
class Term:
    """A word of the field in plain English, with where that was read and when."""

    name: str
    also: tuple[str, ...]
    says: str
    status: Checked
    sources: tuple[str, ...] = ()
    read_on: date | None = None

    @property
    def key(self) -> str:
        """Its place on the page of words."""
        return re.sub(r"[^a-z0-9]+", "-", self.name.lower().replace("’", "")).strip("-")

    @property
    def forms(self) -> tuple[str, ...]:
        """Every form under which it stands in a text, the longest first."""
        return tuple(sorted((self.name, *self.also), key=len, reverse=True))


def found_in(text: str, term: Term) -> tuple[int, int] | None:
    """Where the word stands first in the text, whole; None where it does not."""
    for form in term.forms:
        if found := re.search(rf"(?<![\w-]){re.escape(form)}(?![\w-])", text, re.I):
            return found.span()
    return None


def by_name(terms: Iterable[Term], name: str) -> Term:
    """The term of this name. Raises KeyError for a word that nobody has explained."""
    for term in terms:
        if term.name == name:
            return term
    raise KeyError(f"{name!r} is not in the glossary")


def in_order(terms: Collection[Term]) -> list[Term]:
    """As in a dictionary."""
    return sorted(terms, key=lambda term: term.name.lower())
