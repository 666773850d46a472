"""The supporters of a case: the list, somebody new, off the list."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_login import current_user

from casework.domain.accounts import Action
from casework.domain.errors import CaseworkError
from casework.services import supporters
from casework.web.guards import allow, case_or_404
from casework.web.supporter_forms import SupporterForm

bp = Blueprint("supporters", __name__)


@bp.route("/cases/<reference>/supporters/new", methods=["GET", "POST"])
@allow(Action.EDIT_CASE)
def new_supporter(reference: str) -> Any:
    case = case_or_404(reference)
    form = SupporterForm()
    if form.validate_on_submit():
        try:
            supporter = supporters.add_supporter(case, current_user, **form.details())
        except CaseworkError as error:
            form.explain(error)
        else:
            if supporter.gss_code is None or supporter.gss_basis == "approximate":
                where = "members.choose_for_supporter"
                return redirect(url_for(where, reference=case.reference, supporter_id=supporter.id), 303)
            flash(f"{supporter.name} is on the list.")
            return redirect(url_for("supporters.index", reference=case.reference), 303)
    return render_template("supporters/new_supporter.html", case=case, form=form)


@bp.get("/cases/<reference>/supporters")
@allow(Action.VIEW_CASE)
def index(reference: str) -> str:
    case = case_or_404(reference)
    return render_template("supporters/index.html", case=case, sign_ups=supporters.list_sign_ups(case))


@bp.post("/cases/<reference>/supporters/<int:supporter_id>/remove")
@allow(Action.EDIT_CASE)
def remove_supporter(reference: str, supporter_id: int) -> Any:
    case = case_or_404(reference)
    supporters.remove_supporter(case, supporter_id, current_user)
    flash("They are off the list.")
    return redirect(url_for("supporters.index", reference=case.reference), 303)
