"""Single keys that lead somewhere: which there are, and the switch for whoever does not want them."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_login import current_user

from casework.domain.safety.accounts import Action
from casework.services.case import shortcuts
from casework.web.guards import allow, can
from casework.web.reading import known

bp = Blueprint("shortcuts", __name__)


@dataclass(frozen=True)
class Shortcut:
    """A key, or two one after the other, what they do in words, and the page to which they lead."""

    keys: str
    words: str
    endpoint: str = ""


SHORTCUTS = (
    Shortcut("/", "Go to the search box"),
    Shortcut("?", "Show this list"),
    Shortcut("g c", "Go to the cases", "cases.index"),
    Shortcut("g t", "Go to today", "digest.index"),
    Shortcut("g d", "Go to the dates", "board.index"),
    Shortcut("g m", "Go to the MPs", "members.index"),
    Shortcut("g y", "Go to your own page", "home.you"),
    Shortcut("n", "Open a new case", "cases.new_case"),
)


def offered() -> list[Shortcut]:
    """The keys that lead somewhere for whoever is signed in."""
    return [
        one
        for one in SHORTCUTS
        if not one.endpoint or (one.endpoint in current_app.view_functions and can(one.endpoint))
    ]


def as_data() -> list[list[str]]:
    """The same as the script takes them: keys, words in the reader’s language, address."""
    return [[one.keys, known(one.words), url_for(one.endpoint) if one.endpoint else ""] for one in offered()]


@bp.get("/you/keys")
@allow(Action.OWN_ACCOUNT)
def index() -> str:
    return render_template("home/keys.html", shortcuts=offered())


@bp.post("/you/keys")
@allow(Action.OWN_ACCOUNT)
def switch() -> Any:
    on = request.form.get("keys") == "on"
    shortcuts.switch(current_user, on)
    flash("Single keys are on." if on else "Single keys are off.")
    return redirect(url_for("shortcuts.index"), 303)
