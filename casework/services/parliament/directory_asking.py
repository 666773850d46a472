"""Asking UK Parliament and GOV.UK for what is new. Only a command does it: no page of the house knows of this file."""

from dataclasses import dataclass

from casework import clock
from casework.domain.parliament.directory_answers import Answers
from casework.reference.parliament.asking import KEPT_FOR, PARLIAMENT, Known, Progress, ask_all
from casework.reference.parliament.client import Client, Pace, is_at_home
from casework.reference.parliament.holidays import (
    GOV_UK,
    PATH,
    SOURCE,
    Compared,
    Listed,
    compare,
    read_holidays,
)
from casework.reference.parliament.kept_answers import KeptAnswers
from casework.reference.rule_changes import Change, ChangeKind
from casework.services.parliament.directory import directory
from casework.services.timing import rule_changes
from casework.services.timing.rule_book import rule_book
from casework.storage.instance import current_instance


@dataclass(frozen=True)
class Asked:
    """What was answered, and how many questions that took."""

    answers: Answers
    holidays: Compared
    requests: int


def ask(progress: Progress, *, source: str = "", afresh: bool = False, pace: Pace | None = None) -> Asked:
    """What UK Parliament and GOV.UK say now. Nothing is changed by asking.

    `source` is another server that answers for both, for tests. `afresh` asks again what was answered within hours.
    Raises NoAnswer and HalfAnAnswer.
    """
    pace = pace or (Pace(a_second=float("inf")) if source and is_at_home(source) else Pace())
    kept = KeptAnswers(current_instance().settings.instance / "cache" / "parliament")
    now = directory()
    known = Known({one.gss_code: one for one in now.constituencies()}, now.sittings())
    parliament, gov_uk = Client(source or PARLIAMENT, kept, pace), Client(source or GOV_UK, kept, pace)
    try:
        good_for = 0.0 if afresh else KEPT_FOR
        answers = ask_all(parliament, known, clock.today(), progress, good_for=good_for)
        listed = read_holidays(gov_uk.ask(PATH))
    finally:
        parliament.close()
        gov_uk.close()
    holidays = compare(listed, rule_book().holidays, clock.today())
    return Asked(answers, holidays, parliament.requests + gov_uk.requests)


def add_holidays(new: tuple[Listed, ...], by: str) -> int:
    """Count with these bank holidays from now on; how many open dates that moved. `by` is who answers for it.

    Each can be taken back like every change of the rules. Raises CaseworkError when one does not fit.
    """
    today = clock.today()
    return rule_changes.add_published(
        [
            Change(
                ChangeKind.HOLIDAY,
                one.day.isoformat(),
                {"divisions": list(one.divisions), "source": SOURCE, "checked_on": today, "title": one.title},
                why="GOV.UK lists it",
                signed_by=by,
                signed_on=today,
            )
            for one in new
        ]
    )
