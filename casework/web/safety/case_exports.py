"""A case taken out in one encrypted file, and one brought in."""

from io import BytesIO
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask_login import current_user
from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField

from casework.domain.errors import CaseworkError
from casework.domain.safety.accounts import Action
from casework.services.safety import case_exports, case_imports
from casework.services.safety.passphrases import check_passphrase, new_passphrase
from casework.storage.instance import current_instance
from casework.storage.models import Case
from casework.storage.sealed_files import Opener
from casework.web.downloads import send_file_as
from casework.web.fields import line
from casework.web.filters import count
from casework.web.forms import HouseForm
from casework.web.guards import allow, case_or_404
from casework.web.safety.account_forms import RepeatableForm

bp = Blueprint("case_exports", __name__)
SEALED = "application/octet-stream"
WRITE_IT_DOWN = "Write down the passphrase and tick here. Without it nobody opens the file."


class ExportForm(RepeatableForm):
    """The passphrase is made for the page that shows it, and kept nowhere."""

    written_down = BooleanField("I wrote down the passphrase.")
    passphrase = HiddenField(default=new_passphrase)


class BringInForm(HouseForm):
    """The file, what opens it, and whose work is whose."""

    file = FileField("The file")
    passphrase = line(
        "Its passphrase",
        hint="Capitals, spaces and hyphens do not matter.",
        required="Type the passphrase that came with it.",
        autocomplete="off",
        autocapitalize="none",
        spellcheck="false",
    )
    same_names = BooleanField(
        "People who worked on it there have accounts of the same name here: show their work as theirs."
    )

    def content(self) -> bytes:
        """What was sent. Raises CaseworkError when nothing was."""
        upload = self.file.data
        if not upload or not getattr(upload, "filename", ""):
            raise CaseworkError("Choose the file.", field="file")
        return bytes(upload.read())


@bp.route("/cases/<reference>/export", methods=["GET", "POST"])
@allow(Action.HAND_CASES_OVER)
def export(reference: str) -> Any:
    case = case_or_404(reference)
    form = ExportForm()
    if form.validate_on_submit():
        try:
            return _exported(case, form)
        except CaseworkError as error:
            form.explain(error)
    return render_template("case_exports/export.html", case=case, form=form)


def _exported(case: Case, form: ExportForm) -> Response:
    if not form.written_down.data:
        raise CaseworkError(WRITE_IT_DOWN, field="written_down")
    file = BytesIO()
    case_exports.export(file, case, check_passphrase(form.passphrase.data or ""), current_user)
    return send_file_as("case.casework", file.getvalue(), SEALED)


@bp.route("/cases/bring-in", methods=["GET", "POST"])
@allow(Action.HAND_CASES_OVER)
def bring_in() -> Any:
    form = BringInForm()
    if form.validate_on_submit():
        try:
            opener = Opener(passphrase=form.passphrase.data)
            added = case_imports.bring_in(
                BytesIO(form.content()), opener, current_user, same_names=form.same_names.data
            )
        except CaseworkError as error:
            form.explain(error)
        else:
            flash(
                f"The case is here, with {count(added.papers, 'paper')} and {count(added.lines, 'line')} of its trail. "
                f"There it was {added.reference_there}."
            )
            if added.earlier:
                flash(added.says_of_earlier)
            return redirect(url_for("cases.show", reference=added.case.reference), 303)
    most = current_instance().settings.upload_limit_mb
    return render_template("case_exports/bring_in.html", form=form, most=most)
