"""Counting a date that is kept: by which rule and part of the UK, how it came out, and what moved it later."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from casework import clock
from casework.domain.case.places import PlaceKind, may_have_been_on
from casework.domain.dates import spoken
from casework.domain.errors import NoDate, UnknownHolidays
from casework.domain.said import AND, in_a_row, of_ours
from casework.domain.timing.deadline_rules import DeadlineRule
from casework.domain.timing.deadlines import WorkedDate, cautious, earlier, in_force, region_difference
from casework.domain.timing.triggers import Start, Told, start_of
from casework.domain.words import say
from casework.reference.regions import DEFAULT_REGION, REGIONS
from casework.reference.rule_book import RuleBook
from casework.services.consent.need_to_know import all_places
from casework.services.timing.rule_book import rule_book
from casework.storage.models import Case, CasePlace, Deadline

NATIONS = {"E": "england-and-wales", "W": "england-and-wales", "S": "scotland", "N": "northern-ireland"}
KEPT = ("condition", "about")


@dataclass(frozen=True)
class Region:
    """The part of the UK whose holidays count, and the sentence that says why. `known`: not merely assumed."""

    key: str
    why: str
    known: bool = True


def region_of(case: Case, on: date, places: Sequence[CasePlace] | None = None) -> Region:
    """Where the person was on this day: held there, else living there, else taken to be in England and Wales.

    On the day of a move from one part to another nobody knows in which of them a notice came.
    `places` are all of the case, hidden ones too, where they were asked for already.
    """
    places = all_places(case) if places is None else places
    there = [row for row in may_have_been_on(places, on) if row.gss_code]
    if not there:
        return Region(
            DEFAULT_REGION, "We do not know where they were, so this counts as in England and Wales.", False
        )
    key, *others = dict.fromkeys(NATIONS[(row.gss_code or "E")[0]] for row in there)
    if others:
        parts = in_a_row((of_ours(REGIONS[one]) for one in (key, *others)), AND)
        why = say(
            "On that day they were in more than one part of the UK: {parts}. This counts as in {here}.",
            parts=parts,
            here=of_ours(REGIONS[key]),
        )
        return Region(key, why, False)
    here = of_ours(REGIONS[key])
    if there[0].kind == PlaceKind.DETENTION:
        return Region(key, say("This counts as in {here}, where they were held on that day.", here=here))
    return Region(key, say("This counts as in {here}, where they lived on that day.", here=here))


@dataclass(frozen=True)
class Counted:
    """How a date comes out under a book: what follows for the row that keeps it."""

    event_on: date
    kind: str
    owed_by: str
    waiting_for: str | None
    region: str
    working: dict[str, Any]
    safe_on: date | None = None
    last_on: date | None = None
    earliest_on: date | None = None
    cannot_say: str | None = None


def chosen_region(row: Deadline) -> Region | None:
    """The part of the UK that somebody chose for a removal, where they did."""
    key = row.removal.region if row.removal else None
    if key is None:
        return None
    here = of_ours(REGIONS[key])
    return Region(key, say("This counts as in {here}, as chosen on the removal clock.", here=here))


def count(row: Deadline) -> None:
    """Count this date anew under the rules of today: its days, its working, and its place in the diary.

    Where the days of a notice were told, the day from which it counts follows from them. A date that cannot be
    known keeps the reason instead; so does one that stands in the notice itself. Raises CaseworkError when the
    rule does not fit the day, or a variant or a day is missing, and NoDate when it sets no date.
    """
    keep(row, counted(row, rule_book()))


def counted(row: Deadline, book: RuleBook) -> Counted:
    """How this date comes out under a book. Raises what `count` raises, and changes nothing."""
    start = _start(row, book)
    rule = book.rule(row.rule_key, start.day)
    region = chosen_region(row) or region_of(row.case, start.day)
    working = _facts(rule, region, book) | {name: row.working.get(name, "") for name in KEPT}
    working["service"] = _service(start)
    found = Counted(start.day, rule.kind, rule.owed_by, rule.waiting_for, region.key, working)
    try:
        if start.unknown:
            raise UnknownHolidays(start.unknown)
        worked, answers = _worked(row, rule, start.day, region, book)
    except UnknownHolidays as error:
        return replace(found, cannot_say=error.message)
    except NoDate as error:
        if not rule.date_in_notice:
            raise
        return replace(found, cannot_say=error.message)
    return replace(
        found,
        safe_on=worked.safe,
        last_on=worked.last or worked.due or worked.window_ends or worked.period_ends,
        earliest_on=worked.earliest,
        working=working | _steps(worked, answers, region, _turn_before(row, rule, start.day, book)),
    )


def keep(row: Deadline, found: Counted) -> None:
    """Keep in the row how it came out, and its place in the diary. What was said of an older day no longer holds."""
    if days_of(row) != days_of(found):
        row.moved = None
    for item in fields(found):
        setattr(row, item.name, getattr(found, item.name))
    put_in_order(row)


def working_of(
    start: Start, worked: WorkedDate, answers: Mapping[str, WorkedDate], region: Region, book: RuleBook
) -> dict[str, Any]:
    """The rule, how its notice was served, and every day of the count, as a page shows them."""
    facts = _facts(worked.rule, region, book)
    return facts | {"service": _service(start)} | _steps(worked, answers, region)


def days_of(counted: Deadline | Counted) -> dict[str, date]:
    """The days that were counted, by the names that a move gives them."""
    days = {"safe": counted.safe_on, "last": counted.last_on, "earliest": counted.earliest_on}
    return {name: day for name, day in days.items() if day}


def put_in_order(row: Deadline) -> None:
    """Keep the days by which the board is put in order."""
    row.aim_on, row.final_on = place_of(row, row)


def place_of(row: Deadline, found: Deadline | Counted) -> tuple[date | None, date | None]:
    """The day to aim for and the final day of this date, counted so, beside what was stated of it."""
    return in_force(
        found.kind,
        safe=found.safe_on,
        last=found.last_on,
        earliest=found.earliest_on,
        stated=row.stated_on,
        stated_from=row.stated_from,
        window_from=row.window_from,
    )


def _worked(
    row: Deadline, rule: DeadlineRule, on: date, region: Region, book: RuleBook
) -> tuple[WorkedDate, dict[str, WorkedDate]]:
    """The dates to keep, and those of every part of the UK; where the part is unclear, the earlier is the safe one."""
    answers = book.work_out_in_all(rule, on, variant=row.variant, nth=row.turn or 1)
    worked = answers[region.key]
    if not region.known or book.calendars[rule.calendar].region_unsettled:
        worked = cautious(worked, answers.values())
    return worked, answers


def _start(row: Deadline, book: RuleBook) -> Start:
    """The day from which the date counts, from the days of its notice where they were told."""
    told = Told.read(row.told or {})
    if not told.days:
        return Start(row.event_on)
    rule = book.rule(row.rule_key, min(told.days))
    try:
        return start_of(rule, row.variant, told, lambda key, posted: _deemed(row.case, key, posted, book))
    except UnknownHolidays as error:
        return Start(min(told.days), unknown=error.message)


def _deemed(case: Case, key: str, posted_on: date, book: RuleBook) -> WorkedDate:
    """When a posted notice is taken as served; the earliest answer where nobody knows in which part of the UK."""
    region = region_of(case, posted_on)
    regions = [region.key] if region.known else list(REGIONS)
    return earlier(book.deemed_service(key, posted_on, one) for one in regions)


def _service(start: Start) -> dict[str, Any]:
    """How a posted notice came to be taken as served, for the page; empty where nothing had to be taken."""
    if start.deemed is None and not start.remarks:
        return {}
    kept: dict[str, Any] = {"remarks": list(start.remarks)}
    if start.deemed:
        rule = start.deemed.rule
        kept |= {
            "name": rule.name,
            "authority": rule.authority,
            "posted": start.deemed.trigger_date.isoformat(),
            "served": start.deemed.final.isoformat(),
            "days": _strip(start.deemed),
        }
    return kept


def _strip(worked: WorkedDate) -> list[dict[str, Any]]:
    return [{"date": step.day.isoformat(), "number": step.number, "why": step.why} for step in worked.days]


def _turn_before(row: Deadline, rule: DeadlineRule, on: date, book: RuleBook) -> date | None:
    """When the turn before this one was due; None for the first."""
    if not row.turn or row.turn == 1:
        return None
    return book.work_out(rule, on, variant=row.variant, nth=row.turn - 1).final


def _steps(
    worked: WorkedDate, answers: Mapping[str, WorkedDate], region: Region, after: date | None = None
) -> dict[str, Any]:
    """The dates and how they were counted, day by day; of a later turn only the days since the one before."""
    return {
        "dates": {name: day.isoformat() for name, day in worked.dates.items()},
        "days": [step for step in _strip(worked) if not after or step["date"] > after.isoformat()],
        "caution": _caution(worked, answers[region.key], region),
        "difference": region_difference(
            {REGIONS[key]: answer for key, answer in answers.items()}, REGIONS[region.key]
        ),
    }


def _caution(worked: WorkedDate, ours: WorkedDate, region: Region) -> str:
    """A sentence for when another part of the UK gives the day to go by; empty when it is our own."""
    alone = "{what} is the earliest of the three parts of the UK: in {here} alone it would be {day}."
    here = REGIONS[region.key]
    if ours.safe and worked.safe != ours.safe:
        return alone.format(what="The day to aim for", here=here, day=spoken(ours.safe, weekday=True))
    if ours.earliest and worked.earliest != ours.earliest:
        return alone.format(what="This first day", here=here, day=spoken(ours.earliest, weekday=True))
    return ""


def _facts(rule: DeadlineRule, region: Region, book: RuleBook) -> dict[str, Any]:
    """The rule as it stood on the day of the counting, kept with the date it made."""
    return {
        "name": rule.name,
        "in_short": rule.in_short,
        "trigger": rule.trigger,
        "clock": rule.clock,
        "authority": rule.authority,
        "status": rule.status.value,
        "checked_on": rule.checked_on.isoformat(),
        "checked_by": rule.checked_by,
        "changed": rule.changed,
        "sources": [f"{book.sources[key].title} ({book.sources[key].version})" for key in rule.sources],
        "notes": rule.notes,
        "applies_to": rule.applies_to,
        "region_why": region.why,
        "counted_on": clock.today().isoformat(),
    }
