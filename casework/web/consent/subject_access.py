"""A copy of everything for the person, encrypted or, on purpose, plain."""

from typing import Any

from flask import Blueprint, Response, render_template
from flask_login import current_user
from wtforms import BooleanField, HiddenField

from casework.domain.errors import CaseworkError
from casework.domain.safety.accounts import Action
from casework.services.consent import subject_access
from casework.services.consent.subject_access import LEFT_OUT
from casework.services.safety.passphrases import check_passphrase, new_passphrase
from casework.storage.models import Case
from casework.web.downloads import send_file_as
from casework.web.fields import one_of
from casework.web.guards import allow, case_or_404
from casework.web.safety.account_forms import RepeatableForm

bp = Blueprint("subject_access", __name__)
HOW = {
    "sealed": "Encrypted, with the passphrase below",
    "plain": "Plain: whoever holds it reads everything. Put it on a stick that only they have, and delete it here.",
}


class CopyForm(RepeatableForm):
    """How the copy is given. The passphrase is made for the page that shows it, and kept nowhere."""

    how = one_of("How do you take it away?", HOW, required="Choose one.")
    read_through = BooleanField("I know that our own notes are in it, and I read them through.")
    passphrase = HiddenField(default=new_passphrase)


@bp.route("/cases/<reference>/copy", methods=["GET", "POST"])
@allow(Action.GIVE_COPY)
def show(reference: str) -> Any:
    case = case_or_404(reference)
    form = CopyForm()
    if form.validate_on_submit():
        try:
            return _made(case, form)
        except CaseworkError as error:
            form.explain(error)
    return render_template("subject_access/show.html", case=case, form=form, left_out=LEFT_OUT)


def _made(case: Case, form: CopyForm) -> Response:
    if not form.read_through.data:
        raise CaseworkError("Read the notes through, and tick here.", field="read_through")
    is_sealed = form.how.data == "sealed"
    passphrase = check_passphrase(form.passphrase.data or "") if is_sealed else ""
    content = subject_access.make_zip(case, current_user, encrypted=is_sealed)
    if is_sealed:
        return send_file_as(
            "copy.casework", subject_access.seal_zip(content, passphrase), "application/octet-stream"
        )
    return send_file_as("copy.zip", content, "application/zip")
