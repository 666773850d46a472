"""The commands count by what the group of this machine changed, and never lose a change in silence."""

import json
import sqlite3
from datetime import date

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from casework.app import create_app
from casework.commands import checks
from casework.commands.checks import Grade
from casework.commands.deadline import deadline_command
from casework.commands.rules import rules_group
from casework.services.timing import deadlines, rule_changes
from casework.storage.database import db
from casework.storage.models import Deadline
from tests.conftest import settings_for
from tests.factories import home, make_case
from tests.services.timing.test_rule_changes import FILE_ENTRY, REFUSED, holiday, shorter

APPEAL = ("ftt_appeal_in_uk", "2026-11-23", "--in", "england-and-wales")


@pytest.fixture
def here(instance, monkeypatch):
    """The instance of this machine."""
    monkeypatch.setenv("CASEWORK_INSTANCE", str(instance))
    return instance


def ask(*arguments, command=deadline_command, status=0):
    result = CliRunner().invoke(command, list(arguments))
    assert result.exit_code == status, result.output
    return result


def last_of(*arguments):
    return json.loads(ask(*arguments, "--json").stdout)["dates"]["last"]


def test_without_an_instance_the_date_is_the_program_s_own():
    assert ask(*APPEAL).stderr == ""
    assert last_of(*APPEAL) == "2026-12-07"


def test_a_holiday_added_on_a_page_counts_in_the_terminal_and_is_said(here, app, organiser):
    rule_changes.add_change(holiday(), organiser)
    assert last_of(*APPEAL) == "2026-12-08"
    printed = ask(*APPEAL).stdout
    assert "Mon 07 Dec 2026  day 14 (Day of thanks, added by this group)" in printed
    assert "By this group: Ruth Ellery, 20 November 2026: It was announced." in printed
    notes = json.loads(ask(*APPEAL, "--json").stdout)["notes"]
    assert any("is a bank holiday in England and Wales (Day of thanks)" in note for note in notes)
    elsewhere = json.loads(ask("sar", "2026-11-23", "--in", "scotland", "--json").stdout)["notes"]
    assert not any("Day of thanks" in note for note in elsewhere)


def test_a_changed_rule_counts_from_its_day_on_and_says_who_changed_it(here, app, organiser):
    rule_changes.add_change(shorter(in_force_from=date(2026, 11, 23)), organiser)
    assert last_of(*APPEAL) == "2026-12-03"
    assert "Changed by this group. Ruth Ellery, 20 November 2026: It was announced." in ask(*APPEAL).stdout
    assert last_of("ftt_appeal_in_uk", "2026-11-20", "--in", "england-and-wales") == "2026-12-04"
    assert "Changed by this group" in ask("--list").stdout
    (row,) = [row for row in json.loads(ask("--list", "--json").stdout) if row["changed"]]
    assert row["key"] == "ftt_appeal_in_uk"


def test_a_file_alone_is_enough(nowhere):
    nowhere.mkdir()
    (nowhere / "rule_changes.toml").write_text(FILE_ENTRY)
    assert last_of(*APPEAL) == "2026-12-08"
    assert list(nowhere.iterdir()) == [nowhere / "rule_changes.toml"], "no key and no database are made"


def test_an_edited_file_counts_at_once_and_the_command_says_what_does_not_yet(here, app):
    (here / "rule_changes.toml").write_text(FILE_ENTRY)
    answer = ask(*APPEAL)
    assert "Last moment: Tuesday 8 December 2026" in answer.stdout
    assert "casework rules adopt" in answer.stderr


def test_a_malformed_file_is_refused_with_entry_and_field_named(nowhere):
    nowhere.mkdir()
    (nowhere / "rule_changes.toml").write_text(FILE_ENTRY.replace("england-and-wales", "england"))
    assert "rule_changes.toml, holidays, entry 1, field divisions" in ask(*APPEAL, status=2).output


@pytest.mark.parametrize(
    "spoil",
    [
        lambda folder: (folder / "key").unlink(),
        lambda folder: (folder / "key").write_text("casework-key-1:" + "0" * 64),
        lambda folder: (folder / "casework.db").write_bytes(b"no database" * 1000),
    ],
    ids=["key gone", "another key", "no database"],
)
@pytest.mark.sqlcipher
def test_a_database_that_cannot_be_read_stops_no_date_and_is_said_aloud(here, app, organiser, spoil):
    rule_changes.add_change(holiday(), organiser)
    db.session.remove()
    db.engine.dispose()
    spoil(here)
    answer = ask(*APPEAL)
    assert "Last moment: Monday 7 December 2026" in answer.stdout
    assert "The changes that your group made by its pages are not counted in here" in answer.stderr
    notes = json.loads(ask(*APPEAL, "--json").stdout)["notes"]
    assert any("are not counted in here" in note for note in notes)
    assert checks.check_changes(settings_for(here)).grade is Grade.LOOK


@pytest.mark.sqlcipher
def test_somebody_who_is_saving_stops_no_date(here, app, organiser):
    rule_changes.add_change(holiday(), organiser)
    with db.engine.connect() as connection:
        connection.execute(text("BEGIN EXCLUSIVE"))
        assert last_of(*APPEAL) == "2026-12-08"
        connection.rollback()


def test_a_database_without_the_table_has_no_changes(nowhere):
    nowhere.mkdir()
    app = create_app(settings_for(nowhere))
    with app.app_context():
        db.session.execute(text("DROP TABLE rule_changes"))
        db.session.commit()
        db.engine.dispose()
    answer = ask(*APPEAL)
    assert (answer.stderr, last_of(*APPEAL)) == ("", "2026-12-07")


def test_settings_that_cannot_be_read_are_said_and_stop_no_date(monkeypatch):
    monkeypatch.setenv("CASEWORK_PORT", "many")
    answer = ask(*APPEAL)
    assert "CASEWORK_PORT must be a whole number" in answer.stderr
    assert "Last moment: Monday 7 December 2026" in answer.stdout


def test_the_changes_are_listed_with_their_numbers(here, app, organiser):
    assert "Nothing is changed" in ask(command=rules_group).stdout
    rule_changes.add_change(holiday(), organiser)
    (here / "rule_changes.toml").write_text(FILE_ENTRY.replace("2026-12-07", "2026-12-08"))
    printed = ask(command=rules_group)
    assert "   1  Monday 7 December 2026 is a bank holiday" in printed.stdout
    assert "Ruth Ellery, 20 November 2026: It was announced. (made on a page)" in printed.stdout
    assert " new  Tuesday 8 December 2026 is a bank holiday" in printed.stdout


def test_a_file_is_checked_without_changing_anything(nowhere, tmp_path):
    assert "There is no file" in ask("check", command=rules_group, status=1).output
    file = tmp_path / "draft.toml"
    file.write_text(FILE_ENTRY)
    assert "is well: 1 change." in ask("check", str(file), command=rules_group).stdout
    file.write_text(FILE_ENTRY.replace("date =", "dat ="))
    assert "entry 1, field dat" in ask("check", str(file), command=rules_group, status=1).output
    assert not nowhere.exists()


def test_a_file_is_taken_over_beside_a_running_server_and_a_change_taken_back(here, app, organiser):
    row = deadlines.record_deadline(
        make_case(organiser, home()), "ftt_appeal_in_uk", REFUSED, None, organiser
    )
    row_id = row.id
    (here / "rule_changes.toml").write_text(FILE_ENTRY)
    printed = ask("adopt", command=rules_group).stdout
    assert printed == "New: 1. Taken back: 0. Open dates that moved: 1.\n"
    db.session.rollback()
    assert db.session.get(Deadline, row_id).last_on == date(2026, 12, 8)
    assert "stands in the file" in ask("withdraw", "1", "--by", "Ruth", command=rules_group, status=1).output
    rule_changes.add_change(holiday(date(2026, 12, 8)), organiser)
    assert "moved: 1" in ask("withdraw", "2", "--by", "Ruth Ellery", command=rules_group).stdout
    db.session.rollback()
    assert rule_changes.list_changes(withdrawn=True)[0].withdrawn_by == "Ruth Ellery"
    assert "no such change" in ask("withdraw", "9", "--by", "Ruth", command=rules_group, status=1).output
    assert "Say who" in ask("withdraw", "2", "--by", " ", command=rules_group, status=1).output


def test_the_doctor_counts_the_changes_and_finds_a_malformed_file(here, app, organiser):
    settings = settings_for(here)
    assert checks.check_changes(settings).says.startswith("None")
    rule_changes.add_change(holiday(), organiser)
    assert (checks.check_changes(settings).grade, checks.check_changes(settings).says[:16]) == (
        Grade.WELL,
        "1 of this group:",
    )
    (here / "rule_changes.toml").write_text("[[holidays]]")
    found = checks.check_changes(settings)
    assert (found.grade, "entry 1" in found.says) == (Grade.WRONG, True)


@pytest.mark.sqlcipher
def test_the_database_is_encrypted_for_this_reader_too(here):
    with pytest.raises(sqlite3.DatabaseError):
        sqlite3.connect(here / "casework.db").execute("SELECT * FROM rule_changes")
