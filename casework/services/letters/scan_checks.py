"""What is looked at before a scan is kept: what it is, whether it can be opened, whether it may do harm.

Only the bytes count, never a file's name. Nothing of it is written to the disk: a check for viruses gets the bytes on
its standard input.
"""

import io
import shlex
import subprocess
import warnings

from PIL import Image, UnidentifiedImageError

from casework.domain.errors import CaseworkError
from casework.pdf import strangers
from casework.pdf.stranger_reader import NOT_ALL
from casework.storage.instance import current_instance

PDF = "application/pdf"
# MPO is what some phones call a JPEG that carries a second picture.
PICTURES = {"JPEG": "image/jpeg", "MPO": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
OPENED = ("JPEG", "PNG", "WEBP")
# How files of HEIC and AVIF say what they are.
NOT_OPENED = (b"heic", b"heix", b"hevc", b"heim", b"mif1", b"msf1", b"avif", b"avis")
WRONG_TYPE = (
    "This is neither a PDF nor a picture that we can open. Send a PDF, or a photo (JPEG, PNG or WebP)."
)
OF_SOME_PHONES = (
    "This photo is in a form that we cannot open (HEIC or AVIF). On an iPhone choose Settings, Camera, Formats, Most "
    "Compatible, and take it again. Or open the photo, take a picture of the screen, and send that."
)
TOO_MANY_DOTS = (
    "This picture has more dots than we can open. Take it again with the camera at its normal quality, or open it, "
    "take a picture of the screen, and send that."
)
LOCKED = "This PDF is locked with a password. Open it, save or print it without one, and send that; or send a photo."
HARMFUL = "The check for viruses on this machine refused this file, and it was not kept. Tell whoever looks after it."
NO_CHECK = (
    "The check for viruses on this machine did not work, so nothing is kept. Tell whoever looks after it."
)
CHECK_SECONDS = 60
# A photo of a page is far below this; a picture that swells beyond it in memory is no paper.
MOST_PIXELS = 100_000_000
CARRIED = {
    "/JavaScript": "a program",
    "/Launch": "an order to start another program",
    "/ImportData": "an order to read other files",
    "/SubmitForm": "an order to send what is typed into it to somebody",
    "/GoToR": "an order to open another file",
    "/GoToE": "an order to open another file",
    "/EmbeddedFile": "another file inside it",
    "/XFA": "a form that is a program of its own",
    NOT_ALL: "so many things that not all of them were looked at",
}
BROKEN_OFF = (
    "This photo is damaged or breaks off, so where it was taken could not be taken out of it. Send it again, or take a "
    "new one."
)
TOO_MUCH = (
    "This file asks for far more memory or time than a paper does. Send a photo or a print of it instead."
)


def check(content: bytes, field: str) -> str:
    """The media type of a scan that may be kept.

    Raises CaseworkError for anything but a whole PDF, JPEG, PNG or WebP, for an empty file, a locked one, one over the
    limit that the settings give, and one that the check for viruses refuses.
    """
    most = current_instance().settings.upload_limit_mb
    if not content:
        raise CaseworkError("This file is empty. Choose the scan again.", field=field)
    if len(content) > most * 1024 * 1024:
        raise CaseworkError(
            f"This file is larger than {most} MB. Send a photo at normal quality, or fewer pages.",
            field=field,
        )
    look_for_viruses(content, field)
    try:
        count = _pages_of_pdf(content)
    except strangers.TooMuch:
        raise CaseworkError(TOO_MUCH, field=field) from None
    if count == strangers.LOCKED:
        raise CaseworkError(LOCKED, field=field)
    media_type = PDF if count else picture_type(content)
    if media_type is None:
        raise CaseworkError(_why_no_picture(content), field=field)
    return media_type


def media_type_of(content: bytes) -> str | None:
    """What these bytes are, whatever anybody says of them: a PDF or a picture of ours, or None for anything else."""
    try:
        return PDF if _pages_of_pdf(content) > 0 else picture_type(content)
    except strangers.TooMuch:
        return None


def carried(content: bytes, media_type: str) -> list[str]:
    """What a PDF carries besides its pages that could do something by itself, in words; nothing for a picture."""
    if media_type != PDF:
        return []
    return sorted({CARRIED[name] for name in strangers.carried(content)})


def without_traces(content: bytes, field: str = "scan") -> bytes:
    """The picture without what a camera wrote into it: where and when it was taken, by what, and a small copy.

    It stands upright as before. What is no picture comes back as it is. Raises CaseworkError for one that breaks off,
    or asks for too much: it would keep what was to be left out.
    """
    media_type = picture_type(content)
    if media_type is None:
        return content
    try:
        cleaned = strangers.without_traces(content, OPENED)
    except strangers.TooMuch:
        raise CaseworkError(TOO_MUCH, field=field) from None
    if cleaned is None:
        raise CaseworkError(BROKEN_OFF, field=field)
    return cleaned


def picture_type(content: bytes) -> str | None:
    """The media type of a whole picture; None for anything else, and for one that swells in memory."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=OPENED) as picture:
                too_large = picture.width * picture.height > MOST_PIXELS
                picture.verify()
                return None if too_large else PICTURES[picture.format or ""]
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, KeyError, Image.DecompressionBombError):
        return None
    except Image.DecompressionBombWarning:
        return None


def _why_no_picture(content: bytes) -> str:
    """What to say of bytes that are no picture of ours: many phones make such by themselves."""
    if content[4:8] == b"ftyp" and content[8:12] in NOT_OPENED:
        return OF_SOME_PHONES
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            Image.open(io.BytesIO(content), formats=OPENED).close()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return TOO_MANY_DOTS
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        pass
    return WRONG_TYPE


def look_for_viruses(content: bytes, field: str) -> None:
    """Have the group's own check, where its settings name one, look at this. Raises CaseworkError when it refuses."""
    command = shlex.split(current_instance().settings.scan_command)
    if not command:
        return
    try:
        # The group's own program, named in its settings and in nothing that anybody sends.
        answer = subprocess.run(  # noqa: S603
            command,
            input=content,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=CHECK_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired):
        raise CaseworkError(NO_CHECK, field=field) from None
    if answer.returncode != 0:
        raise CaseworkError(HARMFUL, field=field)


def _pages_of_pdf(content: bytes) -> int:
    """How many pages there are; none in what is no PDF."""
    return strangers.pages(content) if content.startswith(b"%PDF-") else 0
