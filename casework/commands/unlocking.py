"""The key at hand before a command opens the instance: read, or typed in this terminal."""

import sys

import click

from casework.domain.errors import SettingsError
from casework.settings import Settings
from casework.storage import key_file, key_ring, lock_marker

TRIES = 3
LOCKED = "Casework is locked. Unlock it first: casework unlock"


def unlocked(settings: Settings, *, even_locked: bool = False) -> Settings:
    """These settings, once the key is at hand in this process.

    Raises SettingsError while the instance is locked, unless `even_locked`; NeedsPassphrase when there is nobody to
    ask, and WrongPassphrase.
    """
    if lock_marker.is_locked(settings.instance) and not even_locked:
        raise SettingsError(LOCKED)
    path = settings.key_file
    if not path.exists() or key_ring.has(path):
        return settings
    if settings.passphrase_file:
        try:
            key_ring.unlock(path, key_file.read_passphrase(settings.passphrase_file))
        except key_file.WrongPassphrase:
            raise SettingsError(
                f"The passphrase in {settings.passphrase_file} does not open {path}."
            ) from None
    elif sys.stdin.isatty():
        ask_until_right(settings)
    else:
        key_file.read_secret(path)
    return settings


def ask_until_right(settings: Settings) -> str:
    """The passphrase that opens the key, typed in this terminal without being shown. Raises WrongPassphrase."""
    for left in reversed(range(TRIES)):
        passphrase: str = click.prompt("Passphrase of the key", hide_input=True, err=True)
        try:
            key_ring.unlock(settings.key_file, passphrase)
        except key_file.WrongPassphrase as error:
            if not left:
                raise
            click.echo(error.message, err=True)
        else:
            break
    return passphrase
