"""Dates for a calendar program: one's own secret address, what is read there, and the file of one case."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask_login import current_user

from casework.domain.errors import NotFound
from casework.domain.safety.accounts import Action
from casework.services.timing import feeds
from casework.storage.instance import current_instance
from casework.web.anybody import public
from casework.web.downloads import send_file_as
from casework.web.fields import line
from casework.web.forms import HouseForm
from casework.web.guards import allow, case_or_404

bp = Blueprint("feeds", __name__)
CALENDAR = "text/calendar"


class FeedForm(HouseForm):
    """A new address for a calendar."""

    label = line(
        "Where will you use it?",
        hint="For example: my phone. Only you see this. You may leave it empty.",
        most=feeds.LONGEST_LABEL,
    )


@bp.route("/you/calendar", methods=["GET", "POST"])
@allow(Action.OWN_ACCOUNT)
def own() -> Any:
    form = FeedForm()
    if form.validate_on_submit():
        return _show_address(feeds.make(current_user, form.label.data))
    return render_template("feeds/own.html", form=form, feed=feeds.feed_of(current_user), most=feeds.MOST)


def _show_address(token: str) -> str:
    """The page with the address: shown once, as the answer to the form, so that it is kept nowhere."""
    base = current_instance().settings.base_url
    address = url_for("feeds.read", token=token, _external=not base)
    return render_template("feeds/address.html", address=base + address)


@bp.post("/you/calendar/stop")
@allow(Action.OWN_ACCOUNT)
def stop() -> Any:
    feeds.stop(current_user)
    flash("The address is stopped for good. Calendars that read it get nothing more. Make a new one here.")
    return redirect(url_for("feeds.own", _anchor="make"), 303)


@bp.get("/calendar/<token>.ics")
@public
def read(token: str) -> Response:
    try:
        content = feeds.read(token)
    except NotFound as error:
        # To a program, so no page: and the same to all, so that nobody learns which addresses there were.
        return Response(error.message, 404, mimetype="text/plain")
    return Response(content, mimetype=CALENDAR)


@bp.get("/cases/<reference>/dates.ics")
@allow(Action.READ_STORY)
def for_case(reference: str) -> Response:
    return send_file_as("dates.ics", feeds.file_of(case_or_404(reference)), f"{CALENDAR}; charset=utf-8")
