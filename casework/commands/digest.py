"""`casework digest`: how many dates need whom today, and the morning's mail."""

import click

from casework.commands.explained import explained
from casework.commands.living import living
from casework.commands.unlocking import unlocked
from casework.settings import load_settings


@click.command("digest")
@click.option("--send", is_flag=True, help="Mail those who asked for it, each once a day; for cron.")
def digest_command(send: bool) -> None:
    """Say how many dates need whom today. Exit status 1 when a mail could not be sent."""
    from casework.app import create_app
    from casework.services.timing import digest

    wrong = False
    with explained():
        app = create_app(unlocked(living(load_settings())))
        with app.app_context():
            if not send:
                for user, found in digest.all_digests():
                    click.echo(f"{user.name}: {found.says}")
                return
            sent = 0
            for posted in digest.send_mail():
                sent += not posted.wrong
                if posted.wrong:
                    wrong = True
                    click.echo(f"{posted.user.name}: {posted.wrong}", err=True)
            click.echo(f"{sent} sent.")
    if wrong:
        raise SystemExit(1)
