"""Undo: for thirty seconds a mistake can be taken back, by a button in the message that said what was done.

Nothing waits on the server. The button carries an offer that is signed and dated, good for one person and one
address. The view at that address asks `accepted` for the facts in it, and refuses where somebody went on from them.
"""

from datetime import timedelta
from typing import Any

from flask import current_app, flash, request
from flask_login import current_user
from itsdangerous import BadSignature, URLSafeSerializer

from casework import clock
from casework.domain.errors import OutOfDate

LASTS = timedelta(seconds=30)
FIELD = "offer"
OVER = "This can no longer be undone: it could be for thirty seconds."


def say(message: str, path: str, **facts: Any) -> None:
    """Say on the next page what was done, with a button that posts an offer of these facts to `path`."""
    offer = _signer().dumps([current_user.id, path, clock.now().timestamp(), facts])
    flash(message, f"{path} {offer}")


def accepted() -> dict[str, Any]:
    """The facts of the offer that was sent here. Raises OutOfDate when it is too old, or was made for another."""
    try:
        user_id, path, made_at, facts = _signer().loads(request.form.get(FIELD, ""))
    except (BadSignature, ValueError, TypeError):
        raise OutOfDate(OVER) from None
    is_young = clock.now().timestamp() - made_at <= LASTS.total_seconds()
    if user_id != current_user.id or path != request.path or not is_young:
        raise OutOfDate(OVER)
    return dict(facts)


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="undo")
