"""Who takes on which task of a case."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_login import current_user

from casework.domain.case.intake import TO_TAKE_ON
from casework.domain.errors import CaseworkError
from casework.domain.safety.accounts import Action
from casework.services.case import task_owners
from casework.storage.models import User
from casework.web.fields import ListField, whole_number
from casework.web.forms import HouseForm
from casework.web.guards import allow, case_or_404

bp = Blueprint("task_owners", __name__)
NOBODY = "Nobody yet"


def shares_form(actor: User, chosen: dict[str, int]) -> Any:
    """A form with a list of people for each task."""
    people = {"": NOBODY} | {str(one.id): one.name for one in task_owners.people(actor)}
    fields = {task: ListField(words, choices=people, default="") for task, words in TO_TAKE_ON.items()}
    return type("SharesForm", (HouseForm,), fields)(data={task: str(one) for task, one in chosen.items()})


def shares_of(form: Any) -> dict[str, int]:
    """Who takes on what, as it was chosen; 0 is nobody."""
    return {task: whole_number(form[task].data) for task in TO_TAKE_ON}


@bp.route("/cases/<reference>/who-does-what", methods=["GET", "POST"])
@allow(Action.MANAGE_TEAM)
def edit(reference: str) -> Any:
    case = case_or_404(reference)
    form = shares_form(current_user, task_owners.chosen(case))
    if form.validate_on_submit():
        try:
            task_owners.share_out(case, shares_of(form), current_user)
        except CaseworkError as error:
            form.explain(error)
        else:
            flash("Saved.")
            return redirect(url_for("cases.show", reference=case.reference), 303)
    return render_template("task_owners/edit.html", case=case, form=form, tasks=TO_TAKE_ON)
