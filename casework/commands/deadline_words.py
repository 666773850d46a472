"""What `casework deadline` prints: one date with its working, or the list of rules; as words or as JSON."""

import json
from datetime import date
from typing import Any

from casework.commands.own_book import OwnBook
from casework.domain.dates import spoken
from casework.domain.errors import UnknownHolidays
from casework.domain.timing.deadline_rules import DeadlineRule, TriggerIs
from casework.domain.timing.deadlines import WorkedDate
from casework.reference.regions import REGIONS
from casework.reference.rule_book import RuleBook
from casework.services.timing.one_date import Answer

DATE_LABELS = {
    "raw": "Counted day",
    "safe": "Aim for",
    "last": "Last moment",
    "deemed_served": "Taken as served on",
    "period_ends": "Period ends",
    "earliest": "From",
    "window_ends": "Window ends",
    "due": "By",
}
OPTIONS = {"variant": "--variant", "how": "--how", "region": "--in"}
MOST_TURNS = 4
DAYS = ("on", "sent", "received", "posted")
NOTICE = (
    "This is general information and a reminder of dates. It is not legal advice. Dates can be wrong or change."
    " Show them to a solicitor or an adviser registered with the Immigration Advice Authority."
    " Only they may advise you on your case."
)
NOT_CHECKED = "Not yet checked by an adviser."


def needs(rule: DeadlineRule) -> list[str]:
    """The options that the rule needs, each with those that may stand in its place."""
    found = [] if rule.no_date else [" or ".join(_days_asked(rule))]
    if rule.variants:
        found.append("--variant or --how" if any(one.how for one in rule.variants.values()) else "--variant")
    return found


def option_for(name: str | None, rule: DeadlineRule | None) -> str:
    """The option that answers a question about this field; empty for a field that is none."""
    if name == "received" and rule:
        return " or ".join(one for one in _days_asked(rule) if one != "--sent")
    if name == "variant" and rule and any(one.how for one in rule.variants.values()):
        return "--variant or --how"
    return f"--{name}" if name in DAYS else OPTIONS.get(name or "", "")


def no_part_given(answer: Answer) -> str:
    """A sentence for when no part of the UK was given: whose date this is, and whose is the day to aim for."""
    parts = _listed(list(REGIONS.values()))
    if not answer.difference or answer.worked is None:
        return f"No part of the UK was given; it is the same in {parts}."
    said = f"No part of the UK was given, so this counts as in {REGIONS[answer.region]}"
    name = "earliest" if answer.worked.earliest else "safe"
    first = getattr(answer.worked, name)
    if first is None:
        return f"{said}."
    whose = _listed([REGIONS[key] for key, one in answer.elsewhere.items() if getattr(one, name) == first])
    what = "The first day on which they may act" if name == "earliest" else "The day to aim for"
    return f"{said}. {what} is that of {whose}: the earliest of {parts}."


def as_json(answer: Answer, own: OwnBook) -> str:
    """The answer as one JSON object."""
    rule, worked = answer.rule, answer.worked
    about = [
        rule.notes,
        rule.applies_to and f"For: {rule.applies_to}",
        rule.must_be and f"Must be {rule.must_be}",
    ]
    facts: dict[str, Any] = {
        "rule": rule.key,
        "name": rule.name,
        "kind": rule.kind.value,
        "variant": answer.variant,
        "trigger_date": answer.start.day.isoformat() if answer.start else None,
        "dates": {name: day.isoformat() for name, day in answer.dates.items()},
        "clock": rule.clock or None,
        "calendar": rule.calendar,
        "steps": [*_posted(answer), *(_step(step.day, step.counted, step.why) for step in _days(worked))],
        "authority": rule.authority,
        "status": rule.status.value,
        "checked_on": rule.checked_on.isoformat(),
        "notes": [text for text in (*about, *_cautions(answer, own), *own.warnings) if text],
    }
    if answer.unknown:
        facts["unknown"] = facts["dates"]["unknown"] = answer.unknown
    if rule.repeats and worked:
        facts["turns"] = [day.isoformat() for day in _turns(answer, own)]
    return json.dumps(facts, ensure_ascii=False)


def printed(answer: Answer, own: OwnBook) -> str:
    """The answer in words, with every day of the counting."""
    rule, worked = answer.rule, answer.worked
    assert worked
    assert answer.start
    deemed = answer.start.deemed
    lines = _head(rule)
    if deemed:
        lines.append(
            f"Taken as served on {spoken(deemed.final, weekday=True)}, unless it can be shown otherwise."
        )
    lines.append(f"Starts from: {rule.trigger}, {spoken(worked.trigger_date, weekday=True)}")
    for name, day in worked.dates.items():
        label = rule.words.label if name in ("due", "earliest") else DATE_LABELS[name]
        hour = f", {worked.clock}" if name == "last" and worked.clock else ""
        lines.append(f"{label}: {spoken(day, weekday=True)}{hour}")
    if rule.repeats:
        later = "; ".join(spoken(day, weekday=True) for day in _turns(answer, own)[1:])
        lines.append(f"Then, counted from the first day each time: {later}")
    lines += _cautions(answer, own)
    if deemed:
        lines += ["", f"How the service was counted ({deemed.rule.authority}):", *_counted(deemed)]
    lines += ["", f"How this was counted ({_calendar_in_words(answer, own)}):"]
    return "\n".join([*lines, *_counted(worked), *_source(rule, own.book)])


def _calendar_in_words(answer: Answer, own: OwnBook) -> str:
    """The calendar by which it was counted, and whose bank holidays are in it."""
    facts = own.book.calendars[answer.rule.calendar]
    where = REGIONS[answer.region] if facts.differs_by_region else facts.region.rstrip(".")
    return "; ".join(filter(None, (facts.name, where)))


def without_a_date(answer: Answer, own: OwnBook) -> str:
    """What there is to say of a rule that makes no date, in words."""
    return "\n".join(
        [*_head(answer.rule), answer.unknown, *_cautions(answer, own), *_source(answer.rule, own.book)]
    )


def list_in_words(book: RuleBook) -> str:
    """Every rule with its kind, what it needs, its lengths and how far it was checked."""
    lines = []
    for rule in book.rules.values():
        lines.append(f"{rule.key:30} {rule.name}")
        asked = ", ".join(needs(rule)) or "nothing: it makes no date"
        lines.append(f"{'':30} {rule.words.name}; needs {asked}; {rule.status}")
        lines += [f"{'':30} {rule.changed}"] if rule.changed else []
        lines += [f"{'':30}   {one.key}: {one.label}, {one.length}" for one in rule.variants.values()]
    return "\n".join(lines)


def list_as_json(book: RuleBook) -> str:
    """Every rule as one object of a JSON list."""
    rows = [
        {
            "key": rule.key,
            "name": rule.name,
            "kind": rule.kind.value,
            "variants": {variant.key: variant.label for variant in rule.variants.values()},
            "needs": needs(rule),
            "trigger": rule.trigger,
            "applies_to": rule.applies_to,
            "status": rule.status.value,
            "changed": rule.changed or None,
        }
        for rule in book.rules.values()
    ]
    return json.dumps(rows, ensure_ascii=False)


def _listed(names: list[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def _days_asked(rule: DeadlineRule) -> list[str]:
    """The options any one of which gives the day; --on, which always does, only where there is no other."""
    found = [f"--{one}" for one in rule.triggers if one is not TriggerIs.EVENT] or ["--on"]
    if rule.may_be_deemed:
        found.append("--posted")
    return list(dict.fromkeys(found))


def _head(rule: DeadlineRule) -> list[str]:
    lines = [rule.name, f"{rule.words.name}. {rule.words.meaning}"]
    lines.append(rule.in_short)
    return [*lines, *([f"For: {rule.applies_to}"] if rule.applies_to else []), ""]


def _source(rule: DeadlineRule, book: RuleBook) -> list[str]:
    lines = ["", f"Rule: {rule.authority}"]
    lines += [f"Read in: {book.sources[key].title} ({book.sources[key].version})" for key in rule.sources]
    lines.append(f"This rule was last looked over on {spoken(rule.checked_on)}: {rule.status.words}.")
    lines.append(f"Checked by {rule.checked_by}." if rule.checked_by else NOT_CHECKED)
    return [*lines, *([rule.notes] if rule.notes else []), "", NOTICE]


def _cautions(answer: Answer, own: OwnBook) -> list[str]:
    """What is to be said beside the dates, with what this group changed first."""
    changed = [answer.rule.changed] if answer.rule.changed else []
    noted = own.notes(answer.worked, answer.region) if answer.worked else []
    return [*changed, *noted, *answer.cautions]


def _turns(answer: Answer, own: OwnBook) -> list[date]:
    """The next days of a review that comes again, each counted from the first day; as many as are known."""
    assert answer.start
    found: list[date] = []
    for nth in range(1, MOST_TURNS + 1):
        try:
            worked = own.book.work_out(
                answer.rule, answer.start.day, answer.region, variant=answer.variant, nth=nth
            )
        except UnknownHolidays:
            break
        found.append(worked.final)
    return found


def _days(worked: WorkedDate | None) -> tuple[Any, ...]:
    return worked.days if worked else ()


def _counted(worked: WorkedDate) -> list[str]:
    return [f"  {step.day:%a %d %b %Y}  {step.why}" for step in worked.days]


def _posted(answer: Answer) -> list[dict[str, Any]]:
    deemed = answer.start.deemed if answer.start else None
    if deemed is None:
        return []
    served = spoken(deemed.final, weekday=True)
    return [_step(deemed.trigger_date, False, f"posted; taken as served on {served}")]


def _step(day: date, counted: bool, why: str) -> dict[str, Any]:
    return {"date": day.isoformat(), "counted": counted, "why": why}
