"""The forms with which a rule or a bank holiday is changed: each makes the table that the group's file would have."""

from collections.abc import Mapping
from typing import Any

from wtforms import SelectField
from wtforms.validators import ValidationError

from casework import clock
from casework.domain.dates import spoken
from casework.domain.errors import CaseworkError, SettingsError
from casework.domain.timing.counting import Length, Unit
from casework.domain.timing.deadline_rules import DeadlineRule
from casework.domain.words import say
from casework.reference.changed_book import says_old_length
from casework.reference.regions import REGIONS
from casework.reference.rule_changes import (
    MOST_TEXT,
    Change,
    ChangeKind,
    holiday_change,
    read_toml,
    rule_change,
)
from casework.services.timing.rule_book import rule_book
from casework.web.fields import DayField, line, paragraph, several_of, whole_number
from casework.web.forms import HouseForm

HERE = "this form"
UNITS = {
    Unit.HOURS.value: "whole hours",
    Unit.CALENDAR_DAYS.value: "calendar days",
    Unit.WORKING_DAYS.value: "working days",
    Unit.WEEKS.value: "whole weeks",
    Unit.MONTHS.value: "whole months",
}
KEPT_TEXTS = ("in_short", "authority", "notes")
EXAMPLE = """[tribunal_new_form]
name = "Answer to the tribunal's new form"
in_short = "The form reaches the tribunal in time within 10 working days after it was sent."
kind = "hard_limit"
owed_by = "us"
actor = "the person"
trigger = "the tribunal's form sent to the person"
trigger_is = "sent"
counting = "after_day"
length = 10
unit = "working_days"
calendar = "ftt_iac"
end_rule = "roll_forward"
clock = "midnight"
authority = "the practice direction of 4 December 2026, paragraph 3"
source = ["judiciary.uk, the practice direction of 4 December 2026"]
in_force_from = 2026-12-04
examples = [
  { trigger = 2026-12-07, region = "england-and-wales", safe = 2026-12-21, last = 2026-12-21 },
]
"""


def _why() -> Any:
    return line(
        "Why",
        hint="It is shown beside every date that moves. Name nobody here.",
        most=MOST_TEXT["why"],
        required="Say why. It is shown beside every date that moves.",
    )


def _source() -> Any:
    return line(
        "Where you read it",
        hint="For example: gov.uk/bank-holidays, or the number of the new rules.",
        most=MOST_TEXT["source"],
        required="Say where you read it, so that others can check it.",
    )


class HolidayForm(HouseForm):
    """A bank holiday that the program does not know yet."""

    kind = ChangeKind.HOLIDAY
    date = DayField("Which day", required="Type the day.")
    divisions = several_of("In which parts of the UK", REGIONS, required="Tick at least one part of the UK.")
    title = line(
        "What it is called", most=MOST_TEXT["title"], required="Type its name, as the announcement has it."
    )
    source = _source()
    why = _why()

    def validate_divisions(self, field: Any) -> None:
        """Refuse a part in which it is one already, or in which it is none."""
        day = self.date.data
        for division in field.data:
            name = rule_book().holidays.named(division).get(day) if day else None
            if name and self.kind is ChangeKind.HOLIDAY:
                raise ValidationError(f"In {REGIONS[division]} it is a bank holiday already: {name}.")

    def change(self, signed_by: str) -> Change:
        """What the form says. Raises SettingsError, whose field is the one that is wrong."""
        names = ("date", "divisions", "title", "source")
        table = {name: self[name].data for name in names if name in self} | {"checked_on": clock.today()}
        return holiday_change(self.kind, table | _signed(self, signed_by), HERE)


class NoHolidayForm(HolidayForm):
    """A listed bank holiday that is none."""

    kind = ChangeKind.NO_HOLIDAY
    title = None
    divisions = several_of(
        "Where it is not a bank holiday", REGIONS, required="Tick at least one part of the UK."
    )


class RuleTextForm(HouseForm):
    """A rule written as text."""

    text = paragraph("The rule", most=20_000, rows=24, required="Write the rule.", lang="en-GB")
    why = _why()

    def change(self, signed_by: str) -> Change:
        """What the form says. Raises SettingsError."""
        tables = read_toml(self.text.data or "", "The text")
        if len(tables) != 1:
            raise SettingsError("Write one rule, under its key in square brackets.", field="text")
        ((key, table),) = tables.items()
        if not isinstance(table, Mapping):
            raise SettingsError("Begin with the key of the rule in square brackets.", field="text")
        return rule_change(key, {**table, **_signed(self, signed_by)}, HERE)


class _RuleForm(HouseForm):
    """A rule that is another now: the fields that every rule has."""

    rule: DeadlineRule
    in_force_from = DayField(
        "It holds for what happens from this day on",
        hint="What happened before keeps the old rule. Leave it empty only if the rule was wrong here all along.",
    )
    in_force_to = DayField(
        "It ends with this day", hint="Only if the rule is abolished. Leave it empty otherwise."
    )
    in_short = paragraph(
        "The rule in one sentence", most=500, rows=2, required="Say the rule in a sentence.", lang="en-GB"
    )
    authority = line(
        "Where the rule stands",
        most=300,
        required="Name the rule, for example SI 2014/2604 r.19.",
        lang="en-GB",
    )
    source = _source()
    notes = paragraph("What else there is to say", most=2000, rows=4, lang="en-GB")
    checked_by = line(
        "The adviser who checked this",
        hint="Name and number. Leave it empty if none has: pages then say so.",
        most=200,
    )
    why = _why()

    def validate_in_force_to(self, field: Any) -> None:
        """Refuse an end before the beginning."""
        begins = self.in_force_from.data or self.rule.in_force_from
        if field.data and begins and field.data < begins:
            raise ValidationError(f"This is before the rule begins, on {spoken(begins)}.")

    def validate_in_short(self, field: Any) -> None:
        """Refuse a sentence that still tells of the old length."""
        before = [length.number for _, _, length in lengths_of(self.rule)]
        now = [new.number for index in range(len(before)) if (new := self._new_length(index))]
        old = says_old_length(field.data or "", before, now) if field.data == self.rule.in_short else ""
        if old:
            raise ValidationError(f"This still says {old}. Say it with the new time.")

    def change(self, signed_by: str) -> Change:
        """What the form says, in the fields that changed. Raises SettingsError."""
        now = {name: getattr(self.rule, name) for name in KEPT_TEXTS}
        table: dict[str, Any] = {
            name: self[name].data or "" for name in KEPT_TEXTS if (self[name].data or "") != now[name]
        }
        table |= {
            name: self[name].data
            for name in ("in_force_from", "in_force_to", "checked_by")
            if self[name].data
        }
        table |= self._new_lengths()
        if not table:
            raise SettingsError("Nothing is changed yet.")
        table["source"] = [self.source.data]
        return rule_change(self.rule.key, table | _signed(self, signed_by), HERE)

    def _new_lengths(self) -> dict[str, Any]:
        changed = {
            key: {"length": new.number, "unit": new.unit.value}
            for index, (key, _, length) in enumerate(lengths_of(self.rule))
            if (new := self._new_length(index)) and new != length
        }
        return changed.get("", {}) if not self.rule.variants else {"variants": changed} if changed else {}

    def _new_length(self, index: int) -> Length | None:
        unit = self[f"unit_{index}"].data
        return Length(whole_number(self[f"length_{index}"].data), Unit(unit)) if unit in UNITS else None


def _check_length(form: Any, field: Any) -> None:
    if not whole_number(field.data):
        raise ValidationError("Type a whole number, 1 or more.")


def lengths_of(rule: DeadlineRule) -> list[tuple[str, str, Length]]:
    """The lengths of a rule: key and label of each variant, both empty for a rule with one; none where it has none."""
    if rule.variants:
        return [(one.key, one.label, one.length) for one in rule.variants.values()]
    return [("", "", rule.length)] if rule.length else []


def rule_form(rule: DeadlineRule) -> Any:
    """The form that changes this rule, filled with what holds today."""
    fields: dict[str, Any] = {"rule": rule}
    begin: dict[str, Any] = {name: getattr(rule, name) for name in KEPT_TEXTS}
    for index, (_, label, length) in enumerate(lengths_of(rule)):
        how_long = say("How long ({which})", which=label) if label else "How long"
        counted_in = say("Counted in ({which})", which=label) if label else "Counted in"
        fields[f"length_{index}"] = line(how_long, most=6, inputmode="numeric")
        fields[f"unit_{index}"] = SelectField(counted_in, choices=UNITS)
        fields[f"validate_length_{index}"] = _check_length
        begin |= {f"length_{index}": str(length.number), f"unit_{index}": length.unit.value}
    return type("RuleForm", (_RuleForm,), fields)(data=begin)


def rule_choices() -> dict[str, str]:
    """Every rule, by its name."""
    return {rule.key: rule.name for rule in sorted(rule_book().rules.values(), key=lambda rule: rule.name)}


def _signed(form: Any, name: str) -> dict[str, Any]:
    return {"why": form.why.data, "signed_by": name, "signed_on": clock.today()}


def at_its_field(error: CaseworkError, form: Any) -> CaseworkError:
    """What the reader of a rule said, for a page: beside the field that it is about, or beside the whole text."""
    place, _, why = error.message.partition(": ")
    if error.field in form:
        return CaseworkError(_capital(why) if place.startswith(HERE) else error.message, field=error.field)
    message = _capital(error.message.removeprefix(HERE).lstrip(":, "))
    return CaseworkError(message, field="text" if "text" in form else None)


def _capital(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"
