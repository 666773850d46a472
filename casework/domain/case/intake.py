"""The first hour: which questions are asked at each of its three doors, and what is still to be found out after it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

# So many days after its last answer, or after its end, a first hour goes by itself.
KEPT = timedelta(days=30)


class Door(StrEnum):
    """Why somebody came. The words of an address tell nothing to whoever reads it over a shoulder."""

    DETAINED = "held"
    REFUSED = "decided"
    FLIGHT = "soon"

    @property
    def words(self) -> str:
        """What stands on the door."""
        return DOOR_WORDS[self][0]

    @property
    def about(self) -> str:
        """What is behind it, and how long it takes."""
        return DOOR_WORDS[self][1]


DOOR_WORDS = {
    Door.DETAINED: (
        "Someone has been detained",
        "Eight short questions, about five minutes. Then: who can act, who does what, and one pack to print.",
    ),
    Door.REFUSED: (
        "Refused, not detained",
        "For a letter that says no, and its dates. Seven short questions, about five minutes.",
    ),
    Door.FLIGHT: (
        "Tomorrow there is a flight",
        "Three questions, about two minutes. Then: the list for the hours before it, and the urgent letters.",
    ),
}


class Said(StrEnum):
    """How a question was answered."""

    SAID = "said"
    UNKNOWN = "unknown"
    NONE = "none"


@dataclass(frozen=True)
class Question:
    """One question on one page. `finds` are the things that it finds out, each a key of `FINDINGS`.

    `unknown` and `none` are the words of two buttons: not known yet, and there is nothing. Some have no `none`.
    """

    key: str
    ask: str
    short: str
    why: str
    finds: tuple[str, ...]
    unknown: str = "Don’t know yet"
    none: str = ""


_ALL = (
    Question(
        "who",
        "What name do they use?",
        "Their name",
        "A first name is enough, or another name for them. Everything else may wait.",
        ("name", "language"),
        unknown="Not to be said yet",
    ),
    Question(
        "where",
        "Where are they now?",
        "Where they are",
        "The place decides a second MP, how to visit, and how days are counted. People are often moved at night.",
        ("place",),
    ),
    Question(
        "held_home",
        "Where are they, and where was their home?",
        "Where they are, and their home",
        "The MP for the home is the first to ring.",
        ("place", "home"),
    ),
    Question(
        "home",
        "Where is their home?",
        "Their home",
        "The last one before they were detained, if they are. The MP there is the first to ask.",
        ("home",),
    ),
    Question(
        "before",
        "Where did they live before that?",
        "Earlier homes",
        "Friends who still live there can ask their own MP.",
        ("former",),
        none="No other home in the UK",
    ),
    Question(
        "papers",
        "Which paper did they get?",
        "The papers",
        "Its day starts the time for an answer. Take a picture of every page, and of the envelope.",
        ("papers",),
        none="No paper so far",
    ),
    Question(
        "flight",
        "When does it leave?",
        "The flight",
        "As it stands on the paper, letter for letter. The day alone is a beginning.",
        ("flight",),
    ),
    Question(
        "lawyer",
        "Do they have a solicitor or adviser?",
        "The lawyer",
        "Only a solicitor or a registered adviser may advise on the case.",
        ("lawyer",),
        none="They have none",
    ),
    Question(
        "asked",
        "Did anybody ask them whether an MP may hear of this?",
        "Their yes or no",
        "It is their decision. Until they say yes, no letter about them leaves the house.",
        ("asked",),
        unknown="Nobody could ask yet",
    ),
    Question(
        "urgent",
        "What cannot wait?",
        "What is urgent",
        "Medicines, a child who is alone, a day in court.",
        ("urgent",),
        none="Nothing that we know of",
    ),
)
QUESTIONS = {one.key: one for one in _ALL}
ASKED_AT: dict[Door, tuple[str, ...]] = {
    Door.DETAINED: ("who", "where", "home", "before", "papers", "lawyer", "asked", "urgent"),
    Door.REFUSED: ("who", "papers", "home", "lawyer", "asked", "before", "urgent"),
    Door.FLIGHT: ("who", "held_home", "flight"),
}


def questions(door: Door) -> list[Question]:
    """The questions of a door, in the order in which they are asked unless somebody chooses another."""
    return [QUESTIONS[key] for key in ASKED_AT[door]]


def next_after(door: Door, key: str, answered: Collection[str]) -> Question | None:
    """The question that comes after this one and has no answer yet; else the first without one, else None."""
    order = ASKED_AT[door]
    place = order.index(key) + 1
    return next((QUESTIONS[one] for one in (*order[place:], *order[:place]) if one not in answered), None)


@dataclass(frozen=True)
class Finding:
    """Something about the person that somebody has to find out: the words of its task, and why.

    `settled` are the words for "we asked, and there is nothing"; empty where that is no answer.
    """

    key: str
    what: str
    why: str
    settled: str


_FINDINGS = (
    Finding(
        "name",
        "Find out: which name we may use",
        "Until then the case goes by its number, and letters keep a gap.",
        "Their name stays unsaid",
    ),
    Finding(
        "language",
        "Find out: which language they read best",
        "Their papers are then printed in it, beside the English.",
        "English is right for them",
    ),
    Finding(
        "place",
        "Find out: where they are held",
        "Ring those who saw them last. People are often moved at night.",
        "They are not held",
    ),
    Finding(
        "home",
        "Find out: where their home is",
        "The MP for the home is the one to ask first. Half a postcode, or the name of a town, is a beginning.",
        "They have no home in the UK",
    ),
    Finding(
        "former",
        "Find out: where they lived before",
        "Friends who still live there can ask their own MP.",
        "They lived nowhere else",
    ),
    Finding(
        "papers",
        "Find out: which papers they got, and on which day",
        "A day may be running out. Ask for a picture of every page.",
        "They got no paper",
    ),
    Finding(
        "flight",
        "Find out: the day and the hour of the flight",
        "The plan counts back from it. The lawyer or the person has the paper.",
        "There is no flight",
    ),
    Finding(
        "lawyer",
        "Find out: whether they have a solicitor or adviser",
        "If there is none, get one today. A letter to an MP never extends a legal deadline.",
        "They have none",
    ),
    Finding(
        "asked",
        "Find out: whether an MP may hear of them",
        "It is their decision, and there is a risk to say aloud.",
        "",
    ),
    Finding(
        "urgent",
        "Find out: what cannot wait",
        "Medicines, a child who is alone, a day in court.",
        "Nothing is urgent",
    ),
)
FINDINGS = {one.key: one for one in _FINDINGS}


def to_find_out(door: Door, said: dict[str, Said], known: Collection[str]) -> list[str]:
    """What a first hour leaves to be found out: what its questions look for, nobody knows and nobody ruled out."""
    return [
        key
        for question in questions(door)
        if said.get(question.key) is not Said.NONE
        for key in question.finds
        if key not in known
    ]


def ruled_out(door: Door, said: dict[str, Said], known: Collection[str]) -> list[str]:
    """What somebody said in a first hour that there is none of."""
    return [
        key
        for question in questions(door)
        if said.get(question.key) is Said.NONE
        for key in question.finds
        if key not in known
    ]


@dataclass(frozen=True)
class OpenFinding:
    """Something to find out, as it stands in a case: known by now, ruled out by somebody, or neither."""

    key: str
    known: bool
    settled: bool

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to find it out."""
        return not (self.known or self.settled)


def open_keys(findings: Iterable[OpenFinding]) -> frozenset[str]:
    """The keys of those that are still to be found out."""
    return frozenset(one.key for one in findings if one.is_open)


# What somebody may take on in the first hour: the key of a task on the page of a case, and what it is called there.
TO_TAKE_ON = {
    "adviser": "Find a solicitor or registered adviser, or bring the papers to theirs",
    "asked": "Ask them before any MP is told",
    "authority": "Have the form of authority signed",
    "visit": "Ring the office of the MP for the home",
    "letters": "Finish and hand over the letters to the MPs",
    "find_out": "Find out what we do not know yet",
}
# Tasks of a case that are one thing to whoever takes them on.
SAME_TASK = {
    "person": "adviser",
    "print_authority": "authority",
    "record_authority": "authority",
    "visits": "visit",
}


OF_FINDING = {"lawyer": "adviser", "asked": "asked"}


def taken_as(task: str, finding: str = "") -> str:
    """Under which key somebody takes on this task; `finding` is what it finds out, if that is what it is for."""
    return OF_FINDING.get(finding, SAME_TASK.get(task, task))
