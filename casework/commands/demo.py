"""`casework demo`: invented people to look round with."""

import click

from casework.domain.errors import CaseworkError
from casework.settings import load_demo_settings


@click.command("demo")
def demo_command() -> None:
    """Make the demo instance, or bring it up to date, and say how to sign in to it."""
    from casework.app import create_app
    from casework.demo import make_demo

    try:
        settings = load_demo_settings()
        app = create_app(settings)
        with app.app_context():
            lines = make_demo()
    except CaseworkError as error:
        raise click.ClickException(error.message) from None
    click.echo(f"The demo is in {settings.instance}.")
    for line in lines:
        click.echo(line)
