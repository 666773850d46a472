"""The rule book: deadline rules, working calendars and bank holidays together, and dates made with them."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, cached_property
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Any

from casework.domain.errors import CaseworkError, SettingsError
from casework.domain.timing.deadline_rules import DeadlineRule, Kind, Status
from casework.domain.timing.deadlines import WorkedDate, work_out, work_out_everywhere
from casework.domain.timing.working_days import WorkingCalendar
from casework.reference.bank_holidays import BankHoliday, BankHolidays, bank_holidays
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
CALENDAR_FIELDS = (
    "name",
    "not_working",
    "region",
    "region_unsettled",
    "day_ends",
    "authority",
    "status",
    "source",
    "note",
)


@dataclass(frozen=True)
class Source:
    """Something that was read: its title, where it is, and the date of the version."""

    key: str
    title: str
    address: str
    version: str


@dataclass(frozen=True)
class CalendarFacts:
    """What a set of rules calls a working day, and who says so.

    `region_unsettled`: which part of the UK counts is not known from where the person is.
    """

    key: str
    name: str
    not_working: tuple[str, ...]
    region: str
    region_unsettled: bool
    day_ends: str
    authority: str
    status: Status
    sources: tuple[str, ...]
    note: str

    @property
    def differs_by_region(self) -> bool:
        """Whether its days off are those of the part of the UK that is asked for."""
        return "bank_holiday" in self.not_working


class RuleBook:
    """All that dates are made with. A group's own book is the program's with its changes: see `with_changes`.

    `rules` are the rules as they stand, by key; `versions` every version of each, the oldest first.
    """

    def __init__(
        self,
        versions: Mapping[str, tuple[DeadlineRule, ...]],
        calendars: Mapping[str, CalendarFacts],
        holidays: BankHolidays,
        sources: Mapping[str, Source],
    ) -> None:
        self.versions = MappingProxyType(dict(versions))
        self.rules = MappingProxyType({key: rules[-1] for key, rules in versions.items()})
        self.calendars = calendars
        self.holidays = holidays
        self.sources = sources
        self._working: dict[tuple[str, str], WorkingCalendar] = {}
        for rule in self.all_rules():
            check_deemed_by(rule, self.rules)

    def all_rules(self) -> Iterable[DeadlineRule]:
        """Every version of every rule."""
        return (rule for rules in self.versions.values() for rule in rules)

    def rule(self, key: str, on: date | None = None) -> DeadlineRule:
        """The rule of this key: as it stands, or as it stood for what happened on a day.

        Raises CaseworkError when there is none.
        """
        if key not in self.rules:
            known = ", ".join(self.rules)
            raise CaseworkError(f"There is no rule “{key}”. The rules are: {known}.", field="rule")
        versions = self.versions[key]
        begun = [rule for rule in versions if on and (not rule.in_force_from or rule.in_force_from <= on)]
        return begun[-1] if begun else versions[0] if on else versions[-1]

    def started_by(self, event: str) -> list[DeadlineRule]:
        """The rules that an event, such as "decision_sent", opens."""
        return [rule for rule in self.rules.values() if event in rule.starts]

    def offered_by(self, event: str) -> list[tuple[DeadlineRule, str | None]]:
        """The rules that an event may open if somebody says so, each with its length where only one may."""
        return [
            (rule, variant or None)
            for rule in self.rules.values()
            for name, _, variant in (word.partition(":") for word in rule.may_start)
            if name == event
        ]

    def ended_by(self, event: str) -> list[DeadlineRule]:
        """The rules whose open dates an event, such as "appeal_lodged", settles."""
        return [rule for rule in self.rules.values() if event in rule.ends]

    @property
    def known_until(self) -> date:
        """The last day for which the bank holidays of all parts of the UK are known."""
        return self.holidays.known_until

    def working_calendar(self, calendar_id: str, region: str = DEFAULT_REGION) -> WorkingCalendar:
        """The calendar of a set of rules in one part of the UK: one of the keys of REGIONS."""
        if region not in REGIONS:
            raise CaseworkError(f"Choose the part of the UK: {', '.join(REGIONS)}.", field="region")
        if (calendar_id, region) not in self._working:
            self._working[calendar_id, region] = _calendar(self.calendars[calendar_id], region, self.holidays)
        return self._working[calendar_id, region]

    def work_out(
        self,
        rule: DeadlineRule,
        trigger_date: date,
        region: str = DEFAULT_REGION,
        *,
        variant: str | None = None,
        nth: int = 1,
    ) -> WorkedDate:
        """The dates of a rule in one part of the UK. Raises what `domain.timing.deadlines.work_out` raises."""
        calendar, offices = self._calendars(rule, region)
        return work_out(rule, trigger_date, calendar, variant=variant, offices=offices, nth=nth)

    def work_out_in_all(
        self, rule: DeadlineRule, trigger_date: date, *, variant: str | None = None, nth: int = 1
    ) -> dict[str, WorkedDate]:
        """The dates of a rule in each part of the UK. `domain.timing.deadlines.earlier` picks the safe one."""
        by_region = {region: self._calendars(rule, region) for region in REGIONS}
        return work_out_everywhere(
            rule,
            trigger_date,
            {region: calendar for region, (calendar, _) in by_region.items()},
            variant=variant,
            offices={region: offices for region, (_, offices) in by_region.items()},
            nth=nth,
        )

    def deemed_service(self, key: str, posted_on: date, region: str = DEFAULT_REGION) -> WorkedDate:
        """When a notice posted on this day is taken as served, under the rule of this key. Raises UnknownHolidays."""
        return self.work_out(self.rule(key, posted_on), posted_on, region)

    def with_changes(
        self,
        rules: Iterable[DeadlineRule] = (),
        holidays: Mapping[tuple[str, date], BankHoliday | None] = MappingProxyType({}),
        sources: Mapping[str, Source] = MappingProxyType({}),
    ) -> "RuleBook":
        """This book with rules and sources added or changed and with other bank holidays.

        `holidays` are by part of the UK and day; None for a listed day that is none. A changed rule with
        `in_force_from` leaves the version before it to what happened earlier; one without takes its place
        altogether. Raises SettingsError when a rule names another that is not there.
        """
        versions = dict(self.versions)
        for rule in rules:
            before = versions.get(rule.key, ())
            if rule.in_force_from is None:
                versions[rule.key] = (rule,)
                continue
            kept = [one for one in before if not one.in_force_from or one.in_force_from < rule.in_force_from]
            versions[rule.key] = (*kept, rule)
        known = {(row.division, row.day): row for row in self.holidays.holidays} | dict(holidays)
        return RuleBook(
            versions,
            self.calendars,
            replace(self.holidays, holidays=tuple(sorted(row for row in known.values() if row))),
            {**self.sources, **sources},
        )

    @cached_property
    def fingerprint(self) -> str:
        """The same for two books that make the same dates."""
        facts = (sorted(self.versions.items()), sorted(self.calendars.items()), self.holidays)
        return sha256(repr(facts).encode()).hexdigest()

    def _calendars(self, rule: DeadlineRule, region: str) -> tuple[WorkingCalendar, WorkingCalendar]:
        """By what the rule counts, and by what its safe day is moved back."""
        safe = rule.safe_calendar or rule.calendar
        return self.working_calendar(rule.calendar, region), self.working_calendar(safe, region)


@cache
def rule_book() -> RuleBook:
    """The book that the program carries. Raises SettingsError, naming file, rule and field, when a rule is bad."""
    known_sources, known_calendars = read_sources(), read_calendars()
    rules = rules_in(HERE / "deadline_rules", calendars=known_calendars, sources=known_sources)
    return RuleBook(
        {key: (rule,) for key, rule in rules.items()}, known_calendars, bank_holidays(), known_sources
    )


@cache
def rule_tables() -> Mapping[str, Mapping[str, Any]]:
    """Every rule of the program as its file writes it, by key."""
    paths = sorted((HERE / "deadline_rules").glob("*.toml"))
    return MappingProxyType({key: table for path in paths for key, table in _tables(path).items()})


def read_sources() -> Mapping[str, Source]:
    """Every source, by its id."""
    found = {}
    for key, table in _tables(HERE / "sources.toml").items():
        fields = Fields(f"sources.toml, source {key}", table, ("title", "address", "version"))
        found[key] = Source(key, fields.text("title"), fields.get("address", str), fields.text("version"))
    return MappingProxyType(found)


def read_calendars() -> Mapping[str, CalendarFacts]:
    """What a working day is under each set of rules, by the calendar's id."""
    known = read_sources()
    found = {}
    for key, table in _tables(HERE / "calendars.toml").items():
        fields = Fields(f"calendars.toml, calendar {key}", table, CALENDAR_FIELDS)
        named = fields.words("source") if table.get("source") else ()
        for name in named:
            if name not in known:
                raise fields.wrong("source", f"{name!r} is not in sources.toml")
        closed = fields.words("not_working") if table.get("not_working") else ()
        for word in closed:
            if word not in NOT_WORKING:
                raise fields.wrong("not_working", f"{word!r} is not a word we know")
        text = {name: fields.get(name, str) for name in ("region", "day_ends", "authority", "note")}
        status = fields.choice("status", Status)
        found[key] = CalendarFacts(
            key,
            fields.text("name"),
            closed,
            region_unsettled=bool(table.get("region_unsettled")),
            status=status,
            sources=tuple(named),
            **text,
        )
    return MappingProxyType(found)


def check_deemed_by(rule: DeadlineRule, rules: Mapping[str, DeadlineRule]) -> None:
    """Nothing, or a SettingsError when a posted notice is served by a rule that is not there or says no such thing."""
    for key in (rule.deemed_by, *(variant.deemed_by for variant in rule.variants.values())):
        if key and (key not in rules or rules[key].kind is not Kind.DEEMED_SERVICE):
            raise SettingsError(f"Rule {rule.key}, field deemed_by: {key!r} is not a rule of deemed service.")


def rules_in(
    folder: Path, *, calendars: Mapping[str, CalendarFacts], sources: Mapping[str, Source]
) -> dict[str, DeadlineRule]:
    """The rules of all files of a folder, by key. Raises SettingsError when one is bad or there twice."""
    found: dict[str, DeadlineRule] = {}
    for path in sorted(folder.glob("*.toml")):
        for key, rule in read_rules(path, calendars=calendars.keys(), sources=sources.keys()).items():
            if key in found:
                raise SettingsError(f"{path.name}, rule {key}: another file has a rule of this name.")
            found[key] = rule
    return found


def _calendar(facts: CalendarFacts, region: str, known: BankHolidays) -> WorkingCalendar:
    if not facts.not_working:
        return WorkingCalendar(facts.key, facts.name, every_day=True)
    return WorkingCalendar(
        facts.key,
        facts.name,
        holidays=_closed_days(facts, region, known),
        known_from=known.known_from,
        known_until=known.known_until,
        weekend="saturday" in facts.not_working,
        december_closure="dec_27_to_31" in facts.not_working,
    )


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
