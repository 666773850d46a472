"""`casework work`: makes the letters of batches that wait, in this terminal or as one of the server's own workers."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from casework.commands.explained import explained
from casework.commands.private_memory import keep_memory_private
from casework.commands.unlocking import unlocked
from casework.settings import load_settings
from casework.storage import key_ring, lock_marker
from casework.storage.instance import current_instance
from casework.storage.key_file import SECRET_BYTES

LOOK_EVERY = 2.0  # seconds between two looks for work
NICE = 5  # the server's own workers let its pages go first


@click.command("work")
@click.option("--once", is_flag=True, help="Make what waits now, and end. Otherwise wait for more.")
@click.option("--quiet", is_flag=True, help="Say nothing: for the workers that the server starts.")
@click.option(
    "--secret-comes", is_flag=True, hidden=True, help="The server hands over the secret of the key."
)
def work_command(once: bool, quiet: bool, secret_comes: bool) -> None:
    """Make the letters that wait. Run it as often as this machine has cores; stop it with Ctrl+C at any time."""
    from casework.app import create_app
    from casework.commands.serve import keep_words_out_of_the_log

    if quiet:
        os.nice(NICE)
    keep_memory_private()
    keep_words_out_of_the_log()
    with explained():
        settings = load_settings()
        if secret_comes:
            key_ring.take(settings.key_file, sys.stdin.buffer.read(SECRET_BYTES))
        app = create_app(unlocked(settings, looks_itself=True), count_anew=False)
    with asked_to_stop() as stop, app.app_context():
        while True:
            _work_with_bar(stop) if not quiet else _work(stop)
            if once or stop or locked():
                break
            _rest(stop)


@contextmanager
def asked_to_stop() -> Iterator[list[int]]:
    """A list that is empty until Ctrl+C or SIGTERM: the letter in hand is finished first."""
    asked: list[int] = []

    def ask(number: int, frame: Any) -> None:
        if asked:  # somebody asks a second time, and is in a hurry
            raise SystemExit(1)
        asked.append(number)

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield asked
    finally:
        for number, old in before.items():
            signal.signal(number, old)


def _work(stop: list[int]) -> None:
    """Work for the server that started this. When that is gone, so is this, after the letter in hand."""
    from casework.services.campaign import work

    server = os.getppid()
    work.work(stop=lambda: bool(stop) or locked() or os.getppid() != server)


def locked() -> bool:
    """Whether somebody locked the instance: then the letter in hand is the last."""
    return lock_marker.is_locked(current_instance().settings.instance)


def _work_with_bar(stop: list[int]) -> None:
    from casework.services.campaign import work
    from casework.services.letters import letter_queue

    letter_queue.give_back_gone()
    if not letter_queue.waiting():
        return
    with letters_bar() as bar:
        task = bar.add_task("Letters", total=letter_queue.waiting(), failed="")
        failed = 0

        def after(outcome: work.Outcome) -> None:
            nonlocal failed
            failed += outcome.made is None
            words = f"{failed} need{'s' if failed == 1 else ''} you" if failed else ""
            bar.update(task, advance=1, failed=words)

        work.work(stop=lambda: bool(stop) or locked(), after_each=after)


def letters_bar() -> Any:
    """A bar with the count, the rate of it and the time that is left, on the terminal's own channel for messages."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[failed]}"),
        console=Console(stderr=True),
    )


def _rest(stop: list[int]) -> None:
    """Wait a moment, or less when somebody asks to stop."""
    until = time.monotonic() + LOOK_EVERY
    while not stop and time.monotonic() < until:
        time.sleep(0.2)
