"""`casework doctor`: what is well with this machine and this instance, what is not, and the mend."""

from contextlib import suppress
from datetime import date

import click

from casework import clock
from casework.commands import checks
from casework.commands.check_groups import check_groups
from casework.commands.check_leftovers import check_leftovers
from casework.commands.check_papers import check_papers
from casework.commands.check_trail import check_trail
from casework.commands.checks import Check, Grade
from casework.commands.explained import explained
from casework.commands.unlocking import unlocked
from casework.domain.errors import SettingsError
from casework.settings import Settings, load_settings

MADE_ON = date(2026, 11, 20)
"""The day of this version. A clock that says less is wrong, and every date it counts would be too."""


def examine(settings: Settings, today: date) -> list[Check]:
    """Every check of this machine and this instance, in the order to read them."""
    found = [
        checks.check_python(),
        checks.check_pango(),
        checks.check_harfbuzz(),
        checks.check_fonts(),
        checks.check_key(settings),
        checks.check_database(settings),
        check_groups(settings),
        check_trail(settings),
        check_papers(settings),
        check_leftovers(settings),
        checks.check_directory(settings, today),
        checks.check_holidays(today),
        checks.check_changes(settings),
        checks.check_backup(settings, today),
        checks.check_room(settings),
        checks.check_clock(today, MADE_ON),
    ]
    return [check for check in found if check is not None]


@click.command("doctor")
def doctor_command() -> None:
    """Say what is well and what is not. Exit status 1 when something is wrong."""
    with explained():
        settings = load_settings()
        with suppress(SettingsError):
            unlocked(settings, even_locked=True)
    found = examine(settings, clock.today())
    click.echo(f"The instance is {settings.instance}")
    for check in found:
        click.echo(f"{check.grade:>6}  {check.name}: {check.says}")
        if check.mend:
            click.echo(f"        Mend: {check.mend}")
    wrong = sum(check.grade is Grade.WRONG for check in found)
    if wrong:
        click.echo(f"{wrong} {'thing is' if wrong == 1 else 'things are'} wrong.")
        raise SystemExit(1)
    click.echo("Nothing is wrong.")
