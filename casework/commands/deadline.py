"""`casework deadline`: one date for one rule, with its counting shown. Needs no instance and no database."""

import json
from datetime import date, datetime
from typing import Any

import click

from casework import clock
from casework.domain.dates import spoken
from casework.domain.deadline_rules import DeadlineRule
from casework.domain.deadlines import WorkedDate, deemed_service_post, region_difference
from casework.domain.errors import CaseworkError, UnknownHolidays
from casework.reference.deadlines import (
    calendars,
    deadline_rule,
    deadline_rules,
    sources,
    work_out_in,
    work_out_in_all,
    working_calendar,
)
from casework.reference.regions import DEFAULT_REGION, REGIONS

DATE_LABELS = {
    "raw": "Counted day",
    "safe": "Aim for",
    "last": "Last moment",
    "period_ends": "Period ends",
    "earliest": "From",
    "window_ends": "Window ends",
    "due": "By",
}
NOTICE = (
    "This is general information and a reminder of dates. It is not legal advice. Dates can be wrong or change."
    " Show them to a solicitor or an adviser registered with the Immigration Advice Authority."
    " Only they may advise you on your case."
)
NOT_CHECKED = "Not yet checked by an adviser."


@click.command("deadline")
@click.argument("rule_key", metavar="RULE", required=False)
@click.argument("day", metavar="[DATE]", required=False)
@click.option(
    "--region", type=click.Choice(list(REGIONS)), default=DEFAULT_REGION, help="The part of the UK."
)
@click.option("--variant", help="Which of the rule's lengths applies.")
@click.option(
    "--posted", metavar="DATE", help="The day of posting, instead of DATE: service inside the UK is deemed."
)
@click.option("--list", "list_all", is_flag=True, help="List the rules.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def deadline_command(
    rule_key: str | None,
    day: str | None,
    region: str,
    variant: str | None,
    posted: str | None,
    list_all: bool,
    as_json: bool,
) -> None:
    """The dates that RULE makes of what happened on DATE (2026-03-20, 20/3/2026 or today)."""
    if list_all:
        click.echo(_list(as_json))
        return
    if rule_key is None or (day is None) == (posted is None):
        raise click.UsageError("Give a rule and one date. `casework deadline --list` shows the rules.")
    try:
        rule = deadline_rule(rule_key)
        served = _served(posted, region) if posted else None
        trigger_date = served or read_day(day or "")
        click.echo(_answer(rule, trigger_date, region, variant, served, as_json))
    except CaseworkError as error:
        raise click.UsageError(error.message) from error


def read_day(text: str) -> date:
    """The date that somebody typed: 2026-03-20, 20/3/2026 or "today". Raises CaseworkError."""
    if text.strip().lower() == "today":
        return clock.today()
    for pattern in ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y"):
        try:
            return datetime.strptime(text.strip(), pattern).date()
        except ValueError:
            continue
    raise CaseworkError(f"“{text}” is not a date. Write it as 2026-03-20 or 20/3/2026.", field="trigger_date")


def _served(posted: str, region: str) -> date:
    return deemed_service_post(read_day(posted), working_calendar("notices_regs_business_day", region))


def _answer(
    rule: DeadlineRule,
    trigger_date: date,
    region: str,
    variant: str | None,
    served: date | None,
    as_json: bool,
) -> str:
    try:
        worked = work_out_in(rule, trigger_date, region, variant=variant)
    except UnknownHolidays as error:
        if not as_json:
            raise
        facts = _facts(rule, trigger_date, variant) | {"dates": {}, "steps": [], "unknown": error.message}
        return json.dumps(facts, ensure_ascii=False)
    if not as_json:
        return _printed(worked, region, served)
    dates = {"deemed_served": served, **worked.dates} if served else worked.dates
    facts = _facts(rule, trigger_date, variant)
    facts["notes"] += _differences(worked, region)
    facts["dates"] = {name: day.isoformat() for name, day in dates.items()}
    facts["steps"] = [
        {"date": step.day.isoformat(), "counted": step.counted, "why": step.why} for step in worked.days
    ]
    return json.dumps(facts, ensure_ascii=False)


def _facts(rule: DeadlineRule, trigger_date: date, variant: str | None) -> dict[str, Any]:
    return {
        "rule": rule.key,
        "name": rule.name,
        "kind": rule.kind.value,
        "variant": variant,
        "trigger_date": trigger_date.isoformat(),
        "dates": {},
        "clock": rule.clock or None,
        "calendar": rule.calendar,
        "steps": [],
        "authority": rule.authority,
        "status": rule.status.value,
        "checked_on": rule.checked_on.isoformat(),
        "notes": [rule.notes] if rule.notes else [],
    }


def _differences(worked: WorkedDate, region: str) -> list[str]:
    elsewhere = work_out_in_all(worked.rule, worked.trigger_date, variant=worked.variant)
    words = region_difference({REGIONS[key]: answer for key, answer in elsewhere.items()}, REGIONS[region])
    return [words] if words else []


def _printed(worked: WorkedDate, region: str, served: date | None) -> str:
    rule = worked.rule
    lines = [rule.name, f"{rule.words.name}. {rule.words.meaning}", ""]
    if served:
        lines.append(f"Taken as served on {spoken(served, weekday=True)}, unless it can be shown otherwise.")
    lines.append(f"Starts from: {rule.trigger}, {spoken(worked.trigger_date, weekday=True)}")
    for name, day in worked.dates.items():
        label = rule.words.label if name in ("due", "earliest") else DATE_LABELS[name]
        hour = f", {worked.clock}" if name == "last" and worked.clock else ""
        lines.append(f"{label}: {spoken(day, weekday=True)}{hour}")
    lines += _differences(worked, region)
    lines += ["", f"How this was counted ({calendars()[rule.calendar].name}; {REGIONS[region]}):"]
    lines += [f"  {step.day:%a %d %b %Y}  {step.why}" for step in worked.days]
    lines += ["", f"Rule: {rule.authority}"]
    lines += [f"Read in: {sources()[key].title} ({sources()[key].version})" for key in rule.sources]
    lines.append(f"This rule was last looked over on {spoken(rule.checked_on)}: {rule.status.words}.")
    lines.append(f"Checked by {rule.checked_by}." if rule.checked_by else NOT_CHECKED)
    return "\n".join([*lines, *([rule.notes] if rule.notes else []), "", NOTICE])


def _list(as_json: bool) -> str:
    if not as_json:
        return "\n".join(f"{rule.key:30} {rule.name}" for rule in deadline_rules().values())
    return json.dumps(
        [
            {
                "rule": rule.key,
                "name": rule.name,
                "kind": rule.kind.value,
                "variants": {variant.key: variant.label for variant in rule.variants.values()},
                "needs": rule.trigger,
                "status": rule.status.value,
            }
            for rule in deadline_rules().values()
        ],
        ensure_ascii=False,
    )
