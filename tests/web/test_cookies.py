"""What lies in the cookie lies on the disk of every browser: it gives nothing away."""

import base64
import zlib

from flask import Flask
from itsdangerous import URLSafeTimedSerializer

from casework.storage.models import User
from tests.factories import make_case, signed_in
from tests.pages import Browser


def as_anybody_can_read_it(cookie: str) -> bytes:
    """The cookie unpacked with nothing but what it shows itself."""
    packed = cookie.lstrip(".").partition(".")[0]
    content = base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))
    return zlib.decompress(content) if cookie.startswith(".") else content


def test_a_name_that_the_next_page_says_cannot_be_read_in_the_cookie(
    browser: Browser, organiser: User
) -> None:
    case = make_case(organiser)
    browser.post(f"/cases/{case.reference}/supporters/new", name="Unmistakable", postcode="LS11 0ES")
    cookie = browser.client.get_cookie("casework")
    assert cookie is not None
    content = as_anybody_can_read_it(cookie.value)
    assert b"Unmistakable" not in content
    assert organiser.session_token.encode() not in content
    assert "Unmistakable is on the list." in browser.get(f"/cases/{case.reference}/supporters")


def test_a_cookie_that_was_altered_or_made_elsewhere_signs_nobody_in(
    app: Flask, stranger: Browser, organiser: User
) -> None:
    made_elsewhere = URLSafeTimedSerializer(app.secret_key or "", salt="cookie-session").dumps(
        {"_user_id": signed_in(organiser)}
    )
    for cookie in (made_elsewhere, "x", ".x.y.z", made_elsewhere[:-3]):
        stranger.client.set_cookie("casework", str(cookie))
        stranger.get("/cases", 302)
