"""`casework user`: for whoever has the machine itself, when nobody can sign in."""

import click

from casework.commands.explained import explained
from casework.commands.living import living
from casework.commands.serve import address
from casework.commands.unlocking import unlocked
from casework.domain.errors import CaseworkError
from casework.services.safety import accounts, second_factors
from casework.settings import load_settings
from casework.storage.models import User


@click.group("user")
def user_group() -> None:
    """List the accounts, make somebody a new link, or take a lost second factor away."""


@user_group.command("list")
def list_command() -> None:
    """Say who has an account."""
    from casework.app import create_app

    with explained():
        app = create_app(unlocked(living(load_settings())))
        with app.app_context():
            for user in accounts.list_users():
                state = "" if user.active else ", switched off"
                click.echo(f"{user.sign_in_name}: {user.name}, {user.role}{state}")


@user_group.command("link")
@click.argument("name")
def link_command(name: str) -> None:
    """Make a link, which works once, with which NAME chooses a new password."""
    from casework.app import create_app

    with explained():
        settings = living(load_settings())
        app = create_app(unlocked(settings))
        with app.app_context():
            user = _whom(name)
            click.echo(f"{user.name} can choose a new password here, once:")
            click.echo(f"  {address(settings)}join/{accounts.make_new_link(user, None)}")


@user_group.command("reset-second-factor")
@click.argument("name")
def reset_command(name: str) -> None:
    """Take away the app, the passkeys and the recovery codes of NAME, who then signs in with the password alone."""
    from casework.app import create_app

    with explained():
        app = create_app(unlocked(living(load_settings())))
        with app.app_context():
            user = _whom(name)
            second_factors.reset(user, None)
            click.echo(f"{user.name} now signs in with the password alone, and is signed out everywhere.")


def _whom(name: str) -> User:
    user = accounts.find_user(name)
    if user is None:
        raise CaseworkError(f"Nobody signs in as {name}. `casework user list` says who does.")
    return user
