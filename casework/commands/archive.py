"""`casework archive`: the papers from one place to another."""

import click

from casework.commands.explained import explained
from casework.commands.living import living
from casework.commands.unlocking import unlocked
from casework.domain.errors import SettingsError
from casework.settings import STORES, load_settings


@click.group("archive")
def archive_group() -> None:
    """Move the papers between a folder, the database and storage that speaks S3."""


@archive_group.command("move")
@click.option("--to", "target", type=click.Choice(STORES), required=True, help="Where they are to lie.")
@click.option("--from", "source", type=click.Choice(STORES), help="Where they lie; what the settings say.")
@click.option("--remove", is_flag=True, help="Take away from there what lies whole in the new place.")
def move_command(target: str, source: str | None, remove: bool) -> None:
    """Copy every paper, sealed as it is, and compare it. Stop it and start it again at any time."""
    from casework.app import create_app
    from casework.services.letters import paper_moves
    from casework.storage.stores import store_of

    with explained():
        settings = unlocked(living(load_settings()))
        source = source or settings.archive_store
        if source == target:
            raise SettingsError(
                f"They lie in the {target} by the settings. Say --from where others still are."
            )
        if remove and settings.archive_store != target:
            raise SettingsError(
                f"Set archive_store to {target} and start Casework again before you remove the old ones."
            )
        with create_app(settings, count_anew=False).app_context():
            here, there = store_of(settings, source), store_of(settings, target)
            with click.progressbar(length=len(here.names()), label="Papers") as bar:
                moved = paper_moves.carry(here, there, after_each=lambda: bar.update(1))
            click.echo(f"{moved.carried} papers carried over and compared; {moved.there} were there already.")
            if remove:
                click.echo(f"{paper_moves.take_away(here, there)} papers taken away from the {source}.")
    if settings.archive_store != target:
        click.echo(f"Now set archive_store to {target}, start Casework again, and then run this once more:")
        click.echo(f"  casework archive move --from {source} --to {target} --remove")
        click.echo("That carries over what came in between, and takes the old ones away.")
