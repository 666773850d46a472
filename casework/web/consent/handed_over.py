"""A phone that was handed over a table: until somebody signs in again, this browser shows nothing but the form.

Whoever holds it could otherwise type another address, or press the button that goes back, and read the case.
"""

from typing import Any

from flask import redirect, request, session, url_for

KEY = "handed_over"
OPEN = ("stall.show", "stall.done", "accounts.sign_out", "static")


def hand_over(reference: str) -> None:
    """Keep this browser to the form of this case from now on."""
    session[KEY] = reference


def is_for(reference: str) -> bool:
    """Whether this browser is kept to the form of this case."""
    return bool(session.get(KEY) == reference)


def way_back() -> Any:
    """The way to the form, where this browser is kept to it and something else was asked for; None elsewhere."""
    reference = session.get(KEY)
    if not reference or (
        request.endpoint in OPEN and (request.view_args or {}).get("reference") in (None, reference)
    ):
        return None
    return redirect(url_for("stall.show", reference=reference), 303)
