"""Fifty people at once, in the browser's ways, against a real server on this machine.

Usage: python benchmarks/load.py [--people N] [--seconds N] [--cases N] [--postgresql] [--gunicorn PROCESSES].
Makes an instance with invented cases and a draft for each person, starts the server, signs everybody in by the form,
and has each of them open the board, open a case, type into their draft (which the page saves) and look at its pages
as they will be printed, with a pause of a few seconds in between. Nothing may fail, and the 95th percentile of all
pages without a PDF has to stay below 300 ms. What the same plain work takes before and after says how quick the
machine itself is. Ends with status 1 when a goal is missed.
"""

import argparse
import random
import re
import sys
import tempfile
import threading
import time
from collections import defaultdict
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from http.client import HTTPConnection, RemoteDisconnected
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).parents[1]))
from served import plain_work, serving

from casework import clock
from casework.app import create_app
from casework.domain.case.places import PlaceKind
from casework.domain.safety.accounts import Role
from casework.services.case import cases
from casework.services.case.case_places import NewPlace
from casework.services.consent import consent
from casework.services.consent.consent import NewAuthority
from casework.services.letters import letters
from casework.services.safety import accounts
from casework.services.timing import deadlines
from casework.settings import load_settings
from casework.storage.database import db
from tests.databases import make_database
from tests.throwaway_postgres import running

PASSWORD = "four invented words here"
MOST_SECONDS = 0.300
PAUSE = (2.0, 8.0)  # seconds between two things that one person does
# What somebody does next, and how often. Whoever looks at pages waits for a PDF, and is not held to the goal.
WAYS = {"the board": 30, "a case": 30, "a draft saved": 30, "its pages": 10}
WITH_PDF = {"its pages"}
WORDS = "She has taught the choir for six years and looks after her neighbour every day".split()  # noqa: SIM905


@dataclass
class Seen:
    """What came of it, by what was done."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    wrong: list[str] = field(default_factory=list)


def fill(folder: Path, people: int, number: int) -> list[tuple[str, str, str]]:
    """Make people and cases; each person's name to sign in, case and draft."""
    app = create_app(load_settings({}, instance=folder))
    with app.app_context():
        ruth, link = accounts.add_user("Ruth", "ruth", Role.ORGANISER)
        accounts.use_link(link, PASSWORD)
        names = ["ruth"]
        for one in range(1, people):
            _, link = accounts.add_user(f"Person {one}", f"person{one}", Role.ORGANISER, ruth)
            accounts.use_link(link, PASSWORD)
            names.append(f"person{one}")
        home = NewPlace(
            PlaceKind.HOME, address="1 Invented Row\nLeeds", postcode="LS11 0ES", since=clock.today()
        )
        # What a caseworker opens all organisers see.
        idris, _ = accounts.add_user("Idris", "idris", Role.CASEWORKER, ruth)
        made = []
        for one in range(number):
            case = cases.open_case({"name_used": f"Samira {one}"}, [home], idris)
            for days in range(4):
                deadlines.add_deadline(case, "ftt_appeal_in_uk", clock.today() - timedelta(days), ruth)
            made.append(case)
        found = []
        for one, name in enumerate(names):
            case = made[one % len(made)]
            if case.asked_about_mps_on is None:
                cases.record_asked(case, asked_on=clock.today(), agreed=True, asked_by="Ruth", actor=ruth)
                consent.record_authority(case, NewAuthority(signed_on=clock.today(), scope=("ask",)), ruth)
            draft = letters.draft_letter(case, "home-mp-urgent", ruth, gss_code=case.places[0].gss_code)
            found.append((name, f"/cases/{case.reference}", f"/cases/{case.reference}/letters/{draft.id}"))
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return found


class Person:
    """Somebody with a browser: one connection, one cookie, one draft."""

    def __init__(self, port: int, name: str, case: str, draft: str, seen: Seen) -> None:
        self.connection = HTTPConnection("127.0.0.1", port, timeout=60)
        self.name, self.case, self.draft, self.seen = name, case, draft, seen
        self.cookie = ""
        self.random = random.Random(name)
        self.fields: dict[str, str] = {}

    def ask(self, path: str, fields: dict[str, str] | None = None) -> tuple[int, str]:
        """The status and the text of the answer."""
        headers = {"Cookie": self.cookie}
        body = None
        if fields is not None:
            body = urlencode(fields)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            self.connection.request("POST" if body else "GET", path, body, headers)
            answer = self.connection.getresponse()
        except (RemoteDisconnected, ConnectionError):
            # A server closes what was idle for a while, and a browser asks again on a new connection.
            self.connection.close()
            self.connection.request("POST" if body else "GET", path, body, headers)
            answer = self.connection.getresponse()
        text = answer.read().decode(errors="replace")
        if given := answer.getheader("Set-Cookie"):
            self.cookie = given.partition(";")[0]
        return answer.status, text

    def sign_in(self) -> None:
        """Through the form, as everybody does."""
        token = hidden(self.ask("/sign-in")[1], "csrf_token")
        sent = {"csrf_token": token, "sign_in_name": self.name, "password": PASSWORD}
        status, text = self.ask("/sign-in", sent)
        assert status == 303, text[:2000]
        self.open_draft()

    def open_draft(self) -> None:
        """The page of the draft, for what its form carries."""
        text = self.ask(self.draft)[1]
        self.fields = {name: hidden(text, name) for name in ("csrf_token", "version")}

    def live(self, until: float) -> None:
        """Do one thing after another until then."""
        time.sleep(self.random.uniform(0, PAUSE[1]))
        while time.monotonic() < until:
            (what,) = self.random.choices(list(WAYS), list(WAYS.values()))
            start = time.perf_counter()
            status, text = self.do(what)
            self.seen.seconds[what].append(time.perf_counter() - start)
            if status != 200:
                self.seen.wrong.append(f"{what}: {status} {text[:300]}")
            time.sleep(self.random.uniform(*PAUSE))

    def do(self, what: str) -> tuple[int, str]:
        """One of the ways."""
        if what == "the board":
            return self.ask("/dates")
        if what == "a case":
            return self.ask(self.case)
        if what == "its pages":
            status, text = self.ask(self.draft)
            if status == 200:
                self.fields["version"] = hidden(text, "version")
            return status, text
        self.fields["worth"] = " ".join(self.random.choices(WORDS, k=20)) + "."
        status, text = self.ask(f"{self.draft}/autosave", self.fields)
        if found := re.search(r'"version": ?(\d+)', text):
            self.fields["version"] = found[1]
        return status, text


def hidden(text: str, name: str) -> str:
    """What this hidden field of a page holds."""
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', text)
    assert found, f"no {name} in {text[:1000]}"
    return found[1]


def report(seen: Seen, seconds: float) -> list[str]:
    """Print a row for each way, and say what is missed."""
    missed = [f"{len(seen.wrong)} answers were wrong, such as {seen.wrong[0]}"] if seen.wrong else []
    number = sum(map(len, seen.seconds.values()))
    print(f"{number} answers in {seconds:.0f} s, {len(seen.wrong)} of them wrong")
    without = [one for what, some in seen.seconds.items() if what not in WITH_PDF for one in some]
    for what, some in [*seen.seconds.items(), ("all without a PDF", without)]:
        slowest = quantiles(some, n=20)[-1] if len(some) > 1 else some[0]
        print(
            f"  {what:20} {len(some):6}  median {median(some) * 1000:5.0f} ms  95th {slowest * 1000:5.0f} ms"
        )
    if quantiles(without, n=20)[-1] >= MOST_SECONDS:
        missed.append(f"95th percentile {quantiles(without, n=20)[-1] * 1000:.0f} ms")
    return missed


def main() -> int:
    """Let them in, let them work, and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=180)
    parser.add_argument("--cases", type=int, default=200)
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--gunicorn", type=int, default=0)
    given = parser.parse_args()
    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        place.chmod(0o711)
        folder = place / "instance"
        folder.mkdir(mode=0o700)
        if given.postgresql:
            address = make_database(stack.enter_context(running(place / "server")), "load")
            (folder / "settings.toml").write_text(f'database_url = "{address}"\n')
        found = fill(folder, given.people, given.cases)
        port = stack.enter_context(serving(folder, given.gunicorn))
        seen = Seen()
        people = [Person(port, *one, seen) for one in found]
        for one in people:
            one.sign_in()
        before = plain_work()[1]
        until = time.monotonic() + given.seconds
        threads = [threading.Thread(target=one.live, args=(until,)) for one in people]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        after = plain_work()[1]
    missed = report(seen, given.seconds)
    print(f"The same plain work took {before * 1000:.0f} ms before and {after * 1000:.0f} ms after")
    print("missed: " + "; ".join(missed) if missed else "every goal is met")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
