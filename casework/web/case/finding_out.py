"""One thing that is to be found out about somebody: where it is written down, or that there is nothing."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user

from casework.domain.safety.accounts import Action
from casework.services.case import case_places, finding_out
from casework.services.timing import removals
from casework.web.forms import HouseForm
from casework.web.guards import allow, case_or_404

bp = Blueprint("finding_out", __name__)
# Where each thing is written down: an endpoint of the case, what its address carries, and the words of the link.
DOORS: dict[str, tuple[str, dict[str, Any], str]] = {
    "name": ("cases.edit_person", {}, "Write down their name"),
    "language": ("cases.edit_person", {}, "Write down their language"),
    "place": ("cases.new_place", {"kind": "detention"}, "Write down where they are held"),
    "home": ("cases.new_place", {"kind": "home"}, "Write down their home"),
    "former": ("cases.new_place", {"kind": "former home"}, "Write down an earlier home"),
    "papers": ("correspondence.new_response", {}, "Record the letter from the Home Office"),
    "flight": ("removals.new_removal", {}, "Write down the flight"),
    "lawyer": ("cases.edit_person", {}, "Write down who their lawyer is"),
    "asked": ("cases.record_asked", {}, "Record what they said"),
    "urgent": ("cases.edit_person", {}, "Write down what cannot wait"),
}


class SettleForm(HouseForm):
    """That somebody asked, and there is nothing."""


@bp.route("/cases/<reference>/find-out/<finding>", methods=["GET", "POST"])
@allow(Action.EDIT_CASE)
def show(reference: str, finding: str) -> Any:
    case = case_or_404(reference)
    about, standing = finding_out.get(case, finding)
    form = SettleForm()
    if form.validate_on_submit():
        finding_out.settle(case, finding, current_user, settled=request.form.get("do") != "undo")
        flash("Saved.")
        return redirect(url_for("cases.show", reference=case.reference), 303)
    endpoint, values, words = DOORS[finding]
    where = url_for(endpoint, reference=case.reference, **values)
    stay = case_places.unknown_stay(case) if finding == "place" else None
    if stay:
        where = url_for("cases.edit_place", reference=case.reference, place_id=stay.id)
    attempt = removals.running(case) if finding == "papers" else None
    if attempt and attempt.correspondence_id and not attempt.notice_given_on:
        where = url_for("removals.change_removal", reference=case.reference, removal_id=attempt.id)
        words = "Write down the day on which the notice was given"
    return render_template(
        "finding_out/show.html",
        case=case,
        about=about,
        standing=standing,
        form=form,
        where=where,
        words=words,
        stay=stay,
    )
