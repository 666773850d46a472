"""Reads deadline rules from TOML and refuses a malformed one, naming the file, the rule and the field."""

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from casework.domain.counting import Counting, Length, Unit
from casework.domain.deadline_rules import DeadlineRule, EndRule, Example, Kind, OwedBy, Status, Variant
from casework.domain.errors import SettingsError
from casework.reference.regions import REGIONS

Choice = TypeVar("Choice", bound=StrEnum)
Value = TypeVar("Value")
DATE_NAMES = ("raw", "safe", "last", "period_ends", "earliest", "window_ends", "due")
CONFIDENCE = ("high", "medium", "low")
FIELDS = (
    *("name", "in_short", "kind", "owed_by", "actor", "trigger", "starts", "count_from", "counting"),
    *("length", "unit", "variants", "calendar", "safe_calendar", "end_rule", "end_note", "must_be", "clock"),
    *("authority", "in_force_from", "in_force_to", "status", "confidence", "source", "checked_on"),
    *("checked_by", "safe_margin_days", "applies_to", "notes", "examples"),
)


def read_rules(
    path: Path, *, calendars: Collection[str], sources: Collection[str]
) -> dict[str, DeadlineRule]:
    """The rules of one file, by key. Raises SettingsError for the first thing that is wrong."""
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path.name} is not readable as TOML: {error}.") from error
    return {
        key: _rule(key, Fields(f"{path.name}, rule {key}", table, FIELDS), calendars, sources)
        for key, table in tables.items()
    }


@dataclass(frozen=True)
class Fields:
    """One table of a TOML file, whose values are asked for by name and kind."""

    where: str
    table: Mapping[str, Any]
    known: Collection[str]

    def __post_init__(self) -> None:
        if not isinstance(self.table, Mapping):
            raise SettingsError(f"{self.where}: this should be a table of fields.")
        for name in self.table:
            if name not in self.known:
                raise self.wrong(name, "there is no such field")

    def wrong(self, name: str, why: str) -> SettingsError:
        """The error that names file, rule and field."""
        return SettingsError(f"{self.where}, field {name}: {why}.")

    def get(self, name: str, kind: type[Value], default: Value | None = None) -> Value:
        """The value of a field. Without a default the field must be there."""
        value: Any = self.table.get(name, default)
        if value is None:
            raise self.wrong(name, "it is missing")
        if not isinstance(value, kind) or isinstance(value, bool | datetime):
            raise self.wrong(name, f"{value!r} should be of the kind {kind.__name__}")
        found: Value = value
        return found

    def text(self, name: str) -> str:
        """A text that must be there and say something."""
        text = self.get(name, str)
        if not text.strip():
            raise self.wrong(name, "it is empty")
        return text

    def day(self, name: str) -> date | None:
        """A date, or None when there is none."""
        return self.get(name, date) if name in self.table else None

    def choice(self, name: str, kind: type[Choice]) -> Choice:
        """One of a fixed set of words."""
        text = self.get(name, str)
        try:
            return kind(text)
        except ValueError:
            known = ", ".join(kind)
            raise self.wrong(name, f"{text!r} is not one of {known}") from None

    def words(self, name: str) -> tuple[str, ...]:
        """A list of texts."""
        values = self.get(name, list)
        if not all(isinstance(value, str) and value for value in values):
            raise self.wrong(name, "it should be a list of texts")
        return tuple(values)

    def count(self, name: str, default: int | None = None) -> int:
        """A number, 0 or more."""
        number = self.get(name, int, default)
        if number < 0:
            raise self.wrong(name, "it should not be below 0")
        return number


def _rule(key: str, fields: Fields, calendars: Collection[str], sources: Collection[str]) -> DeadlineRule:
    status = fields.choice("status", Status)
    in_force_from, in_force_to = fields.day("in_force_from"), fields.day("in_force_to")
    if in_force_from and in_force_to and in_force_to < in_force_from:
        raise fields.wrong("in_force_to", "it is before in_force_from")
    variants = _variants(fields)
    return DeadlineRule(
        key=key,
        name=fields.text("name"),
        in_short=fields.text("in_short"),
        kind=fields.choice("kind", Kind),
        owed_by=fields.choice("owed_by", OwedBy),
        actor=fields.text("actor"),
        trigger=fields.text("trigger"),
        starts=fields.words("starts"),
        counting=fields.choice("counting", Counting),
        calendar=_known(fields, "calendar", fields.get("calendar", str), calendars),
        end_rule=fields.choice("end_rule", EndRule),
        authority=fields.text("authority"),
        status=status,
        confidence=_known(fields, "confidence", fields.get("confidence", str), CONFIDENCE),
        sources=_sources(fields, status, sources),
        checked_on=fields.get("checked_on", date),
        examples=_examples(fields, variants),
        length=None if variants else _length(fields),
        variants=variants,
        count_from=fields.get("count_from", str, ""),
        end_note=fields.get("end_note", str, ""),
        must_be=fields.get("must_be", str, ""),
        clock=fields.get("clock", str, ""),
        in_force_from=in_force_from,
        in_force_to=in_force_to,
        checked_by=fields.get("checked_by", str, ""),
        safe_margin_days=fields.count("safe_margin_days", 0),
        safe_calendar=_known(fields, "safe_calendar", fields.get("safe_calendar", str, ""), ("", *calendars)),
        applies_to=fields.get("applies_to", str, ""),
        notes=fields.get("notes", str, ""),
    )


def _known(fields: Fields, name: str, value: str, known: Collection[str]) -> str:
    if value not in known:
        raise fields.wrong(name, f"{value!r} is not one of {', '.join(filter(None, known))}")
    return value


def _sources(fields: Fields, status: Status, known: Collection[str]) -> tuple[str, ...]:
    named = fields.words("source")
    if not named and status is not Status.RECALLED:
        raise fields.wrong("source", f"a rule marked {status} names where it was read")
    return tuple(_known(fields, "source", name, known) for name in named)


def _length(fields: Fields) -> Length | None:
    unit = fields.choice("unit", Unit)
    if unit is Unit.NONE:
        if "length" in fields.table:
            raise fields.wrong("length", "a rule with the unit none has no length")
        return None
    return Length(fields.count("length"), unit)


def _variants(fields: Fields) -> dict[str, Variant]:
    found: dict[str, Variant] = {}
    for key, table in fields.get("variants", dict, {}).items():
        one = Fields(f"{fields.where}, field variants.{key}", table, ("label", "length", "unit"))
        length = _length(one)
        if length is None:
            raise one.wrong("unit", "a variant needs a length")
        found[key] = Variant(key, one.text("label"), length)
    for name in ("length", "unit"):
        if found and name in fields.table:
            raise fields.wrong(name, "a rule with variants has its lengths there")
    return found


def _examples(fields: Fields, variants: Mapping[str, Variant]) -> tuple[Example, ...]:
    found = []
    for number, table in enumerate(fields.get("examples", list), start=1):
        known = ("trigger", "region", "variant", "why", *DATE_NAMES)
        one = Fields(f"{fields.where}, example {number}", table, known)
        variant = one.get("variant", str, "") or None
        if variant:
            _known(one, "variant", variant, tuple(variants))
        dates = {name: one.get(name, date) for name in DATE_NAMES if name in table}
        region = _known(one, "region", one.get("region", str), REGIONS)
        found.append(Example(one.get("trigger", date), region, dates, variant, one.get("why", str, "")))
    if not found:
        raise fields.wrong("examples", "a rule has at least one worked example")
    return tuple(found)
