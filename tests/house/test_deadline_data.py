"""These fail on purpose as time goes by, so that somebody looks at the law and the calendar again."""

from datetime import timedelta

from casework import clock
from casework.domain.deadline_rules import Status
from casework.reference.rule_book import rule_book

A_YEAR = timedelta(days=365)


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
