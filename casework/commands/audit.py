"""`casework audit`: whether the trail is whole."""

import click

from casework.commands.explained import explained
from casework.commands.living import living
from casework.commands.unlocking import unlocked
from casework.settings import load_settings


@click.group("audit")
def audit_group() -> None:
    """Look whether anybody changed the trail of who did and looked at what."""


@audit_group.command("verify")
@click.option(
    "--known",
    metavar="LINE",
    help="A last line that you noted before, such as 120:9f3c21ab. It must still stand there.",
)
def verify_command(known: str | None) -> None:
    """Look at every line of the trail. Exit status 1 where one was removed, altered, moved or put in."""
    from casework.app import create_app
    from casework.services.safety import audit

    noted = _noted(known)
    with explained():
        app = create_app(unlocked(living(load_settings())), count_anew=False)
        with app.app_context():
            verdict = audit.verify(noted)
    for broken in verdict.broken:
        click.echo(broken.says, err=True)
    if verdict.broken:
        click.echo(
            "The trail does not hold. Keep a copy of this machine’s disk before you change anything.",
            err=True,
        )
        raise SystemExit(1)
    click.echo(f"{verdict.lines} lines, and the trail holds.")
    if verdict.lines:
        click.echo(f"The last line, to note on paper: {verdict.lines}:{verdict.last[:8]}")


def _noted(known: str | None) -> tuple[int, str] | None:
    if known is None:
        return None
    number, _, link = known.partition(":")
    if not number.isdecimal() or len(link) < 8 or len(number) > 18:
        raise click.BadParameter("Type it as it was printed: a number, a colon, and eight signs.")
    return int(number), link.strip().lower()
