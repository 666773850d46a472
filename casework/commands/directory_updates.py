"""`casework directory update` and `rollback`: the one command of the house that asks a network anything."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

from casework.commands.explained import explained
from casework.commands.unlocking import unlocked
from casework.domain.dates import spoken
from casework.domain.errors import CaseworkError
from casework.domain.parliament.directory_differences import IN_FULL, About
from casework.settings import load_settings

MOST_TOLD = 40


@click.command("update")
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@click.option("--yes", is_flag=True, help="Apply it without asking.")
@click.option("--afresh", is_flag=True, help="Ask again, too, what was answered within the last six hours.")
@click.option("--many", is_flag=True, help="Take it, too, when more seats changed hands than is likely.")
@click.option(
    "--holidays-by", metavar="NAME", default="",
    help="Count with new bank holidays of GOV.UK too; NAME answers for it.",
)  # fmt: skip
@click.option(
    "--source-url", default="", hidden=True, help="Another server that answers for both: for tests."
)
def update_command(
    dry_run: bool, yes: bool, afresh: bool, many: bool, holidays_by: str, source_url: str
) -> None:
    """Ask UK Parliament who sits, and GOV.UK for bank holidays; show what would change, and use it from now on.

    It asks the same of every member, and says nothing of anybody in this instance. It takes about ten minutes.
    """
    from casework.app import create_app

    with explained(), create_app(unlocked(load_settings()), count_anew=False).app_context():
        from casework.services.parliament import directory_asking, directory_updates

        with _bar() as progress:
            asked = directory_asking.ask(progress, source=source_url, afresh=afresh)
        update = directory_updates.prepare(asked.answers, asked.requests, many=many)
        _tell_holidays(asked.holidays, bool(holidays_by.strip()))
        if update is None:
            click.echo("The directory in use says all of this already.")
        else:
            _tell(update)
        if dry_run or not (update or (asked.holidays.new and holidays_by.strip())):
            click.echo("Nothing was changed.")
            return
        _confirm(yes)
        if update:
            directory_updates.apply(update)
            click.echo(f"In use from now on: {update.name}. To go back: casework directory rollback")
        if asked.holidays.new and holidays_by.strip():
            moved = directory_asking.add_holidays(asked.holidays.new, holidays_by.strip()[:200])
            click.echo(f"New bank holidays: {len(asked.holidays.new)}. Open dates that moved: {moved}.")


def _confirm(yes: bool) -> None:
    """Nothing once somebody says yes. Raises CaseworkError for a no, and where there is nobody to ask."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise CaseworkError("Nothing was changed. To apply it: --yes.")
    if not click.confirm("Use this from now on?"):
        raise CaseworkError("Nothing was changed.")


@click.command("rollback")
@click.option("--yes", is_flag=True, help="Do it without asking.")
def rollback_command(yes: bool) -> None:
    """Use again what the directory said before the last update."""
    from casework.app import create_app

    with explained(), create_app(unlocked(load_settings()), count_anew=False).app_context():
        from casework.services.parliament import directory_updates

        _confirm(yes)
        before = directory_updates.roll_back()
    click.echo(f"In use from now on: {before or 'the tables that Casework carries'}.")


@contextmanager
def _bar() -> Iterator[Callable[[str, int, int], None]]:
    """A bar on the terminal’s channel for messages, which says what is asked and how far it is."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        tasks: dict[str, Any] = {}

        def progress(what: str, done: int, of: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=of)
            bar.update(tasks[what], completed=done, total=of)

        yield progress


def _tell(update: Any) -> None:
    """What would change: who sits, elections, parties and posts one by one, of the rest how many members."""
    from casework.services.parliament import directory_updates

    for about in About:
        found = [one for one in update.differences if one.about is about]
        if not found:
            continue
        if about not in IN_FULL:
            click.echo(f"\n{about}: other than before for {len(found)} of the members")
        else:
            click.echo(f"\n{about}: {len(found)}")
            click.echo("\n".join(f"  {one.words}" for one in found[:MOST_TOLD]))
            if len(found) > MOST_TOLD:
                click.echo(f"  … and {len(found) - MOST_TOLD} more")
    click.echo("")
    if not update.differences:
        click.echo("Nothing is another than before; the directory would be as of today.")
    codes = directory_updates.changed_seats(update)
    if codes:
        touched = directory_updates.touched(codes)
        click.echo(
            f"Another MP, or none: open cases that it touches {touched.cases}, drafts {touched.drafts}."
        )


def _tell_holidays(compared: Any, are_added: bool) -> None:
    """The bank holidays that GOV.UK lists and Casework does not count with, and the other way round."""
    if compared.new:
        click.echo("Bank holidays that GOV.UK lists and Casework does not count with:")
        click.echo("\n".join(f"  {one.words}" for one in compared.new))
        if not are_added:
            click.echo(
                "  To count with them: --holidays-by NAME, or the page “Changes of rules and bank holidays”."
            )
    if compared.gone:
        click.echo(
            "Bank holidays that Casework counts with and GOV.UK does not list. Look at them, and take out what is none "
            "on the page “Changes of rules and bank holidays”:"
        )
        click.echo("\n".join(f"  {one.words}" for one in compared.gone))
    if compared.lists_more_years:
        click.echo(
            f"GOV.UK lists bank holidays to {spoken(compared.listed_until)}, and Casework knows them to "
            f"{spoken(compared.known_until)}. A newer Casework, or newer tables, bring the others."
        )
