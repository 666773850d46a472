"""The console script `casework`: gathers the commands."""

import click


@click.group()
def main() -> None:
    """Casework: fight one person's deportation, together."""
