"""How long answers take: which letters are measured against which, in working days, and whose figures may be shown."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from statistics import median

from casework.domain.letters.correspondence import Kind, ResponseKind
from casework.domain.parliament.answers import Will

# What is counted of cases that a reader may not see is shown only where it comes from so many answers in so many cases:
# with fewer, whoever knows one of them would learn how long it took.
FEWEST_ANSWERS = 5
FEWEST_CASES = 3


class Wait(StrEnum):
    """Who answers, and to what."""

    TO_MEMBER = "home office to member"
    WORD_TO_MEMBER = "first word to member"
    FILE = "file"
    TO_US = "home office to us"
    OFFICE = "office"

    @property
    def words(self) -> str:
        """The same as a page says it."""
        return WAIT_WORDS[self]


WAIT_WORDS = {
    Wait.TO_MEMBER: "The Home Office answers an MP",
    Wait.WORD_TO_MEMBER: "The Home Office says it has the MP’s letter",
    Wait.FILE: "The Home Office sends a person’s own file",
    Wait.TO_US: "The Home Office answers another letter of ours",
    Wait.OFFICE: "An MP’s office answers us, or acts",
}
HOME_OFFICE = frozenset({Kind.HOME_OFFICE_RESPONSE})
# Which letters are measured, by whom they are answered, and what the wait for that is.
MEASURED = {
    Kind.MEMBER_TO_HOME_OFFICE: (HOME_OFFICE, Wait.TO_MEMBER),
    Kind.REQUEST_FOR_FILE: (HOME_OFFICE, Wait.FILE),
    Kind.OTHER_OUT: (HOME_OFFICE, Wait.TO_US),
    Kind.US_TO_MEMBER: (frozenset({Kind.MEMBER_TO_US, Kind.MEMBER_TO_HOME_OFFICE}), Wait.OFFICE),
}
# Another letter out goes to anybody: it waits for the Home Office only once that has answered.
WAITS_UNANSWERED = frozenset(MEASURED) - {Kind.OTHER_OUT}


@dataclass(frozen=True)
class Filed:
    """A letter as it is measured: by the day that it bears. `holds_off` and `will` are what somebody found in it."""

    id: int
    case_id: int
    kind: Kind
    day: date
    gss_code: str | None = None
    response: ResponseKind | None = None
    answers_id: int | None = None
    holds_off: bool | None = None
    will: Will | None = None

    @property
    def is_answer(self) -> bool:
        """Whether it ends the wait: what somebody found in it counts before what it was recorded as."""
        if self.holds_off is not None:
            return not self.holds_off
        return self.response is None or self.response.is_an_answer


@dataclass(frozen=True)
class Waited:
    """One wait: from the letter that asked to what ended it, or to nothing yet."""

    wait: Wait
    asked: Filed
    ended_on: date | None = None


def waits(letters: Iterable[Filed]) -> list[Waited]:
    """Every wait among these letters, also those that go on. A letter of a day before the question is no answer."""
    known = list(letters)
    answers: dict[int, list[Filed]] = {}
    for one in known:
        if one.answers_id is not None:
            answers.setdefault(one.answers_id, []).append(one)
    found = []
    for asked in known:
        if asked.kind not in MEASURED:
            continue
        by, wait = MEASURED[asked.kind]
        came = [one for one in answers.get(asked.id, ()) if one.kind in by and one.day >= asked.day]
        ended = min((one.day for one in came if one.is_answer), default=None)
        if ended is not None or asked.kind in WAITS_UNANSWERED:
            found.append(Waited(wait, asked, ended))
        word = min((one.day for one in came if not one.is_answer), default=None)
        if wait is Wait.TO_MEMBER and word is not None:
            found.append(Waited(Wait.WORD_TO_MEMBER, asked, word))
    return found


@dataclass(frozen=True)
class Measure:
    """How many working days one wait took, or has taken so far, in which case, and whether the reader may see that."""

    days: int
    case_id: int
    seen: bool


def shown(measures: Iterable[Measure]) -> tuple[list[Measure], bool]:
    """Those of the measures that this reader may be shown in figures, and whether some had to be left out."""
    known = list(measures)
    unseen = [one for one in known if not one.seen]
    cases = {one.case_id for one in unseen}
    if not unseen or (len(unseen) >= FEWEST_ANSWERS and len(cases) >= FEWEST_CASES):
        return known, False
    return [one for one in known if one.seen], True


@dataclass(frozen=True)
class Figures:
    """What is said of some waits, in working days."""

    count: int
    median: float
    shortest: int
    longest: int

    @property
    def middle(self) -> str:
        """The median as people write it: "12", or "12½" between two."""
        whole = int(self.median)
        return f"{whole}½" if self.median != whole else str(whole)


def figures(days: Iterable[int]) -> Figures | None:
    """The figures of these numbers of days; None where there are none."""
    known = sorted(days)
    return Figures(len(known), median(known), known[0], known[-1]) if known else None


def by_kind(measures: Mapping[Wait, list[Measure]]) -> dict[Wait, Figures]:
    """The figures of each kind of wait of which any may be shown, in the order of the kinds."""
    found = {wait: figures(one.days for one in shown(measures.get(wait, []))[0]) for wait in Wait}
    return {wait: one for wait, one in found.items() if one}
