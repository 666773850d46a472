"""What a form of authority covers: which MP, for what, and on which days."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from casework.domain.errors import CaseworkError
from casework.domain.said import names
from casework.domain.words import say

# What an MP may be allowed to do. The keys are kept with the authority; the words stand on the paper.
SCOPE = {
    "ask": "ask the Home Office about them",
    "represent": "speak and write for them",
    "replies": "be told the Home Office’s answers",
    "papers": "be sent papers about them",
    "lawyer": "speak to their lawyer",
    "place": "speak to the place where they are held",
    "complain": "make a complaint for them",
    "file": "ask for their file",
}
WITHHELD = {
    "health": "health",
    "hiv": "HIV",
    "family": "family abroad",
    "offence": "an offence",
    "sexuality": "sexuality or gender",
    "trafficking": "trafficking or exploitation",
    "beliefs": "religion or politics",
}
HOW_GIVEN = {
    "paper": "signed on paper, and we hold it",
    "photo": "signed on paper, and we have a photo or a scan",
    "mark": "made their mark before a witness",
    "lawyer": "signed with their lawyer, who holds it",
}


class State(StrEnum):
    """Where an authority stands on a day."""

    NOT_YET = "not yet"
    IN_FORCE = "in force"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Given:
    """An authority as its rules see it: no constituency named means any MP."""

    signed_on: date
    ends_on: date | None = None
    withdrawn_on: date | None = None
    gss_codes: tuple[str, ...] = ()
    scope: tuple[str, ...] = ()


def state(given: Given, day: date) -> State:
    """Where it stands on this day. The last day named still counts; a withdrawal works at once, on its own day."""
    if given.withdrawn_on is not None and given.withdrawn_on <= day:
        return State.WITHDRAWN
    if day < given.signed_on:
        return State.NOT_YET
    if given.ends_on is not None and given.ends_on < day:
        return State.ENDED
    return State.IN_FORCE


def covers(given: Given, day: date, gss_code: str | None = None, purpose: str | None = None) -> bool:
    """Whether it is in force on this day, for this MP's constituency and this purpose where they are given."""
    return (
        state(given, day) is State.IN_FORCE
        and (gss_code is None or not given.gss_codes or gss_code in given.gss_codes)
        and (purpose is None or purpose in given.scope)
    )


def withheld_words(withheld: Iterable[str]) -> list[str]:
    """What nobody may tell, in the words of the form, then in whatever words the person wrote beside it."""
    said = list(withheld)
    ticked = [words for key, words in WITHHELD.items() if key in said]
    return ticked + sorted(words for words in dict.fromkeys(said) if words not in WITHHELD)


def check(given: Given, today: date) -> None:
    """Nothing when it can be kept. Raises CaseworkError at the field that is wrong."""
    if given.signed_on > today:
        raise CaseworkError("It cannot have been signed on a day that has not come yet.", field="signed_on")
    if given.ends_on is not None and given.ends_on < given.signed_on:
        raise CaseworkError("It ends before it was signed. Check both dates.", field="ends_on")
    if not given.scope:
        raise CaseworkError(
            "Tick what the person ticked on the paper. An authority with nothing ticked lets nobody do anything.",
            field="scope",
        )
    if unknown := set(given.scope) - set(SCOPE):
        raise CaseworkError(
            say("There is no such box on the form: {boxes}.", boxes=names(sorted(unknown))), field="scope"
        )


def check_withdrawal(given: Given, withdrawn_on: date, today: date) -> None:
    """Nothing when it can be kept. Raises CaseworkError for a day to come or before the signature."""
    if withdrawn_on > today:
        raise CaseworkError("That day has not come yet. A withdrawal works at once.", field="withdrawn_on")
    if withdrawn_on < given.signed_on:
        raise CaseworkError("That day is before it was signed. Check the date.", field="withdrawn_on")
