"""Letters in and out: their kinds, the events that each starts, and the chain from our letter to an answer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from casework.domain.timing.triggers import Told


class Kind(StrEnum):
    """Who wrote to whom."""

    US_TO_MEMBER = "us to member"
    MEMBER_TO_HOME_OFFICE = "member to home office"
    HOME_OFFICE_RESPONSE = "home office response"
    MEMBER_TO_US = "member to us"
    REQUEST_FOR_FILE = "request for file"
    OTHER_OUT = "other out"
    OTHER_IN = "other in"

    @property
    def words(self) -> str:
        """The same as a page says it."""
        return KIND_WORDS[self]

    @property
    def comes_in(self) -> bool:
        """Whether the letter came to us or to the person, so that it has a day of receipt."""
        return self in (Kind.HOME_OFFICE_RESPONSE, Kind.MEMBER_TO_US, Kind.OTHER_IN)


DECISION_IN_DETENTION = "decision_received_in_detention"
KIND_WORDS = {
    Kind.US_TO_MEMBER: "Our letter to an MP",
    Kind.MEMBER_TO_HOME_OFFICE: "The MP’s letter to the Home Office",
    Kind.HOME_OFFICE_RESPONSE: "A letter from the Home Office",
    Kind.MEMBER_TO_US: "A letter from an MP’s office",
    Kind.REQUEST_FOR_FILE: "A request for the person’s own file (subject access request)",
    Kind.OTHER_OUT: "Another letter out",
    Kind.OTHER_IN: "Another letter in",
}


class ResponseKind(StrEnum):
    """What a letter from the Home Office is."""

    ACKNOWLEDGMENT = "acknowledgment"
    HOLDING = "holding"
    SUBSTANTIVE = "substantive"
    REFUSAL = "refusal"
    DECISION = "decision"
    REMOVAL_NOTICE = "removal notice"
    OTHER = "other"

    @property
    def words(self) -> str:
        """The same as a page says it, with what it means."""
        return RESPONSE_WORDS[self]

    @property
    def name_in_short(self) -> str:
        """The same without what it means, to stand within a sentence."""
        return self.words.split(":")[0].lower()

    @property
    def is_an_answer(self) -> bool:
        """Whether it answers what was asked. To say that a letter arrived, or that an answer will come, is none."""
        return self not in (ResponseKind.ACKNOWLEDGMENT, ResponseKind.HOLDING)

    @property
    def is_for_supporters(self) -> bool:
        """Whether those who wrote hear of it as an answer. A decision or a notice is news for the person alone."""
        return self in (ResponseKind.SUBSTANTIVE, ResponseKind.OTHER)

    @property
    def decides(self) -> bool:
        """Whether it takes a decision that may be challenged."""
        return self in (ResponseKind.REFUSAL, ResponseKind.DECISION)


RESPONSE_WORDS = {
    ResponseKind.ACKNOWLEDGMENT: "Acknowledgment: they have our letter",
    ResponseKind.HOLDING: "Holding reply: an answer will come later",
    ResponseKind.SUBSTANTIVE: "Answer: they say what they think or will do",
    ResponseKind.REFUSAL: "Refusal: they said no to an application or a claim",
    ResponseKind.DECISION: "Another decision",
    ResponseKind.REMOVAL_NOTICE: "Removal notice: they say they intend to remove the person",
    ResponseKind.OTHER: "Something else",
}
RECEIVED_HOW = {
    "post": "by post",
    "email": "by email",
    "hand": "handed over",
    "portal": "in an online account",
    "lawyer": "through the lawyer",
    "other": "in another way",
}


class Remedy(StrEnum):
    """What a decision letter says can be done about it, as the letter itself words it."""

    APPEAL = "appeal"
    REVIEW = "review"
    NEITHER = "neither"
    UNCLEAR = "unclear"

    @property
    def words(self) -> str:
        """The same as a page says it."""
        return REMEDY_WORDS[self]


REMEDY_WORDS = {
    Remedy.APPEAL: "It says that the person can appeal to the tribunal",
    Remedy.REVIEW: "It says that the person can ask for an administrative review",
    Remedy.NEITHER: "It says that neither is possible",
    Remedy.UNCLEAR: "It does not say, or we cannot tell",
}


@dataclass(frozen=True)
class Event:
    """Something that a letter tells of, one of `domain.timing.events`, with the days of its notice that are known."""

    name: str
    told: Told


def events_of(
    kind: Kind,
    told: Told,
    *,
    response: ResponseKind | None = None,
    remedy: Remedy = Remedy.UNCLEAR,
    detained: bool = False,
    abroad: bool = False,
) -> list[Event]:
    """The events that a letter tells of. Where it is unclear what can be done, all that may be are kept.

    The day on which an MP's letter was sent stands for the day it arrived, as the date it gives is only "about". A
    removal notice starts from the day it was given; while nobody knows that, from the earliest that it can have been.
    """
    came = Told(on=told.received or told.sent)
    if kind is Kind.US_TO_MEMBER:
        return [Event("letter_to_member", Told(on=told.sent))]
    if kind is Kind.MEMBER_TO_HOME_OFFICE:
        return [Event("member_letter_received", came)]
    if kind is Kind.REQUEST_FOR_FILE:
        return [Event("request_for_file_received", came)]
    if response is ResponseKind.REMOVAL_NOTICE:
        return [Event("removal_notice_given", came)]
    if response is None or not response.decides:
        return []
    return [Event(name, told) for name in _decided(remedy, detained=detained, abroad=abroad)]


def _decided(remedy: Remedy, *, detained: bool, abroad: bool) -> list[str]:
    """What a decision is, by what it says can be done about it and where the person is."""
    if remedy is Remedy.NEITHER:
        return ["decision_made"]
    if abroad:
        return ["decision_received_abroad"]
    received = DECISION_IN_DETENTION if detained else "decision_received"
    names = {Remedy.APPEAL: ["decision_sent"], Remedy.REVIEW: [received]}
    return names.get(remedy, ["decision_sent", received])


@dataclass(frozen=True)
class Paper:
    """A letter as the chain sees it."""

    id: int
    kind: Kind
    day: date
    response: ResponseKind | None = None
    answers_id: int | None = None
    void: bool = False

    @property
    def words(self) -> str:
        """What to call it in a list: who wrote to whom, and for the Home Office's letters what it is."""
        words = f"{self.kind.words}: {self.response.name_in_short}" if self.response else self.kind.words
        return f"{words} (void)" if self.void else words


@dataclass(frozen=True)
class Waiting:
    """What a chain waits for, and since when."""

    for_whom: str
    since: date
    paper_id: int


@dataclass(frozen=True)
class Chain:
    """A first letter and all that answers it, in the order of their days, with what is still waited for."""

    papers: tuple[Paper, ...]
    waiting: tuple[Waiting, ...]


WAITED_FOR = {
    Kind.US_TO_MEMBER: "the MP’s office",
    Kind.MEMBER_TO_HOME_OFFICE: "the Home Office to answer the MP",
    Kind.REQUEST_FOR_FILE: "the person’s own file",
}


def chains(papers: Iterable[Paper]) -> list[Chain]:
    """The letters in chains, the chain with the newest letter first."""
    known = {paper.id: paper for paper in papers}
    grouped: dict[int, list[Paper]] = {}
    for paper in known.values():
        grouped.setdefault(_root(paper, known).id, []).append(paper)
    found = []
    for group in grouped.values():
        group.sort(key=lambda paper: (paper.day, paper.id))
        waiting = [wait for paper in group if (wait := waits_for(paper, group))]
        found.append(Chain(tuple(group), tuple(waiting)))
    return sorted(found, key=lambda chain: (chain.papers[-1].day, chain.papers[-1].id), reverse=True)


def waits_for(paper: Paper, others: Iterable[Paper]) -> Waiting | None:
    """What this letter still waits for: None when it needs no answer or has had one."""
    if paper.kind not in WAITED_FOR or paper.void:
        return None
    answered = any(other.answers_id == paper.id and is_answer(other) for other in others)
    return None if answered else Waiting(WAITED_FOR[paper.kind], paper.day, paper.id)


def is_answer(paper: Paper) -> bool:
    """Whether this letter ends the wait of the one it answers."""
    return paper.response is None or paper.response.is_an_answer


def _root(paper: Paper, known: Mapping[int, Paper]) -> Paper:
    seen: set[int] = set()
    while (above := paper.answers_id) is not None and above in known and above not in seen:
        seen.add(above)
        paper = known[above]
    return paper
