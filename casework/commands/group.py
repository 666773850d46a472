"""`casework group`: the groups that share this machine, for whoever looks after it."""

import click

from casework.commands.explained import explained
from casework.commands.living import living
from casework.commands.serve import address
from casework.commands.unlocking import unlocked
from casework.services.safety import accounts, groups
from casework.settings import load_settings


@click.group("group")
def group_group() -> None:
    """List the groups, or add another one that sees nothing of the first."""


@group_group.command("list")
def list_command() -> None:
    """Say which groups there are, and how many can sign in."""
    from casework.app import create_app

    with explained():
        app = create_app(unlocked(living(load_settings())))
        with app.app_context():
            people = accounts.list_users()
            for group in groups.list_groups():
                number = sum(user.active and user.group_id == group.id for user in people)
                click.echo(f"{group.id}: {groups.name_of(group.id) or 'no name'}, {number} with an account")


@group_group.command("add")
@click.argument("name")
def add_command(name: str) -> None:
    """Add a group called NAME, and make the link with which its first organiser comes in."""
    from casework.app import create_app

    with explained():
        settings = unlocked(load_settings())
        app = create_app(settings)
        with app.app_context():
            group, token = groups.add_group(name)
            click.echo(
                f"{group.name} is group {group.id}. Its first organiser comes in here, once, for one day:"
            )
            click.echo(f"  {address(settings)}first/{token}")


@group_group.command("link")
@click.argument("number", type=int)
def link_command(number: int) -> None:
    """Make the link of group NUMBER again, while nobody has an account there."""
    from casework.app import create_app

    with explained():
        settings = unlocked(living(load_settings()))
        app = create_app(settings)
        with app.app_context():
            token = groups.first_link_again(number)
            click.echo("Its first organiser comes in here, once, for one day:")
            click.echo(f"  {address(settings)}first/{token}")
