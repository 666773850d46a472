"""`casework key`: the passphrase over the key, and a new key in the place of the old one."""

import click

from casework.commands.explained import explained
from casework.commands.unlocking import ask_until_right
from casework.domain.errors import SettingsError
from casework.settings import Settings, load_settings
from casework.storage import key_file


@click.group("key")
def key_group() -> None:
    """Set, change or remove the passphrase of the key; change the key itself."""


@key_group.command("passphrase")
@click.option("--remove", is_flag=True, help="Keep the key without a passphrase from now on.")
def passphrase_command(remove: bool) -> None:
    """Set or change the passphrase of the key. What runs goes on; the next start asks for it."""
    with explained():
        settings = load_settings()
        path = settings.key_file
        if not path.exists():
            raise SettingsError(f"There is no key at {path} yet. The first start makes it.")
        was_wrapped = key_file.is_wrapped(path)
        secret = key_file.read_secret(path, ask_until_right(settings) if was_wrapped else None)
        if remove and not was_wrapped:
            raise SettingsError("The key has no passphrase.")
        passphrase = None if remove else _new_passphrase()
        try:
            key_file.write(path, secret, passphrase, since=key_file.made_on(path))
        except OSError as error:
            raise SettingsError(f"{path} cannot be written ({error.strerror}). It is as it was.") from None
    for line in _removed(settings) if remove else _set(was_wrapped):
        click.echo(line)


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
