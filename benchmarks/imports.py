"""A list of supporters from the file to the list of the case: reading, checking, doubles, look-up, adding.

Usage: python benchmarks/imports.py [--rows N]. It makes a messy list of that many rows, puts it through the services
from end to end, and does the same with a tenth of it, each in a process of its own. Ends with status 1 when a goal
is missed.
"""

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from casework import clock
from casework.app import create_app
from casework.domain.campaign.sheet_words import Field
from casework.domain.campaign.supporter_imports import RowState
from casework.domain.safety.accounts import Role
from casework.services.campaign import import_adding, import_rows, imports
from casework.services.case import cases
from casework.services.safety import accounts
from casework.settings import load_settings
from casework.storage.database import db
from casework.storage.models import Case, User

GIVEN = (
    "Ada",
    "Ben",
    "Carla",
    "Dewi",
    "Eve",
    "Femi",
    "Grace",
    "Hugo",
    "Iris",
    "Jack",
    "Kofi",
    "Lena",
    "Musa",
    "Nia",
)
FAMILY = (
    "Okafor",
    "Smith",
    "Jones",
    "Patel",
    "Nguyen",
    "Khan",
    "Brown",
    "Evans",
    "Silva",
    "Yusuf",
    "Moore",
    "Ali",
)
MOST_SECONDS, MOST_MB, LINEAR = 10.0, 300.0, 1.25
HEADINGS = (
    " full NAME ;Post-code;E-Mail;Mobile;Street;How do you know Samira?;Told what we keep on;Can help;Party"
)


def messy(rows: int) -> bytes:
    """A list as volunteers keep it: capitals, spaces, lost zeros, doubles, gaps, and one row in forty that is wrong."""
    draw = random.Random(20260327)
    postcodes = _postcodes(draw, rows)
    lines = [HEADINGS]
    for number in range(rows):
        if number and draw.random() < 0.01:
            lines.append(lines[draw.randrange(1, len(lines))].lower())  # somebody twice
            continue
        name = f"{draw.choice(GIVEN)} {draw.choice(FAMILY)}-{draw.choice(FAMILY)}"
        name = name.upper() if draw.random() < 0.1 else f"  {name}"
        postcode = draw.choice(postcodes)
        postcode = postcode.replace(" ", "").lower() if draw.random() < 0.3 else postcode
        postcode = postcode[:-2] if draw.random() < 0.025 else postcode
        phone = f"7700{900000 + number:06}"[:10] if draw.random() < 0.5 else f"0113 496 {number % 10_000:04}"
        cells = (name, postcode, f"person{number}@example.org", phone, f"{number} Invented Street, Leeds")
        lines.append(";".join((*cells, "neighbour", "27/3/26", "baking, drive", "never kept")))
        if draw.random() < 0.01:
            lines.append(";;;;;;;;")
    return "\r\n".join(lines).encode("cp1252")


def _postcodes(draw: random.Random, number: int) -> list[str]:
    """Postcodes of streets all over, whether they exist or not."""
    areas = (
        "LS1",
        "LS6",
        "LS11",
        "BD7",
        "M14",
        "S1",
        "UB7",
        "E5",
        "N16",
        "SE15",
        "B12",
        "CF24",
        "G42",
        "EH6",
    )
    return [
        f"{draw.choice(areas)} {draw.randrange(1, 10)}{draw.choice('ABDEFGHJLN')}{draw.choice('ABDEFGHJLN')}"
        for _ in range(number)
    ]


def through(rows: int) -> dict[str, float]:
    """How long each step takes for a list of so many rows, in seconds, and the peak of the memory, in MB."""
    content = messy(rows)
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(load_settings({}, instance=Path(folder), group_name="Invented Welcome Group"))
        with app.app_context():
            actor = accounts.add_user("Ruth Ellery", "ruth", Role.ORGANISER)[0]
            case = cases.open_case({"name_used": "Samira A."}, (), actor)
            steps = _steps(case, actor, content)
            db.session.remove()
            db.engine.dispose()
    return steps | {"memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def _steps(case: Case, actor: User, content: bytes) -> dict[str, float]:
    moments = [time.process_time()]

    def done() -> None:
        moments.append(time.process_time())

    sheet = imports.upload(case, content, actor)
    done()
    imports.take_rows(case, sheet.id, 0, {}, clock.today(), actor)
    done()
    counts = imports.counts_of(sheet, actor)
    first = import_rows.to_mend(sheet, 1)
    import_rows.correct(case, sheet.id, {row.id: {Field.POSTCODE: "LS11 0ES"} for row in first}, (), actor)
    done()
    import_rows.decide_all(case, sheet.id, RowState.SAME, actor)
    added = import_adding.add(case, sheet.id, sheet.version, actor, told_on=clock.today())
    done()
    names = ("read", "checked", "corrected", "added")
    taken = {name: end - start for name, start, end in zip(names, moments, moments[1:], strict=False)}
    numbers = {"rows": counts.to_add + counts.wrong, "wrong": counts.wrong, "alike": counts.alike}
    return taken | {"total": moments[-1] - moments[0], "new": added.new} | numbers


def report(few: dict[str, float], many: dict[str, float]) -> bool:
    """Print what was found beside its goal; whether every goal is met."""
    grown = (many["total"] / few["total"]) / (many["rows"] / few["rows"])
    for name in ("rows", "wrong", "alike", "new"):
        print(f"{name:<34}{few[name]:>9,.0f}{many[name]:>9,.0f}")
    for name in ("read", "checked", "corrected", "added", "total"):
        print(f"{name + ', seconds':<34}{few[name]:>9.2f}{many[name]:>9.2f}")
    print(f"{'peak memory, MB':<34}{few['memory']:>9.0f}{many['memory']:>9.0f}   goal {MOST_MB:.0f}")
    print(f"all of it: {many['total']:.1f} s   goal {MOST_SECONDS:.0f}")
    print(f"time a row, many against few: {grown:.2f} times   goal {LINEAR} at most")
    return many["total"] < MOST_SECONDS and many["memory"] < MOST_MB and grown <= LINEAR


def main() -> int:
    """Measure both sizes in turn, print, and say whether every goal is met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--one", action="store_true", help="measure this size alone, and print it as JSON")
    given = parser.parse_args()
    if given.one:
        print(json.dumps(through(given.rows)))
        return 0
    sizes = (given.rows // 10, given.rows)
    found = [_apart(rows) for rows in sizes]
    return 0 if report(*found) else 1


def _apart(rows: int) -> dict[str, float]:
    """The figures of a fresh process."""
    command = [sys.executable, __file__, "--one", "--rows", str(rows)]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    return dict(json.loads(answer.stdout))


if __name__ == "__main__":
    sys.exit(main())
