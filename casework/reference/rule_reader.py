"""Reads deadline rules from TOML and refuses a malformed one, naming the file, the rule and the field."""

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from casework.domain.errors import SettingsError
from casework.domain.said import of_ours
from casework.domain.timing.counting import HOURS_IN_A_DAY, Counting, Length, Unit
from casework.domain.timing.deadline_rules import (
    Confidence,
    DeadlineRule,
    EndRule,
    Example,
    Fits,
    How,
    Kind,
    OwedBy,
    Status,
    TriggerIs,
    Variant,
    WaitingFor,
)
from casework.domain.timing.events import HAPPENINGS
from casework.reference.fields import Fields
from casework.reference.regions import REGIONS

DATE_NAMES = ("raw", "safe", "last", "deemed_served", "period_ends", "earliest", "window_ends", "due")
NO_LENGTH = (Unit.NONE, Unit.IN_NOTICE)
# Ten years: what is longer is a slip.
LONGEST = {
    Unit.HOURS: 87_600,
    Unit.CALENDAR_DAYS: 3_650,
    Unit.WORKING_DAYS: 2_600,
    Unit.WEEKS: 520,
    Unit.MONTHS: 120,
}
VARIANT_FIELDS = ("label", "length", "unit", "how", "counting", "trigger_is", "deemed_by", "fits")
FIELDS = (
    *("name", "in_short", "kind", "owed_by", "actor", "trigger", "starts", "count_from", "counting"),
    *("length", "unit", "variants", "calendar", "safe_calendar", "end_rule", "end_note", "must_be", "clock"),
    *("authority", "in_force_from", "in_force_to", "status", "confidence", "source", "checked_on"),
    *("checked_by", "safe_margin_days", "applies_to", "notes", "examples"),
    *("trigger_is", "deemed_by", "no_date", "ends", "fits", "waiting_for", "may_start", "repeats"),
)

# What a rule says in words of its own, what it may leave out, and what is one word of a set.
TEXTS = ("name", "in_short", "actor", "trigger", "authority")
MAY_LACK = ("deemed_by", "count_from", "end_note", "must_be", "clock", "checked_by", "applies_to", "notes")
CHOICES: dict[str, type[StrEnum]] = {
    "kind": Kind,
    "owed_by": OwedBy,
    "counting": Counting,
    "end_rule": EndRule,
    "status": Status,
    "confidence": Confidence,
    "trigger_is": TriggerIs,
}


def read_rules(
    path: Path, *, calendars: Collection[str], sources: Collection[str]
) -> dict[str, DeadlineRule]:
    """The rules of one file, by key. Raises SettingsError for the first thing that is wrong."""
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path.name} is not readable as TOML: {error}.") from error
    return {
        key: _in_our_words(
            read_rule(key, table, f"{path.name}, rule {key}", calendars=calendars, sources=sources)
        )
        for key, table in tables.items()
    }


def _in_our_words(rule: DeadlineRule) -> DeadlineRule:
    """The same, with what is our own in it, and not the law's, as words that can be said in another language."""
    variants = {key: replace(one, label=of_ours(one.label)) for key, one in rule.variants.items()}
    return replace(
        rule,
        name=of_ours(rule.name),
        in_short=of_ours(rule.in_short),
        trigger=of_ours(rule.trigger),
        variants=variants,
    )


def read_rule(
    key: str,
    table: Mapping[str, Any],
    where: str,
    *,
    calendars: Collection[str],
    sources: Collection[str],
    own: bool = False,
) -> DeadlineRule:
    """The rule that one table tells of; `where` is what a complaint calls the place where it stands.

    A rule of a group's `own` may do without worked examples.
    """
    rule = _rule(key, Fields(where, table, FIELDS), calendars, sources)
    if not rule.examples and not own:
        raise SettingsError(f"{where}, field examples: a rule has at least one worked example.")
    return rule


def _rule(key: str, fields: Fields, calendars: Collection[str], sources: Collection[str]) -> DeadlineRule:
    plain = _plain(fields)
    variants = _variants(fields)
    length = None if variants else _length(fields)
    dated = bool(variants or length)
    no_date = _no_date(fields, dated)
    return DeadlineRule(
        key=key,
        **plain,
        **_in_force(fields),
        **_what_it_moves(fields, variants),
        **_calendars(fields, calendars),
        sources=_sources(fields, plain["status"], sources),
        checked_on=fields.get("checked_on", date),
        examples=_examples(fields, variants, dated),
        length=length,
        variants=variants,
        no_date=no_date,
        date_in_notice=not dated and fields.choice("unit", Unit) is Unit.IN_NOTICE,
        fits=_fits(fields),
        safe_margin_days=fields.count("safe_margin_days", 0, most=365),
    )


def _plain(fields: Fields) -> dict[str, Any]:
    """The fields that are taken as they stand."""
    return {
        **{name: fields.text(name) for name in TEXTS},
        **{name: fields.get(name, str, "") for name in MAY_LACK},
        **{name: fields.choice(name, one_of) for name, one_of in CHOICES.items()},
    }


def _in_force(fields: Fields) -> dict[str, Any]:
    """From when until when it is the law."""
    first, last = fields.day("in_force_from"), fields.day("in_force_to")
    if first and last and last < first:
        raise fields.wrong("in_force_to", "it is before in_force_from")
    return {"in_force_from": first, "in_force_to": last}


def _what_it_moves(fields: Fields, variants: Collection[str]) -> dict[str, Any]:
    """Which events start it and end it, whether it comes again, and who waits for whom meanwhile."""
    return {
        "starts": _events(fields, "starts", fields.words("starts")),
        "may_start": _events(fields, "may_start", fields.words("may_start", ()), variants),
        "ends": _events(fields, "ends", fields.words("ends", ())),
        "repeats": fields.flag("repeats"),
        "waiting_for": _waiting_for(fields),
    }


def _calendars(fields: Fields, known: Collection[str]) -> dict[str, Any]:
    """The calendar by which it counts, and the one by which it is safe; each one of those that are known."""
    safe = fields.get("safe_calendar", str, "")
    return {
        "calendar": _known(fields, "calendar", fields.get("calendar", str), known),
        "safe_calendar": _known(fields, "safe_calendar", safe, ("", *known)),
    }


def _known(fields: Fields, name: str, value: str, known: Collection[str]) -> str:
    if value not in known:
        raise fields.wrong(name, f"{value!r} is not one of {', '.join(filter(None, known))}")
    return value


def _fits(fields: Fields) -> tuple[Fits, ...]:
    return tuple(Fits(_known(fields, "fits", word, tuple(Fits))) for word in fields.words("fits", ()))


def _events(
    fields: Fields, name: str, words: tuple[str, ...], variants: Collection[str] = ()
) -> tuple[str, ...]:
    """The words, each the name of an event that we know; one after ":" is a variant of the rule."""
    for word in words:
        event, colon, variant = word.partition(":")
        _known(fields, name, event, HAPPENINGS)
        if colon:
            _known(fields, name, variant, variants)
    return words


def _waiting_for(fields: Fields) -> WaitingFor:
    """Whose turn it is; a date that we owe waits for us unless the rule says otherwise."""
    if fields.table.get("owed_by") == OwedBy.US and "waiting_for" not in fields.table:
        return WaitingFor.US
    return fields.choice("waiting_for", WaitingFor)


def _sources(fields: Fields, status: Status, known: Collection[str]) -> tuple[str, ...]:
    named = fields.words("source")
    if not named and status is not Status.RECALLED:
        raise fields.wrong("source", f"a rule marked {status} names where it was read")
    return tuple(_known(fields, "source", name, known) for name in named)


def _length(fields: Fields) -> Length | None:
    unit = fields.choice("unit", Unit)
    if unit in NO_LENGTH:
        if "length" in fields.table:
            raise fields.wrong("length", f"a rule with the unit {unit} has no length")
        return None
    number = fields.count("length")
    if number > LONGEST[unit]:
        raise fields.wrong("length", f"nothing takes longer than {LONGEST[unit]} {unit}")
    if unit is Unit.HOURS and number % HOURS_IN_A_DAY:
        raise fields.wrong("length", "hours are counted in whole days of 24")
    return Length(number, unit)


def _no_date(fields: Fields, dated: bool) -> str:
    if dated and "no_date" in fields.table:
        raise fields.wrong("no_date", "a rule with a length makes a date")
    return "" if dated else fields.text("no_date")


def _variants(fields: Fields) -> dict[str, Variant]:
    found: dict[str, Variant] = {}
    for key, table in fields.get("variants", dict, {}).items():
        one = Fields(f"{fields.where}, field variants.{key}", table, VARIANT_FIELDS)
        length = _length(one)
        if length is None:
            raise one.wrong("unit", "a variant needs a length")
        found[key] = Variant(
            key,
            one.text("label"),
            length,
            how=tuple(How(_known(one, "how", how, tuple(How))) for how in one.words("how", ())),
            counting=one.choice("counting", Counting) if "counting" in table else None,
            trigger_is=one.choice("trigger_is", TriggerIs) if "trigger_is" in table else None,
            deemed_by=one.get("deemed_by", str) if "deemed_by" in table else None,
            fits=_fits(one),
        )
    for name in ("length", "unit"):
        if found and name in fields.table:
            raise fields.wrong(name, "a rule with variants has its lengths there")
    return found


def _examples(fields: Fields, variants: Mapping[str, Variant], dated: bool) -> tuple[Example, ...]:
    found = []
    for number, table in enumerate(fields.get("examples", list), start=1):
        known = ("trigger", "region", "variant", "why", *DATE_NAMES)
        one = Fields(f"{fields.where}, example {number}", table, known)
        variant = one.get("variant", str, "") or None
        if variant:
            _known(one, "variant", variant, tuple(variants))
        dates = {name: one.get(name, date) for name in DATE_NAMES if name in table}
        if dated is not bool(dates):
            raise fields.wrong(
                "examples",
                f"example {number} " + ("names no date" if dated else "names a date: there is none"),
            )
        region = _known(one, "region", one.get("region", str), REGIONS)
        found.append(Example(one.get("trigger", date), region, dates, variant, one.get("why", str, "")))
    return tuple(found)
