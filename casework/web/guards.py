"""Who may enter. A view that says nothing lets nobody in."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, abort, current_app, request
from flask_login import current_user

from casework.domain.accounts import Action
from casework.services import audit, cases
from casework.storage.models import Case
from casework.web import handed_over, signed_out

View = TypeVar("View", bound=Callable[..., Any])
PUBLIC = "anybody"


def allow(action: Action) -> Callable[[View], View]:
    """Let in people who are signed in and whose role carries this action."""

    def mark(view: View) -> View:
        view.allows = action  # type: ignore[attr-defined]
        return view

    return mark


def public(view: View) -> View:
    """Let in anybody, signed in or not."""
    view.allows = PUBLIC  # type: ignore[attr-defined]
    return view


def case_or_404(reference: str) -> Case:
    """The case, when this person is on its team. Reading a page of it is kept in the trail.

    Raises NotFound for everybody else, as if there were no such case.
    """
    case = cases.get_case(reference, current_user)
    if request.method == "GET":
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
    if (way_back := handed_over.way_back()) is not None:
        return way_back
    if not isinstance(allows, Action) or not current_user.may(allows):
        abort(403)
    return None


def guard(app: Flask) -> None:
    """Check every request before its view runs."""
    public(app.view_functions["static"])
    app.before_request(_check)
