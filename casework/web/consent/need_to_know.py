"""Who may see one thing of a case: an address, a note, a letter or a visit."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_login import current_user

from casework.domain.consent.need_to_know import NOT_HIDDEN, Hidden
from casework.domain.errors import CaseworkError, NotFound
from casework.domain.safety.accounts import Action
from casework.domain.said import of_ours
from casework.domain.words import say
from casework.services.consent import need_to_know
from casework.storage.models import Case
from casework.web.fields import ListField
from casework.web.forms import HouseForm
from casework.web.guards import allow, case_or_404

bp = Blueprint("need_to_know", __name__)
WORDS = {
    "place": "an address",
    "note": "a note",
    "letter": "a letter",
    "visit": "a visit",
    "plan": "the plan for reporting days",
}
BACK = {
    "place": ("cases.places", None),
    "note": ("notes.index", None),
    "letter": ("correspondence.show", "paper_id"),
    "visit": ("surgeries.show", "visit_id"),
    "plan": ("signing.show", None),
}


def hidden_field() -> ListField:
    """The question of a form whether a thing is hidden from some of the team."""
    return ListField(
        "Who may see this?",
        description="Who sees what is hidden is said for each person under “Who works on this”. Letters that were "
        "issued before keep what they say.",
        choices={"": NOT_HIDDEN}
        | {kind.value: say("Hidden: {what}", what=of_ours(kind.words)) for kind in Hidden},
        default="",
    )


class HiddenForm(HouseForm):
    """Whether a thing is hidden, and why."""

    hidden = hidden_field()


@bp.route("/cases/<reference>/hidden/<what>/<int:row_id>", methods=["GET", "POST"])
@allow(Action.EDIT_CASE)
def edit(reference: str, what: str, row_id: int) -> Any:
    case = case_or_404(reference)
    if what not in WORDS:
        raise NotFound("There is no such page.")
    row = need_to_know.get_thing(case, what, row_id)
    form = HiddenForm(hidden=row.hidden or "")
    if form.validate_on_submit():
        try:
            need_to_know.hide_and_save(case, row, need_to_know.as_hidden(form.hidden.data), current_user)
        except CaseworkError as error:
            form.explain(error)
        else:
            flash("Saved.")
            return redirect(_back(case, what, row_id), 303)
    return render_template(
        "need_to_know/edit.html", case=case, form=form, what=WORDS[what], back=_back(case, what, row_id)
    )


def _back(case: Case, what: str, row_id: int) -> str:
    endpoint, name = BACK[what]
    values: dict[str, Any] = {name: row_id} if name else {}
    return url_for(endpoint, reference=case.reference, **values)
