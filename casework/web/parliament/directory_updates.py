"""The directory in use: which update, what it changed, which of one’s own cases that touches; and the way back."""

from itertools import groupby
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_login import current_user

from casework.domain.parliament.directory_differences import IN_FULL
from casework.domain.safety.accounts import Action
from casework.services.parliament import directory_updates
from casework.services.parliament.directory import compiled_directory, directory
from casework.web.guards import allow

bp = Blueprint("directory_updates", __name__)
MOST_SHOWN = 100


@bp.get("/directory")
@allow(Action.KEEP_DIRECTORY)
def index() -> str:
    now = directory_updates.in_use()
    codes = directory_updates.changed_seats(now.update) if now.update else []
    return render_template(
        "directory_updates/index.html",
        now=now,
        release=directory().release,
        compiled=compiled_directory().release,
        told=_told(now),
        most=MOST_SHOWN,
        touched=directory_updates.own_cases_touched(codes, current_user) if codes else [],
    )


def _told(now: directory_updates.InUse) -> list[dict[str, Any]]:
    """What the update changed, by what it is about; of what matters less only how many."""
    found = now.update.differences if now.update else ()
    return [
        {"about": about, "rows": list(rows), "in_full": about in IN_FULL}
        for about, rows in groupby(found, key=lambda one: one.about)
    ]


@bp.post("/directory/back")
@allow(Action.KEEP_DIRECTORY)
def roll_back() -> Any:
    before = directory_updates.roll_back(current_user)
    flash(f"In use now: {before or 'the tables that Casework carries'}.")
    return redirect(url_for("directory_updates.index"), 303)


@bp.post("/directory/<update_name>/use")
@allow(Action.KEEP_DIRECTORY)
def take_up(update_name: str) -> Any:
    directory_updates.take_up(update_name, current_user)
    flash(f"In use now: {update_name}.")
    return redirect(url_for("directory_updates.index"), 303)
