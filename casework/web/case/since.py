"""What changed since somebody was last here: in all their cases, in one, and saying that it is seen."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user

from casework.domain.case.since import Change
from casework.domain.safety.accounts import Action
from casework.services.case import since
from casework.web import undo
from casework.web.fields import whole_number
from casework.web.guards import allow, can, case_or_404

bp = Blueprint("since", __name__)

# Where each kind of change leads: an endpoint of the case, and what its address calls the number of the row.
DOORS: dict[str, tuple[str, str]] = {
    "case": ("cases.show", ""),
    "first hour": ("first_hour.ready", ""),
    "bags": ("go_bags.index", ""),
    "team": ("accounts.team", ""),
    "notes": ("notes.index", ""),
    "person": ("cases.show", ""),
    "asked": ("cases.show", ""),
    "places": ("cases.places", ""),
    "event": ("events.show", "event_id"),
    "date": ("deadlines.show", "deadline_id"),
    "paper": ("correspondence.show", "paper_id"),
    "draft": ("letters.edit_letter", "letter_id"),
    "letters": ("letters.index", ""),
    "authority": ("consent.show", ""),
    "agreed": ("campaign_consent.show", ""),
    "removal": ("removals.show", "removal_id"),
    "packs": ("packs.index", ""),
    "visit": ("surgeries.show", "visit_id"),
    "promise": ("surgeries.follow_up", "follow_up_id"),
    "plan": ("plans.show", ""),
    "tasks": ("plans.tasks", ""),
    "reporting": ("signing.show", ""),
    "supporters": ("supporters.index", ""),
    "needs": ("needs.index", ""),
    "contact": ("next_contacts.for_case", ""),
    "messages": ("messages.index", ""),
    "calls": ("call_rounds.index", ""),
    "batches": ("batches.index", ""),
}


@bp.app_template_global()
def where_changed(change: Change, reference: str) -> str:
    """Where a change is to be seen; empty where it leads nowhere that this person may enter."""
    endpoint, name = DOORS[change.told.door]
    if not can(endpoint) or (name and change.row is None):
        return ""
    values: dict[str, Any] = {name: change.row} if name else {}
    return url_for(endpoint, reference=reference, **values)


@bp.get("/since")
@allow(Action.VIEW_CASE)
def index() -> str:
    return render_template("since/index.html", changed=since.in_all(current_user))


@bp.post("/since")
@allow(Action.VIEW_CASE)
def see_all() -> Any:
    _say(since.see_all(whole_number(request.form.get("line")), current_user))
    return redirect(url_for("digest.index" if request.form.get("from") == "today" else "since.index"), 303)


@bp.post("/cases/<reference>/since")
@allow(Action.VIEW_CASE)
def see(reference: str) -> Any:
    case = case_or_404(reference)
    _say(since.see(case, whole_number(request.form.get("line")), current_user))
    return redirect(url_for("cases.show", reference=case.reference), 303)


def _say(line: int) -> None:
    undo.say("Marked as read. What changes from now on is shown.", url_for("since.not_seen"), line=line)


@bp.post("/since/undo")
@allow(Action.VIEW_CASE)
def not_seen() -> Any:
    since.not_seen(undo.accepted()["line"], current_user)
    flash("What changed is shown again.")
    return redirect(url_for("since.index"), 303)
