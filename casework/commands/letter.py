"""`casework letter` and `casework letters`: one paper of a case as a PDF, and which papers there are."""

import json
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import click

from casework.commands.explained import explained
from casework.commands.living import living
from casework.commands.unlocking import unlocked
from casework.domain.errors import CaseworkError
from casework.domain.letters.letters import LetterTemplate
from casework.settings import Settings, load_settings


@click.command("letter")
@click.argument("template")
@click.option("--case", "reference", required=True, metavar="REF", help="The case.")
@click.option(
    "--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The PDF to write."
)
@click.option(
    "--mp", metavar="PLACE", help="The constituency, or the postcode, of the MP or minister to write to."
)
@click.option("--draft", is_flag=True, help="Write it with its gaps in [brackets], to look at.")
def letter_command(template: str, reference: str, out: Path, mp: str | None, draft: bool) -> None:
    """Write TEMPLATE of a case as a PDF.

    The newest one in the case, as it was issued or as its draft stands; without one it is filled in from the case. What
    is missing, or may not be told, stops it and is named.
    """
    from casework.app import create_app
    from casework.services.letters import letter_prints

    with explained():
        app = create_app(unlocked(living(load_settings())))
        with app.app_context():
            try:
                printed = letter_prints.print_letter(template, reference, mp, with_gaps=draft)
            except CaseworkError as error:
                if error.field in ("gss_code", "q"):
                    raise CaseworkError(f"{error.message} (--mp)") from error
                raise
        try:
            out.write_bytes(printed.pdf)
        except OSError as error:
            raise click.ClickException(f"{out} cannot be written: {error.strerror}.") from None
    for gap in printed.missing:
        click.echo(f"Still missing under “{gap.label}”: {gap.what}.", err=True)
    click.echo(f"{out}: {printed.words}.")


@click.command("letters")
@click.option("--list", "_list", is_flag=True, help="List them; it does so without being asked.")
@click.option("--json", "json_wanted", is_flag=True, help="Print JSON.")
def letters_command(_list: bool, json_wanted: bool) -> None:
    """List the letters and sheets: for whom, and what the person must have agreed to."""
    with explained():
        found = _list_of(load_settings())
    if json_wanted:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    for one in found:
        click.echo(f"{one['key']}: {one['title']}, for {one['for']}")
        tells = f"tells {', '.join(one['tells'])}; " if one["tells"] else ""
        click.echo(f"    level {one['level']}; {tells}in {', '.join(one['languages'])}")


def _list_of(settings: Settings) -> list[dict[str, Any]]:
    """The letters that the group of this machine uses; where there is no instance, those of the program."""
    from casework.app import create_app
    from casework.services.language import languages
    from casework.services.letters import letters

    is_there = bool(settings.database) or (settings.instance / "casework.db").is_file()
    with create_app(unlocked(settings)).app_context() if is_there else nullcontext():
        beside = [one.code for one in languages.list_languages()]
        return [_facts(one, beside if one.two_languages else []) for one in letters.templates()]


def _facts(template: LetterTemplate, beside: list[str]) -> dict[str, Any]:
    return {
        "key": template.key,
        "title": template.title,
        "purpose": template.purpose,
        "for": template.reader,
        "audience": template.audience.value,
        "level": int(template.audience.level),
        "tells": [kind.value for kind in template.tells],
        "signed_by": template.signed_by,
        "languages": [*template.languages, *beside],
        "sources": list(template.sources),
    }
