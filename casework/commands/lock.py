"""`casework lock` and `casework unlock`: for whoever is at the machine."""

import click

from casework import clock
from casework.commands.explained import explained
from casework.commands.unlocking import ask_until_right, unlocked
from casework.settings import load_settings
from casework.storage import key_file, lock_marker


@click.command("lock")
def lock_command() -> None:
    """Lock everything now: running servers drop their keys within a second, and everybody is signed out."""
    with explained():
        settings = load_settings()
    if not settings.instance.is_dir():
        raise click.ClickException(f"There is no instance at {settings.instance}.")
    try:
        lock_marker.lock(settings.instance, clock.now())
    except OSError as error:
        raise click.ClickException(
            f"It could NOT be locked: {settings.instance}: {error.strerror}. Stop Casework, or switch the machine off."
        ) from None
    click.echo("Locked. Nobody is served until it is unlocked; everybody has to sign in again then.")
    with explained():
        wrapped = key_file.is_wrapped(settings.key_file)
    if wrapped:
        click.echo("Unlock it with the passphrase, on its page in a browser or with: casework unlock")
    else:
        click.echo("Unlock it at this machine: casework unlock")
        click.echo("The key lies on this disk without a passphrase. Set one: casework key passphrase")


@click.command("unlock")
def unlock_command() -> None:
    """Let people in again after a lock. Everybody signs in anew."""
    from casework.app import create_app
    from casework.services.safety import locking

    with explained():
        settings = load_settings()
        if (found := lock_marker.as_it_is(settings.instance)) is None:
            click.echo(f"It is not locked: {settings.instance}")
            return
        wrapped = key_file.is_wrapped(settings.key_file)
        if wrapped and settings.passphrase_file is None:
            ask_until_right(settings)
        app = create_app(unlocked(settings, even_locked=True), count_anew=False)
        with app.app_context():
            is_open = locking.unlock(found)
    if not is_open:
        raise click.ClickException("Somebody locked it again meanwhile, so it stays locked.")
    click.echo("Unlocked. Everybody has to sign in again.")
    if wrapped and settings.passphrase_file is None:
        click.echo("A server that is running has dropped the key: type the passphrase on its page too.")
