"""An evening of calls: how a call ends, for how long somebody has a person to ring, and how far the evening is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

# Whoever takes a person has them for so long. Then somebody else may ring them: a phone may be flat, or a caller gone.
HELD_FOR = timedelta(minutes=20)
LONGEST_WORDS = 300
# Who was rung so lately is left alone, unless whoever makes the list says otherwise.
LEFT_ALONE = {0: "ring them all the same", 7: "a week", 14: "two weeks", 28: "four weeks"}


class Outcome(StrEnum):
    """How a call ended."""

    SPOKE = "spoke"
    LEFT_WORD = "left word"
    NO_ANSWER = "no answer"
    MOVED = "moved"
    WRONG_NUMBER = "wrong number"
    STOP = "stop"

    @property
    def words(self) -> str:
        """The same as whoever rings ticks it."""
        return OUTCOME_WORDS[self]

    @property
    def was_told(self) -> bool:
        """Whether they, or somebody at their number, heard what we had to say."""
        return self in (Outcome.SPOKE, Outcome.LEFT_WORD, Outcome.MOVED)


OUTCOME_WORDS = {
    Outcome.SPOKE: "We spoke",
    Outcome.LEFT_WORD: "I left word: on the machine, or with somebody",
    Outcome.NO_ANSWER: "No answer",
    Outcome.MOVED: "We spoke, and they have moved",
    Outcome.WRONG_NUMBER: "The number is wrong",
    Outcome.STOP: "They want to stop: take them off the list",
}
COUNT_WORDS = {
    Outcome.SPOKE: "spoken with",
    Outcome.LEFT_WORD: "left word",
    Outcome.NO_ANSWER: "no answer",
    Outcome.MOVED: "moved",
    Outcome.WRONG_NUMBER: "wrong number",
    Outcome.STOP: "stopped",
}


@dataclass(frozen=True)
class Evening:
    """How far a call list is: how many calls ended in each way, how many are being made, and how many wait."""

    ended: Mapping[Outcome, int]
    ringing: int
    waiting: int

    @property
    def done(self) -> int:
        """How many were rung."""
        return sum(self.ended.values())

    @property
    def total(self) -> int:
        """How many there are in all."""
        return self.done + self.ringing + self.waiting

    @property
    def is_over(self) -> bool:
        """Whether nobody is left to ring."""
        return not (self.ringing or self.waiting)

    @property
    def counts(self) -> tuple[tuple[str, int], ...]:
        """How the calls ended, in words, without those ways in which none did."""
        return tuple(
            (words, number) for key, words in COUNT_WORDS.items() if (number := self.ended.get(key, 0))
        )
