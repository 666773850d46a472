"""Consent to a campaign: how far the person lets their story go, for which items, from when until when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from casework.domain.consent.publicity import ITEMS, Kind, Level
from casework.domain.errors import CaseworkError
from casework.domain.said import PARTS, in_a_row
from casework.domain.words import say

HOW_GIVEN = {
    "signature": "signed on paper",
    "mark": "made their mark before a witness",
    "call": "said so on a call, before a witness",
}
# The nine items as a page names them; the paper says the same in the person's own voice.
ITEM_WORDS = {
    Kind.NAME: "Name",
    Kind.FACE: "Face: pictures and films",
    Kind.VOICE: "Voice: recordings and calls",
    Kind.COUNTRY: "Country they come from",
    Kind.PLACE_OF_DETENTION: "Place where they are held",
    Kind.OFFENCE: "An offence",
    Kind.HEALTH: "Health",
    Kind.CHILDREN: "Children, in words: never a picture",
    Kind.COURT_PAPERS: "Court papers",
}
LEVEL_EXAMPLES = {
    Level.PLANNING: "planning, and nothing else",
    Level.OFFICES: "a surgery visit, a letter to an MP",
    Level.SUPPORTERS: "letters of support, a closed group",
    Level.CHANGED_NAME: "a petition, a story with another name",
    Level.FIRST_NAME_OR_PICTURE: "press with limits",
    Level.PUBLIC: "press and television",
}
# To be gone through with the person one by one (practice guide, section 4.4).
RISKS = {
    "return": "danger to me if I am returned",
    "family": "danger to my family there",
    "known": "being known in the neighbourhood afterwards, win or lose",
    "children": "children who do not know",
    "evidence": "what is told in public can be used in the case, and a difference from the official account harms it",
    "hostile": "a public case may draw hostile attention",
    "forever": "what is printed or online cannot be taken back",
}
ORDERS = {
    "no": "The lawyer says that there is no anonymity order",
    "yes": "There is an anonymity order",
    "unknown": "Nobody has asked yet",
}


@dataclass(frozen=True)
class CampaignGiven:
    """One paper as its rules see it."""

    given_on: date
    level: Level
    items: frozenset[Kind] = frozenset()
    ends_on: date | None = None
    withdrawn_on: date | None = None
    changed_name: str = ""
    anonymity_order: str = "unknown"


def in_force(papers: Iterable[CampaignGiven], day: date) -> CampaignGiven | None:
    """The paper that counts on this day: the newest one given by then, unless it has ended or was taken back.

    A paper before it never comes back to life: who agreed to less, or to nothing, did not agree to the old paper.
    `papers` come in the order in which they were recorded.
    """
    given = [paper for paper in papers if paper.given_on <= day]
    if not given:
        return None
    newest = max(enumerate(given), key=lambda numbered: (numbered[1].given_on, numbered[0]))[1]
    ended = newest.ends_on is not None and newest.ends_on < day
    withdrawn = newest.withdrawn_on is not None and newest.withdrawn_on <= day
    return None if ended or withdrawn else newest


def check(paper: CampaignGiven, today: date, *, how_given: str, witness: str, risks: Iterable[str]) -> None:
    """Nothing when it can be kept. Raises CaseworkError at the field that is wrong."""
    if paper.given_on > today:
        raise CaseworkError("That day has not come yet.", field="given_on")
    if paper.ends_on is not None and paper.ends_on < paper.given_on:
        raise CaseworkError("It ends before it was given. Check both dates.", field="ends_on")
    if how_given in ("mark", "call") and not witness:
        raise CaseworkError("Name whoever saw or heard it.", field="witness")
    if paper.items - set(ITEMS):
        raise CaseworkError("There is no such item on the paper.", field="items")
    if paper.level is Level.FIRST_NAME_OR_PICTURE and {Kind.NAME, Kind.FACE} <= paper.items:
        raise CaseworkError("At this level it is the name or the face, but not both.", field="items")
    if paper.level < Level.CHANGED_NAME:
        return
    lacking = [words for key, words in RISKS.items() if key not in set(risks)]
    if lacking:
        raise CaseworkError(
            say(
                "Before anything is public, go through every risk with them. Still open: {risks}.",
                risks=in_a_row(lacking, PARTS),
            ),
            field="risks",
        )
    if paper.anonymity_order == "yes":
        raise CaseworkError(
            "With an anonymity order naming them may be contempt of court. Ask the lawyer before anything is public.",
            field="anonymity_order",
        )
    if paper.anonymity_order != "no":
        raise CaseworkError(
            "Ask the lawyer first whether a court has made an anonymity order.", field="anonymity_order"
        )
