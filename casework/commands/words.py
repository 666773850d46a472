"""`casework words`: what there is to translate on the pages."""

import click


@click.command("words")
def words_command() -> None:
    """Print every English text of the pages, as a PO file for translators."""
    from casework.web.language.words_found import as_pot

    click.echo(as_pot(), nl=False)
