"""What went wrong, as one sentence in the terminal."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from casework.domain.errors import CaseworkError


@contextmanager
def explained() -> Iterator[None]:
    """End the command with the error's own sentence and exit status 1, without a traceback."""
    try:
        yield
    except CaseworkError as error:
        raise click.ClickException(error.message) from None
