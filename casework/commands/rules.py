"""`casework rules`: what this group changed of the rules and bank holidays, by its pages or by its file."""

from pathlib import Path

import click

from casework.commands.explained import explained
from casework.commands.living import living
from casework.commands.own_book import book_of_instance
from casework.commands.unlocking import unlocked
from casework.domain.errors import CaseworkError
from casework.reference.changed_book import read_file
from casework.reference.rule_changes import FILE_NAME
from casework.settings import load_settings


@click.group("rules", invoke_without_command=True)
@click.pass_context
def rules_group(context: click.Context) -> None:
    """Say what this group changed of the rules and bank holidays."""
    if context.invoked_subcommand is not None:
        return
    with explained():
        own = book_of_instance(load_settings())
    for one in own.kept:
        place = f"in {FILE_NAME}" if one.in_file else "made on a page"
        click.echo(f"{one.number or 'new':>4}  {one.change.sentence}")
        click.echo(f"      {one.change.signature} ({place})")
    if not own.kept:
        click.echo("Nothing is changed: all dates are counted by Casework's own rules.")
    for warning in own.warnings:
        click.echo(warning, err=True)


@rules_group.command("check")
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check_command(file: Path | None) -> None:
    """Read FILE, or rule_changes.toml of the instance, and say what is wrong with it. Nothing is changed."""
    with explained():
        path = file or load_settings().instance / FILE_NAME
        if not path.exists():
            raise CaseworkError(f"There is no file {path}.")
        found = read_file(path)
    for change in found:
        click.echo(f"{change.sentence} {change.signature}")
    click.echo(f"{path} is well: {len(found)} {'change' if len(found) == 1 else 'changes'}.")


@rules_group.command("adopt")
def adopt_command() -> None:
    """Take over rule_changes.toml of the instance now, as the next start would."""
    from casework.app import create_app
    from casework.services.timing.rule_changes import bring_up_to_date
    from casework.storage.instance import current_instance

    with explained(), create_app(unlocked(living(load_settings())), count_anew=False).app_context():
        done = bring_up_to_date(current_instance())
    click.echo(f"New: {done.added}. Taken back: {done.withdrawn}. Open dates that moved: {done.moved}.")


@rules_group.command("withdraw")
@click.argument("number", type=click.IntRange(min=1, max=2**62))
@click.option("--by", "name", required=True, help="Who answers for it, by name.")
def withdraw_command(number: int, name: str) -> None:
    """Take back the change NUMBER that was made on a page, also when it keeps Casework from starting."""
    from casework.app import create_app
    from casework.services.timing.rule_changes import get_change, withdraw

    with explained():
        if not name.strip():
            raise CaseworkError("Say who answers for it: --by NAME.")
        with create_app(unlocked(living(load_settings())), count_anew=False).app_context():
            moved = withdraw(get_change(number), None, name.strip()[:200])
    click.echo(f"Change {number} is taken back. Open dates that moved: {moved}.")
