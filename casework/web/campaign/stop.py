"""Stopping by one's own link: one page without an account, one button, and what was removed."""

from typing import Any

from flask import Blueprint, render_template, request, url_for

from casework.domain.errors import NotFound
from casework.services.campaign import campaign_pages, stopping, supporters
from casework.services.letters.disclosure import name_for_supporters
from casework.services.safety.tries import TooManyTries
from casework.storage.instance import current_instance
from casework.storage.models import SignUp, Supporter
from casework.web.anybody import public
from casework.web.consent.own_view import is_only_here
from casework.web.fields import one_of, whole_number
from casework.web.forms import HouseForm

bp = Blueprint("stop", __name__)
ALL = "all"


def address_of(token: str) -> dict[str, Any]:
    """The whole address of a link to stop, and whether it leads to this machine alone."""
    base = current_instance().settings.base_url
    address = base + url_for("stop.show", token=token, _external=not base)
    return {"address": address, "only_here": is_only_here(address)}


@bp.route("/stop/<token>", methods=["GET", "POST"])
@public
def show(token: str) -> Any:
    try:
        supporter = supporters.by_stop_link(token, request.remote_addr or "")
    except TooManyTries as error:
        return render_template(
            "errors/problem.html", heading="Wait a little", message=error.message, code=None
        ), 429
    except NotFound as error:
        return render_template(
            "errors/problem.html", heading="This link does not work", message=error.message, code=None
        ), 404
    form = _form(supporter)
    if form.validate_on_submit():
        which = form.which.data if "which" in form else ALL
        case_ids = None if which == ALL else [whole_number(which)]
        return render_template(
            "stop/gone.html", erased=stopping.stop_by_link(supporter, case_ids), is_all=case_ids is None
        )
    return render_template("stop/show.html", form=form, names=_names(supporter))


def _form(supporter: Supporter) -> Any:
    """One button; who signed up for several people is asked for whom they stop."""
    names = _names(supporter)
    if len(names) < 2:
        return HouseForm()
    answers = {
        ALL: "For all of them: be gone altogether",
        **{key: f"For {name}" for key, name in names.items()},
    }
    question = one_of("For whom do you want to stop?", answers, required="Choose for whom you stop.")
    return type("WhichForm", (HouseForm,), {"which": question})(data={"which": ALL})


def _names(supporter: Supporter) -> dict[str, str]:
    """The cases they signed up to by the name that they may know; without one, by the day they signed up."""
    return {
        str(row.case_id): _name_for(row) or f"the person for whom you signed up on {row.joined_on:%-d %B %Y}"
        for row in supporter.sign_ups
    }


def _name_for(row: SignUp) -> str:
    if row.case.binned_at:  # nothing of a case in the bin is shown to anybody; stopping works as ever
        return ""
    # Who came by the campaign page was told the public name, and may be anybody.
    return (
        campaign_pages.name_in_public(row.case) if row.joined_how == "page" else name_for_supporters(row.case)
    )
