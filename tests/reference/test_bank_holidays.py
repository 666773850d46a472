import csv
from datetime import date, timedelta
from pathlib import Path

import holidays as oracle
import pytest
from govuk_bank_holidays.bank_holidays import BankHolidays as OtherOracle
from hypothesis import given
from hypothesis import strategies as st

from casework.domain.errors import CaseworkError
from casework.reference.bank_holidays import HERE, BankHolidays, bank_holidays, compile_bank_holidays
from casework.reference.regions import REGIONS
from casework.reference.rule_book import rule_book

SUBDIVISIONS = {"england-and-wales": "ENG", "scotland": "SCT", "northern-ireland": "NIR"}
YEARS = range(bank_holidays().known_from.year, bank_holidays().known_until.year + 1)
WORLD_CUP = date(2026, 6, 15)


def weekdays(days):
    return {day for day in days if day.weekday() < 5}


@pytest.mark.parametrize("region", REGIONS)
def test_our_bank_holidays_agree_with_an_independent_list(region):
    theirs = oracle.country_holidays("GB", subdiv=SUBDIVISIONS[region], years=YEARS)
    assert weekdays(bank_holidays().named(region)) == weekdays(theirs)


@pytest.mark.parametrize("region", REGIONS)
def test_our_bank_holidays_agree_with_the_published_list_but_for_the_day_it_lacks(region):
    published = OtherOracle(use_cached_holidays=True).get_holidays(division=region)
    theirs = {row["date"] for row in published if row["date"].year in YEARS}
    lacking = {WORLD_CUP} if region == "scotland" else set()
    assert set(bank_holidays().named(region)) - theirs == lacking
    assert theirs <= set(bank_holidays().named(region))


@given(st.sampled_from(list(REGIONS)), st.dates(date(2024, 1, 1), date(2028, 10, 31)), st.integers(1, 30))
def test_working_days_are_counted_as_an_independent_calendar_counts_them(region, start, days):
    theirs = oracle.country_holidays("GB", subdiv=SUBDIVISIONS[region], years=YEARS)
    counted = rule_book().working_calendar("removal_notice", region).add_working_days(start, days)
    assert counted == theirs.get_nth_working_day(start, days)


@given(st.sampled_from(list(REGIONS)), st.dates(date(2024, 3, 1), date(2028, 12, 31)), st.integers(1, 30))
def test_working_days_are_counted_back_as_an_independent_calendar_counts_them(region, start, days):
    theirs = oracle.country_holidays("GB", subdiv=SUBDIVISIONS[region], years=YEARS)
    counted = rule_book().working_calendar("removal_notice", region).add_working_days(start, -days)
    assert counted == theirs.get_nth_working_day(start, -days)


@given(st.dates(date(2024, 1, 1), date(2028, 10, 31)), st.integers(1, 30))
def test_freedom_of_information_counts_as_the_independent_calendars_of_all_parts_do_together(start, days):
    all_parts = [oracle.country_holidays("GB", subdiv=part, years=YEARS) for part in SUBDIVISIONS.values()]
    day, left = start, days
    while left:
        day += timedelta(days=1)
        left -= all(part.is_working_day(day) for part in all_parts)
    assert rule_book().working_calendar("foi").add_working_days(start, days) == day


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
