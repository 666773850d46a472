"""The session's cookie: sealed, because a browser keeps it on its disk and what a page just said may hold a name."""

import zlib
from base64 import urlsafe_b64encode
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from flask import Flask, request
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import BadSignature

from casework.web.language.kept_words import session_json


class SealedSession:
    """A session as encrypted text that nobody else can make, and back while it is no older than asked."""

    def __init__(self, key: bytes) -> None:
        self._fernet = Fernet(urlsafe_b64encode(key))

    def dumps(self, session: Any) -> str:
        return self._fernet.encrypt(zlib.compress(session_json.dumps(session).encode())).decode()

    def loads(self, sealed: str, max_age: int) -> Any:
        """The session. Raises BadSignature for what we did not seal, or longer ago than `max_age` seconds."""
        try:
            opened = self._fernet.decrypt(sealed, ttl=max_age)
        except InvalidToken:
            raise BadSignature("This cookie is not ours, or too old.") from None
        return session_json.loads(zlib.decompress(opened).decode())


class SealedCookie(SecureCookieSessionInterface):
    """A session cookie that nobody can read, and that is Secure wherever the page came over TLS.

    On the group's own machine pages come over plain http from 127.0.0.1, where a Secure cookie would be lost in
    some browsers.
    """

    def __init__(self, key: bytes) -> None:
        self._sealed = SealedSession(key)

    def get_signing_serializer(self, app: Flask) -> SealedSession:  # type: ignore[override]
        return self._sealed

    def get_cookie_secure(self, app: Flask) -> bool:
        return bool(app.config["SESSION_COOKIE_SECURE"]) or request.is_secure
