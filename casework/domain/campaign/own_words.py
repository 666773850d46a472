"""Own words: what only the signer of a letter can say, what helps them say it, and when it is theirs.

Offices answer people. A letter that anybody could have signed is counted, at best; one sentence that only this
person can write makes it a letter.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from casework.domain.campaign.alike import Runs, runs_of, words_of

LEAST_WORDS = 6  # "She is my neighbour" has four, and fits a thousand people
MOST_SHARED = 0.5  # of the runs of a sentence: with more it is somebody else’s, with a word changed
LONGEST = {"how_known": 600, "own_words": 2_000, "ask": 400}  # characters: a letter is one page
# Never asked, and not to be told: said beside the boxes.
NEVER = "Leave out any party, how you vote, and every number that an office has for anybody."

_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+")


@dataclass(frozen=True)
class Prompt:
    """One place that only the signer can fill: the question, what helps, and an example that is not to be copied."""

    field: str
    question: str  # {name} is what the person is called
    hint: str
    example: str

    @property
    def help(self) -> str:
        """What stands beside the box."""
        return f"{self.hint} For example, and not to be copied: {self.example}"


PROMPTS = (
    Prompt(
        "how_known",
        "How do you know {name}?",
        "Where you met, since when, what you do together. Two sentences are plenty.",
        "“We met in the queue at the food bank two winters ago, and she has cut my mother’s hair ever since.”",
    ),
    Prompt(
        "own_words",
        "Why does it matter to you? What would be lost if {name} had to go?",
        "One thing that you saw or heard yourself is stronger than praise.",
        "“When the lift broke she carried our shopping up six floors for a month, and would not take a cup of tea.”",
    ),
    Prompt(
        "ask",
        "Is there something that you ask your MP yourself?",
        "The letter has its own request. Leave this empty, or add yours.",
        "“Could you come to our Saturday breakfast and meet the people who miss him?”",
    ),
)
FIELDS = tuple(one.field for one in PROMPTS)
# What is asked for where no sentence is the signer’s own.
MISSING = "one sentence in the signer’s own words"
NOT_READY = (
    "This letter has no sentence yet that only its signer could write. Ask them how they know the person, or what they "
    "would miss. One sentence of their own is enough, and it is the part that is read."
)
NOT_READY_ALONE = (
    "There is no sentence here yet that only you could write. Say how you know them, or one thing that you saw. One "
    "sentence of your own is enough: it is the part that is read."
)


def sentences(text: str) -> list[str]:
    """The sentences of a text, in order."""
    return [part.strip() for part in _SENTENCE.split(text) if part.strip()]


def own_sentences(texts: Iterable[str], given: Iterable[str]) -> list[str]:
    """The sentences in these texts that are the writer’s own.

    Not own are those of fewer than six words, those with something in [brackets] that is still to be filled in, and
    those of which half stands in `given`: what the letter says by itself. Our own examples are never anybody’s.
    """
    known = runs_of((*given, *(prompt.example for prompt in PROMPTS)))
    return [one for text in texts for one in sentences(text) if _is_own(one, known)]


def _is_own(sentence: str, known: Runs) -> bool:
    if "[" in sentence or len(words_of(sentence)) < LEAST_WORDS:
        return False
    runs = runs_of([sentence])
    return len(runs & known) < MOST_SHARED * len(runs)
