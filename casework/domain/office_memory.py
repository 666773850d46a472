"""What a group remembers of an MP's office: what happened, told by the day to some and in counts to the others."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from casework.domain.surgeries import Outcome


class Did(StrEnum):
    """Something between the group and an office."""

    LETTER = "letter"
    ANSWER = "answer"
    ASKED_HOME_OFFICE = "asked the Home Office"
    HOME_OFFICE_ANSWER = "answer of the Home Office"
    AGREED = "agreed"
    UNSURE = "unsure"
    REFUSED = "refused"
    REFUSED_UNSIGNED = "refused unsigned"
    NOT_SEEN = "not seen"

    @property
    def words(self) -> str:
        """The same as a line of one's own case says it."""
        return LINES[self]

    def counted(self, number: int) -> str:
        """So many of them: "2 letters from us"."""
        one, many = COUNTED[self]
        return f"{number} {one if number == 1 else many}"


LINES = {
    Did.LETTER: "We wrote",
    Did.ANSWER: "They answered us",
    Did.ASKED_HOME_OFFICE: "They wrote to the Home Office",
    Did.HOME_OFFICE_ANSWER: "The Home Office answered them",
    Did.AGREED: "Asked at a visit: agreed to act",
    Did.UNSURE: "Asked at a visit: not sure",
    Did.REFUSED: "Asked at a visit: refused",
    Did.REFUSED_UNSIGNED: "Asked at a visit: refused, with no signed form of authority on file that day",
    Did.NOT_SEEN: "A visit at which nobody saw us or answered",
}
COUNTED = {
    Did.LETTER: ("letter from us", "letters from us"),
    Did.ANSWER: ("answer to us", "answers to us"),
    Did.ASKED_HOME_OFFICE: ("letter of theirs to the Home Office", "letters of theirs to the Home Office"),
    Did.HOME_OFFICE_ANSWER: ("answer of the Home Office to them", "answers of the Home Office to them"),
    Did.AGREED: ("visit at which they agreed", "visits at which they agreed"),
    Did.UNSURE: ("visit at which they were not sure", "visits at which they were not sure"),
    Did.REFUSED: ("visit at which they refused", "visits at which they refused"),
    Did.REFUSED_UNSIGNED: (
        "visit at which they refused and no form of authority was signed",
        "visits at which they refused and no form of authority was signed",
    ),
    Did.NOT_SEEN: ("visit at which nobody saw us", "visits at which nobody saw us"),
}
VISITS = {
    Outcome.AGREED: Did.AGREED,
    Outcome.UNSURE: Did.UNSURE,
    Outcome.REFUSED: Did.REFUSED,
    Outcome.NO_ANSWER: Did.NOT_SEEN,
}


def at_visit(outcome: Outcome, *, was_signed: bool) -> Did:
    """What a visit was, by how it ended and by whether a form of authority held on that day."""
    did = VISITS[outcome]
    return Did.REFUSED_UNSIGNED if did is Did.REFUSED and not was_signed else did


def in_counts(happened: Iterable[tuple[Did, date]]) -> str:
    """How much of what happened, and in which month the last of it: nothing that would tell one case from another."""
    known = list(happened)
    if not known:
        return ""
    counts = Counter(did for did, _ in known)
    told = ", ".join(did.counted(counts[did]) for did in Did if counts[did])
    return f"{told}. The last was in {max(on for _, on in known):%B %Y}."


@dataclass(frozen=True)
class Line:
    """One thing in a case of the reader's own; `row_id` is that of the letter or the visit."""

    did: Did
    on: date
    reference: str
    person: str
    row_id: int
    detail: str = ""

    @property
    def is_visit(self) -> bool:
        """Whether it is a visit, and no letter."""
        return self.did in {*VISITS.values(), Did.REFUSED_UNSIGNED}
