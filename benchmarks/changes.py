"""How long open dates take to be counted anew when a bank holiday is added: 10,000 of every rule.

Usage: python benchmarks/changes.py [--dates N]. Opens that many dates in a new encrypted instance, then foresees and
saves a bank holiday in the midst of them, and counts all of them anew as a newer Casework would. Ends with status 1
when a goal is missed; the goals are shares of the time in which the dates were opened, just before.
"""

import argparse
import random
import sys
import tempfile
import time
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

from casework.app import create_app
from casework.domain.case.places import PlaceKind
from casework.domain.errors import CaseworkError
from casework.domain.safety.accounts import Role
from casework.reference.rule_changes import ChangeKind, holiday_change
from casework.services.case import cases
from casework.services.case.case_places import NewPlace
from casework.services.safety import accounts
from casework.services.timing import deadlines, recounting, rule_changes
from casework.services.timing.rule_book import rule_book
from casework.settings import load_settings
from casework.storage.database import db
from casework.storage.models import Case, User

OF_A_CASE = 50
FIRST, SPAN_DAYS = date(2026, 9, 1), 90
ADDED = date(2026, 11, 26)  # a Thursday amid them
GOALS = {"foreseen": 0.1, "saved": 0.15, "all counted anew": 0.15}


def open_dates(cases_of_all: list[Case], number: int, actor: User) -> None:
    """Open so many dates, of every rule and length in turn, for things that happened on days drawn by lot."""
    kinds = [(rule, key) for rule in rule_book().rules.values() for key in rule.variants or [None]]
    dated = [(rule.key, key) for rule, key in kinds if not rule.no_date]
    for index in range(number):
        key, variant = dated[index % len(dated)]
        on = FIRST + timedelta(random.randrange(SPAN_DAYS))
        with suppress(CaseworkError):  # a rule that was not in force on that day
            deadlines.add_deadline(cases_of_all[index % len(cases_of_all)], key, on, actor, variant=variant)
    db.session.commit()
    db.session.expire_all()


def main() -> int:
    """Print the times and their shares; 1 when a share is above its goal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dates", type=int, default=10_000)
    number = parser.parse_args().dates
    random.seed(20261120)
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(load_settings({}, instance=Path(folder)))
        with app.app_context():
            took = measure(number)
            db.engine.dispose()
    print(f"{number:,} dates opened in {took['opened']:.2f} s")
    for name, goal in GOALS.items():
        share = took[name] / took["opened"]
        print(f"{name}: {took[name]:.2f} s, {share:.2f} of that (goal {goal})")
    return int(any(took[name] > goal * took["opened"] for name, goal in GOALS.items()))


def measure(number: int) -> dict[str, float]:
    """The seconds that each step took."""
    actor, _ = accounts.add_user("Ruth Ellery", "ruth", Role.ORGANISER)
    place = NewPlace(PlaceKind.HOME, postcode="LS11 0ES", since=date(2021, 5, 1))
    everybody = [
        cases.open_case({"name_used": f"Person {n}"}, [place], actor)
        for n in range(max(1, number // OF_A_CASE))
    ]
    table = {"date": ADDED, "divisions": ["england-and-wales"], "title": "Day of thanks", "source": "s"}
    table |= {"checked_on": FIRST, "why": "It was announced.", "signed_by": "Ruth", "signed_on": FIRST}
    change = holiday_change(ChangeKind.HOLIDAY, table, "the benchmark")
    updated = [recounting.Reason(recounting.PROGRAM_UPDATED)]
    steps = {
        "opened": lambda: open_dates(everybody, number, actor),
        "foreseen": lambda: rule_changes.foresee_change(change, actor),
        "saved": lambda: rule_changes.add_change(change, actor),
        "all counted anew": lambda: recounting.recount(rule_book(), updated, None, "Casework"),
    }
    took = {}
    for name, step in steps.items():
        started = time.perf_counter()
        step()
        took[name] = time.perf_counter() - started
    return took


if __name__ == "__main__":
    sys.exit(main())
