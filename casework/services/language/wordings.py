"""The words of the pages in a language: what Casework brings, with what the group's speakers corrected.

They stand in the same catalogues as the papers, so that one speaker checks both side by side.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from casework.domain.errors import NotFound
from casework.domain.language.languages import Catalogue, Language, State, Text
from casework.domain.language.shapes import Shapes
from casework.domain.words import why_unlike
from casework.pdf import catalogues
from casework.services.language import languages

# What anybody sees who has no account: a language is offered there when these are translated.
FOR_ANYBODY = ("page-supporters", "page-frame")
ENOUGH = 0.5


@dataclass(frozen=True)
class Words:
    """What is said in one language for each English message, and which numbers take which form."""

    language: Language
    texts: Mapping[str, Text]
    form_for: Callable[[int], int]
    shapes: Shapes
    plural: Mapping[str, str]  # the English of one, by the English of several
    counted: frozenset[str]  # the English of one, of all that is counted
    is_for_anybody: bool  # whether enough is said on the pages without an account
    drafts: frozenset[str] = frozenset()  # the pages of which something is shown that nobody has checked
    _fit: dict[str, tuple[str, ...]] = field(default_factory=dict)  # what was looked at so far

    def say(self, english: str, several: str = "", number: object = None) -> str:
        """The message in this language; empty where it is not translated."""
        forms = self._forms(english)
        if not forms:
            return ""
        if not several:
            return forms[0]
        form = self.form_for(number) if isinstance(number, int) else len(forms) - 1
        return forms[min(form, len(forms) - 1)]

    def _forms(self, english: str) -> tuple[str, ...]:
        """What is said for it, where that has the signs of the English: looked at when it is asked for first."""
        text = self.texts.get(english)
        if text is None:
            return ()
        if english not in self._fit:
            fits = not any(why_unlike([text.english, text.several], form) for form in text.forms)
            self._fit[english] = tuple(text.forms) if fits else ()
        return self._fit[english]


def words_in(code: str) -> Words | None:
    """The words of the pages in this language; None where there is none of that code."""
    try:
        return _words(languages.get_catalogue(code))
    except NotFound:
        return None


_MADE: dict[str, tuple[Catalogue, Words]] = {}


def _words(catalogue: Catalogue) -> Words:
    """The words of a catalogue, made once for each state of it."""
    made = _MADE.get(catalogue.code)
    if made is None or made[0] is not catalogue:
        made = _MADE[catalogue.code] = (catalogue, _made(catalogue))
    return made[1]


def _made(catalogue: Catalogue) -> Words:
    shapes, plural = _known_messages(catalogue)
    drafts = {paper for one in catalogue.texts if one.state is State.DRAFT for paper in one.papers}
    return Words(
        catalogue.language,
        {one.english: one for one in catalogue.texts if one.said},
        catalogues.form_for(catalogue.code),
        shapes,
        plural,
        frozenset(plural.values()),
        catalogue.share(*FOR_ANYBODY) >= ENOUGH,
        frozenset(drafts),
    )


def _known_messages(catalogue: Catalogue) -> tuple[Shapes, Mapping[str, str]]:
    of_pages = tuple((one.english, one.several) for one in catalogue.texts if one.is_of_pages)
    return known_messages(of_pages)


@lru_cache(maxsize=4)
def known_messages(messages: tuple[tuple[str, str], ...]) -> tuple[Shapes, Mapping[str, str]]:
    """What finds a message by the English that came of it, and the English of one by that of several."""
    plural = {several: english for english, several in messages if several}
    return Shapes([*(english for english, _ in messages), *plural]), plural


def ready_for_anybody() -> list[Language]:
    """The languages in which so much of the pages for anybody is said that they are offered there.

    Those that come with Casework do, where their file is there; one of the group's own is looked at.
    """
    papers, own = languages.folders()
    ours = papers / catalogues.PAGES
    stamps = tuple(folder.stat().st_mtime_ns if folder.is_dir() else 0 for folder in (ours, own))
    kept = _READY.get(own)
    if kept is None or kept[0] != stamps:  # each file is written beside and put in its place
        kept = _READY[own] = (stamps, _ready(ours, own))
    return kept[1]


_READY: dict[Path, tuple[tuple[int, ...], list[Language]]] = {}


def _ready(ours: Path, own: Path) -> list[Language]:
    found = {file.stem: language for file in ours.glob("*.po") if (language := catalogues.language_of(file))}
    for file in own.glob("*.po"):
        if file.stem not in found and (words := words_in(file.stem)) and words.is_for_anybody:
            found[file.stem] = words.language
    return sorted(found.values(), key=lambda one: one.name)
