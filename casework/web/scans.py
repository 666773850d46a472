"""Scans on their way: as a download, never inside a page nor under a person's name, and from one form to the next."""

from flask import Response, current_app
from flask_login import current_user
from itsdangerous import BadSignature, URLSafeSerializer

from casework.domain.errors import NotFound
from casework.services.scans import ENDINGS, read_scan
from casework.storage.models import Case
from casework.web.downloads import send_file_as


def send_scan(case: Case, sha256: str | None, media_type: str | None, name: str) -> Response:
    """The scan of this case as an attachment called `name`, such as "letter-12". Raises NotFound without one."""
    if not sha256 or media_type not in ENDINGS:
        raise NotFound("No scan was kept with this.")
    return send_file_as(f"{name}.{ENDINGS[media_type]}", read_scan(case, sha256), media_type)


def seal(case: Case, scan: tuple[str, str]) -> str:
    """A scan in the archive as a hidden field carries it: only whoever sent it can hand it in again, in this case."""
    return str(_sealer().dumps([*scan, current_user.id, case.id]))


def unseal(case: Case, sent: object) -> tuple[str, str] | None:
    """The scan that a hidden field carries; None where it carries none that this person sent to this case."""
    try:
        name, media_type, *sender = _sealer().loads(sent if isinstance(sent, str) else "")
    except (BadSignature, ValueError, TypeError):
        return None
    return (name, media_type) if sender == [current_user.id, case.id] else None


def _sealer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="scan")
