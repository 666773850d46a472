"""How a command is given what opens a sealed file."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

ASK = "Passphrase"


def passphrase_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The two ways to give a passphrase: typed, or read from a file for what runs by itself."""
    for option in (
        click.option(
            "--passphrase-file",
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            help="Read the passphrase from the first line of this file.",
        ),
        click.option("--passphrase", "ask", is_flag=True, help="Ask for the passphrase."),
    ):
        command = option(command)
    return command


def read_passphrase(ask: bool, file: Path | None) -> str | None:
    """The passphrase that was given; None without one."""
    if file is not None:
        try:
            lines = file.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError):
            raise click.ClickException(f"{file} cannot be read as text.") from None
        return lines[0] if lines else ""
    if ask:
        return str(click.prompt(ASK, hide_input=True))
    return None
