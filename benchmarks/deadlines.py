"""Dates held against two other libraries: working-day additions, whole answers, and a recount of 10,000 dates.

Usage: python benchmarks/deadlines.py. Prints ratios of one run, measured in turn; figures in seconds mean little on a
busy machine. Ends with status 1 when an answer differs from another library's, or the goal is missed.
"""

import random
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from govuk_bank_holidays.bank_holidays import BankHolidays

from casework.domain.timing.counting import Unit
from casework.domain.timing.deadline_rules import DeadlineRule
from casework.domain.timing.deadlines import WorkedDate, work_out
from casework.domain.timing.working_days import WorkingCalendar
from casework.reference.regions import DEFAULT_REGION, REGIONS
from casework.reference.rule_book import RuleBook, rule_book

COUNT = 10_000
TURNS, TURN_SECONDS = 9, 0.1
GOAL = 50
FIRST, LAST = date(2024, 4, 4), date(2027, 12, 1)  # every end is known, a year later too
WORLD_CUP = date(2026, 6, 15)  # in Scotland only; the bundled list of govuk-bank-holidays lacks it
SAME_CALENDAR = {
    "removal_notice",
    "notices_regs_business_day",
    "office_ew",
}  # weekends and bank holidays, no more


@dataclass(frozen=True)
class Asked:
    """One date to work out: a rule with its length, in one part of the UK, from one day."""

    rule: DeadlineRule
    variant: str | None
    region: str
    day: date
    calendar: WorkingCalendar
    offices: WorkingCalendar

    @property
    def days(self) -> int:
        """The number of working days that the rule adds."""
        return self.rule.length_for(self.variant).number

    @property
    def division(self) -> str:
        """The part of the UK whose bank holidays the rule's calendar takes out."""
        return DEFAULT_REGION if self.rule.calendar == "office_ew" else self.region

    def answer(self) -> WorkedDate:
        """All the dates of the rule, without the explanation."""
        return work_out(self.rule, self.day, self.calendar, variant=self.variant, offices=self.offices)


def questions(book: RuleBook, fits: Callable[[DeadlineRule, str | None], bool]) -> list[Asked]:
    """So many dates, evenly over the rules that fit, with their parts of the UK and days drawn by lot."""
    draw = random.Random(1)
    lengths = [
        (rule, variant)
        for rule in book.rules.values()
        for variant in (rule.variants or ([] if rule.no_date else [None]))
        if fits(rule, variant)
    ]
    asked = []
    for number in range(COUNT):
        rule, variant = lengths[number % len(lengths)]
        region, day = draw.choice(list(REGIONS)), FIRST + timedelta(draw.randrange((LAST - FIRST).days))
        day = max(day, rule.in_force_from or day)
        calendars = [
            book.working_calendar(key, region) for key in (rule.calendar, rule.safe_calendar or rule.calendar)
        ]
        asked.append(Asked(rule, variant, region, day, *calendars))
    return asked


def adds_working_days(rule: DeadlineRule, variant: str | None) -> bool:
    """Whether the rule adds working days on a calendar that the other libraries can count by."""
    return rule.calendar in SAME_CALENDAR and rule.length_for(variant).unit is Unit.WORKING_DAYS


def ours(asked: list[Asked]) -> Callable[[], list[date]]:
    """The additions by our calendars, one call a date."""
    calls = [(one.calendar, one.day, one.days) for one in asked]
    return lambda: [calendar.add_working_days(day, days) for calendar, day, days in calls]


def by_govuk(asked: list[Asked]) -> Callable[[], list[date]]:
    """The additions by govuk-bank-holidays: its next working day, as many times as there are days to add."""
    theirs = BankHolidays(use_cached_holidays=True)
    theirs.data["scotland"].append({"date": WORLD_CUP, "title": "One-off bank holiday"})
    calls = [(one.division, one.day, one.days) for one in asked]

    def add(division: str, day: date, days: int) -> date:
        for _ in range(days):
            day = theirs.get_next_work_day(division=division, date=day)
        return day

    return lambda: [add(division, day, days) for division, day, days in calls]


def by_numpy(asked: list[Asked], book: RuleBook) -> Callable[[], list[date]]:
    """The additions by numpy's `busday_offset`, called once a date, with the answer as a date."""
    calendars = {
        region: np.busdaycalendar(holidays=np.array(list(book.holidays.named(region)), dtype="datetime64[D]"))
        for region in REGIONS
    }
    calls = [(one.day, one.days, calendars[one.division]) for one in asked]
    return lambda: [
        np.busday_offset(day, days, roll="backward", busdaycal=calendar).astype(date)
        for day, days, calendar in calls
    ]


def rates(runs: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Dates a second of each: its best run in turns of the same time, so that a busy moment spoils none of them."""
    best = dict.fromkeys(runs, float("inf"))
    for _ in range(TURNS):
        for name, run in runs.items():
            until = time.perf_counter() + TURN_SECONDS
            while (start := time.perf_counter()) < until:
                run()
                best[name] = min(best[name], time.perf_counter() - start)
    return {name: COUNT / seconds for name, seconds in best.items()}


def row(name: str, rate: float, found: dict[str, float]) -> None:
    """One line: dates a second, and how many times as fast as either library's additions."""
    print(f"{name:40} {rate:>12,.0f} {rate / found['govuk']:>9.2f} {rate / found['numpy']:>9.2f}")


def main() -> int:
    """Check that all agree, measure, print, and say whether the goal is met."""
    book = rule_book()
    additions = questions(book, adds_working_days)
    everything = questions(book, lambda rule, variant: True)
    runs = {"ours": ours(additions), "govuk": by_govuk(additions), "numpy": by_numpy(additions, book)}
    answers = {name: run() for name, run in runs.items()}
    ends = [one.answer().ends for one in additions]
    if not answers["ours"] == answers["govuk"] == answers["numpy"] == ends:
        print("The answers differ: nothing is measured.")
        return 1
    found = rates(
        {
            **runs,
            "plain": lambda: [one.answer() for one in additions],
            "explained": lambda: [one.answer().days for one in additions],
            "recount": lambda: [one.answer() for one in everything],
            "recount explained": lambda: [one.answer().days for one in everything],
        }
    )
    mean = sum(one.days for one in additions) / COUNT
    print(f"{COUNT:,} dates, {mean:.1f} working days each; all answers are the same")
    print(f"{'':40} {'a second':>12} {'× govuk':>9} {'× numpy':>9}")
    row("govuk-bank-holidays, next working day", found["govuk"], found)
    row("numpy, busday_offset once a date", found["numpy"], found)
    row(f"ours, the same additions (goal {GOAL})", found["ours"], found)
    row("ours, every date of the rule, checked", found["plain"], found)
    row("ours, the same with the explanation", found["explained"], found)
    print(f"recount of {COUNT:,} dates of all rules: {COUNT / found['recount'] * 1000:.0f} ms,")
    print(f"  with the explanation {COUNT / found['recount explained'] * 1000:.0f} ms")
    return int(found["ours"] < GOAL * found["govuk"])


if __name__ == "__main__":
    sys.exit(main())
