"""The headers that keep a page private and closed."""

import secrets
from hashlib import sha256
from pathlib import Path

from flask import Flask, Response, g, request

# Nothing is loaded but what a page of ours names, no script runs but those that carry the mark of this one answer,
# and none of them may turn text into a page but by the one rule in letter-words.js.
PAGE = (
    "default-src 'none'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "object-src 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types casework",
)
# A file that a browser opens against our will is alone in a box.
FILE = "default-src 'none'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'; sandbox"
CLOSED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
    "Permissions-Policy": ", ".join(
        f"{feature}=()"
        for feature in (
            "accelerometer", "autoplay", "bluetooth", "browsing-topics", "camera", "display-capture",
            "encrypted-media", "fullscreen", "geolocation", "gyroscope", "hid", "idle-detection", "magnetometer",
            "microphone", "midi", "payment", "screen-wake-lock", "serial", "usb", "xr-spatial-tracking",
        )
    ) + ", publickey-credentials-create=(self), publickey-credentials-get=(self)",
}  # fmt: skip


def script_mark() -> str:
    """The mark that each script of this answer carries: no page before or after it has the same."""
    if "script_mark" not in g:
        g.script_mark = secrets.token_urlsafe(16)
    return str(g.script_mark)


# For Clear-Site-Data: what a browser kept of pages, so that going back shows none of them.
EVERYTHING_SHOWN = '"cache", "storage"'


def version_of_style(app: Flask) -> str:
    """What stands in the address of style and scripts: it changes with them, so that nobody has old ones."""
    files = sorted(Path(app.static_folder or "").glob("*.*s"))
    return sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


def close_pages(app: Flask) -> None:
    """Send the closing headers with every answer."""
    app.jinja_env.globals["script_mark"] = script_mark

    @app.after_request
    def add(response: Response) -> Response:
        is_page = response.mimetype == "text/html" and "Content-Disposition" not in response.headers
        response.headers["Content-Security-Policy"] = (
            "; ".join((*PAGE, f"script-src 'nonce-{script_mark()}'")) if is_page else FILE
        )
        response.headers.update(CLOSED)
        # Style and scripts hold nothing of anybody; everything else is gone when the page is.
        is_static = request.endpoint == "static" and response.status_code < 400
        response.headers["Cache-Control"] = "public, max-age=3600" if is_static else "no-store"
        if app.config["SESSION_COOKIE_SECURE"]:
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
        return response
