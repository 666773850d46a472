"""What is ready after the first hour: the pack, who can act, the drafts, and what is to be done by whom."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_login import current_user

from casework import clock
from casework.domain.errors import CaseworkError
from casework.domain.safety.accounts import Action
from casework.services.case import first_pack
from casework.services.consent import need_to_know
from casework.services.language import languages
from casework.services.letters import letters, packs
from casework.web.case import case_page
from casework.web.forms import HouseForm
from casework.web.guards import allow, case_or_404

bp = Blueprint("first_hour", __name__)


class PackForm(HouseForm):
    """The pack once more, as things are now."""


@bp.route("/cases/<reference>/first-hour", methods=["GET", "POST"])
@allow(Action.EDIT_CASE)
def ready(reference: str) -> Any:
    case = case_or_404(reference)
    form = PackForm()
    if form.validate_on_submit():
        try:
            packs.make_first(case, current_user)
        except CaseworkError as error:
            form.explain(error)
        else:
            flash("The pack is made anew.")
            return redirect(url_for("first_hour.ready", reference=case.reference), 303)
    pack = first_pack.newest(case)
    return render_template(
        "first_hour/ready.html",
        case=case,
        form=form,
        english_only=languages.english_only_for(case.languages or ""),
        pack=pack if pack and not need_to_know.holds_hidden(pack) else None,
        drafts=[
            (row, first_pack.title_of(row), first_pack.waits_for_yes(row))
            for row in reversed(letters.list_drafts(case))
        ],
        **case_page.contents(case, clock.today()),
    )
