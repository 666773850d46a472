"""`casework dictionary`: what is kept, column by column."""

import click


@click.command("dictionary")
def dictionary_command() -> None:
    """Print every table and column: what it holds, about whom, and how long it is kept."""
    from casework.storage.dictionary import as_markdown

    click.echo(as_markdown(), nl=False)
