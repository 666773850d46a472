"""The list of cases: where each person is, how many dates run, and the one on which most hangs."""

from dataclasses import dataclass
from datetime import date

from flask_login import current_user

from casework.domain.timing.diary import DiaryEntry, most_grave
from casework.services.timing import flights
from casework.services.timing.board import running_in
from casework.storage.models import Case, Removal
from casework.web.case.case_page import status


@dataclass(frozen=True)
class Line:
    """One case as the list shows it. `passed` of its dates are overdue or have passed; `next` is the gravest ahead."""

    case: Case
    status: str
    running: int
    passed: int
    next: DiaryEntry | None
    flight: Removal | None


def lines(cases: list[Case], today: date) -> list[Line]:
    """A line for each case, whose dates are asked for together."""
    running = running_in(current_user, [case.reference for case in cases])
    leaving = flights.of_cases(current_user, cases)
    return [_line(case, running[case.reference], leaving.get(case.id), today) for case in cases]


def _line(case: Case, entries: list[DiaryEntry], flight: Removal | None, today: date) -> Line:
    passed = sum(entry.has_passed(today) for entry in entries)
    return Line(case, status(case, today), len(entries), passed, most_grave(entries, today), flight)
