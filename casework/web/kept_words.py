"""What was typed into a form, sealed so that it can travel through the sign-in page, and opened again.

The server keeps nothing. A form that carries no `once`, such as one with a password, is never sealed.
"""

from base64 import urlsafe_b64encode
from dataclasses import asdict, dataclass
from datetime import timedelta
from json import dumps, loads
from zlib import compress, decompress

from cryptography.fernet import Fernet, InvalidToken
from flask import has_request_context, request

from casework import clock
from casework.storage.instance import current_instance

LASTS = timedelta(minutes=30)
MOST_BYTES = 500_000
GIVEN_BACK = "given_back"
_OWN = {"csrf_token", "once", GIVEN_BACK}


@dataclass(frozen=True)
class Typed:
    """What a form was sent with: where to, its token, its fields, and whether a file was among them."""

    path: str
    once: str
    fields: list[tuple[str, str]]
    file: bool


def typed() -> Typed | None:
    """What this request's form was sent with; None where there is nothing to keep."""
    if request.method != "POST" or not request.form.get("once"):
        return None
    return Typed(
        path=request.full_path.rstrip("?"),
        once=request.form["once"],
        fields=[pair for pair in request.form.items(multi=True) if pair[0] not in _OWN],
        file=any(file.filename for file in request.files.values()),
    )


def is_given_back() -> bool:
    """Whether this request only fills a form with what was typed before, and is not to save it."""
    return has_request_context() and request.method == "POST" and GIVEN_BACK in request.form


def seal(words: Typed) -> str:
    """The words as text that only this instance can open; empty where it is too much to carry."""
    plain = dumps(asdict(words)).encode()
    if len(plain) > MOST_BYTES:
        return ""
    return _sealer().encrypt_at_time(compress(plain), int(clock.now().timestamp())).decode()


def unseal(sealed: str) -> Typed | None:
    """The words that were sealed within the last half hour; None for anything else."""
    try:
        now = int(clock.now().timestamp())
        plain = _sealer().decrypt_at_time(sealed, int(LASTS.total_seconds()), now)
    except (InvalidToken, ValueError):
        return None
    return Typed(**loads(decompress(plain)))


def _sealer() -> Fernet:
    return Fernet(urlsafe_b64encode(current_instance().keys.words))
