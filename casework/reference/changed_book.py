"""The program's rule book with the changes of a group put in, which have to fit it and each other."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from casework.domain.errors import CaseworkError, SettingsError
from casework.domain.timing.counting import Length
from casework.domain.timing.deadline_rules import DeadlineRule, Status
from casework.reference.bank_holidays import BankHoliday
from casework.reference.rule_book import RuleBook, Source, rule_book, rule_tables
from casework.reference.rule_changes import KEY, KEY_WORDS, Change, ChangeKind, read_entries
from casework.reference.rule_reader import NO_LENGTH, read_rule

ADDED_BY_US = "added by this group"


def read_file(path: Path) -> list[Change]:
    """The changes that a file names, in its order; none when there is no such file.

    Raises SettingsError, naming the entry and the field, for the first thing that is wrong.
    """
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} cannot be read: {error}.") from None
    found = read_entries(text, path.name)
    changed_book(found)
    return found


def changed_book(changes: Iterable[Change]) -> RuleBook:
    """The program's book with these changes, the oldest first: of two about the same thing the later one holds.

    Raises SettingsError, naming the change and the field, when one cannot be applied.
    """
    changes = list(changes)
    book, tables = rule_book(), dict(rule_tables())
    rules: list[tuple[DeadlineRule, str]] = []
    sources: dict[str, Source] = {}
    holidays: dict[tuple[str, date], BankHoliday | None] = {}
    for change in changes:
        if change.kind is ChangeKind.RULE:
            tables[change.key] = _merged(tables.get(change.key), change)
            sources |= _sources(change, book.sources)
            rules.append((_read(change, tables[change.key], book, sources), change.where))
        else:
            holidays |= _holidays(change)
    if not changes:
        return book
    book = book.with_changes([rule for rule, _ in rules], holidays, sources)
    for rule, where in rules:
        _check_examples(book, rule, where)
    return book


def _merged(before: Mapping[str, Any] | None, change: Change) -> dict[str, Any]:
    """The whole table of a changed rule: what the change does not name stays as it was.

    What was checked was the rule before: its examples, adviser and status do not go over to the new one.
    """
    facts = change.facts
    merged = {**(before or {}), **facts}
    variants, named = (before or {}).get("variants", {}), facts.get("variants")
    if named and isinstance(named, Mapping):
        merged["variants"] = variants | {
            key: {**variants.get(key, {}), **table} if isinstance(table, Mapping) else table
            for key, table in named.items()
        }
    if "length" in facts and "no_date" not in facts:
        merged.pop("no_date", None)
    if facts.get("unit") in NO_LENGTH and "length" not in facts:
        merged.pop("length", None)
    begins, ends = facts.get("in_force_from"), merged.get("in_force_to")
    if isinstance(begins, date) and isinstance(ends, date) and "in_force_to" not in facts and ends < begins:
        merged.pop("in_force_to")
    fresh = {**_UNCHECKED, "status": _status(change).value, "checked_on": change.signed_on}
    return {"starts": [], **merged, **{name: facts.get(name, value) for name, value in fresh.items()}}


_IN_WORDS = dict(
    enumerate(("zero", *["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]))
)
# Of a rule that a group changed nothing of this is known until somebody says it.
_UNCHECKED: Mapping[str, Any] = {"checked_by": "", "confidence": "medium", "examples": [], "source": []}


def _status(change: Change) -> Status:
    return Status.MIXED if change.facts.get("source") else Status.RECALLED


def _read(
    change: Change, table: Mapping[str, Any], book: RuleBook, sources: Mapping[str, Source]
) -> DeadlineRule:
    known = (*book.sources, *sources)
    try:
        rule = read_rule(
            change.key, table, change.where, calendars=book.calendars.keys(), sources=known, own=True
        )
    except SettingsError as error:
        near = get_close_matches(change.key, book.rules.keys(), n=1) if change.key not in book.rules else []
        if not near:
            raise
        meant = f"There is no rule {change.key} yet. Did you mean {near[0]}?"
        raise SettingsError(f"{error.message} {meant}", field=error.field) from None
    for key in rule.variants:
        if not KEY.fullmatch(key):
            raise SettingsError(f"{change.where}, field variants: {key!r} is not {KEY_WORDS}.")
    before = book.rules.get(change.key)
    if before and "in_short" not in change.facts:
        rule = _without_old_length(rule, before)
    done = "Changed" if change.key in book.rules else "Added"
    return replace(rule, changed=f"{done} by this group. {change.signature}")


def _without_old_length(rule: DeadlineRule, before: DeadlineRule) -> DeadlineRule:
    """The rule with another sentence, where the one that was kept still tells of a length that was changed."""
    if not says_old_length(rule.in_short, _numbers(before), _numbers(rule)):
        return rule
    lengths = dict.fromkeys(str(one) for one in _lengths(rule))
    return replace(
        rule, in_short=f"This group changed the time: it is {' or '.join(lengths)}. See below who and why."
    )


def says_old_length(in_short: str, before: Iterable[int], now: Iterable[int]) -> str:
    """The word by which a sentence still tells of a length that is another one now; empty where it tells of none."""
    said = re.findall(r"\w+", in_short.lower())
    old = [(str(number), _IN_WORDS.get(number, "")) for number in set(before) - set(now)]
    return next((word for words in old for word in words if word in said), "")


def _numbers(rule: DeadlineRule) -> list[int]:
    return [one.number for one in _lengths(rule)]


def _lengths(rule: DeadlineRule) -> list[Length]:
    lengths = (rule.length, *(one.length for one in rule.variants.values()))
    return [one for one in lengths if one]


def _check_examples(book: RuleBook, rule: DeadlineRule, where: str) -> None:
    """Nothing, or a SettingsError when a worked example of a changed rule does not come out."""
    for number, example in enumerate(rule.examples, start=1):
        place = f"{where}, field examples: example {number}"
        try:
            made = book.work_out(rule, example.trigger, example.region, variant=example.variant).dates
        except CaseworkError as error:
            raise SettingsError(f"{place} cannot be worked out. {error.message}") from None
        for name, day in example.dates.items():
            if made.get(name) != day:
                ours = made[name].isoformat() if name in made else "no such date"
                raise SettingsError(f"{place} says {name} = {day}, and the rule makes {ours}.")


def _sources(change: Change, known: Mapping[str, Source]) -> dict[str, Source]:
    """What the group read, by its own words; the program's sources are named by their keys."""
    texts = change.facts.get("source")
    read_on = change.facts.get("checked_on", change.signed_on)
    version = f"as {change.signed_by} read it on {read_on}"
    return {
        text: Source(text, text, "", version)
        for text in (texts if isinstance(texts, list) else ())
        if isinstance(text, str) and text not in known
    }


def _holidays(change: Change) -> dict[tuple[str, date], BankHoliday | None]:
    """The day in each part of the UK; None where it is no holiday."""
    facts, day = change.facts, date.fromisoformat(change.key)
    if change.kind is ChangeKind.NO_HOLIDAY:
        return {(division, day): None for division in facts["divisions"]}
    title = f"{facts['title']}, {ADDED_BY_US}"
    return {
        (division, day): BankHoliday(division, day, title, "", facts["source"], facts["checked_on"])
        for division in facts["divisions"]
    }
