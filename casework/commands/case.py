"""`casework case`: one case in one encrypted file, for another group or another machine."""

from pathlib import Path

import click

from casework.commands.explained import explained
from casework.commands.living import living
from casework.commands.opening import read_passphrase
from casework.commands.unlocking import unlocked
from casework.domain.errors import CaseworkError
from casework.settings import load_settings

FILE = click.Path(dir_okay=False, path_type=Path)


@click.group("case")
def case_group() -> None:
    """Take a case out to hand it over, bring one in, or make the person's copy of everything held about them."""


@case_group.command("export")
@click.argument("reference")
@click.argument("file", type=FILE)
def export_command(reference: str, file: Path) -> None:
    """Write the case REFERENCE to FILE, encrypted, with its papers, its supporters and its trail."""
    from casework.app import create_app
    from casework.services.case import cases
    from casework.services.safety import case_exports
    from casework.services.safety.backups import AT_THE_MACHINE
    from casework.services.safety.passphrases import new_passphrase

    with explained(), create_app(unlocked(living(load_settings())), count_anew=False).app_context():
        case, passphrase = cases.case_on_this_machine(reference), new_passphrase()
        case_exports.export_to(file, case, passphrase, None, AT_THE_MACHINE)
    click.echo(f"{file} holds everything of {reference.upper()}.")
    click.echo(f"Its passphrase, shown this once and kept nowhere: {passphrase}")
    click.echo(
        "Give it to them in another way than the file. The case stays here too, until you close or erase it."
    )


@case_group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--passphrase-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Read the passphrase from the first line of this file; otherwise it is asked for.",
)
@click.option(
    "--same-names", is_flag=True, help="What somebody did there stands under the account of the same name."
)
def import_command(file: Path, passphrase_file: Path | None, same_names: bool) -> None:
    """Add the case in FILE to this instance, whole or not at all."""
    from casework.app import create_app
    from casework.services.safety import case_imports
    from casework.services.safety.backups import AT_THE_MACHINE
    from casework.storage.sealed_files import Opener

    passphrase = read_passphrase(True, passphrase_file) or ""
    with explained(), create_app(unlocked(living(load_settings()))).app_context():
        try:
            with file.open("rb") as content:
                added = case_imports.bring_in(
                    content, Opener(passphrase=passphrase), None, same_names=same_names, signed=AT_THE_MACHINE
                )
        except OSError as error:
            raise CaseworkError(f"{file} cannot be read: {error.strerror}.") from None
        click.echo(f"The case is here as {added.case.reference}; there it was {added.reference_there}.")
        click.echo(f"{added.papers} papers and {added.lines} lines of its trail came with it.")
        click.echo(
            "The organisers work on it. Links and campaign pages of there have ended, batches are paused."
        )
        if added.earlier:
            click.echo(added.says_of_earlier, err=True)


@case_group.command("copy")
@click.argument("reference")
@click.argument("file", type=FILE)
@click.option("--plain", is_flag=True, help="A zip that anybody can read, on purpose.")
def copy_command(reference: str, file: Path, plain: bool) -> None:
    """Write a copy of everything held about the person of REFERENCE to FILE, for them, encrypted."""
    from casework.app import create_app
    from casework.services.case import cases
    from casework.services.consent import subject_access
    from casework.services.safety.backups import AT_THE_MACHINE, new_file
    from casework.services.safety.passphrases import new_passphrase
    from casework.storage.instance import current_instance

    passphrase = new_passphrase()
    with (
        explained(),
        create_app(unlocked(living(load_settings())), count_anew=False).app_context(),
        new_file(file, current_instance().settings.instance) as target,
    ):
        case = cases.case_on_this_machine(reference)
        content = subject_access.make_zip(case, None, encrypted=not plain, signed=AT_THE_MACHINE)
        target.write(content if plain else subject_access.seal_zip(content, passphrase))
    if plain:
        click.echo(f"{file} can be read by whoever holds it. Give it to the person, and delete it here.")
        return
    click.echo(f"{file} is encrypted. To open it: casework case open FILE FOLDER")
    click.echo(f"Its passphrase, shown this once and kept nowhere: {passphrase}")


@case_group.command("open")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--passphrase-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Read the passphrase from the first line of this file; otherwise it is asked for.",
)
def open_command(file: Path, folder: Path, passphrase_file: Path | None) -> None:
    """Open an encrypted copy of somebody's into the new folder FOLDER, as a zip."""
    from casework.services.consent import subject_access
    from casework.services.safety.backups import new_file

    passphrase = read_passphrase(True, passphrase_file) or ""
    with explained():
        try:
            content = subject_access.open_sealed_zip(file.read_bytes(), passphrase)
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise CaseworkError(f"It cannot be opened: {error.strerror}.") from None
        with new_file(folder / subject_access.ZIP_NAME) as target:
            target.write(content)
    click.echo(f"{folder / subject_access.ZIP_NAME} is not encrypted. Delete it when it is given.")
