"""How long a search takes among many cases, how many statements it asks, and what search keeps.

Usage: python benchmarks/search.py [--cases N] [--rounds N]. Makes an encrypted instance with one organiser who is on
all cases: the worst that one person can have. Every case has five notes of forty words. Times are the processor’s
for this thread; the clock is printed beside them. Ends with status 1 when a goal is missed.
"""

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles

from sqlalchemy import event, insert, text

from casework import clock
from casework.app import create_app
from casework.domain.safety.accounts import Role
from casework.services.case import search, search_index
from casework.services.safety import groups
from casework.settings import load_settings
from casework.storage.asking import asking_for
from casework.storage.database import db
from casework.storage.models import Case, CaseNote, TeamMember, User

FIRST = (
    "Samira Daniel Yonas Nadia Idris Mina Amal Bereket Chidi Dilnoza Efua Farhad Gulalai Hamid Ines Jamal Kofi Lula "
    "Mohammed Muhammad Mohamed Nour Omid Parwana Qasim Rahel Selam Tariq Ubah Viyan Winta Xasan Yusuf Zahra Hussein"
)
LAST = "Kovalenko Kowalenko Ahmadi Tesfaye Haile Nguyen Hoxha Demir Okafor Rahman Perera Silva Petrov Diallo"
QUERIES = {
    "a name": "samira",
    "a name in many spellings": "mohamed",
    "first and last name": "yusuf kowalenko",
    "two letters": "mo",
    "a reference": "C-1234",
    "a word of one note in fifty": "word17",
    "a word of every note": "meeting",
    "nothing": "zzzzzz",
}
NOTES, WORDS = 5, 40
MOST_MS, MOST_STATEMENTS = 150, 8


def fill(number: int) -> User:
    """So many cases of one organiser, written at one stroke."""
    chance = random.Random(8)
    user = User(name="Ruth", sign_in_name="ruth", role=Role.ORGANISER, created_at=clock.now())
    db.session.add(user)
    db.session.commit()
    rows = [
        {
            "id": one,
            "reference": f"C-{one}",
            "opened_at": clock.now(),
            "opened_by_id": user.id,
            "name_used": f"{chance.choice(FIRST.split())} {chance.choice(LAST.split())}",
        }
        for one in range(1, number + 1)
    ]
    db.session.execute(insert(Case), rows)
    db.session.execute(insert(TeamMember), [{"case_id": row["id"], "user_id": user.id} for row in rows])
    notes = [
        {
            "case_id": row["id"],
            "at": clock.now(),
            "author_id": user.id,
            "text": "meeting " + " ".join(f"word{chance.randrange(2_000)}" for _ in range(WORDS)),
        }
        for row in rows
        for _ in range(NOTES)
    ]
    db.session.execute(insert(CaseNote), notes)
    db.session.commit()
    return user


def timed(action: Callable[[], object], rounds: int) -> tuple[float, float, float]:
    """Median and 95th percentile of the processor's time, and the median of the clock's, in milliseconds."""
    spent, passed = [], []
    for _ in range(rounds):
        begin, began = time.thread_time(), time.perf_counter()
        action()
        spent.append((time.thread_time() - begin) * 1000)
        passed.append((time.perf_counter() - began) * 1000)
    return median(spent), quantiles(spent, n=20)[-1], median(passed)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=20)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(load_settings({}, instance=Path(folder) / "instance"))
        with app.app_context():
            user = fill(given.cases)
            begin = time.thread_time()
            search_index.take_in()
            print(
                f"reading {given.cases * (1 + NOTES):,} rows for search: {time.thread_time() - begin:.1f} s"
            )
            with asking_for(groups.asking_of(user)):
                missed = ask_all(user, given.rounds)
            kept = db.session.execute(
                text(
                    "SELECT (SELECT sum(length(words)) FROM search_entries), sum(length(block)) "
                    "FROM search_index_data"
                )
            ).one()
            print(f"kept: {kept[0] / 1e6:.1f} MB of words, {kept[1] / 1e6:.1f} MB of index")
            db.session.remove()
            db.engine.dispose()
    return 1 if missed else 0


def ask_all(user: User, rounds: int) -> bool:
    """Ask each query; whether a goal was missed."""
    asked: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    missed = False
    print(f"{'looking for':<28} {'found':>5} {'median':>8} {'95th':>8} {'clock':>8} statements")
    for words, query in QUERIES.items():
        found = search.find(query, user, as_typed=True)
        asked.clear()
        search.find(query, user, as_typed=True)
        statements = len(asked)
        middle, late, passed = timed(lambda query=query: search.find(query, user, as_typed=True), rounds)  # type: ignore[misc]
        missed = missed or middle > MOST_MS or statements > MOST_STATEMENTS
        print(
            f"{words:<28} {len(found.hits):>5} {middle:>6.1f}ms {late:>6.1f}ms {passed:>6.1f}ms {statements:>10}"
        )
    return missed


if __name__ == "__main__":
    sys.exit(main())
