"""The rules: a list of all, and for each everything that the reference keeps about it."""

from collections.abc import Iterable

from flask import Blueprint, render_template

from casework.domain.accounts import Action
from casework.domain.counting import Counting
from casework.domain.deadline_rules import DeadlineRule, EndRule, Kind, TriggerIs
from casework.domain.errors import NotFound
from casework.domain.events import HAPPENINGS
from casework.reference.regions import REGIONS
from casework.services.rule_book import rule_book
from casework.web.day_fields import HOW, length_words
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
        counting_words=COUNTING_WORDS, end_words=END_WORDS, closed_words=CLOSED_WORDS, date_words=DATE_WORDS,
        how_words=HOW, length_words=length_words, events=event_words,
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
    return "; ".join(dict.fromkeys(one.words for one in known if one))


def needs(rule: DeadlineRule) -> str:
    """What one must know to get a date out of a rule, in words."""
    if rule.no_date:
        return "the day in the notice itself" if rule.date_in_notice else "nothing: it makes no date"
    found = " or ".join(DAY_WORDS.get(one, rule.trigger) for one in rule.triggers)
    if rule.may_be_deemed:
        found += ", or when and how it was sent"
    return f"{found}; and which of {len(rule.variants)} lengths applies" if rule.variants else found
