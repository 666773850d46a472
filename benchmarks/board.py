"""The board of dates held against its goals: statements, spread, growth from 2,000 cases to 20,000, and size.

Usage: python benchmarks/board.py [--rounds N] [--folder FOLDER]. Makes two encrypted instances, unless the folder
has them already, and asks both in turn in one process, so that a ratio holds when the machine's speed drifts. The
20,000 cases have the same first 200 dates as the 2,000. Spread and growth are judged by the processor's account of
the thread, which leaves out what other programs take; the clock is printed beside it. Ends with status 1 when a goal
is missed.
"""

import argparse
import gzip
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, text

from casework import clock
from casework.app import create_app
from casework.commands.serve import settle_memory
from casework.domain.case.places import PlaceKind
from casework.domain.safety.accounts import Role
from casework.services.case import cases
from casework.services.case.case_places import NewPlace
from casework.services.safety import accounts, sessions
from casework.services.timing import deadlines
from casework.settings import load_settings
from casework.storage.database import db
from casework.storage.models import User

SMALL, LARGE = 2_000, 20_000
OPEN_OF_A_CASE, SETTLED_OF_A_CASE = 5, 3
# How many days of events the dates begin on, and how many days before today only the first 2,000 cases have dates.
OLDEST_EVENT, FREE_DAYS = 45, 20
INSTANT = "2026-11-20 09:00:00.000000"
MOST_STATEMENTS, MOST_SPREAD, MOST_GROWTH, MOST_BYTES = 4, 1.3, 1.1, 15 * 1024
# What a group's board is made of: a rule, its variant, and how often it comes.
RULES = (
    ("ftt_appeal_in_uk", None, 4),
    ("ftt_pta", "in_uk", 2),
    ("jr_upper_tribunal", None, 2),
    ("sar", None, 4),
    ("mp_letter_home_office", None, 4),
    ("mp_office_chase", None, 4),
    ("removal_notice_period", None, 1),
    ("bail_repeat_28_days", None, 1),
    ("jr_pap_reply", None, 2),
)
FIRST = (
    "Samira Daniel Yonas Nadia Idris Mina Ruth Amal Bereket Chidi Dilnoza Efua Farhad Gulalai Hamid Ines Jamal Kofi "
    "Lula Mehdi Nour Omid Parwana Qasim Rahel Selam Tariq Ubah Viyan Winta Xoan Yusuf Zahra Abel Blessing Comfort"
)
LAST = (
    "Ahmadi Kebede Tesfay Okafor Rahimi Haile Mensah Noori Diallo Osman Petrosyan Quaye Rezai Sesay Tekle Umarova "
    "Vahedi Warsame Yilmaz Zewdu Abebe Bangura Camara Dagne Ejigu Faye Ghebre Hosseini Ibrahim Jalloh Koroma Lemma"
)
NAMES = [f"{first} {last}" for first in FIRST.split() for last in LAST.split()]
WHOLE_BOARD = "/dates"
VIEWS = (
    ("the board", WHOLE_BOARD),
    ("initials", "/dates?names=initials"),
    ("mine", "/dates?whose=me"),
    ("nobody's yet", "/dates?whose=nobody"),
    ("this week", "/dates?when=week"),
    ("overdue or passed", "/dates?when=overdue"),
    ("limits and removals", "/dates?grave=yes"),
    ("waiting for the Home Office", "/dates?waiting=home_office"),
    ("visits", "/dates?kind=visit"),
    ("one case", "/dates?case=C-21"),
    ("the list of cases", "/cases"),
)


@dataclass
class Instance:
    """An application on an instance of so many cases, with somebody signed in."""

    app: Flask
    size: int
    clients: dict[str, FlaskClient] = field(default_factory=dict)

    def sign_in_everybody(self) -> None:
        """A browser for each of the people. Call it inside the application's context."""
        for user in db.session.query(User).all():
            client = self.app.test_client()
            sessions.add(user, "")
            db.session.commit()
            with client.session_transaction() as session:
                session["_user_id"], session["_fresh"] = user.session_token, True
            self.clients[user.name] = client
        db.session.remove()

    def seconds(self, who: str, path: str) -> tuple[float, float]:
        """How long one request takes, by the clock and by the processor's own account of this thread."""
        start, worked = time.perf_counter(), time.thread_time()
        answer = self.clients[who].get(path)
        taken = time.perf_counter() - start, time.thread_time() - worked
        assert answer.status_code == 200, path
        return taken


def open_instance(folder: Path, size: int) -> Instance:
    """The instance of this size, made when it is not there yet."""
    made = (folder / "casework.db").exists()
    app = create_app(load_settings({}, instance=folder))
    instance = Instance(app, size)
    with app.app_context():
        if not made:
            start = time.perf_counter()
            Maker(size).make()
            print(f"made {size:,} cases in {time.perf_counter() - start:.0f} s")
        instance.sign_in_everybody()
    return instance


class Maker:
    """Makes cases by the thousand: one through the services, the others as rows like those."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.random = random.Random(2026)
        self.today = clock.today()
        self.rows: dict[str, list[dict[str, Any]]] = {}
        self.samples: list[list[dict[str, Any]]] = []

    def make(self) -> None:
        """Fill the tables."""
        ruth = accounts.add_user("Ruth", "ruth", Role.ORGANISER)[0]
        idris = accounts.add_user("Idris", "idris", Role.CASEWORKER)[0]
        first, place, unknown = self._sample(ruth)
        for number in range(1, self.size + 1):
            case = first["id"] + number
            facts = {"id": case, "reference": f"C-{case}", "name_used": self.random.choice(NAMES)}
            self._add("cases", first, **facts, closed_on=None)
            self._add("case_places", place, id=None, case_id=case)
            team = [ruth, idris] if number <= SMALL and number % 20 == 0 else [ruth]
            for user in team:
                self._add("team_members", {}, case_id=case, user_id=user.id)
            for _ in range(OPEN_OF_A_CASE):
                owner = self.random.choice(team).id if self.random.random() < 0.2 else None
                self._add("deadlines", self._date(number), id=None, case_id=case, owner_id=owner)
            settled = {"settled_on": self.today.isoformat(), "settled_as": "met"}
            for _ in range(SETTLED_OF_A_CASE):
                self._add("deadlines", self._date(number), id=None, case_id=case, **settled)
            if number <= 3:
                self._add("deadlines", unknown, id=None, case_id=case)
            self._contact(case, number)
        for table, rows in self.rows.items():
            self._insert(table, rows)
        db.session.commit()

    def _sample(self, actor: User) -> tuple[dict[str, Any], ...]:
        """A case with its place and a date without a day; every rule's date for every day goes to `samples`."""
        home = NewPlace(PlaceKind.HOME, address="1 Invented Row\nLeeds", postcode="LS11 0ES")
        case = cases.open_case({"name_used": "Sample", "languages": "Dari"}, [home], actor)
        days = [self.today - timedelta(days=number) for number in range(OLDEST_EVENT)]
        for rule, variant, times in RULES:
            for day in days:
                deadlines.add_deadline(case, rule, day, actor, variant=variant)
            self.samples += [self._read("deadlines", f"WHERE rule_key = '{rule}'")] * times
        unknown = deadlines.record_deadline(case, "s120_notice", self.today, None, actor)
        cases.close_case(case, "A sample.", actor)
        (kept,) = self._read("deadlines", f"WHERE id = {unknown.id}")
        return self._read("cases")[0], self._read("case_places")[0], kept

    def _read(self, table: str, where: str = "") -> list[dict[str, Any]]:
        return [dict(row) for row in db.session.execute(text(f"SELECT * FROM {table} {where}")).mappings()]

    def _date(self, number: int) -> dict[str, Any]:
        """A date as the services made it: the cases beyond the first 2,000 leave the oldest days to those."""
        first = (self.today - timedelta(days=FREE_DAYS)).isoformat() if number > SMALL else ""
        while True:
            row = self.random.choice(self.random.choice(self.samples))
            if row["aim_on"] >= first:
                return row

    def _contact(self, case: int, number: int) -> None:
        soon = [
            (self.today + timedelta(days=self.random.randint(-FREE_DAYS, 60))).isoformat() for _ in range(2)
        ]
        if number % 3 == 0:
            promise = {"what": "Write to the Home Office, marked urgent", "who": "the caseworker"}
            self._add("follow_ups", promise, case_id=case, due_on=soon[0])
        if number % 10 == 0:
            visit = {"gss_code": "E14001276", "member_name": "Ada Quill", "version": 1, "planned_at": INSTANT}
            self._add("surgery_visits", visit, case_id=case, held_on=soon[1])

    def _add(self, table: str, row: dict[str, Any], **changes: Any) -> None:
        self.rows.setdefault(table, []).append(row | changes)

    def _insert(self, table: str, rows: list[dict[str, Any]]) -> None:
        names = list(dict.fromkeys(name for row in rows for name in row))
        places = ", ".join(f":{name}" for name in names)
        asked = text(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({places})")
        blank = dict.fromkeys(names)
        for start in range(0, len(rows), 5_000):
            db.session.execute(asked, [blank | row for row in rows[start : start + 5_000]])


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """What the database is asked meanwhile."""
    asked: list[str] = []
    with app.app_context():
        engine = db.engine

    def keep(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", keep)
    yield asked
    event.remove(engine, "before_cursor_execute", keep)


@dataclass
class Measured:
    """What came of asking for one view in both instances, in turn."""

    words: str
    path: str
    statements: int
    small: list[tuple[float, float]]
    large: list[tuple[float, float]]
    size: int
    rows: int

    @property
    def growth(self) -> float:
        """How much longer the large one takes, by the processor's account."""
        return median(worked for _, worked in self.large) / median(worked for _, worked in self.small)

    def spreads(self, account: int) -> tuple[float, float]:
        """The 95th percentile over the median of each, by the clock (0) or the processor's account (1)."""
        small, large = ([pair[account] for pair in pairs] for pairs in (self.small, self.large))
        return _spread(small), _spread(large)


def _spread(seconds: list[float]) -> float:
    return quantiles(seconds, n=20)[-1] / median(seconds)


def measure(small: Instance, large: Instance, who: str, words: str, path: str, rounds: int) -> Measured:
    """Ask for this view in turn, after a few requests that do not count."""
    for _ in range(10):
        small.seconds(who, path), large.seconds(who, path)
    found = Measured(words, path, 0, [], [], 0, 0)
    for number in range(rounds):
        pair = [(small, found.small), (large, found.large)]
        for instance, seconds in pair if number % 2 else reversed(pair):
            seconds.append(instance.seconds(who, path))
    with statements(large.app) as asked:
        page = large.clients[who].get(path)
    found.statements, found.size = len(asked), len(gzip.compress(page.data, 6))
    found.rows = page.text.count('<th scope="row">')
    return found


def same_first_page(small: Instance, large: Instance) -> bool:
    """Whether both show the same 200 dates: the tokens of their forms alone differ."""

    def dates(instance: Instance) -> str:
        return instance.clients["Ruth"].get("/dates").text.partition("<tbody>")[2].partition("</table>")[0]

    return dates(small) == dates(large) != ""


def main() -> int:
    """Print every figure, and say what is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary)
        small = open_instance(folder / "small", SMALL)
        large = open_instance(folder / "large", LARGE)
        settle_memory()
        missed = [] if same_first_page(small, large) else ["the first pages are not the same"]
        print(f"{'':30} statements   95th/median: clock     processor    growth  rows  gzipped    median")
        for who in ("Ruth", "Idris"):
            print(f"{who}, who works on {'every case' if who == 'Ruth' else '100 cases'}")
            for words, path in VIEWS:
                rounds = given.rounds if path == WHOLE_BOARD else given.rounds // 3
                missed += report(measure(small, large, who, words, path, rounds))
    print("missed: " + "; ".join(missed) if missed else "every goal is met")
    return 1 if missed else 0


def report(found: Measured) -> list[str]:
    """Print a row, and say what of it misses its goal."""
    clock_says, spreads = found.spreads(0), found.spreads(1)
    print(
        f"  {found.words:28} {found.statements:10} {clock_says[0]:17.2f} {clock_says[1]:5.2f} {spreads[0]:7.2f} "
        f"{spreads[1]:5.2f} {found.growth:8.2f} {found.rows:5} {found.size:8,} "
        f"{median(taken for taken, _ in found.large) * 1000:6.1f} ms"
    )
    missed = []
    if found.path.startswith("/dates") and found.statements > MOST_STATEMENTS:
        missed.append(f"{found.words}: {found.statements} statements")
    if found.size > MOST_BYTES:
        missed.append(f"{found.words}: {found.size:,} bytes")
    if found.path == WHOLE_BOARD and max(spreads) > MOST_SPREAD:
        missed.append(f"{found.words}: spread {max(spreads):.2f}")
    if found.path == WHOLE_BOARD and found.growth > MOST_GROWTH:
        missed.append(f"{found.words}: growth {found.growth:.2f}")
    return missed


if __name__ == "__main__":
    sys.exit(main())
