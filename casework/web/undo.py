"""Undo: for thirty seconds a mistake can be taken back, by a button in the message that said what was done.

The button carries an offer (`web/offers.py`), good for one person and one address. The view at that address
asks `accepted` for the facts in it, and refuses where somebody went on from them.
"""

from datetime import timedelta
from typing import Any

from flask import flash, request

from casework.domain.errors import OutOfDate
from casework.web import offers

LASTS = timedelta(seconds=30)
FIELD = "offer"
OVER = "This can no longer be undone: it could be for thirty seconds."


def say(message: str, path: str, **facts: Any) -> None:
    """Say on the next page what was done, with a button that posts an offer of these facts to `path`."""
    flash(message, f"{path} {offers.offer('undo', path, facts)}")


def accepted() -> dict[str, Any]:
    """The facts of the offer that was sent here. Raises OutOfDate when it is too old, or was made for another."""
    facts = offers.accepted("undo", request.path, request.form.get(FIELD), LASTS)
    if facts is None:
        raise OutOfDate(OVER)
    return dict(facts)
