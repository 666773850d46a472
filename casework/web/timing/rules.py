"""The rules: a list of all, and for each everything that the reference keeps about it."""

from collections.abc import Iterable

from flask import Blueprint, render_template

from casework.domain.errors import NotFound
from casework.domain.safety.accounts import Action
from casework.domain.said import OR, PARTS, in_a_row
from casework.domain.timing.counting import Counting
from casework.domain.timing.deadline_rules import DeadlineRule, EndRule, How, Kind, TriggerIs
from casework.domain.timing.events import HAPPENINGS
from casework.domain.words import say
from casework.reference.regions import REGIONS
from casework.services.timing.rule_book import rule_book
from casework.web.day_fields import HOW_IT_CAME, length_words
from casework.web.guards import allow

bp = Blueprint("rules", __name__)

COUNTING_WORDS = {
    Counting.AFTER_DAY: "the day after it",
    Counting.BEGINNING_WITH: "that day itself",
    Counting.BEGINNING_WITH_DAY_AFTER: "the day after it, with which the period begins",
}
END_WORDS = {
    EndRule.ROLL_FORWARD: "Where the time ends on a day that is no working day, the next working day is still in time.",
    EndRule.NO_ROLL: "Where the time ends on a day that is no working day, it does not move.",
    EndRule.NONE: "Nothing is said of a time that ends on a day that is no working day.",
}
CLOSED_WORDS = {
    "saturday": "Saturdays",
    "sunday": "Sundays",
    "christmas_day": "Christmas Day",
    "good_friday": "Good Friday",
    "dec_27_to_31": "27 to 31 December",
    "bank_holiday": "bank holidays of the part of the UK that counts",
    "bank_holiday_england_and_wales": "bank holidays of England and Wales",
    "bank_holiday_any": "bank holidays of any part of the UK",
}
DATE_WORDS = {
    "raw": "Counted day",
    "safe": "Aim for",
    "last": "Last moment",
    "deemed_served": "Taken as served",
    "period_ends": "Period ends",
    "earliest": "From",
    "window_ends": "Window ends",
    "due": "By",
}
DAY_WORDS = {
    TriggerIs.SENT: "the day it was sent",
    TriggerIs.RECEIVED: "the day it was received",
    TriggerIs.POSTED: "the day it was posted",
}


@bp.get("/rules")
@allow(Action.USE_RULES)
def index() -> str:
    groups = by_kind(rule_book().rules.values())
    return render_template("rules/index.html", groups=groups, needs=needs, total=len(rule_book().rules))


@bp.get("/rules/<rule_key>")
@allow(Action.USE_RULES)
def show(rule_key: str) -> str:
    book = rule_book()
    versions = book.versions.get(rule_key)
    if versions is None:
        raise NotFound("There is no such rule.")
    return render_template(
        "rules/show.html", rule=versions[-1], versions=versions[::-1], book=book, needs=needs, regions=REGIONS,
        counting_words=COUNTING_WORDS, end_words=END_WORDS, closed_words=closed_words, date_words=DATE_WORDS,
        how_words=how_words, day_words=DAY_WORDS, length_words=length_words, events=event_words,
    )  # fmt: skip


def by_kind(rules: Iterable[DeadlineRule]) -> dict[str, list[DeadlineRule]]:
    """The rules under the name of the kind of date they make, what a right hangs on first."""
    groups: dict[str, list[DeadlineRule]] = {}
    for rule in sorted(rules, key=lambda rule: (list(Kind).index(rule.kind), rule.is_their_limit)):
        groups.setdefault(rule.words.name, []).append(rule)
    return groups


def event_words(names: Iterable[str]) -> str:
    """Events, such as "bail_refused", in the words of the page on which they are recorded."""
    known = (HAPPENINGS.get(name.partition(":")[0]) for name in names)
    return in_a_row(dict.fromkeys(one.words for one in known if one), PARTS)


def closed_words(days: Iterable[str]) -> str:
    """The days that no calendar of these counts, one after the other."""
    return in_a_row(CLOSED_WORDS[one] for one in days)


def how_words(how: Iterable[How]) -> str:
    """How something came, where a length is for some ways alone."""
    return in_a_row((HOW_IT_CAME[one] for one in how), OR)


def needs(rule: DeadlineRule) -> str:
    """What one must know to get a date out of a rule, in words."""
    if rule.no_date:
        return "the day in the notice itself" if rule.date_in_notice else "nothing: it makes no date"
    days: str = in_a_row((DAY_WORDS.get(one, rule.trigger) for one in rule.triggers), OR)
    found = say("{day}, or when and how it was sent", day=days) if rule.may_be_deemed else days
    if not rule.variants:
        return found
    return say("{what}; and which of {many} lengths applies", what=found, many=len(rule.variants))
