"""The first page, one's own page, about, and the quick way out."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask_login import current_user

from casework.domain.safety.accounts import ACTIONS, ROLE_WORDS, Action, Role
from casework.services.language import languages
from casework.services.parliament.directory import directory
from casework.services.safety import accounts, backups, groups, locking
from casework.storage.instance import current_instance
from casework.web.anybody import public
from casework.web.entering import cleared, end_session
from casework.web.fields import one_of
from casework.web.forms import HouseForm
from casework.web.guards import allow
from casework.web.reading import language_name

bp = Blueprint("home", __name__)


@bp.get("/")
@public
def index() -> Any:
    if current_user.is_authenticated:
        return redirect(url_for("digest.index"))
    return redirect(url_for("accounts.sign_in"))


@bp.get("/you")
@allow(Action.OWN_ACCOUNT)
def you() -> str:
    role = Role(current_user.role)
    only_one = role is Role.ORGANISER and groups.organisers_of(current_user.group_id) < 2
    return render_template(
        "home/you.html",
        role_words=ROLE_WORDS[role],
        actions=sorted(ACTIONS[role]),
        only_one=only_one,
        several=groups.are_several(),
        unlocked_by_passphrase=locking.by_passphrase(),
        backup_due=backups.reminder_now() if current_user.may(Action.KEEP_BACKUPS) else "",
    )


@bp.route("/you/language", methods=["GET", "POST"])
@allow(Action.OWN_ACCOUNT)
def language() -> Any:
    """The language that somebody reads these pages in."""
    form = reading_form(current_user.language)
    if form.validate_on_submit():
        accounts.read_in(current_user, form.language.data)
        flash("Saved.")
        return redirect(url_for("home.you"), 303)
    return render_template("home/language.html", form=form)


def reading_form(chosen: str | None) -> Any:
    """The form with every language that there is, each by its own name."""
    names = {one.code: f"{one.own_name} ({language_name(one)})" for one in languages.list_languages()}
    field = one_of("In which language?", {"en": "English", **names}, required="Choose a language.")
    return type("ReadingForm", (HouseForm,), {"language": field})(data={"language": chosen or "en"})


@bp.get("/about")
@public
def about() -> str:
    release = directory().release
    return render_template("home/about.html", release=release)


@bp.get("/leave")
@public
def leave() -> Response:
    """Sign out, clear what the browser kept of these pages, and go somewhere ordinary."""
    if current_user.is_authenticated:
        accounts.sign_out(current_user)
    end_session()
    return cleared(redirect(current_instance().settings.quick_exit_url, 303))  # type: ignore[arg-type]
