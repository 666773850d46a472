"""The languages of the papers: each text beside its English, and who has checked what is said there."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from functools import cached_property

from casework.domain.errors import CaseworkError
from casework.domain.words import check_said

MOST_SIGNS = 2_000
SCRIPTS = {
    "Latn": "Latin",
    "Arab": "Arabic letters",
    "Cyrl": "Cyrillic",
    "Ethi": "Ethiopic",
    "Beng": "Bengali",
    "Taml": "Tamil",
    "Grek": "Greek",
    "Hebr": "Hebrew",
    "Deva": "Devanagari",
    "Guru": "Gurmukhi",
    "Gujr": "Gujarati",
    "Telu": "Telugu",
    "Knda": "Kannada",
    "Mlym": "Malayalam",
    "Sinh": "Sinhala",
    "Thai": "Thai",
    "Laoo": "Lao",
    "Mymr": "Burmese",
    "Khmr": "Khmer",
    "Armn": "Armenian",
    "Geor": "Georgian",
    "Hani": "Chinese",
    "Jpan": "Japanese",
    "Hang": "Korean",
}
RIGHT_TO_LEFT = {"Arab", "Hebr"}
_CODE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?")


# The pages of the program, as the papers of its own that they are to a translator.
PAGES = {
    "page-supporters": "The supporters’ pages",
    "page-person": "The person’s page",
    "page-frame": "The frame of every page, signing in, and what goes wrong",
    "page-rooms": "The group’s rooms",
}


class State(StrEnum):
    """How far one text has come."""

    MISSING = "not translated"
    DRAFT = "draft"
    CHECKED = "checked"


@dataclass(frozen=True)
class Text:
    """One text of the papers: its English, what is said in the other language, and the speaker who checked that."""

    english: str
    papers: tuple[str, ...] = ()  # on which papers it stands
    said: str = ""
    checked_by: str = ""
    checked_on: date | None = None
    several: str = ""  # the English of more than one, where a number decides

    @property
    def forms(self) -> list[str]:
        """What is said, in each form that a number can take in the language."""
        return self.said.split("\n") if self.several else [self.said]

    def is_of(self, part: str) -> bool:
        """Whether it stands on these pages of the program; on a paper where none are named."""
        return (
            part in self.papers if part else not self.papers or any(one not in PAGES for one in self.papers)
        )

    @property
    def is_of_pages(self) -> bool:
        """Whether it stands on a page of the program."""
        return any(one in PAGES for one in self.papers)

    @property
    def state(self) -> State:
        """A draft until somebody who speaks the language, named, has checked it."""
        if not self.said:
            return State.MISSING
        return State.CHECKED if self.checked_by and self.checked_on else State.DRAFT


@dataclass(frozen=True)
class Language:
    """A language of the papers."""

    code: str  # as BCP 47 has it: "ckb"
    name: str  # in English
    own_name: str  # as its speakers write it
    script: str  # as ISO 15924 has it: "Arab"

    @property
    def direction(self) -> str:
        """Which way it is written: "ltr" or "rtl"."""
        return "rtl" if self.script in RIGHT_TO_LEFT else "ltr"


@dataclass(frozen=True)
class Catalogue:
    """A language with all its texts, in the order of the papers."""

    language: Language
    texts: tuple[Text, ...]

    @cached_property
    def _by_english(self) -> dict[str, Text]:
        return {text.english: text for text in self.texts}

    @property
    def code(self) -> str:
        """The language's code."""
        return self.language.code

    @property
    def direction(self) -> str:
        """Which way it is written."""
        return self.language.direction

    def text(self, english: str) -> Text:
        """What is said for this English; an English that no paper has is not translated."""
        return self._by_english.get(english) or Text(english)

    def has(self, english: str) -> bool:
        """Whether this English stands on a paper or a page."""
        return english in self._by_english

    def count(self, state: State, paper: str | None = None) -> int:
        """How many texts are in this state, of one paper or of all."""
        return sum(one.state == state for one in self.texts if paper is None or paper in one.papers)

    def share(self, *papers: str) -> float:
        """Which part of the texts of these papers is translated, between 0 and 1."""
        theirs = [one for one in self.texts if set(one.papers) & set(papers)]
        return sum(bool(one.said) for one in theirs) / len(theirs) if theirs else 0.0

    def with_texts(self, changed: Iterable[Text]) -> "Catalogue":
        """The same catalogue with these texts in the place of those with the same English; others are left out."""
        new = {one.english: one for one in changed}
        kept = (
            replace(text, said=new[text.english].said, checked_by=new[text.english].checked_by,
                    checked_on=new[text.english].checked_on)
            if text.english in new else text
            for text in self.texts
        )  # fmt: skip
        return replace(self, texts=tuple(kept))


def check_language(language: Language) -> None:
    """Nothing when it can be kept. Raises CaseworkError at the field that is wrong."""
    if not _CODE.fullmatch(language.code) or language.code.startswith("en"):
        raise CaseworkError(
            "Type the code of the language: two or three small letters, such as so for Somali or ckb for Sorani.",
            field="code",
        )
    if not language.name:
        raise CaseworkError("Type the name of the language in English.", field="name")
    if not language.own_name:
        raise CaseworkError("Type the name of the language as its speakers write it.", field="own_name")
    if language.script not in SCRIPTS:
        raise CaseworkError("Choose the script.", field="script")


def check_text(text: Text, today: date) -> None:
    """Nothing when it can be kept. Raises CaseworkError at the field that is wrong."""
    if len(text.said) > MOST_SIGNS:
        raise CaseworkError(f"This is too long: {MOST_SIGNS:,} characters at most.", field="said")
    for said in text.forms if text.said else ():
        check_said([text.english, *([text.several] if text.several else [])], said)
    if text.checked_by and not text.said:
        raise CaseworkError("There is nothing here that could have been checked.", field="said")
    if text.checked_on and text.checked_on > today:
        raise CaseworkError("That day has not come yet.", field="checked_on")


def spoken_by(languages: str, known: Iterable[Language]) -> Language | None:
    """The first of the known languages that is named in these words, such as "Dari and some English"; else None."""
    said = languages.lower()
    named = [
        (said.index(name), one)
        for one in known
        for name in (one.name.lower(), one.own_name.lower(), *_ALSO.get(one.code, ()))
        if re.search(rf"\b{re.escape(name)}\b", said)
    ]
    return min(named, key=lambda found: found[0])[1] if named else None


def perhaps_meant(languages: str, known: Iterable[Language]) -> Language | None:
    """The known language for which a word here may be another spelling, such as Somali for "Somalian".

    None where one is named already, or where no word is like one. It is a question, never an answer.
    """
    known = list(known)
    if spoken_by(languages, known):
        return None
    names = {
        name: one
        for one in known
        for name in (one.name.lower(), one.own_name.lower(), *_ALSO.get(one.code, ()))
    }
    for word in re.findall(r"[^\W\d_]{4,}", languages.lower()):
        # Iranian is like Ukrainian, letter for letter: another spelling begins with the same letter.
        near = get_close_matches(word, [name for name in names if name[0] == word[0]], n=1, cutoff=_NEAR)
        if near:
            return names[near[0]]
    return None


def has_no_paper(languages: str, known: Iterable[Language]) -> bool:
    """Whether somebody reads something else best than English, and no known language is named in these words."""
    said = languages.strip().lower()
    return bool(said) and not said.startswith("english") and spoken_by(said, known) is None


_NEAR = 0.72  # of 1: Farsee is like Farsi, and Aramaic not like Amharic
_ALSO = {"fa": ("dari", "persian"), "ckb": ("sorani", "kurdish"), "bn": ("bangla", "sylheti")}
