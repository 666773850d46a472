"""`casework directory update` and `rollback`, against a server of our own, on a directory of three seats."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from click.testing import CliRunner

from casework import clock
from casework.cli import main
from casework.domain.dates import spoken
from casework.reference.directory.build import build
from casework.services.parliament.directory import directory
from casework.services.safety.audit import list_events
from casework.services.timing.rule_book import rule_book
from casework.storage.database import db
from casework.storage.instance import current_instance
from tests.factories import home, make_case
from tests.parliament_of_our_own import ALLOWED, Election, Parliament, Sitting, open_parliament, says
from tests.reference.directory.source import LEEDS, tables, write_source

# Files and a server: of the database only the trail is touched, which other tests try on both.
pytestmark = pytest.mark.sqlcipher


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A compiled directory: Ann sits for Leeds, Eve for York, and Ynys Enghraifft is vacant."""
    given = tables()
    for number, row in enumerate(given["constituencies_2024.csv"], start=4001):
        row["parliament_constituency_id"] = str(number)
    folder = tmp_path_factory.mktemp("small")
    (folder / "source").mkdir()
    build(write_source(folder / "source", given), folder / "tables", seats=3)
    return folder / "tables"


@pytest.fixture
def parliament():
    """It says what the small directory says, with a member for the vacant seat and without posts."""
    seats = {
        4001: Sitting(11, "Ann Example", "Labour"),
        4002: Sitting(14, "Eve Newly", "Labour", since="2026-03-05"),
        4003: Sitting(13, "Cai Enghraifft", "Labour"),
    }
    said = Parliament(seats)
    said.gone[13] = seats[4003]
    seats[4003] = None
    with open_parliament(said) as opened:
        yield opened


@pytest.fixture
def casework(app, small, monkeypatch, parliament):
    """Type a command on the instance of the test."""
    monkeypatch.setenv("CASEWORK_DIRECTORY_DIR", str(small))
    settings = replace(current_instance().settings, directory_dir=small)
    monkeypatch.setattr(current_instance(), "settings", settings)

    def run(*words):
        if words[0] == "update":
            words = (*words, "--source-url", parliament.address)
        return CliRunner().invoke(main, ("directory", *words))

    return run


def everything_in(folder):
    """Every file of the folder and what is in it, but for what may be thrown away."""
    return {
        path.relative_to(folder): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
        and "cache" not in path.parts
        and path.name not in ("casework.db-wal", "casework.db-shm")
    }


def by_election(parliament):
    """Ann leaves, and Fay Third is elected in Leeds."""
    ann = parliament.seats[4001]
    ann.ended = "2026-08-01"
    parliament.gone[11] = ann
    parliament.seats[4001] = Sitting(15, "Fay Third", "Other Party", since="2026-09-24")
    votes = [(15, "Fay Third", "Other Party", 9000), (None, "Dee Second", "Labour", 8000)]
    parliament.elections[4001] = [Election(2, "2026-09-24", votes)]


def test_an_update_is_shown_applied_told_of_and_taken_back(casework, parliament, organiser):
    by_election(parliament)
    make_case(organiser, home())
    shown = casework("update", "--dry-run")
    assert shown.exit_code == 0, shown.output
    for words in (
        "Leeds Example: Fay Third (Other Party) is the MP since 24 September 2026, after Ann Example.",
        "Fay Third (Other Party) won the by-election of 24 September 2026, by 1,000 votes.",
        "open cases that it touches 1, drafts 0",
        "Nothing was changed.",
    ):
        assert words in shown.output
    assert directory().seat_on(LEEDS, clock.today()).member.name == "Ann Example"
    asked = len(parliament.requests)

    assert casework("update").exit_code == 1  # nobody is there to say yes
    applied = casework("update", "--yes")
    assert applied.exit_code == 0, applied.output
    assert len(parliament.requests) == 2 * asked - 2 * 4 + asked - 2 * 4  # of each member it was asked once
    today = clock.today()
    name = f"update-{today}-1"
    assert f"In use from now on: {name}" in applied.output
    # a server that runs already sees it, and every day since 2024 has its answer
    sat = {
        day: directory().seat_on(LEEDS, day).member
        for day in (date(2026, 7, 31), date(2026, 8, 1), date(2026, 9, 24))
    }
    assert [one and one.name for one in sat.values()] == ["Ann Example", None, "Fay Third"]
    assert directory().release.directory_date == today
    assert directory().constituency(LEEDS).last_election.majority == 1000
    told = casework("status").output
    assert f"Members as of {spoken(today)}" in told
    assert name in told
    assert "in the Members API" not in told
    assert "says all of this already" in casework("update", "--yes").output

    assert casework("rollback", "--yes").output == "In use from now on: the tables that Casework carries.\n"
    assert directory().seat_on(LEEDS, today).member.name == "Ann Example"
    assert "No update is in use" in casework("rollback", "--yes").output
    assert [event.action for event in list_events(organiser)][:2] == [
        "directory rolled back",
        "directory updated",
    ]


def test_no_question_holds_anything_of_a_case(casework, parliament, organiser):
    casework("update", "--dry-run", "--afresh")
    without = list(parliament.whole_requests)
    parliament.whole_requests.clear()
    make_case(organiser, home(), name="Qqsamira Zzahmadi")
    casework("update", "--dry-run", "--afresh")
    same = [re.sub(r"If-None-Match: .*\n", "", one.replace("\r", "")) for one in parliament.whole_requests]
    assert same == [one.replace("\r", "") for one in without]
    assert all(ALLOWED.fullmatch(path) for path in parliament.requests)


def test_half_an_answer_and_no_answer_change_nothing(casework, parliament, instance):
    assert casework("update", "--yes").exit_code == 0
    before = everything_in(instance)
    by_election(parliament)
    parliament.spoil("/14/Biography", says({"value": []}))
    refused = casework("update", "--yes", "--afresh")
    assert refused.exit_code == 1
    assert "Nothing was changed" in refused.output
    nowhere = CliRunner().invoke(main, ("directory", "update", "--yes", "--source-url", "http://127.0.0.1:1"))
    assert (nowhere.exit_code, nowhere.output.count("There is no way to 127.0.0.1 from this machine.")) == (
        1,
        1,
    )
    assert everything_in(instance) == before


def test_too_much_at_once_needs_somebody_who_looked(casework, parliament):
    by_election(parliament)
    parliament.gone[14] = parliament.seats[4002]
    parliament.seats[4002] = Sitting(20, "Gus Fourth", since="2026-10-01")
    told = casework("update", "--yes")
    assert told.exit_code == 1
    assert "2 seats of 3 changed hands" in told.output
    assert casework("update", "--yes", "--many").exit_code == 0


def test_a_damaged_update_is_not_used_and_said_so(casework, parliament, instance):
    by_election(parliament)
    casework("update", "--yes")
    path = instance / "directory" / f"update-{clock.today()}-1.json"
    path.write_bytes(path.read_bytes().replace(b"Fay Third", b"Fay Xhird"))
    (instance / "directory" / "in-use.json").touch()
    assert directory().seat_on(LEEDS, clock.today()).member.name == "Ann Example"
    assert "cannot be read" in casework("status").output
    assert "In use from now on: the tables" in casework("rollback", "--yes").output


def test_a_new_bank_holiday_is_told_and_counted_with_once_somebody_answers_for_it(casework, parliament):
    day = clock.today() + timedelta(days=40)
    while day in rule_book().holidays.named("scotland"):
        day += timedelta(days=1)
    parliament.holidays["scotland"].append({"title": "Example Day", "date": day.isoformat()})
    told = casework("update", "--yes").output
    assert f"{spoken(day, weekday=True)}, Example Day (Scotland)" in told
    assert day not in rule_book().holidays.named("scotland")
    told = casework("update", "--yes", "--holidays-by", "Ruth").output
    assert "New bank holidays: 1." in told
    db.session.rollback()
    assert day in rule_book().holidays.named("scotland")
    for division in parliament.holidays:
        parliament.holidays[division].append({"title": "Christmas Day", "date": "2040-12-25"})
    assert "GOV.UK lists bank holidays to 25 December 2040" in casework("update", "--dry-run").output
    parliament.holidays["scotland"] = parliament.holidays["scotland"][:3]
    assert "too few bank holidays of Scotland" in casework("update", "--yes").output
