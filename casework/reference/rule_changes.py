"""What a group adds to the rule book or changes in it, before the program does: read, checked, and put in."""

import re
import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import Any

from casework import clock
from casework.domain.counting import Length
from casework.domain.dates import spoken
from casework.domain.deadline_rules import DeadlineRule, Status
from casework.domain.errors import CaseworkError, SettingsError
from casework.reference.bank_holidays import BankHoliday
from casework.reference.fields import Fields
from casework.reference.regions import REGIONS
from casework.reference.rule_book import RuleBook, Source, rule_book, rule_tables
from casework.reference.rule_reader import FIELDS, NO_LENGTH, read_rule

FILE_NAME = "rule_changes.toml"
SIGNED = ("why", "signed_by", "signed_on")
ADDED_BY_US = "added by this group"
KEY = re.compile(r"[a-z][a-z0-9_]{0,59}")
KEY_WORDS = "made of small letters, digits and _, begins with a letter and is 60 long at most"
MOST_TEXT = {"why": 300, "signed_by": 200, "title": 100, "source": 300}


class ChangeKind(StrEnum):
    """What is changed: a rule is changed or added, a day becomes a bank holiday, or a listed one is none."""

    RULE = "rule"
    HOLIDAY = "holiday"
    NO_HOLIDAY = "no_holiday"


SECTIONS = {"holidays": ChangeKind.HOLIDAY, "not_holidays": ChangeKind.NO_HOLIDAY}
HOLIDAY_FIELDS = {
    ChangeKind.HOLIDAY: ("date", "title", "divisions", "source", "checked_on"),
    ChangeKind.NO_HOLIDAY: ("date", "divisions", "source", "checked_on"),
}


@dataclass(frozen=True)
class Change:
    """One change, with who answers for it. `key` is the rule's key or the day; `facts` the fields as written.

    `where` is what a complaint calls the place where it stands.
    """

    kind: ChangeKind
    key: str
    facts: Mapping[str, Any]
    why: str
    signed_by: str
    signed_on: date
    where: str = field(default="", compare=False)

    @property
    def in_words(self) -> str:
        """What it does, as the beginning of a sentence."""
        if self.kind is ChangeKind.RULE:
            base = rule_tables().get(self.key, {})
            name = self.facts.get("name") or base.get("name")
            return f"the rule “{name}” is {'changed' if base else 'added'}"
        day = spoken(date.fromisoformat(self.key), weekday=True)
        parts = parts_of_the_uk(self.facts["divisions"])
        if self.kind is ChangeKind.HOLIDAY:
            return f"{day} is a bank holiday in {parts} ({self.facts['title']})"
        return f"{day} is not a bank holiday in {parts}"

    @property
    def sentence(self) -> str:
        """What it does, as a sentence."""
        return f"{self.in_words[0].upper()}{self.in_words[1:]}."

    @property
    def signature(self) -> str:
        """Who answers for it, since when, and why."""
        return f"{self.signed_by}, {spoken(self.signed_on)}: {self.why.rstrip('.')}."


def parts_of_the_uk(divisions: Collection[str]) -> str:
    """The names of these parts of the UK: "England and Wales, and Scotland"."""
    return (
        "the whole UK" if set(divisions) >= set(REGIONS) else ", and ".join(REGIONS[one] for one in divisions)
    )


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


def read_entries(text: str, file: str) -> list[Change]:
    """The changes that a text names, each checked by itself. Raises SettingsError."""
    sections = Fields(file, read_toml(text, file), ("rules", *SECTIONS))
    found = [
        rule_change(key, table, f"{file}, rule {key}")
        for key, table in sections.get("rules", dict, {}).items()
    ]
    for name, kind in SECTIONS.items():
        for number, table in enumerate(sections.get(name, list, []), start=1):
            found.append(holiday_change(kind, table, f"{file}, {name}, entry {number}"))
    return found


def read_toml(text: str, where: str) -> dict[str, Any]:
    """The tables of a text. Raises SettingsError when it is no TOML."""
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise SettingsError(f"{where} is not readable as TOML: {error}.") from None


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


@dataclass(frozen=True)
class SortedOut:
    """What a file makes of the changes that are kept: those that hold, which rows are gone from it, what is new."""

    held: list[Change]
    gone: list[int]
    new: list[Change]


def sort_out(kept: Sequence[tuple[bool, Change]], entries: Iterable[Change]) -> SortedOut:
    """What becomes of the kept changes, each with whether it came from the file, when its entries are these."""
    found = SortedOut([], [], list(entries))
    for index, (from_file, change) in enumerate(kept):
        if from_file and change not in found.new:
            found.gone.append(index)
            continue
        if from_file:
            found.new.remove(change)
        found.held.append(change)
    return found


def as_json(value: Any) -> Any:
    """The facts of a change as JSON keeps them: a day is `{"day": "2026-12-04"}`."""
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, Mapping):
        return {name: as_json(one) for name, one in value.items()}
    return [as_json(one) for one in value] if isinstance(value, list) else value


def from_json(value: Any) -> Any:
    """The facts of a change as they were before `as_json`."""
    if isinstance(value, dict):
        if set(value) == {"day"}:
            return date.fromisoformat(value["day"])
        return {name: from_json(one) for name, one in value.items()}
    return [from_json(one) for one in value] if isinstance(value, list) else value


def rule_change(key: str, table: Any, where: str) -> Change:
    """The change of a rule that a table tells of. Whether it fits the rules is known when the book is made."""
    fields = Fields(where, table, (*FIELDS, *SIGNED))
    if not KEY.fullmatch(key):
        raise SettingsError(f"{where}: the key of a rule is {KEY_WORDS}.")
    if not set(table) - set(SIGNED):
        raise SettingsError(f"{where}: it changes nothing. Name the fields that change.")
    facts = {name: value for name, value in table.items() if name not in SIGNED}
    return Change(ChangeKind.RULE, key, facts, *_signed(fields), where)


def holiday_change(kind: ChangeKind, table: Any, where: str) -> Change:
    """The bank holiday, or the day that is none, that a table tells of. Raises SettingsError."""
    fields = Fields(where, table, (*HOLIDAY_FIELDS[kind], *SIGNED))
    day = fields.get("date", date)
    facts: dict[str, Any] = {
        "divisions": list(dict.fromkeys(fields.words("divisions"))),
        "source": _text(fields, "source"),
        "checked_on": fields.get("checked_on", date),
    }
    if kind is ChangeKind.HOLIDAY:
        facts["title"] = _text(fields, "title")
    known = rule_book().holidays
    if not facts["divisions"]:
        raise fields.wrong("divisions", f"name one or more of {', '.join(REGIONS)}")
    for division in facts["divisions"]:
        if division not in REGIONS:
            raise fields.wrong("divisions", f"{division!r} is not one of {', '.join(REGIONS)}")
        if kind is ChangeKind.NO_HOLIDAY and day not in known.named(division):
            raise fields.wrong("date", f"{spoken(day)} is no bank holiday in {REGIONS[division]}")
    if not known.known_from <= day <= known.known_until:
        until = f"from {spoken(known.known_from)} to {spoken(known.known_until)}"
        raise fields.wrong("date", f"bank holidays are known {until}, and this is outside it")
    return Change(kind, day.isoformat(), facts, *_signed(fields), where)


def _signed(fields: Fields) -> tuple[str, str, date]:
    for name in ("signed_on", "checked_on"):
        day = fields.day(name)
        if day and day > clock.today():
            raise fields.wrong(name, f"{spoken(day)} has not come yet")
    return _text(fields, "why"), _text(fields, "signed_by"), fields.get("signed_on", date)


def _text(fields: Fields, name: str) -> str:
    text = fields.text(name).strip()
    if len(text) > MOST_TEXT[name]:
        raise fields.wrong(name, f"it is too long: {MOST_TEXT[name]} characters at most")
    return text


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
