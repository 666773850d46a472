"""Scans: papers that people photograph or scan, kept encrypted in the archive and shown as pictures made here."""

from casework.domain.errors import CaseworkError
from casework.pdf import strangers
from casework.services.letters import papers, scan_checks
from casework.services.letters.scan_checks import PDF
from casework.storage.models import Case

ENDINGS = {PDF: "pdf", "image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}
# The longer side of a picture as it is shown, in dots: enough to read a photographed page by.
SHOWN_DOTS = 2000
NOT_SHOWN = (
    "This file asks for far more memory or time than a paper does, so it is not shown. It may be made to do harm. "
    "Ask whoever sent it for a photo or a print."
)


def keep_scan(case: Case, content: bytes, field: str = "scan") -> tuple[str, str]:
    """The name in the archive and the media type of a scan that is now kept encrypted with the papers of this case.

    Raises CaseworkError for what `scan_checks.check` refuses.
    """
    media_type = scan_checks.check(content, field)
    return papers.keep(case, content), media_type


def read_scan(case: Case, name: str) -> bytes:
    """The bytes of a scan of this case, as they were sent. Raises CaseworkError when it is missing or damaged."""
    return papers.read(case, name)


def pages_of(content: bytes, media_type: str) -> int:
    """How many pages there are to show. Raises CaseworkError for a PDF that asks for too much."""
    try:
        return strangers.pages(content) if media_type == PDF else 1
    except strangers.TooMuch:
        raise CaseworkError(NOT_SHOWN) from None


def picture_of(content: bytes, media_type: str, number: int) -> bytes:
    """One page as a PNG that is made here, so that nothing in the file itself reaches a browser.

    Raises IndexError for no page, CaseworkError for one that asks for too much.
    """
    try:
        if media_type == PDF:
            return strangers.page_image(content, number)
        if number != 1:
            raise IndexError(f"there is no page {number}")
        return strangers.photo(content, scan_checks.OPENED, SHOWN_DOTS)
    except strangers.TooMuch:
        raise CaseworkError(NOT_SHOWN) from None
