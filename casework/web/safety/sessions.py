"""Where somebody is signed in, and how long this sign-in still lasts."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_login import current_user

from casework.domain.safety.accounts import Action
from casework.services.safety import sessions
from casework.web.entering import cleared, end_session
from casework.web.guards import allow

bp = Blueprint("sessions", __name__)
HERE = "/you/devices"


@bp.get(HERE)
@allow(Action.OWN_ACCOUNT)
def index() -> str:
    return render_template(
        "sessions/index.html",
        rows=sessions.list_open(current_user),
        here=current_user.session.id,
        ends_at=sessions.ends_at,
    )


@bp.post(f"{HERE}/<int:session_id>/end")
@allow(Action.OWN_ACCOUNT)
def end(session_id: int) -> Any:
    row = sessions.end_one(current_user, session_id)
    if row.id == current_user.session.id:
        end_session()
        return cleared(redirect(url_for("accounts.sign_in", left="yes"), 303))  # type: ignore[arg-type]
    flash(f"You are signed out there: {row.device}.")
    return redirect(url_for("sessions.index"), 303)


@bp.post(f"{HERE}/end-others")
@allow(Action.OWN_ACCOUNT)
def end_others() -> Any:
    sessions.end_others(current_user)
    flash("You are signed out on every other device.")
    return redirect(url_for("sessions.index"), 303)


@bp.get("/signed-in")
@allow(Action.OWN_ACCOUNT)
def left() -> Response:
    """For how many seconds this sign-in lasts; with `here`, somebody has just said that they are still there."""
    if "here" in request.args:
        sessions.see(current_user.session, at_once=True)
    seconds = sessions.seconds_left(current_user.session)
    return Response(f'{{"seconds": {seconds}}}', mimetype="application/json")
