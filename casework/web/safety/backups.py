"""Backups: make one and take it away, and the list of those that were made."""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask_login import current_user
from wtforms import BooleanField, HiddenField

from casework import clock
from casework.domain.errors import CaseworkError
from casework.domain.safety.accounts import Action
from casework.services.safety import backups
from casework.services.safety.passphrases import check_passphrase, new_passphrase
from casework.storage.instance import current_instance
from casework.storage.leftovers import scratch_folder
from casework.web.fields import DayField
from casework.web.forms import HouseForm
from casework.web.guards import allow
from casework.web.safety.account_forms import RepeatableForm

bp = Blueprint("backups", __name__)
PART_BYTES = 2**20
YEARS_AHEAD = 20


class BackupForm(RepeatableForm):
    """What the new backup is to be. The passphrase is made for the page that shows it, and kept nowhere."""

    kept_until = DayField(
        "Until when will you keep it?",
        required="Type a day.",
        latest_years=YEARS_AHEAD,
        hint="Then destroy it.",
    )
    with_passphrase = BooleanField("I wrote down the passphrase. It opens the backup, without the key too.")
    passphrase = HiddenField(default=new_passphrase)


class KeepForm(HouseForm):
    """Until when a backup is kept."""

    kept_until = DayField("Kept until", required="Type a day.", latest_years=YEARS_AHEAD)


@bp.route("/backups", methods=["GET", "POST"])
@allow(Action.KEEP_BACKUPS)
def index() -> Any:
    today = clock.today()
    form = BackupForm(kept_until=backups.kept_until_unless_said(today))
    if form.validate_on_submit():
        try:
            return _made(form)
        except CaseworkError as error:
            form.explain(error)
    settings = current_instance().settings
    return render_template(
        "backups/index.html", form=form, backups=backups.list_backups(), reminder=backups.reminder_now(),
        most_days=settings.backup_days, keep_days=settings.backup_keep_days, yesterday=today - timedelta(days=1),
        papers_on_s3=settings.archive_store == "s3",
    )  # fmt: skip


def _made(form: BackupForm) -> Response:
    """A new backup as the answer. It lies in the scratch place only until it is sent, and encrypted."""
    assert form.kept_until.data
    until = backups.check_kept_until(form.kept_until.data, clock.today())
    passphrase = check_passphrase(form.passphrase.data or "") if form.with_passphrase.data else None
    with scratch_folder(current_instance().settings.instance) as scratch:
        path = Path(scratch) / "backup"
        row = backups.make(path, current_user, kept_until=until, passphrase=passphrase)
        # Open, it can still be read to its end when its name is gone.
        file = path.open("rb")
        size = os.fstat(file.fileno()).st_size
    response = Response(_parts(file), content_type="application/octet-stream")
    response.headers["Content-Length"] = str(size)
    name = f"backup-{clock.day_of(row.made_at):%Y-%m-%d}-{row.id}.casework"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.call_on_close(file.close)
    return response


def _parts(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while part := file.read(PART_BYTES):
            yield part


@bp.route("/backups/<int:backup_id>", methods=["GET", "POST"])
@allow(Action.KEEP_BACKUPS)
def edit(backup_id: int) -> Any:
    row = backups.get_backup(backup_id)
    form = KeepForm(kept_until=row.kept_until)
    if form.validate_on_submit():
        assert form.kept_until.data
        backups.keep_until(row, form.kept_until.data, current_user)
        over = form.kept_until.data < clock.today()
        flash("It is noted as destroyed." if over else "It is noted.")
        return redirect(url_for("backups.index"), 303)
    return render_template("backups/edit.html", form=form, backup=row)
