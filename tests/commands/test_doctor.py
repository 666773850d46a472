"""The doctor sees what is wrong and says the mend."""

import sqlite3
from contextlib import closing
from datetime import date, timedelta

import pytest
from click.testing import CliRunner

from casework.commands import checks
from casework.commands.checks import Grade
from casework.commands.doctor import doctor_command
from casework.pdf.fonts import FONTS
from casework.settings import load_settings
from casework.storage import key_file
from casework.storage.database import connect
from casework.storage.encryption import make_key_file, read_keys


@pytest.fixture
def settings(tmp_path):
    return load_settings({"CASEWORK_INSTANCE": str(tmp_path)})


@pytest.fixture
def with_database(settings):
    make_key_file(settings.key_file)
    connection = connect(settings.instance / "casework.db", read_keys(settings.key_file).database)
    connection.execute("CREATE TABLE people (name TEXT)")
    connection.execute("INSERT INTO people VALUES (hex(randomblob(20000)))")
    connection.commit()
    connection.close()
    return settings


def test_before_the_first_start_nothing_is_wrong_with_the_instance(settings):
    assert checks.check_key(settings).grade is Grade.WELL
    assert checks.check_database(settings).grade is Grade.WELL


def test_a_key_and_its_database_are_well(with_database):
    assert checks.check_key(with_database).grade is Grade.WELL
    assert checks.check_database(with_database).says == "It opens with the key, and only with the key."


def test_a_key_under_a_passphrase_is_not_wrong_and_its_age_is_said(with_database):
    path = with_database.key_file
    assert "in use since" in checks.check_key(with_database).says
    assert "no passphrase" in checks.check_key(with_database).says
    cheap = key_file.Cost(memory=64, passes=1, lanes=1)
    key_file.write(
        path, key_file.read_secret(path), "six words drawn by lot", since=date(2026, 1, 5), cost=cheap
    )
    found = [checks.check_key(with_database), checks.check_database(with_database)]
    assert [one.grade for one in found] == [Grade.LOOK, Grade.LOOK]
    assert "in use since 5 January 2026" in found[0].says


def test_a_key_that_others_can_read_is_wrong_and_the_mend_is_a_command(with_database):
    with_database.key_file.chmod(0o644)
    check = checks.check_key(with_database)
    assert check.grade is Grade.WRONG
    assert check.mend == f"chmod 600 {with_database.key_file}"


def test_a_database_without_its_key_is_wrong(with_database):
    with_database.key_file.unlink()
    assert checks.check_key(with_database).grade is Grade.WRONG
    assert checks.check_database(with_database).grade is Grade.WRONG


def test_another_instances_key_is_wrong(with_database):
    with_database.key_file.unlink()
    make_key_file(with_database.key_file)
    assert checks.check_key(with_database).grade is Grade.WELL
    assert "does not open" in checks.check_database(with_database).says


def test_a_database_in_clear_is_wrong(settings):
    connection = sqlite3.connect(settings.instance / "casework.db")
    connection.execute("CREATE TABLE people (name TEXT)")
    connection.close()
    assert "without the key" in checks.check_database(settings).says


def test_a_damaged_database_is_wrong(with_database):
    path = with_database.instance / "casework.db"
    content = bytearray(path.read_bytes())
    content[9000] ^= 0xFF
    path.write_bytes(content)
    assert "damaged" in checks.check_database(with_database).says


def test_a_database_of_a_newer_casework_is_wrong(with_database):
    with closing(
        connect(with_database.instance / "casework.db", read_keys(with_database.key_file).database)
    ) as raw:
        raw.execute("CREATE TABLE alembic_version (version_num VARCHAR(32))")
        raw.execute("INSERT INTO alembic_version VALUES ('9999')")
        raw.commit()
    assert checks.check_database(with_database).says == "A newer Casework made its tables."


def test_a_machine_that_cannot_list_its_fonts_is_wrong(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    check = checks.check_fonts()
    assert check.grade is Grade.WRONG
    assert "fontconfig" in check.mend


def test_the_scripts_that_cannot_be_printed_are_named_with_the_package(monkeypatch, tmp_path):
    everything = [font.family for font in FONTS.values()]
    fc_list = tmp_path / "fc-list"
    fc_list.write_text(
        "#!/bin/sh\n" + "".join(f"echo '{name}'\n" for name in everything if "CJK" not in name)
    )
    fc_list.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    check = checks.check_fonts()
    assert check.says.startswith("Letters cannot be printed in Chinese, Japanese, Korean. They can in Latin,")
    assert check.mend == "sudo apt-get install fonts-noto-cjk"


def test_a_directory_past_ninety_days_is_looked_at_and_not_wrong(settings):
    assert checks.check_directory(settings, date(2026, 11, 20)).grade is Grade.LOOK


def test_holidays_are_looked_at_a_year_before_they_end_and_wrong_in_the_last_months():
    from casework.reference.rule_book import rule_book

    end = rule_book().known_until
    grades = [checks.check_holidays(end - timedelta(days=days)).grade for days in (366, 364, 89)]
    assert grades == [Grade.WELL, Grade.LOOK, Grade.WRONG]


def test_a_clock_before_the_programs_own_facts_is_wrong():
    assert checks.check_clock(date(1970, 1, 1), date(2026, 11, 20)).grade is Grade.WRONG
    assert checks.check_clock(date(2026, 11, 20), date(2026, 11, 20)).grade is Grade.WELL


def test_the_doctor_exits_with_one_when_something_is_wrong(with_database, monkeypatch):
    monkeypatch.setenv("CASEWORK_INSTANCE", str(with_database.instance))
    well = CliRunner().invoke(doctor_command)
    assert (well.exit_code, well.output.splitlines()[-1]) == (0, "Nothing is wrong.")
    with_database.key_file.chmod(0o640)
    ill = CliRunner().invoke(doctor_command)
    assert (ill.exit_code, ill.output.splitlines()[-1]) == (1, "2 things are wrong.")
    assert f"Mend: chmod 600 {with_database.key_file}" in ill.output


def test_the_doctor_says_what_is_wrong_with_a_setting(monkeypatch):
    monkeypatch.setenv("CASEWORK_PORT", "many")
    answer = CliRunner().invoke(doctor_command)
    assert answer.exit_code == 1
    assert "CASEWORK_PORT must be a whole number" in answer.output
