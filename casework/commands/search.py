"""`casework search`: what search keeps, made anew."""

import click

from casework.commands.explained import explained
from casework.commands.living import living
from casework.commands.unlocking import unlocked
from casework.settings import load_settings


@click.group("search")
def search_group() -> None:
    """See to what search keeps."""


@search_group.command("rebuild")
def rebuild_command() -> None:
    """Read every row anew for search. Nothing else changes, and nothing that was written is lost."""
    from casework.app import create_app
    from casework.services.case.search_index import rebuild

    with explained(), create_app(unlocked(living(load_settings())), count_anew=False).app_context():
        number = rebuild()
    click.echo(f"Search was made anew: {number} entries.")
