"""A scan as a download: never shown inside a page, never under a person's name."""

from flask import Response

from casework.domain.errors import NotFound
from casework.services.scans import ENDINGS, read_scan


def send_scan(sha256: str | None, media_type: str | None, name: str) -> Response:
    """The scan as an attachment called `name`, such as "letter-12". Raises NotFound where there is none."""
    if not sha256 or media_type not in ENDINGS:
        raise NotFound("No scan was kept with this.")
    response = Response(read_scan(sha256), mimetype=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{ENDINGS[media_type]}"'
    return response
