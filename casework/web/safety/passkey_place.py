"""Where passkeys count: at the address that people know, or at `localhost`; a bare number has no passkeys."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import request, session

from casework import clock
from casework.services.safety.passkeys import Place, Question
from casework.storage.instance import current_instance

ASKED = "asked"
ASKED_SECONDS = 300


def passkey_place() -> Place | None:
    """The site for which browsers make passkeys here; None where they would make none.

    It comes from the settings, and never from what a request says of itself, but for `localhost`: that leads
    nowhere else.
    """
    base = current_instance().settings.base_url
    parts = urlsplit(base or f"{request.scheme}://{request.host}")
    host = parts.hostname or ""
    if host != "localhost" and (not base or parts.scheme != "https" or _is_number(host)):
        return None
    return Place(host, f"{parts.scheme}://{parts.netloc}")


def ask(question: Question) -> str:
    """The question as JSON; this browser may answer it once, in the next few minutes."""
    session[ASKED] = [urlsafe_b64encode(question.challenge).decode(), clock.now().timestamp()]
    return question.options


def asked() -> bytes:
    """The challenge that this browser was given last; nothing where there is none, or it is too old."""
    challenge, at = session.pop(ASKED, None) or ("", 0)
    return urlsafe_b64decode(challenge) if clock.now().timestamp() - at < ASKED_SECONDS else b""


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
