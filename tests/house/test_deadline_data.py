"""These fail on purpose as time goes by, so that somebody looks at the law and the calendar again."""

import re
from datetime import timedelta
from pathlib import Path

from click.testing import CliRunner

from casework import clock
from casework.commands.deadline import deadline_command
from casework.domain.timing.deadline_rules import Status
from casework.reference.rule_book import rule_book

A_YEAR = timedelta(days=365)
PAGE = (Path(__file__).parents[2] / "docs" / "deadlines.md").read_text("utf-8")


def test_bank_holidays_are_known_for_at_least_the_next_twelve_months():
    assert rule_book().known_until >= clock.today() + A_YEAR


def test_every_rule_was_looked_over_within_the_last_year():
    old = [rule.key for rule in rule_book().rules.values() if clock.today() - rule.checked_on > A_YEAR]
    assert old == []


def test_every_rule_names_its_source_or_says_that_it_is_from_general_knowledge():
    for rule in rule_book().rules.values():
        assert rule.authority
        assert rule.sources or rule.status is Status.RECALLED
        assert all(key in rule_book().sources for key in rule.sources)


def test_no_rule_tells_anybody_what_they_should_do():
    for rule in rule_book().rules.values():
        assert "should appeal" not in f"{rule.name} {rule.in_short} {rule.notes}".lower()


def test_the_example_of_the_documentation_is_what_the_command_prints():
    asked, *lines = re.search(r"\$ casework deadline (.*?)```", PAGE, re.DOTALL)[1].splitlines()
    printed = CliRunner().invoke(deadline_command, asked.split()).output.splitlines()
    assert [line for line in lines if line not in printed] == []
    assert lines[0].startswith("Counted day: ")


def test_every_rule_that_the_documentation_names_is_there():
    book = rule_book()
    named = set(re.findall(r"`([a-z0-9]+(?:_[a-z0-9]+)+)`", PAGE.partition("## What is unsettled")[2]))
    assert named - set(book.rules) - set(book.calendars) == set()


def test_the_documentation_names_every_rule_of_which_nobody_is_sure():
    unsure = {rule.key for rule in rule_book().rules.values() if rule.confidence == "low"}
    assert {key for key in unsure if f"`{key}`" not in PAGE} == set()


def test_the_documentation_says_for_which_years_the_bank_holidays_are_known():
    holidays = rule_book().holidays
    assert f"{holidays.known_from.year} to {holidays.known_until.year}" in PAGE
