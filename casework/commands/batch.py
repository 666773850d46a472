"""`casework batch`: a letter to their own MP for everybody in a spreadsheet, made and written into a folder."""

import json
from pathlib import Path
from typing import Any

import click

from casework.commands.explained import explained
from casework.commands.living import living
from casework.commands.unlocking import unlocked
from casework.domain.campaign.batches import Order
from casework.domain.errors import CaseworkError
from casework.settings import load_settings

PARTLY = 3  # the exit status when some letters, or some rows, need somebody


@click.command("batch")
@click.option("--case", "reference", required=True, metavar="REF", help="The case.")
@click.option("--template", required=True, metavar="KEY", help="Which letter: see `casework letters`.")
@click.option(
    "--supporters", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The spreadsheet: CSV, XLSX or ODS.",
)  # fmt: skip
@click.option(
    "--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="The folder to write to."
)
@click.option(
    "--order",
    type=click.Choice([str(one) for one in Order]),
    default=str(Order.CONSTITUENCY),
    help="Of the one PDF.",
)
@click.option("--room-to-write", is_flag=True, help="Leave lines for those without words of their own.")
@click.option("--because", metavar="WHY", help="Why they have to go without a form of authority.")
@click.option("--json", "json_wanted", is_flag=True, help="Print JSON.")
def batch_command(
    reference: str, template: str, supporters: Path, out: Path, order: str, room_to_write: bool,
    because: str | None, json_wanted: bool,
) -> None:  # fmt: skip
    """Make a letter for everybody in a spreadsheet, each to their own MP.

    Put only those into it who said that they will write; whose row says no has no letter.
    Asked again with the same file it goes on where it was, and makes nothing twice. It ends with status 3 where some
    need you.
    """
    from casework.app import create_app
    from casework.services.campaign import batch_runs
    from casework.services.case import cases
    from casework.storage.asking import Asking, asking_for

    with explained():
        app = create_app(unlocked(living(load_settings())), count_anew=False)
        with app.app_context():
            case = cases.case_on_this_machine(reference)
            with asking_for(Asking(case.group_id)):
                try:
                    run = batch_runs.run_from(
                        case, template, supporters.read_bytes(), order=Order(order), room_to_write=room_to_write,
                        because=because,
                    )  # fmt: skip
                except CaseworkError as error:
                    if error.field == "because":
                        raise CaseworkError(f"{error.message} (--because)") from error
                    raise
                found = _work_and_write(run, out, Order(order))
    _say(found, json_wanted)
    if found["failed"] or found["problems"] or found["made"] < found["total"]:
        raise SystemExit(PARTLY)


def _work_and_write(run: Any, out: Path, order: Order) -> dict[str, Any]:
    """Make what is not made, with a bar on the terminal, and write the files."""
    from casework.commands.work import asked_to_stop, letters_bar
    from casework.services.campaign import batches, work

    batch = run.batch
    before = batches.progress_of(batch)
    with asked_to_stop() as stop, letters_bar() as bar:
        task = bar.add_task("Letters", total=before.total, completed=before.total - before.left, failed="")
        work.work(
            batch_id=batch.id, stop=lambda: bool(stop), after_each=lambda outcome: bar.update(task, advance=1)
        )
    at = batches.progress_of(batch)
    return {
        "batch": batch.id,
        "went_on": run.goes_on,
        "state": str(batch.state),
        "total": at.total,
        "made": at.made,
        "failed": [{"number": row.position, "reason": row.reason} for row in batches.failed_letters(batch)],
        "problems": list(run.problems),
        "files": _write(batch, out, order) if at.made else [],
    }


def _write(batch: Any, out: Path, order: Order) -> list[str]:
    from casework.services.campaign import batch_outputs
    from casework.services.campaign.batch_outputs import Labels

    files = {
        "letters.pdf": batch_outputs.print_file(batch, None, order=order),
        "letters.zip": batch_outputs.zipped(batch, None),
        "labels.pdf": batch_outputs.labels(batch, Labels.MPS, None),
        "signers.csv": batch_outputs.signers_csv(batch, None),
    }
    try:
        out.mkdir(parents=True, exist_ok=True, mode=0o700)
        for name, content in files.items():
            (out / name).write_bytes(content)
    except OSError as error:
        raise click.ClickException(f"{out} cannot be written to: {error.strerror}.") from None
    return [str(out / name) for name in files]


def _say(found: dict[str, Any], json_wanted: bool) -> None:
    if json_wanted:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    for problem in found["problems"]:
        click.echo(problem, err=True)
    for one in found["failed"]:
        click.echo(f"Letter {one['number']}: {one['reason']}", err=True)
    click.echo(
        f"{found['made']} of {found['total']} letters are made{', going on' if found['went_on'] else ''}."
    )
    for name in found["files"]:
        click.echo(name)
