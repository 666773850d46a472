"""The first page, one's own page, about, and the quick way out."""

from typing import Any

from flask import Blueprint, Response, redirect, render_template, session, url_for
from flask_login import current_user, logout_user

from casework.domain.accounts import ACTIONS, ROLE_WORDS, Action, Role
from casework.services import backups
from casework.services.directory import directory
from casework.web.guards import allow, public

bp = Blueprint("home", __name__)

# Somewhere that anybody might be looking at.
ELSEWHERE = "https://www.bbc.co.uk/weather"


@bp.get("/")
@public
def index() -> Any:
    if current_user.is_authenticated:
        return redirect(url_for("cases.index"))
    return redirect(url_for("accounts.sign_in"))


@bp.get("/you")
@allow(Action.OWN_ACCOUNT)
def you() -> str:
    role = Role(current_user.role)
    due = backups.reminder_now() if current_user.may(Action.KEEP_BACKUPS) else ""
    return render_template(
        "home/you.html", role_words=ROLE_WORDS[role], actions=sorted(ACTIONS[role]), backup_due=due
    )


@bp.get("/about")
@public
def about() -> str:
    release = directory().release
    return render_template("home/about.html", release=release)


@bp.get("/leave")
@public
def leave() -> Response:
    """Sign out, clear what the browser kept of these pages, and go somewhere ordinary."""
    logout_user()
    session.clear()
    response = redirect(ELSEWHERE, 303)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response  # type: ignore[return-value]
