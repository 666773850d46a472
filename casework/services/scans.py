"""Scans: papers that people photograph or scan, checked for what they are and kept encrypted in the archive."""

import io
import warnings

from PIL import Image, UnidentifiedImageError

from casework.domain.errors import CaseworkError
from casework.pdf.pages import page_count
from casework.storage.instance import current_instance

PDF = "application/pdf"
PICTURES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
ENDINGS = {PDF: "pdf", "image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}
WRONG_TYPE = (
    "This is neither a PDF nor a picture that we can open. Send a PDF, or a photo (JPEG, PNG or WebP)."
)
# A photo of a page is far below this; a picture that swells beyond it in memory is no paper.
MOST_PIXELS = 100_000_000


def keep_scan(content: bytes, field: str = "scan") -> tuple[str, str]:
    """The name in the archive and the media type of a scan that is now kept encrypted.

    Only the bytes are looked at, never the file's name. Raises CaseworkError for anything but a whole PDF,
    JPEG, PNG or WebP, for an empty file, and for one over the limit that the settings give.
    """
    most = current_instance().settings.upload_limit_mb
    if not content:
        raise CaseworkError("This file is empty. Choose the scan again.", field=field)
    if len(content) > most * 1024 * 1024:
        raise CaseworkError(
            f"This file is larger than {most} MB. Send a photo at normal quality, or fewer pages.",
            field=field,
        )
    media_type = media_type_of(content)
    if media_type is None:
        raise CaseworkError(WRONG_TYPE, field=field)
    return current_instance().archive.put(content), media_type


def media_type_of(content: bytes) -> str | None:
    """What these bytes are, whatever anybody says of them: a PDF or a picture of ours, or None for anything else."""
    return PDF if _is_pdf(content) else _picture_type(content)


def read_scan(name: str) -> bytes:
    """The bytes of a scan, as they were sent. Raises CaseworkError when it is missing or damaged."""
    return current_instance().archive.get(name)


def _is_pdf(content: bytes) -> bool:
    if not content.startswith(b"%PDF-"):
        return False
    try:
        return page_count(content) > 0
    except Exception:  # whatever the PDF library stumbles over, it is no PDF that we could show
        return False


def _picture_type(content: bytes) -> str | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=list(PICTURES)) as picture:
                too_large = picture.width * picture.height > MOST_PIXELS
                picture.verify()
                return None if too_large else PICTURES[picture.format or ""]
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, KeyError, Image.DecompressionBombError):
        return None
    except Image.DecompressionBombWarning:
        return None
