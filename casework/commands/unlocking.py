"""The key at hand before a command opens the instance: read, or typed in this terminal."""

import os
import signal
import sys
import threading
from pathlib import Path

import click

from casework.commands.private_memory import keep_memory_private
from casework.domain.errors import SettingsError
from casework.settings import Settings
from casework.storage import key_file, key_ring, lock_marker

TRIES = 3
LOCKED = "Casework is locked. Unlock it first: casework unlock"
LOCKED_MEANWHILE = "Casework was locked just now, so this stops here."
DO_IT_AGAIN = "Do it again once it is unlocked."
LOOK_EVERY = 1.0  # seconds
_WATCHED = "casework: the folder whose lock ends this command"
# Seconds, for half a file and a scratch folder; then the keys go with the process. The command is told twice within
# them: whoever is told at the moment in which they begin to wait for something may miss it.
TIME_TO_TIDY_UP = 3.0
_TOLD_BY = signal.SIGUSR1  # not SIGINT, to which a program in the background does not listen


def unlocked(
    settings: Settings, *, even_locked: bool = False, looks_itself: bool = False, then: str = DO_IT_AGAIN
) -> Settings:
    """These settings, once the key is at hand in this process. From then on a lock ends the command.

    Raises SettingsError while the instance is locked, unless `even_locked`; NeedsPassphrase when there is nobody to
    ask, and WrongPassphrase. `looks_itself` is for what sees by itself that it was locked; `then` says what to do about
    what a lock broke off.
    """
    keep_memory_private()
    if not even_locked:
        if lock_marker.is_locked(settings.instance):
            raise SettingsError(LOCKED)
        if not looks_itself:
            _end_when_locked(settings.instance, then)
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


def _end_when_locked(folder: Path, then: str) -> None:
    """Look for the lock until this command ends, and have it end, tidied up, once it is there."""
    command = click.get_current_context(silent=True)
    if command is None or command.meta.get(_WATCHED) == folder:
        return
    command.meta[_WATCHED], done = folder, threading.Event()
    command.find_root().call_on_close(done.set)

    main_thread = threading.main_thread().ident or 0
    signal.signal(_TOLD_BY, signal.default_int_handler)

    def watch() -> None:
        while not done.wait(LOOK_EVERY):
            if lock_marker.is_locked(folder):
                break
        else:
            return
        click.echo(f"{LOCKED_MEANWHILE} {then}", err=True)
        for _ in range(2):
            signal.pthread_kill(main_thread, _TOLD_BY)
            if done.wait(TIME_TO_TIDY_UP / 2):
                return
        os._exit(1)

    threading.Thread(target=watch, name="lock", daemon=True).start()
