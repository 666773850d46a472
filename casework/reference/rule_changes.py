"""What a group adds to the rule book or changes in it, before the program does: read, and each checked by itself."""

import re
import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from casework import clock
from casework.domain.dates import spoken
from casework.domain.errors import SettingsError
from casework.reference.fields import Fields
from casework.reference.regions import REGIONS
from casework.reference.rule_book import rule_book, rule_tables
from casework.reference.rule_reader import FIELDS

FILE_NAME = "rule_changes.toml"
SIGNED = ("why", "signed_by", "signed_on")
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
