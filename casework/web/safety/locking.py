"""One tap that locks everything: every process drops its keys, and everybody is signed out."""

from typing import Any

from flask import Blueprint, redirect, session, url_for
from flask_login import current_user

from casework.domain.safety.accounts import Action
from casework.services.safety import locking
from casework.web.guards import allow
from casework.web.headers import EVERYTHING_SHOWN

bp = Blueprint("locking", __name__)


@bp.post("/lock-everything")
@allow(Action.LOCK_EVERYTHING)
def lock_everything() -> Any:
    """Nobody is asked whether they are sure: whoever is in a hurry has no second tap to give."""
    locking.lock_everything(current_user)
    session.clear()
    response = redirect(url_for("home.index"), 303)
    response.headers["Clear-Site-Data"] = EVERYTHING_SHOWN
    return response
