"""Surgery visits: how one may end, what was promised, and when to chase each promise."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from casework.domain.errors import CaseworkError


class Outcome(StrEnum):
    """How a visit ended."""

    AGREED = "met and agreed"
    UNSURE = "met and unsure"
    REFUSED = "refused"
    NO_ANSWER = "no answer"

    @property
    def words(self) -> str:
        """The same as a page says it."""
        return OUTCOME_WORDS[self]

    @property
    def met(self) -> bool:
        """Whether anybody was met at all."""
        return self in (Outcome.AGREED, Outcome.UNSURE)


OUTCOME_WORDS = {
    Outcome.AGREED: "We met, and they agreed to act",
    Outcome.UNSURE: "We met, and they were not sure",
    Outcome.REFUSED: "They said no",
    Outcome.NO_ANSWER: "Nobody saw us, or nobody answered",
}
# What a one-page brief answers, in the order in which a member's office asks.
BRING = (
    "a page that says what is wrong, how far it has come, and whether a day is near or was missed",
    "the Home Office, port and detention references",
    "the decision, notice or tribunal papers",
    "the form of authority, signed",
    "a letter from the lawyer that says what is pending",
    "a proof of address",
    "the day of removal and the flight, if they are known",
    "two or three letters of support",
    "what we ask for, in writing",
)
THANKS = "Send thanks, with what was agreed"


@dataclass(frozen=True)
class Promise:
    """Something promised at a visit: what, by whom, and by when if that was said."""

    what: str
    who: str | None = None
    by: date | None = None


@dataclass(frozen=True)
class Chase:
    """A follow-up to keep: what to chase, with whom, and on which day."""

    what: str
    who: str | None
    on: date


def follow_ups(
    promises: Iterable[Promise], *, held_on: date, chase_on: date, outcome: Outcome
) -> list[Chase]:
    """What to chase after a visit: each promise on its own day, and thanks when somebody was met.

    A promise without a day, and the thanks, fall on `chase_on`, our own rhythm for ringing an office.
    Raises CaseworkError when a promise was for a day before the visit.
    """
    chases = []
    for promise in promises:
        if promise.by and promise.by < held_on:
            raise CaseworkError("A promise cannot be for a day before the visit. Check the date.", field="by")
        chases.append(Chase(promise.what, promise.who, promise.by or chase_on))
    if outcome.met:
        chases.append(Chase(THANKS, None, chase_on))
    return chases
