"""The rule book of this group: the program's own with the changes that the group made."""

from casework.reference.rule_book import RuleBook
from casework.reference.rule_book import rule_book as published


def rule_book() -> RuleBook:
    """The book by which this instance counts."""
    return published()
