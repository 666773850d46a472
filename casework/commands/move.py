"""`casework move`: everything from the encrypted file to PostgreSQL, or back."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DatabaseError, OperationalError

from casework.commands.explained import explained
from casework.commands.unlocking import unlocked
from casework.domain.errors import SettingsError
from casework.settings import Settings, load_settings
from casework.storage import migrate, moving
from casework.storage.bare import bare_engine
from casework.storage.database import db
from casework.storage.instance import current_instance

AT_THE_MACHINE = "Somebody at the machine"
TO_FILE = "file"


@click.command("move")
@click.option(
    "--to",
    "target",
    metavar="URL|file",
    help="The address of an empty PostgreSQL database; or the word `file`, for the encrypted one in the folder.",
)
@click.option(
    "--to-url-in",
    "url_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The file whose first line is that address, so that no list of programs shows its password.",
)
def move_command(target: str | None, url_file: Path | None) -> None:
    """Copy every row to another database, and compare both sides before anything counts.

    Stop Casework first. The database that you come from stays as it was.
    """
    if (target is None) == (url_file is None):
        raise click.UsageError("Say where to: --to URL, --to-url-in FILE, or --to file.")
    with explained():
        here = unlocked(load_settings())
        there = _settings_there(here, target, url_file)
        refuse_what_is_in_use(there)
        moved = carry(here, there)
    click.echo(
        f"{moved.rows:,} rows in {len(moved.tables)} tables arrived, and every table is the same there."
    )
    for line in _what_next(there):
        click.echo(line)


def _settings_there(here: Settings, target: str | None, url_file: Path | None) -> Settings:
    """The settings with which Casework finds the other database. Raises SettingsError where none can be."""
    if target == TO_FILE:
        if not here.database:
            raise SettingsError("The database is the encrypted one in the folder already.")
        return replace(here, database_url="", database_url_file=None)
    if here.database:
        raise SettingsError("From PostgreSQL it goes to the encrypted file alone: casework move --to file")
    if not (here.instance / "casework.db").is_file():
        raise SettingsError(f"There is no database in {here.instance}, so there is nothing to move.")
    # By the rules of the setting: no open way to another machine, no file that others can read.
    there = load_settings(instance=here.instance, database_url=target, database_url_file=url_file)
    if not there.database:
        raise SettingsError("There is no address on the first line of that file.")
    return there


def refuse_what_is_in_use(there: Settings) -> None:
    """Raises CaseworkError, in words, when there is something in the other database, or nobody gets in."""
    engine = bare_engine(there)
    if engine is None:
        return
    try:
        with engine.connect() as connection:
            moving.refuse_what_is_in_use(connection)
    except OperationalError:
        raise SettingsError("The other database does not answer, or does not let this program in.") from None
    except DatabaseError:
        raise SettingsError(
            "The key does not open the casework.db in the folder. Move that file to another folder first."
        ) from None


def carry(here: Settings, there: Settings) -> moving.Moved:
    """Move all rows, and write a line of the trail where they are now."""
    from casework.app import create_app
    from casework.services.safety import audit

    with (
        create_app(here, count_anew=False).app_context(),
        _given_back() as source,
        create_app(there, count_anew=False).app_context(),
        _given_back() as target,
    ):
        instance = current_instance()

        def keep_key_mark(into: Connection) -> None:
            if there.database:
                migrate.keep_key_mark(into, instance)

        moved = moving.move(source, target, _say, keep_key_mark)
        audit.record("database moved", None, signed=AT_THE_MACHINE, rows=moved.rows, to=target.dialect.name)
        db.session.commit()
    return moved


@contextmanager
def _given_back() -> Iterator[Engine]:
    """The engine of the application in whose context we are; its connections are closed at the end."""
    engine = db.engine
    try:
        yield engine
    finally:
        db.session.remove()
        engine.dispose()


def _say(table: str, rows: int) -> None:
    if rows:
        click.echo(f"  {table}: {rows:,}")


def _what_next(there: Settings) -> list[str]:
    if not there.database:
        return [
            "Now take database_url or database_url_file out of the settings, and start Casework.",
            "When all is well, delete the database on PostgreSQL: it is not encrypted.",
        ]
    return [
        "Now set database_url_file to a file whose first line is that address (chmod 600), and start Casework.",
        "The key file stays the same, and `casework backup` goes on as before.",
        f"When all is well, destroy {there.instance / 'casework.db'}. It stays as it was, encrypted, and holds every "
        "case that you erase from now on.",
    ]
