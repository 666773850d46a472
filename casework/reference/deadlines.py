"""Deadline rules and working calendars, read from the data beside this file, and dates made with them."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from casework.domain.deadline_rules import DeadlineRule, Kind, Status
from casework.domain.deadlines import WorkedDate, work_out, work_out_everywhere
from casework.domain.errors import CaseworkError, SettingsError
from casework.domain.working_days import WorkingCalendar
from casework.reference.bank_holidays import BankHolidays, bank_holidays
from casework.reference.fields import Fields
from casework.reference.regions import DEFAULT_REGION, REGIONS
from casework.reference.rule_reader import read_rules

HERE = Path(__file__).parent
NOT_WORKING = {
    "saturday",
    "sunday",
    "christmas_day",
    "good_friday",
    "dec_27_to_31",
    "bank_holiday",
    "bank_holiday_england_and_wales",
    "bank_holiday_any",
}
CALENDAR_FIELDS = ("name", "not_working", "region", "day_ends", "authority", "status", "source", "note")


@dataclass(frozen=True)
class Source:
    """Something that was read: its title, where it is, and the date of the version."""

    key: str
    title: str
    address: str
    version: str


@dataclass(frozen=True)
class CalendarFacts:
    """What a set of rules calls a working day, and who says so."""

    key: str
    name: str
    not_working: tuple[str, ...]
    region: str
    day_ends: str
    authority: str
    status: Status
    sources: tuple[str, ...]
    note: str


@cache
def sources() -> Mapping[str, Source]:
    """Every source, by its id."""
    found = {}
    for key, table in _tables(HERE / "sources.toml").items():
        fields = Fields(f"sources.toml, source {key}", table, ("title", "address", "version"))
        found[key] = Source(key, fields.text("title"), fields.get("address", str), fields.text("version"))
    return MappingProxyType(found)


@cache
def calendars() -> Mapping[str, CalendarFacts]:
    """What a working day is under each set of rules, by the calendar's id."""
    found = {}
    for key, table in _tables(HERE / "calendars.toml").items():
        fields = Fields(f"calendars.toml, calendar {key}", table, CALENDAR_FIELDS)
        named = fields.words("source") if table.get("source") else ()
        for name in named:
            if name not in sources():
                raise fields.wrong("source", f"{name!r} is not in sources.toml")
        closed = fields.words("not_working") if table.get("not_working") else ()
        for word in closed:
            if word not in NOT_WORKING:
                raise fields.wrong("not_working", f"{word!r} is not a word we know")
        text = {name: fields.get(name, str) for name in ("region", "day_ends", "authority", "note")}
        status = fields.choice("status", Status)
        found[key] = CalendarFacts(
            key, fields.text("name"), closed, status=status, sources=tuple(named), **text
        )
    return MappingProxyType(found)


@cache
def deadline_rules() -> Mapping[str, DeadlineRule]:
    """Every deadline rule, by its key. Raises SettingsError, naming file, rule and field, when one is bad."""
    rules = rules_in(HERE / "deadline_rules")
    for rule in rules.values():
        check_deemed_by(rule, rules)
    return MappingProxyType(rules)


def check_deemed_by(rule: DeadlineRule, rules: Mapping[str, DeadlineRule]) -> None:
    """Nothing, or a SettingsError when a posted notice is served by a rule that is not there or says no such thing."""
    for key in (rule.deemed_by, *(variant.deemed_by for variant in rule.variants.values())):
        if key and (key not in rules or rules[key].kind is not Kind.DEEMED_SERVICE):
            raise SettingsError(f"Rule {rule.key}, field deemed_by: {key!r} is not a rule of deemed service.")


def rules_in(folder: Path) -> dict[str, DeadlineRule]:
    """The rules of all files of a folder, by key. Raises SettingsError when one is bad or there twice."""
    found: dict[str, DeadlineRule] = {}
    for path in sorted(folder.glob("*.toml")):
        for key, rule in read_rules(path, calendars=calendars().keys(), sources=sources().keys()).items():
            if key in found:
                raise SettingsError(f"{path.name}, rule {key}: another file has a rule of this name.")
            found[key] = rule
    return found


def deadline_rule(key: str) -> DeadlineRule:
    """The rule of this key. Raises CaseworkError when there is none."""
    try:
        return deadline_rules()[key]
    except KeyError:
        known = ", ".join(deadline_rules())
        raise CaseworkError(f"There is no rule “{key}”. The rules are: {known}.", field="rule") from None


def rules_started_by(event: str) -> list[DeadlineRule]:
    """The rules that an event, such as "decision_sent", opens."""
    return [rule for rule in deadline_rules().values() if event in rule.starts]


@cache
def working_calendar(calendar_id: str, region: str = DEFAULT_REGION) -> WorkingCalendar:
    """The calendar of a set of rules in one part of the UK: one of the keys of REGIONS."""
    if region not in REGIONS:
        raise CaseworkError(f"Choose the part of the UK: {', '.join(REGIONS)}.", field="region")
    facts = calendars()[calendar_id]
    if not facts.not_working:
        return WorkingCalendar(calendar_id, facts.name, every_day=True)
    known = bank_holidays()
    return WorkingCalendar(
        calendar_id,
        facts.name,
        holidays=_closed_days(facts, region, known),
        known_from=known.known_from,
        known_until=known.known_until,
        weekend="saturday" in facts.not_working,
        december_closure="dec_27_to_31" in facts.not_working,
    )


def bank_holidays_known_until() -> date:
    """The last day for which the bank holidays of all parts of the UK are known."""
    return bank_holidays().known_until


def work_out_in(
    rule: DeadlineRule,
    trigger_date: date,
    region: str = DEFAULT_REGION,
    *,
    variant: str | None = None,
    nth: int = 1,
) -> WorkedDate:
    """The dates of a rule in one part of the UK. Raises what `domain.deadlines.work_out` raises."""
    calendar = working_calendar(rule.calendar, region)
    return work_out(rule, trigger_date, calendar, variant=variant, offices=_offices(rule, region), nth=nth)


def work_out_in_all(
    rule: DeadlineRule, trigger_date: date, *, variant: str | None = None
) -> dict[str, WorkedDate]:
    """The dates of a rule in each part of the UK. `domain.deadlines.earlier` picks the safe one."""
    by_region = {region: working_calendar(rule.calendar, region) for region in REGIONS}
    offices = {region: _offices(rule, region) for region in REGIONS}
    return work_out_everywhere(rule, trigger_date, by_region, variant=variant, offices=offices)


def deemed_service(key: str, posted_on: date, region: str = DEFAULT_REGION) -> WorkedDate:
    """When a notice posted on this day is taken as served, under the rule of this key. Raises UnknownHolidays."""
    return work_out_in(deadline_rule(key), posted_on, region)


def _offices(rule: DeadlineRule, region: str) -> WorkingCalendar:
    return working_calendar(rule.safe_calendar or rule.calendar, region)


def _closed_days(facts: CalendarFacts, region: str, known: BankHolidays) -> dict[date, str]:
    closed: dict[date, str] = {}
    if "christmas_day" in facts.not_working:
        years = range(known.known_from.year, known.known_until.year + 1)
        closed.update((date(year, 12, 25), "Christmas Day") for year in years)
    if "good_friday" in facts.not_working:
        closed.update((day, name) for day, name in known.named(region).items() if name == "Good Friday")
    if "bank_holiday" in facts.not_working:
        closed.update(known.named(region))
    if "bank_holiday_england_and_wales" in facts.not_working:
        closed.update(known.named(DEFAULT_REGION))
    if "bank_holiday_any" in facts.not_working:
        closed.update(known.named(*REGIONS))
    return closed


def _tables(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path.name} is not readable as TOML: {error}.") from error
