"""Who may enter. A view that says nothing lets nobody in."""

from collections.abc import Callable
from typing import Any

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask_login import current_user
from werkzeug.exceptions import HTTPException

from casework.domain.safety.accounts import Action
from casework.services.case import cases
from casework.services.safety import audit, second_factors, sessions
from casework.storage.models import Case
from casework.web import signed_out
from casework.web.anybody import PUBLIC, View, public
from casework.web.consent import handed_over

# What a page asks for by itself: nobody has to sit before it.
UNSEEN = ("sessions.left", "batches.progress", "locking.lock_everything")
# Where somebody gets who has to set up a second factor first.
BEFORE_ALL = ("second_factors", "passkeys", "sessions")


def allow(action: Action, *, to_send: Action | None = None) -> Callable[[View], View]:
    """Let in people who are signed in and whose role carries this action; `to_send` is for what is sent there."""

    def mark(view: View) -> View:
        view.allows = action  # type: ignore[attr-defined]
        view.allows_sending = to_send or action  # type: ignore[attr-defined]
        return view

    return mark


def case_or_404(reference: str) -> Case:
    """The case, when this person is on its team. Reading a page of it is kept in the trail.

    Raises NotFound for everybody else, as if there were no such case.
    """
    case = cases.get_case(reference, current_user)
    if request.method == "GET":
        g.case_id_shown = case.id  # for the list of what was opened last
        audit.record_look(current_user, case, request.endpoint or "")
    return case


def case_looked_at(reference: str) -> Case:
    """The same for what a page asks for again and again: it is kept in the trail once in half an hour."""
    case = cases.get_case(reference, current_user)
    audit.record_look_once(current_user, case, request.endpoint or "")
    return case


def _check() -> Any:
    if request.endpoint is None:
        return None
    allows = getattr(current_app.view_functions[request.endpoint], "allows", None)
    if allows == PUBLIC:
        return None
    if not current_user.is_authenticated:
        return signed_out.ask_to_sign_in()
    if request.endpoint not in UNSEEN:
        sessions.see(current_user.session)
    if (way_back := handed_over.way_back()) is not None:
        return way_back
    if not isinstance(allows, Action) or not current_user.may(needed(request.endpoint, request.method)):
        abort(403)
    is_before_all = request.blueprint in BEFORE_ALL or request.endpoint == "accounts.sign_out"
    is_of_another = request.endpoint == "second_factors.reset"
    if (not is_before_all or is_of_another) and second_factors.is_lacking(current_user):
        return redirect(url_for("second_factors.index"), 303)
    return None


def needed(endpoint: str, method: str) -> Any:
    """What somebody's role has to carry for this: an Action, PUBLIC, or None where nobody is let in."""
    view = current_app.view_functions[endpoint]
    name = "allows" if method in ("GET", "HEAD", "OPTIONS") else "allows_sending"
    return getattr(view, name, getattr(view, "allows", None))


def can(endpoint: str, method: str = "GET") -> bool:
    """Whether whoever is signed in may enter here, so that a page offers no door that is shut to them."""
    action = needed(endpoint, method)
    if action == PUBLIC:
        return True
    user = current_user._get_current_object()  # looked for once: a page asks for each of its doors
    return isinstance(action, Action) and user.is_authenticated and bool(user.may(action))


def can_send(path: str) -> bool:
    """Whether whoever is signed in may send a form to this address of the house."""
    try:
        endpoint, _ = current_app.create_url_adapter(request).match(path.partition("?")[0], method="POST")  # type: ignore[union-attr]
    except HTTPException:
        return False
    return can(endpoint, "POST")


def reads_story() -> bool:
    """Whether whoever is signed in may read the story of the cases that they work on."""
    return bool(current_user.may(Action.READ_STORY))


def guard(app: Flask) -> None:
    """Check every request before its view runs."""
    public(app.view_functions["static"])
    app.before_request(_check)
    app.jinja_env.globals.update(can=can, can_send=can_send, reads_story=reads_story)
