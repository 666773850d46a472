"""`casework archive`: the papers from one place to another."""

from typing import TYPE_CHECKING

import click

from casework.commands.explained import explained
from casework.commands.living import living
from casework.commands.unlocking import unlocked
from casework.domain.errors import SettingsError
from casework.settings import STORES, Settings, load_settings

if TYPE_CHECKING:
    from casework.services.letters.unnamed_papers import Noted


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
            with click.progressbar(length=len(paper_moves.ours_in(here)), label="Papers") as bar:
                moved = paper_moves.carry(here, there, after_each=lambda: bar.update(1))
            click.echo(f"{moved.carried} papers carried over and compared; {moved.there} were there already.")
            if remove:
                if source == "s3":
                    _confirm_there_is_no_copy()
                click.echo(f"{paper_moves.take_away(here, there)} papers taken away from the {source}.")
    if settings.archive_store != target:
        click.echo(f"Now set archive_store to {target}, start Casework again, and then run this once more:")
        click.echo(f"  casework archive move --from {source} --to {target} --remove")
        click.echo("That carries over what came in between, and takes the old ones away.")


@archive_group.command("tidy")
@click.option("--remove", is_flag=True, help="Take away what no case spoke of a day ago either.")
def tidy_command(remove: bool) -> None:
    """Say which papers no case speaks of; take them away once that is so for a day."""
    from casework.services.letters import unnamed_papers
    from casework.storage.bare import bare_engine

    with explained():
        settings = unlocked(living(load_settings()))
        may_go = {}
        try:
            _bring_up_to_date(settings)
            engine = bare_engine(settings)
            assert engine is not None
            with engine.connect() as connection:
                for kind in unnamed_papers.places(settings):
                    noted = unnamed_papers.note(settings, connection, kind)
                    may_go[kind] = len(noted.old)
                    _say_what_is_there(kind, noted)
            if not any(may_go.values()):
                return
            if not remove:
                click.echo("To take away what was there a day ago: casework archive tidy --remove")
                return
            _confirm_there_is_no_copy()
            for kind in (kind for kind, number in may_go.items() if number):
                click.echo(f"Papers taken away from the {kind}: {unnamed_papers.take_away(settings, kind)}")
        except OSError as error:
            raise SettingsError(f"The papers cannot be looked through now: {error}") from None


def _confirm_there_is_no_copy() -> None:
    click.echo("A copy of this instance that somebody brought back elsewhere may use the same storage.")
    click.confirm("Is there none, and are they to be taken away for good?", abort=True)


def _bring_up_to_date(settings: Settings) -> None:
    """Start the program once, so that key and tables are those of today; what should be gone already goes now."""
    from casework.app import create_app
    from casework.services.letters import papers
    from casework.storage.database import db

    with create_app(settings, count_anew=False).app_context():
        left = papers.take_away_noted()
        db.session.remove()
        db.engine.dispose()
    if left:
        click.echo(
            f"Erased papers of {left} cases lie still where papers lay before. Set the s3_ settings again, and run "
            "this once more."
        )


def _say_what_is_there(kind: str, noted: "Noted") -> None:
    unnamed, unreadable = noted.found.unnamed, noted.found.unreadable
    if not unnamed and not unreadable:
        click.echo(f"In the {kind}: no paper that no case speaks of.")
        return
    click.echo(
        f"In the {kind}: {len(unnamed)} papers that no case speaks of and that the key of a case opens; "
        f"{len(unreadable)} that nobody can read. {len(noted.old)} of them were there a day ago."
    )
    if len(noted.old) < len(unnamed | unreadable):
        click.echo("The others may belong to work that is under way. Run this again after a day.")
