"""An answer read closely: the questions that a letter asked, what became of each, and what is left open."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from casework.domain.errors import CaseworkError
from casework.domain.said import in_a_row, of_ours
from casework.domain.words import say

MOST_QUESTIONS = 30
LONGEST_QUESTION = 500


class Found(StrEnum):
    """What an answer says to a question."""

    ANSWERED = "answered"
    DODGED = "dodged"
    WRONG = "wrong in fact"
    PROMISED = "promised"

    @property
    def words(self) -> str:
        """The same as a form says it, with what it means."""
        return FOUND_WORDS[self]


FOUND_WORDS = {
    Found.ANSWERED: "Answered: it says what we asked, whether we like it or not",
    Found.DODGED: "Dodged: it says nothing to it, or something else",
    Found.WRONG: "Wrong in fact: it says something that is not so",
    Found.PROMISED: "Promised: it says that somebody will do something",
}


class Finality(StrEnum):
    """Whether a letter is the answer, or says that one will come."""

    HOLDING = "holding"
    FINAL = "final"

    @property
    def words(self) -> str:
        """The same as a form says it, with what it means."""
        return FINALITY_WORDS[self]


FINALITY_WORDS = {
    Finality.HOLDING: "Holding: it says that an answer will come",
    Finality.FINAL: "Final: this is their answer",
}


class Signer(StrEnum):
    """Who signed an answer."""

    MINISTER = "minister"
    OFFICIAL = "official"
    MEMBER = "member"
    OFFICE = "office"
    OTHER = "other"
    NOBODY = "nobody"

    @property
    def words(self) -> str:
        """The same as a form says it."""
        return SIGNER_WORDS[self]


SIGNER_WORDS = {
    Signer.MINISTER: "A minister",
    Signer.OFFICIAL: "An official of the Home Office",
    Signer.MEMBER: "The MP",
    Signer.OFFICE: "Somebody in the MP’s office",
    Signer.OTHER: "Somebody else",
    Signer.NOBODY: "Nobody: there is no name under it",
}
# The same within a sentence of a letter: "signed by an official".
SIGNED_BY = {
    Signer.MINISTER: "a minister",
    Signer.OFFICIAL: "an official",
    Signer.MEMBER: "you",
    Signer.OFFICE: "your office",
}


class Will(StrEnum):
    """What an MP's office says that it will do."""

    ACT = "act"
    REFUSE = "refuse"
    ONLY_IF = "only if"

    @property
    def words(self) -> str:
        """The same as a form says it."""
        return WILL_WORDS[self]


WILL_WORDS = {
    Will.ACT: "They act, or will",
    Will.REFUSE: "They will not act",
    Will.ONLY_IF: "They act once they have something from us",
}

_STRONG = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
_SENTENCE = re.compile(r"(?<=[.?!])\s+")
_ASKING = re.compile(r"^(?:please|could|can|would|will|may)\b|\bwe ask\b|\bI ask\b", re.IGNORECASE)
_BULLET = re.compile(r"^(?:[-–—•*]|\(?\d{1,2}[.)])\s+")


def questions_in(text: str) -> list[str]:
    """What a text asks, one thing each, in its order: what stands in strong words, else each sentence that asks.

    Lines that begin with a dash or a number are each of their own. Nothing is added: it is a start to be reworded.
    """
    found: list[str] = []
    for line in text.replace("¶", "\n").splitlines():
        plain = _BULLET.sub("", line.strip())
        strong = _STRONG.findall(plain)
        if strong:
            found += strong
        elif plain != line.strip():
            found.append(plain)
        else:
            found += [one for one in _SENTENCE.split(plain) if one.endswith("?") or _ASKING.search(one)]
    return as_questions("\n".join(" ".join(one.split()) for one in found))


def as_questions(typed: str) -> list[str]:
    """The questions that somebody typed, one a line, each once; a dash or a number before one is left out.

    Raises CaseworkError for more than there can be, and for one that is too long.
    """
    lines = (_BULLET.sub("", line.strip()).replace("**", "").strip() for line in typed.splitlines())
    found = list(dict.fromkeys(line[0].upper() + line[1:] for line in lines if line))
    if len(found) > MOST_QUESTIONS:
        raise CaseworkError(
            f"These are {len(found)} questions: {MOST_QUESTIONS} at most. Put some together.",
            field="questions",
        )
    for one in found:
        if len(one) > LONGEST_QUESTION:
            raise CaseworkError(
                f"One question is too long: {LONGEST_QUESTION} characters at most. It begins “{one[:40]}…”.",
                field="questions",
            )
    return found


@dataclass(frozen=True)
class Reading:
    """What somebody found in the answer to one question."""

    found: Found | None = None
    quote: str | None = None  # the answer's own words
    truth: str | None = None  # what is right, and how that is known
    promise: str | None = None
    promised_by: str | None = None
    promised_on: date | None = None


def check(reading: Reading, answered_on: date) -> None:
    """Nothing for a reading that says enough. Raises CaseworkError for what is missing, at its field."""
    if reading.found is Found.WRONG and not reading.quote:
        raise CaseworkError("Copy the words that are wrong, as they stand in the answer.", field="quote")
    if reading.found is Found.WRONG and not reading.truth:
        raise CaseworkError("Say what is right, and how you know.", field="truth")
    if reading.found is Found.PROMISED and not reading.promise:
        raise CaseworkError("Say what was promised, in a few words.", field="promise")
    if reading.promised_on and reading.promised_on < answered_on:
        raise CaseworkError("This day is before the answer. Check the date.", field="promised_on")


@dataclass(frozen=True)
class Asked:
    """One question with its reading; `kept` says whether what was promised is done."""

    asked: str
    reading: Reading
    chase_on: date | None = None
    kept: bool = False

    def is_open(self, today: date) -> bool:
        """Whether it has to be asked again: dodged, wrong, or promised for a day that has passed without it."""
        match self.reading.found:
            case Found.DODGED | Found.WRONG:
                return True
            case Found.PROMISED:
                return not self.kept and self.chase_on is not None and self.chase_on < today
        return False


def tally(questions: Iterable[Asked]) -> Mapping[Found | None, int]:
    """How many questions were found to be what, in the order of the words; None stands for those not read yet."""
    counts: dict[Found | None, int] = dict.fromkeys((*Found, None), 0)
    for one in questions:
        counts[one.reading.found] += 1
    return {found: number for found, number in counts.items() if number}


def tally_words(counts: Mapping[Found | None, int]) -> str:
    """ "2 answered, 1 dodged, 1 not read yet"; empty for no questions."""
    return in_a_row(
        say("{how_many} {found}", how_many=number, found=of_ours(found or "not read yet"))
        for found, number in counts.items()
    )


def stands_in(quote: str, text: str) -> bool:
    """Whether these words stand in the text, however lines, spaces, quotation marks and capitals are set.

    Three dots in the quotation stand for words left out.
    """
    body, at = _flat(text), 0
    for part in re.split(r"\.\.\.|…", quote):
        piece = _flat(part)
        at = body.find(piece, at)
        if at < 0:
            return False
        at += len(piece)
    return True


def _flat(text: str) -> str:
    plain = text.casefold().replace("’", "'").replace("‘", "'")
    return " ".join(re.sub(r"[“”\"\[\]]", "", plain).split())
