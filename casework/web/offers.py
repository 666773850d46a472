"""Facts that a page carries to the address that needs them: signed and dated, good for one person and one thing.

Nothing waits on the server.
"""

from datetime import timedelta
from typing import Any

from flask import current_app
from flask_login import current_user
from itsdangerous import BadSignature, URLSafeSerializer

from casework import clock


def offer(what_for: str, about: object, facts: object) -> str:
    """The facts as a hidden field carries them. `about` is what they are good for: a number, or an address."""
    return str(_signer(what_for).dumps([current_user.id, about, clock.now().timestamp(), facts]))


def accepted(what_for: str, about: object, sent: object, lasts: timedelta | None = None) -> Any:
    """The facts that were sent; None where they are too old, for another person or thing, or were not made here."""
    try:
        user_id, good_for, made_at, facts = _signer(what_for).loads(sent if isinstance(sent, str) else "")
    except (BadSignature, ValueError, TypeError):
        return None
    is_young = lasts is None or clock.now().timestamp() - made_at <= lasts.total_seconds()
    return facts if (user_id, good_for) == (current_user.id, about) and is_young else None


def _signer(what_for: str) -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt=what_for)
