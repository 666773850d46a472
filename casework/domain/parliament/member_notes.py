"""Notes on a member: of which kind, what each has to say of itself, and which words do not belong into one."""

import re
from collections.abc import Iterable
from enum import StrEnum
from urllib.parse import urlsplit

from casework.domain.case.likeness import folded, likeness
from casework.domain.errors import CaseworkError
from casework.domain.parliament.criteria import Criterion

REMINDER = (
    "An MP may ask for a copy of what is kept about them. Write what you could read aloud to them, with the day and "
    "where it can be looked up. Name no supporter, and nobody whose case you work on."
)
LEFT_OUT = "[a name]"


class NoteKind(StrEnum):
    """What a note is about."""

    INTEREST = "interest"
    HOOK = "hook"
    STATEMENT = "statement"
    VOTE = "vote"
    STANCE = "stance"
    POST = "post"
    PRIVATE_SECRETARY = "private-secretary"
    COMMITTEE = "committee"
    RISING_STAR = "rising-star"
    GROUP = "all-party-group"
    OTHER = "other"

    @property
    def words(self) -> str:
        """What a page calls it."""
        return _WORDS[self]

    @property
    def criterion(self) -> Criterion | None:
        """The criterion that such a note answers."""
        return _ANSWERS.get(self)

    @property
    def needs_source(self) -> bool:
        """Whether such a note is a claim about what happened, so that it needs its source and its day."""
        return self not in (NoteKind.INTEREST, NoteKind.HOOK, NoteKind.OTHER)


_WORDS = {
    NoteKind.INTEREST: "An interest of theirs",
    NoteKind.HOOK: "A link to stories that we tell",
    NoteKind.STATEMENT: "Something they said in public",
    NoteKind.VOTE: "How they voted",
    NoteKind.STANCE: "Where they stand, in neutral words",
    NoteKind.POST: "A post in the government",
    NoteKind.PRIVATE_SECRETARY: "Parliamentary private secretary",
    NoteKind.COMMITTEE: "A select committee",
    NoteKind.RISING_STAR: "Named as a rising star",
    NoteKind.GROUP: "An all-party group",
    NoteKind.OTHER: "Something else",
}
_ANSWERS = {
    NoteKind.POST: Criterion.MINISTER,
    NoteKind.PRIVATE_SECRETARY: Criterion.PRIVATE_SECRETARY,
    NoteKind.COMMITTEE: Criterion.COMMITTEE,
    NoteKind.RISING_STAR: Criterion.RISING_STAR,
}
# What may stand on a paper that is carried to a meeting: never what they said, how they voted or where they stand.
ON_PAPER = frozenset({NoteKind.INTEREST, NoteKind.GROUP, *_ANSWERS})
# Words that judge a person. What somebody said, with the day, tells more and can be read aloud.
_JUDGES = re.compile(
    r"friend(?:ly|lier)?|unfriendly|hostile|ally|allies|enem(?:y|ies)|racists?|fascists?|bigots?|useless|nasty|"
    r"stupid|idiots?|hopeless|goodie|baddie|evil|liars?|lovely|awful|sympathetic|unsympathetic"
)


def check_link(text: str) -> str:
    """The address of a page as it was typed. Raises CaseworkError for anything but a plain page on the web."""
    wrong = CaseworkError(
        "This is not the address of a page. It begins with https:// or http://, such as "
        "https://hansard.parliament.uk/.",
        field="link",
    )
    try:
        parts = urlsplit(text)
        is_odd = parts.username is not None or not parts.hostname or (parts.port == 0)
    except ValueError:
        raise wrong from None
    if parts.scheme.lower() not in ("http", "https") or is_odd or re.search(r"[\s\"'<>\\^`{|}]", text):
        raise wrong
    if not re.fullmatch(r"[^.]+(\.[^.]+)+", parts.hostname or ""):
        raise wrong
    return text


def check_words(kind: NoteKind, text: str) -> None:
    """Raises CaseworkError for a stance that judges the member in place of saying what they said or did."""
    if kind is not NoteKind.STANCE:
        return
    found = next(
        (word for word in folded(text).text.split() if _JUDGES.fullmatch(word.strip(".,;:!?()'\""))), ""
    )
    if found:
        word = found.strip(".,;:!?()'\"")
        raise CaseworkError(
            f"“{word}” says what somebody is. Say what they said or did, and on which day: it helps more at a "
            "meeting, and can be read aloud to them.",
            field="text",
        )


def named_in(text: str, names: Iterable[str]) -> str | None:
    """The first of these people whom the text names, however they are written; None for nobody.

    A name of one word counts only with its capital, so that no plain word is taken for a person.
    """
    plain = folded(text, apart=False).text
    for name in names:
        if len(name.split()) > 1:
            if likeness(name).search(plain):
                return name
        elif len(name) > 2 and name[0].isupper() and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text):
            return name
    return None


def without_names(text: str, names: Iterable[str]) -> str:
    """The text with these people's whole names taken out, however they are written."""
    kept = folded(text, apart=False)
    spans = sorted(
        kept.span(found)
        for name in names
        if len(name.split()) > 1
        for found in likeness(name).finditer(kept.text)
    )
    written, at = "", 0
    for start, end in spans:
        if start >= at:
            written += text[at:start] + LEFT_OUT
        at = max(at, end)
    return written + text[at:]
