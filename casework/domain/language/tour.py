"""The tour of the demo: what to do at each step, and what there is to see."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

MINUTES = 10


@dataclass(frozen=True)
class Step:
    """One step: what to do, what you then see, and the name of the page where it is done."""

    page: str
    title: str
    do: str
    see: str


STEPS = (
    Step(
        "who",
        "See who can act",
        "Open Samira’s case and go down to “Who can act”.",
        "Four MPs, each once: for her home, for the place where she is held, and for two homes before. Each says why.",
    ),
    Step(
        "next",
        "See what is next",
        "Go to the top of the same page.",
        "A list of what to do now, with the reason. A line closes by itself when the thing is done.",
    ),
    Step(
        "dates",
        "Look at the dates",
        "Open the board, choose a date, and open “How this was counted”.",
        "Two days for each limit: the one to aim for and the last one. Every day between them is shown.",
    ),
    Step(
        "removal",
        "Follow the removal clock",
        "Read the page from the top. Then tick a step of the plan.",
        "From when a removal is possible, when the flight is, and what has to be done before, counted back in hours.",
    ),
    Step(
        "letter",
        "Draft a letter",
        "Choose an MP and a kind of letter, and press “Draft it from the case”.",
        "Your words on one side, the real page on the other. What the case does not know stands in square brackets.",
    ),
    Step(
        "agreed",
        "See what she agreed to",
        "Look at the three papers beside each other.",
        "What an MP’s office may know, what supporters may know, and what nobody may tell. Letters keep to it.",
    ),
    Step(
        "happened",
        "Say that something happened",
        "Choose “Bail was refused”, type “today”, and go on. Save nothing.",
        "Which dates would start and which would end, before anything is saved.",
    ),
    Step(
        "supporters",
        "Meet the supporters",
        "Open the list, and then “Letters for many”.",
        "Each supporter’s own MP, found from the postcode on this machine. One press makes a letter for each of them.",
    ),
    Step(
        "today",
        "Read the morning page",
        "Open “Today”.",
        "What is late, what is for today, and what comes this week, for all the cases that you work on.",
    ),
    Step(
        "words",
        "Look up a word",
        "Find “surgery” on the page of words.",
        "What people who do this work mean by a word, and where we read it.",
    ),
)


def seen_after(seen: Iterable[int], number: int) -> list[int]:
    """The numbers of the steps that were seen, with this one. A number that is no step is left out."""
    return sorted({one for one in (*seen, number) if 1 <= one <= len(STEPS)})


def next_step(offered: Iterable[int], seen: Collection[int]) -> int | None:
    """The number of the first step that is left; None when all were seen."""
    return next((one for one in offered if one not in seen), None)
