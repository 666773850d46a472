"""Who has what: over all cases, by person, with what is nobody's first; and handing some of it on."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user

from casework import clock
from casework.domain.case.hands import WORDS, Thing, ThingKind
from casework.domain.errors import CaseworkError
from casework.domain.safety.accounts import Action
from casework.domain.timing.board import initials
from casework.services.case import hands
from casework.services.case.hands import MOST_AT_ONCE
from casework.services.case.things import ENTRIES
from casework.storage.instance import current_instance
from casework.web.case.picks import picked
from casework.web.fields import whole_number
from casework.web.filters import count
from casework.web.guards import allow
from casework.web.timing.board import page_of
from casework.web.timing.board_address import INITIALS

bp = Blueprint("hands", __name__)
NOBODY = "0"


@bp.get("/who-has-what")
@allow(Action.VIEW_CASE)
def index() -> str:
    return _page()


def _page(error: str = "", ticked: tuple[str, ...] = ()) -> str:
    found = hands.in_hand(current_user)
    shortened = current_instance().settings.board_names == INITIALS
    return render_template(
        "hands/index.html",
        hands=found,
        people=hands.colleagues(current_user),
        today=clock.today(),
        words=WORDS,
        where=where,
        initials=initials if shortened else None,
        error=error,
        ticked=ticked,
    )


def where(thing: Thing) -> str:
    """Where a thing is done."""
    if thing.kind is ThingKind.TASK:
        return url_for("plans.tasks", reference=thing.reference)
    if thing.kind in (ThingKind.CONTACT, ThingKind.SHARE):
        return url_for("cases.show", reference=thing.reference)
    return page_of(thing.reference, ENTRIES[thing.kind], thing.row)


@bp.post("/who-has-what")
@allow(Action.RECORD_VISIT)
def hand_on() -> Any:
    sent = tuple(request.form.getlist("pick")[:MOST_AT_ONCE])
    picks = picked("pick")
    to = request.form.get("to", "")
    if not picks:
        return _page("Tick what you hand on."), 422
    to_id = whole_number(to)
    if not to_id and to != NOBODY:
        return _page("Choose who takes it from now on.", sent), 422
    try:
        taken = hands.hand_on(current_user, picks, to_id or None)
    except CaseworkError as error:
        return _page(error.message, sent), 422
    flash(f"{count(taken.taken, 'thing')} handed on.")
    if taken.changed:
        flash(
            f"{count(taken.changed, 'thing')} stayed as before: somebody was quicker, or they do not work on that "
            "case, may not do it, or may not see it."
        )
    return redirect(url_for("hands.index"), 303)
