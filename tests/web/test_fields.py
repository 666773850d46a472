"""Dates in three boxes, as people fill them in."""

from datetime import date, timedelta

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms import Form

from casework import clock
from casework.web.fields import DayField, line, tidy, whole_number


class DayForm(Form):
    """One date in the past, which must be given."""

    when = DayField("When", required="Type the day.", past=True)


class NearForm(DayForm):
    """The same where the year is enough."""

    when = DayField("When", past=True, near=True)


def read(day: str = "", month: str = "", year: str = "", kind: type[DayForm] = DayForm) -> DayForm:
    form = kind(MultiDict({"when-day": day, "when-month": month, "when-year": year}))
    form.validate()
    return form


@pytest.mark.parametrize(
    ("boxes", "expected"),
    [
        (("27", "3", "2026"), date(2026, 3, 27)),
        (("27", "3", "26"), date(2026, 3, 27)),
        (("27", "March", "2026"), date(2026, 3, 27)),
        (("27", "mar", "2026"), date(2026, 3, 27)),
        (("27/3/26",), date(2026, 3, 27)),
        (("27.3.2026",), date(2026, 3, 27)),
        (("27 March 2026",), date(2026, 3, 27)),
        (("2026-03-27",), date(2026, 3, 27)),
        (("1", "1", "85"), date(1985, 1, 1)),
        (("29", "2", "2024"), date(2024, 2, 29)),
    ],
)
def test_a_date_is_read_as_people_write_it(boxes: tuple[str, ...], expected: date) -> None:
    form = read(*boxes)
    assert form.when.data == expected, form.when.errors


def test_today_and_yesterday_are_dates() -> None:
    assert read("today").when.data == clock.today()
    assert read("Yesterday").when.data == clock.today() - timedelta(days=1)


@pytest.mark.parametrize(
    ("boxes", "expected", "typed"),
    [
        (("", "", "2019"), date(2019, 1, 1), "2019"),
        (("2019",), date(2019, 1, 1), "2019"),
        (("", "3", "2019"), date(2019, 3, 1), "3 2019"),
        (("", "March", "19"), date(2019, 3, 1), "March 19"),
        (("March 2019",), date(2019, 3, 1), "March 2019"),
        (("3/2019",), date(2019, 3, 1), "3 2019"),
        (("2019-03",), date(2019, 3, 1), "03 2019"),
        (("4", "3", "2019"), date(2019, 3, 4), ""),
        (("today",), clock.today(), ""),
    ],
)
def test_where_the_order_is_enough_a_year_alone_is_its_first_day(
    boxes: tuple[str, ...], expected: date, typed: str
) -> None:
    form = read(*boxes, kind=NearForm)
    assert (form.when.data, form.when.taken_from, form.when.errors) == (expected, typed, [])
    if typed:
        assert read(*boxes).when.errors, "elsewhere a day that nobody said stays missing"


@pytest.mark.parametrize(
    ("boxes", "sentence"),
    [
        (("", "3", ""), "the year too"),
        (("3", "", "2019"), "the month too"),
        (("19",), "whole date"),
        (("", "13", "2019"), "There is no such day"),
        (("", "Brumaire", "2019"), "do not know the month"),
        (("1500",), "before 1900"),
        (("9999",), "not come yet"),
        (("", "", "soon"), "numbers"),
    ],
)
def test_a_year_or_month_that_cannot_be_read_is_said_too(boxes: tuple[str, ...], sentence: str) -> None:
    assert sentence in read(*boxes, kind=NearForm).when.errors[0]


@pytest.mark.parametrize(
    ("boxes", "sentence"),
    [
        (("30", "2", "2026"), "There is no such day: 30 2 2026."),
        (("31", "11", "2026"), "There is no such day"),
        (("27", "3", ""), "year too"),
        (("27",), "whole date"),
        (("27", "Brumaire", "2026"), "do not know the month"),
        (("x", "3", "2026"), "numbers"),
        (("1", "1", "1500"), "before 1900"),
        (("1", "1", "99999"), "There is no such day"),
        (("",), "Type the day."),
        (("²", "3", "2026"), "numbers"),
    ],
)
def test_a_wrong_date_is_answered_kindly_and_kept(boxes: tuple[str, ...], sentence: str) -> None:
    form = read(*boxes)
    assert form.when.data is None or form.when.errors
    assert sentence in form.when.errors[0]
    assert "letter" not in form.when.errors[0], "it may stand in none"
    assert form.when.typed[0] == boxes[0]


def test_a_day_that_has_not_come_is_refused_where_only_the_past_makes_sense() -> None:
    assert "not come yet" in read("tomorrow").when.errors[0]


def test_what_cannot_be_printed_is_taken_out_of_text_and_nothing_else() -> None:
    assert tidy("  Sa\x00mira\x1b  ") == "Samira"
    assert tidy("سميرة 😀 Łucja") == "سميرة 😀 Łucja"
    assert tidy(" \n ") is None
    assert tidy("\u200b\u200f\n\u3000") is None


def test_a_mark_that_would_turn_the_line_round_is_dropped_and_what_joins_signs_stays() -> None:
    assert tidy("Samira \u202egnp.exe\u2066 \ufffe\U0010ffff") == "Samira gnp.exe"
    assert tidy("👩🏽\u200d⚖️ می\u200cخواهم") == "👩🏽\u200d⚖️ می\u200cخواهم"


@pytest.mark.parametrize("text", ["²", "٣", "-1", "1.5", "abc", "9" * 19, "9" * 5000, "", None, 3])
def test_what_is_no_plain_whole_number_counts_as_none(text: object) -> None:
    assert whole_number(text) == 0


def test_a_line_stays_one_line(app: Flask) -> None:
    class NameForm(Form):
        name = line("Name")

    assert NameForm(MultiDict({"name": "Samira\r\nBcc: all\u2028x"})).name.data == "Samira Bcc: all x"


def test_a_name_of_ten_thousand_characters_is_kept_and_refused(app: Flask) -> None:
    class NameForm(Form):
        name = line("Name")

    form = NameForm(MultiDict({"name": "x" * 10_000}))
    assert not form.validate()
    assert "200 characters" in form.name.errors[0]
    assert form.name.data == "x" * 10_000
