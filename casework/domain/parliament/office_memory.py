"""What a group remembers of an MP's office: what happened, told by the day to some and in counts to the others."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from casework.domain.parliament.answers import Will
from casework.domain.parliament.surgeries import Outcome
from casework.domain.said import in_a_row, in_month
from casework.domain.words import say


class Did(StrEnum):
    """Something between the group and an office."""

    LETTER = "letter"
    ANSWER = "answer"
    ANSWER_ACTS = "answer: acts"
    ANSWER_ONLY_IF = "answer: only if"
    ANSWER_REFUSES = "answer: refuses"
    ANSWER_REFUSES_UNSIGNED = "answer: refuses unsigned"
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
    Did.ANSWER_ACTS: "They answered us, and act",
    Did.ANSWER_ONLY_IF: "They answered us, and want something first",
    Did.ANSWER_REFUSES: "They answered us, and refused",
    Did.ANSWER_REFUSES_UNSIGNED: "They answered us, and refused, with no signed form of authority on file that day",
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
    Did.ANSWER_ACTS: ("answer that they will act", "answers that they will act"),
    Did.ANSWER_ONLY_IF: ("answer that asks for something first", "answers that ask for something first"),
    Did.ANSWER_REFUSES: ("answer that refused", "answers that refused"),
    Did.ANSWER_REFUSES_UNSIGNED: (
        "answer that refused while no form of authority was signed",
        "answers that refused while no form of authority was signed",
    ),
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


SAID = {Will.ACT: Did.ANSWER_ACTS, Will.ONLY_IF: Did.ANSWER_ONLY_IF, Will.REFUSE: Did.ANSWER_REFUSES}
UNSIGNED = {Did.REFUSED: Did.REFUSED_UNSIGNED, Did.ANSWER_REFUSES: Did.ANSWER_REFUSES_UNSIGNED}


def that_day(did: Did, *, was_signed: bool) -> Did:
    """The same, told as a refusal without a form of authority where none held on that day."""
    return did if was_signed else UNSIGNED.get(did, did)


def in_counts(happened: Iterable[tuple[Did, date]]) -> str:
    """How much of what happened, and in which month the last of it: nothing that would tell one case from another."""
    known = list(happened)
    if not known:
        return ""
    counts = Counter(did for did, _ in known)
    told = in_a_row(did.counted(counts[did]) for did in Did if counts[did])
    return say("{counts}. The last was in {month}.", counts=told, month=in_month(max(on for _, on in known)))


@dataclass(frozen=True)
class Line:
    """One thing in a case of the reader's own; `row_id` is that of the letter or the visit."""

    did: Did
    on: date
    reference: str
    person: str
    row_id: int
    is_visit: bool = False
    detail: str = ""
