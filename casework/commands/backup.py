"""`casework backup` and `casework restore`: everything in one encrypted file, and back."""

import os
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import click

from casework import clock
from casework.commands.explained import explained
from casework.commands.living import living
from casework.commands.opening import passphrase_options, read_passphrase
from casework.commands.unlocking import unlocked
from casework.domain.dates import spoken
from casework.domain.errors import CaseworkError, SettingsError
from casework.settings import PREFIX, Settings, load_settings

FILE = click.Path(dir_okay=False, path_type=Path)
WHERE_PAPERS_LIE = f"{PREFIX}ARCHIVE_STORE"
LEFT_A_BUCKET = (
    "Its papers lie on storage that speaks S3, which the instance that made the backup may use still. What was brought "
    "back is kept away from there: it opens none of those papers and deletes none."
)
GONE_FOR_GOOD = "The first lines of {settings} say what to do if that instance is gone for good."
AS_SAID = "While that instance is there, start what was brought back only as the next line says."


@click.command("backup")
@click.argument("file", type=FILE)
@click.option("--verify", is_flag=True, help="Try out a backup that is there, and make none.")
@click.option(
    "--passphrase", "new", is_flag=True, help="Make a passphrase, which opens it without the key too."
)
@click.option(
    "--passphrase-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Use a passphrase of your own: the first line of this file.",
)
@click.option("--keep-until", metavar="DAY", help="Until when you keep it, such as 2027-03-31.")
@click.option(
    "--key",
    "key_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="With --verify: a copy of the key that opens it, as from before the key was changed.",
)
def backup_command(
    file: Path,
    verify: bool,
    new: bool,
    passphrase_file: Path | None,
    keep_until: str | None,
    key_file: Path | None,
) -> None:
    """Write everything of this instance to FILE, encrypted, while others go on using it.

    It is tried out at once: brought back into a scratch place, and compared row by row.
    """
    with explained():
        if verify:
            _verify(file, read_passphrase(new, passphrase_file), key_file)
        elif key_file is not None:
            raise CaseworkError("--key is for --verify. A backup is made under the key of this instance.")
        else:
            _make(file, new, passphrase_file, keep_until)


def _make(file: Path, new: bool, passphrase_file: Path | None, keep_until: str | None) -> None:
    from casework.app import create_app
    from casework.services.letters import unnamed_papers
    from casework.services.safety import backups
    from casework.services.safety.passphrases import check_passphrase, new_passphrase
    from casework.storage.instance import current_instance

    app = create_app(unlocked(living(load_settings())), count_anew=False)
    with app.app_context():
        today = clock.today()
        until = _day(keep_until) if keep_until else backups.kept_until_unless_said(today)
        backups.check_kept_until(until, today)
        passphrase = read_passphrase(False, passphrase_file)
        if passphrase is not None:
            check_passphrase(passphrase)
        elif new:
            passphrase = new_passphrase()
        row = backups.make(file, None, kept_until=until, passphrase=passphrase)
        rows = sum(row.counts.values())
        click.echo(f"{file}: {row.bytes:,} bytes, {rows:,} rows in {len(row.counts)} tables.")
        on_s3 = current_instance().settings.archive_store == "s3"
        there = "every row is there" if on_s3 else "every row and paper is there"
        click.echo(f"It was brought back into a scratch place, and {there}.")
        if on_s3:
            click.echo("The papers on S3 are not in it: keep copies of them there.")
        if missing := unnamed_papers.missing_now():
            click.echo(f"Papers that were missing before are in no backup ({missing}). See: casework doctor")
        click.echo(f"You keep it until {spoken(row.kept_until)}. Take it to another place than this machine.")
    if new and passphrase_file is None:
        click.echo(f"Its passphrase, shown this once and kept nowhere: {passphrase}")
        click.echo("Write it down now. With it, the backup opens without the key file.")
    elif passphrase is None:
        click.echo("It opens only with the key file. Keep a copy of the key, and not beside the backup.")


def _day(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise CaseworkError("Write the day as in 2027-03-31.") from None


def _verify(file: Path, passphrase: str | None, key_file: Path | None) -> None:
    """Try a backup out with the instance's key or the one that is given, with its passphrase, or with either."""
    from casework.services.safety import backups
    from casework.storage.encryption import read_keys
    from casework.storage.sealed_files import Opener

    settings = unlocked(load_settings())
    own = settings.key_file.is_file()
    has_instance = own and (bool(settings.database) or (settings.instance / "casework.db").is_file())
    opens = key_file or settings.key_file
    unlocked(replace(settings, key_file=opens))
    keys = read_keys(opens) if opens.is_file() else None
    beside = settings.instance if has_instance else file.absolute().parent
    tried = backups.try_out_file(file, Opener(keys.backups if keys else None, passphrase), keys, beside)
    rows = sum(one.rows for one in tried.manifest.tables.values())
    papers = sum(name.startswith("archive/") for name in tried.manifest.files)
    made = datetime.fromisoformat(tried.manifest.made_at)
    click.echo(f"{file} was made on {spoken(clock.day_of(made))} and is whole:")
    click.echo(f"{rows:,} rows in {len(tried.manifest.tables)} tables, {papers:,} files of papers.")
    if has_instance:
        from casework.app import create_app

        with create_app(settings, count_anew=False).app_context():
            backups.note_tried(tried, None)


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--to",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder to bring it back into; it must be empty. Otherwise the instance folder.",
)
@click.option(
    "--key",
    "key_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The key that opens it.",
)
@click.option(
    "--to-url-in",
    "url_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Bring the database back to PostgreSQL: the file whose first line is the address of an empty one.",
)
@passphrase_options
def restore_command(
    file: Path,
    folder: Path | None,
    key_file: Path | None,
    url_file: Path | None,
    ask: bool,
    passphrase_file: Path | None,
) -> None:
    """Bring everything in the backup FILE back, into an empty folder.

    It is checked row by row before anything counts. Without a passphrase the key is needed: the one in the folder,
    the one of this machine's own instance, or --key FILE. The database is the encrypted file in that folder, whatever
    it was before, unless --to-url-in says where else. Papers on storage that speaks S3 are left alone.
    """
    from casework.storage.restoring import restore

    with explained():
        settings = load_settings()
        folder = (folder or settings.instance).absolute()
        url_file = _refuse_unless_empty(folder, url_file)
        passphrase = read_passphrase(ask, passphrase_file)
        key = _key_for(folder, key_file, settings, passphrase)
        if key is not None:
            unlocked(replace(settings, key_file=key), even_locked=True)
        restored = restore(file, folder, key, passphrase)
    rows = sum(one.rows for one in restored.manifest.tables.values())
    made = datetime.fromisoformat(restored.manifest.made_at)
    click.echo(f"Brought back into {folder}: {rows:,} rows, as they were on {spoken(clock.day_of(made))}.")
    try:
        _note(folder, restored)
    except CaseworkError as error:
        raise click.ClickException(f"All is there, but it does not start yet. {error.message}") from None
    if url_file is not None:
        with explained():
            _go_on_to_postgres(folder, url_file)
        click.echo("The database is on PostgreSQL again, and every table is the same there.")
    elif settings.database:
        click.echo("Its database is the encrypted file in that folder, and not the one on PostgreSQL.")
    by_surroundings = os.environ.get(WHERE_PAPERS_LIE) == "s3"
    if restored.left_a_bucket or by_surroundings:
        click.echo(LEFT_A_BUCKET)
        said = GONE_FOR_GOOD if restored.left_a_bucket else AS_SAID
        click.echo(said.format(settings=folder / "settings.toml"))
    papers_here = f" {WHERE_PAPERS_LIE}=folder" if by_surroundings else ""
    click.echo(f"Look at it: CASEWORK_INSTANCE={folder}{papers_here} casework serve --port 8001")


def _refuse_unless_empty(folder: Path, url_file: Path | None) -> Path | None:
    """The file with the address of the database to bring it back to, if any. Raises CaseworkError if that is in use."""
    from casework.commands.move import refuse_what_is_in_use

    if url_file is None:
        return None
    there = load_settings(instance=folder, database_url="", database_url_file=url_file.absolute())
    if not there.database:
        raise SettingsError("There is no address on the first line of that file.")
    refuse_what_is_in_use(there)
    return url_file.absolute()


def _go_on_to_postgres(folder: Path, url_file: Path) -> None:
    """Carry what was brought back into a folder on to PostgreSQL. Until it is whole there the file stays."""
    from casework.commands.move import carry
    from casework.storage.restoring import go_by

    here = _of_the_file(folder)
    carry(here, replace(here, database_url_file=url_file))
    go_by(folder, url_file)
    for end in ("", "-wal", "-shm"):
        (folder / f"casework.db{end}").unlink(missing_ok=True)


def _of_the_file(folder: Path) -> Settings:
    """The settings of what was brought back: its database is the file, whatever the surroundings say.

    Nor do its papers lie in a bucket: the first start already erases what has to go by then.
    """
    store = "folder" if os.environ.get(WHERE_PAPERS_LIE) == "s3" else None
    settings = unlocked(load_settings(instance=folder, archive_store=store))
    return replace(settings, database_url="", database_url_file=None, s3_bucket="")


def _key_for(folder: Path, given: Path | None, settings: Settings, passphrase: str | None) -> Path | None:
    """The key file to open the backup with; None where the passphrase alone has to do."""
    for path in (given, folder / "key", settings.key_file):
        if path is not None and path.is_file():
            return path
    if passphrase is None:
        raise CaseworkError(
            "It needs the key of the instance that made it, or its passphrase: --key FILE or --passphrase"
        )
    return None


def _note(folder: Path, restored: object) -> None:
    """Start the new instance once: its tables are brought up to date, and it remembers where it comes from."""
    from casework.app import create_app
    from casework.services.safety import backups
    from casework.storage.database import db

    app = create_app(_of_the_file(folder))
    with app.app_context():
        backups.note_restored(restored.manifest, restored.file_sha256, restored.bytes)  # type: ignore[attr-defined]
        db.engine.dispose()
