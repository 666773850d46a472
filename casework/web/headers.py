"""The headers that keep a page private and closed."""

from hashlib import sha256
from pathlib import Path

from flask import Flask, Response, request

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)

# For Clear-Site-Data: what a browser kept of pages, so that going back shows none of them.
EVERYTHING_SHOWN = '"cache", "storage"'


def version_of_style(app: Flask) -> str:
    """What stands in the address of style and scripts: it changes with them, so that nobody has old ones."""
    files = sorted(Path(app.static_folder or "").glob("*.*s"))
    return sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


def close_pages(app: Flask) -> None:
    """Send the closing headers with every answer."""

    @app.after_request
    def add(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["X-Frame-Options"] = "DENY"
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        response.headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
        response.headers["X-Robots-Tag"] = "noindex"
        if request.endpoint == "static":
            response.headers["Cache-Control"] = "public, max-age=3600"
        else:
            response.headers["Cache-Control"] = "no-store"
        if app.config["SESSION_COOKIE_SECURE"]:
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
        return response
