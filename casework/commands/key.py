"""`casework key`: the passphrase over the key, and a new key in the place of the old one."""

import time
from collections.abc import Iterator

import click

from casework.commands.explained import explained
from casework.commands.unlocking import ask_until_right, unlocked
from casework.domain.errors import SettingsError
from casework.settings import Settings, load_settings
from casework.storage import key_change, key_file, lock_marker
from casework.storage.gate import changing_alone
from casework.storage.instance import starting_alone

IF_BROKEN_OFF = "Is the key changed? It says so above, or the next start does. If neither does, do it again."


@click.group("key")
def key_group() -> None:
    """Set, change or remove the passphrase of the key; change the key itself."""


@key_group.command("passphrase")
@click.option("--remove", is_flag=True, help="Keep the key without a passphrase from now on.")
def passphrase_command(remove: bool) -> None:
    """Set or change the passphrase of the key. What runs goes on; the next start asks for it."""
    from casework.storage import hosted_key, rotation

    with explained():
        settings = load_settings()
        path = settings.key_file
        if not path.exists():
            raise SettingsError(f"There is no key at {path} yet. The first start makes it.")
        was_wrapped = key_file.is_wrapped(path)
        before = ask_until_right(settings) if was_wrapped else None
        # A new key that waits for its place would else take it later, without this passphrase.
        (hosted_key if settings.database else rotation).settle(settings)
        secret = key_file.read_secret(path, before)
        if remove and not was_wrapped:
            raise SettingsError("The key has no passphrase.")
        passphrase = None if remove else _new_passphrase()
        try:
            with changing_alone(settings.instance), starting_alone(settings.instance):
                if key_file.read_secret(path, before) != secret:
                    raise SettingsError("The key itself was changed meanwhile. Nothing was done: try again.")
                key_file.write(path, secret, passphrase, since=key_file.made_on(path))
        except OSError as error:
            raise SettingsError(f"{path} cannot be written ({error.strerror}). It is as it was.") from None
    for line in _removed(settings) if remove else _set(was_wrapped):
        click.echo(line)


@key_group.command("rotate")
def rotate_command() -> None:
    """Put a new key in the place of the old one. What runs waits for some seconds and goes on.

    Copy the key file first: backups from before open with it alone. With a database on PostgreSQL stop Casework
    first, on every machine.
    """
    with explained():
        settings = load_settings()
        if not settings.database and not (settings.instance / "casework.db").exists():
            raise SettingsError("There is no database yet: its first start makes a key of its own.")
        passphrase = _passphrase_of_now(settings)
        unlocked(settings, then=IF_BROKEN_OFF)
        try:
            with key_change.answering_alone(settings):
                _rotate(settings, passphrase)
        except KeyboardInterrupt:
            if not lock_marker.is_locked(settings.instance):  # a lock says it itself
                click.echo(IF_BROKEN_OFF, err=True)
            raise


def _rotate(settings: Settings, passphrase: str | None) -> None:
    """Change the key, tell of it, and hand it over to what runs."""
    from casework.app import create_app
    from casework.services.safety import key_changes
    from casework.storage import hosted_key, rotation

    try:
        (hosted_key if settings.database else rotation).rotate(settings, passphrase)
        with create_app(settings, count_anew=False).app_context():
            key_changes.record()
        for line in _changed(settings):
            click.echo(line)
        if not settings.database and passphrase is not None:
            click.echo("Servers that run take the new key over …")
            time.sleep(key_change.HAND_OVER_SECONDS)
            click.echo("Done.")
    finally:
        key_change.end_hand_over(settings)  # also where it is broken off: what lies there opens the new key


def _changed(settings: Settings) -> Iterator[str]:
    """What is to be said, and to be done, after the key was changed."""
    under = "the keys of all cases are" if settings.database else "the database and the keys of all cases are"
    yield f"The key is changed: {under} under the new one."
    yield "Everybody has to sign in again. Dates in calendars get new marks at their next look."
    yield (
        "Backups from before open with the old key file only: keep your copy of it until they are gone. "
        "If you have no copy, make a new backup now."
    )
    if older := [path.name for path in settings.instance.glob("casework-before-*.db")]:
        yield f"These copies are under the old key too: {', '.join(older)}"
    yield f"Copy {settings.key_file} to your second safe place now."
    if settings.database:
        yield "Other machines that use this database need the new key file too. Then start Casework again."


def _passphrase_of_now(settings: Settings) -> str | None:
    """The passphrase over the key, which goes over the new one too; None where there is none."""
    if not key_file.is_wrapped(settings.key_file):
        return None
    if settings.passphrase_file:
        return key_file.read_passphrase(settings.passphrase_file)
    return ask_until_right(settings)


def _new_passphrase() -> str:
    passphrase: str = click.prompt(
        "New passphrase", hide_input=True, confirmation_prompt="The same again", err=True
    )
    key_file.check_passphrase(passphrase)
    return passphrase


def _set(was_wrapped: bool) -> list[str]:
    lines = [
        "The passphrase is set. Without it nobody can read anything here, you included: at least two people have to "
        "know it.",
        "Copies of the key file that you made before still open without it, or with the old one. Make new copies.",
    ]
    if was_wrapped:
        return lines
    return [
        *lines,
        "Until now the key lay on this disk in clear, and a disk may keep traces of that. Change it once: "
        "casework key rotate",
    ]


def _removed(settings: Settings) -> list[str]:
    return [f"The key {settings.key_file} has no passphrase now: whoever has this disk can read everything."]
