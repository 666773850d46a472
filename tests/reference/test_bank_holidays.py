import csv
from datetime import date, timedelta
from pathlib import Path

import pytest

from casework.domain.errors import CaseworkError
from casework.reference.bank_holidays import HERE, BankHolidays, bank_holidays, compile_bank_holidays
from casework.reference.regions import REGIONS

WORLD_CUP = date(2026, 6, 15)


def test_every_bank_holiday_names_its_source_and_the_day_it_was_checked():
    for holiday in bank_holidays().holidays:
        assert holiday.source
        assert holiday.checked_on >= date(2026, 1, 1)


def test_the_one_off_scottish_holiday_of_2026_is_there_and_only_in_scotland():
    assert [region for region in REGIONS if WORLD_CUP in bank_holidays().named(region)] == ["scotland"]


def test_a_holiday_of_one_part_of_the_uk_says_whose_it_is_where_all_are_united():
    named = bank_holidays().named(*REGIONS)
    assert named[date(2026, 3, 17)] == "St Patrick’s Day (Northern Ireland)"
    assert named[date(2026, 4, 3)] == "Good Friday"


@pytest.fixture
def source(tmp_path):
    rows = [
        {"division": holiday.division, "date": holiday.day, "title": holiday.title, "notes": holiday.note}
        for holiday in bank_holidays().holidays
        if holiday.day != WORLD_CUP
    ]

    def write(change=lambda rows: rows) -> Path:
        path = tmp_path / "bank_holidays.csv"
        with path.open("w", encoding="utf-8", newline="") as lines:
            writer = csv.DictWriter(lines, ["division", "date", "title", "notes"])
            writer.writeheader()
            writer.writerows(change([dict(row) for row in rows]))
        return path

    return write


def test_compiling_adds_the_day_that_the_published_list_lacks(source, tmp_path):
    written = compile_bank_holidays(source(), tmp_path).read_text("utf-8")
    assert written == (HERE / "bank_holidays.json").read_text("utf-8")


def test_a_row_that_is_wrong_is_named_by_file_row_and_column(source, tmp_path):
    def spoil(rows):
        rows[3]["date"] = "Easter"
        rows[5]["division"] = "wales"
        return rows

    with pytest.raises(CaseworkError) as error:
        compile_bank_holidays(source(spoil), tmp_path)
    assert "bank_holidays.csv, row 5, date: 'Easter'" in error.value.message
    assert "bank_holidays.csv, row 7, division: 'wales'" in error.value.message


def test_a_year_that_lacks_good_friday_is_refused(source, tmp_path):
    def spoil(rows):
        return [row for row in rows if (row["division"], str(row["date"])) != ("scotland", "2027-03-26")]

    with pytest.raises(CaseworkError, match="scotland in 2027 lacks Good Friday"):
        compile_bank_holidays(source(spoil), tmp_path)


def test_a_file_without_the_right_columns_is_refused(tmp_path):
    path = tmp_path / "holidays.csv"
    path.write_text("day,name\n2026-01-01,New Year\n", "utf-8")
    with pytest.raises(CaseworkError, match=r"holidays\.csv lacks the column division"):
        compile_bank_holidays(path, tmp_path)


def test_the_known_time_covers_whole_years():
    known = bank_holidays()
    assert isinstance(known, BankHolidays)
    assert (known.known_from.month, known.known_from.day) == (1, 1)
    assert (known.known_until + timedelta(days=1)).month == 1
