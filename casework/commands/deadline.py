"""`casework deadline`: one date for one rule, with its counting shown. Needs no instance and no database.

Where this machine has an instance, it counts by what the group of that instance changed.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import click

from casework import clock
from casework.commands.deadline_words import (
    as_json,
    list_as_json,
    list_in_words,
    needs,
    no_part_given,
    option_for,
    printed,
    without_a_date,
)
from casework.commands.own_book import OwnBook, own_book
from casework.domain.errors import CaseworkError
from casework.domain.timing.deadline_rules import DeadlineRule, How
from casework.domain.timing.deadlines import cautious
from casework.domain.timing.triggers import Told
from casework.reference.regions import DEFAULT_REGION, REGIONS
from casework.services.timing import one_date


def _once(context: click.Context, option: click.Parameter, given: tuple[str, ...]) -> str | None:
    """The day that was given; an option given twice has two days, and nobody knows which is meant."""
    if len(given) > 1:
        raise click.BadParameter("Give it once.", context, option)
    return given[0] if given else None


def _day_option(name: str, help_text: str) -> Callable[[Any], Any]:
    """An option that takes one day."""
    return click.option(f"--{name}", metavar="DATE", multiple=True, callback=_once, help=help_text)


@click.command("deadline")
@click.argument("rule_key", metavar="RULE", required=False)
@click.argument("day", metavar="[DATE]", required=False)
@_day_option("on", "The day that starts it, as the rule names it; the same as DATE.")
@_day_option("sent", "The day on which the notice was sent.")
@_day_option("received", "The day on which the notice was received.")
@_day_option("posted", "The day on which the notice was posted: service is deemed.")
@click.option("--how", type=click.Choice([one.value for one in How]), help="How the notice came.")
@click.option("--variant", help="Which of the rule's lengths applies.")
@click.option(
    "--in", "--region", "region", type=click.Choice(list(REGIONS)),
    help="The part of the UK. If none is given: England and Wales, with the earliest day of all parts to aim for.",
)  # fmt: skip
@click.option("--list", "list_all", is_flag=True, help="List the rules.")
@click.option("--json", "json_wanted", is_flag=True, help="Print JSON.")
def deadline_command(
    rule_key: str | None,
    day: str | None,
    on: str | None,
    sent: str | None,
    received: str | None,
    posted: str | None,
    how: str | None,
    variant: str | None,
    region: str | None,
    list_all: bool,
    json_wanted: bool,
) -> None:
    """The dates that RULE makes of what happened on DATE (2026-03-20, 20/3/2026 or today)."""
    if list_all and any((rule_key, on, sent, received, posted, how, variant, region)):
        raise click.UsageError("--list takes --json and nothing else.")
    if not list_all and rule_key is None:
        raise click.UsageError("Give a rule. `casework deadline --list` shows the rules.")
    if day and on:
        raise click.UsageError("Give the day that starts it once: as DATE or with --on.")
    rule = None
    try:
        own = own_book()
        for warning in own.warnings:
            click.echo(f"Warning: {warning}", err=True)
        if rule_key is None or list_all:
            click.echo(list_as_json(own.book) if json_wanted else list_in_words(own.book))
            return
        rule = own.book.rule(rule_key)
        told = Told(
            on=_day(on or day, "on"),
            sent=_day(sent, "sent"),
            received=_day(received, "received"),
            posted=_day(posted, "posted"),
            how=How(how) if how else None,
        )
        click.echo(_answer(rule, told, variant, region, own, json_wanted))
    except CaseworkError as error:
        raise click.UsageError(_by_name(error, rule)) from error


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


def _day(text: str | None, option: str) -> date | None:
    if text is None:
        return None
    try:
        return read_day(text)
    except CaseworkError as error:
        raise CaseworkError(f"--{option}: {error.message}") from error


def _answer(
    rule: DeadlineRule, told: Told, variant: str | None, region: str | None, own: OwnBook, json_wanted: bool
) -> str:
    if not (told.days or rule.no_date):
        raise CaseworkError(f"It starts from: {rule.trigger}. This rule needs {', and '.join(needs(rule))}.")
    answer = one_date.answer(one_date.Question(rule.key, told, variant, region), own.book, clock.today())
    if region is None:
        answer = _as_in_england_and_wales(answer)
    if json_wanted:
        return as_json(answer, own)
    if rule.no_date:
        return without_a_date(answer, own)
    if answer.unknown:
        raise CaseworkError(answer.unknown)
    return printed(answer, own)


def _as_in_england_and_wales(answer: one_date.Answer) -> one_date.Answer:
    """The answer for England and Wales, but with the earliest day to aim for of all parts of the UK."""
    if answer.worked is None:
        return replace(answer, region=DEFAULT_REGION)
    here = cautious(answer.elsewhere[DEFAULT_REGION], answer.elsewhere.values())
    answer = replace(answer, region=DEFAULT_REGION, worked=here)
    return replace(answer, remarks=(*answer.remarks, no_part_given(answer)))


def _by_name(error: CaseworkError, rule: DeadlineRule | None) -> str:
    """The message of an error, with the option that mends it."""
    option = option_for(error.field, rule)
    return f"{error.message} ({option})" if option else error.message
