"""What is looked at before a scan is kept: what it is, whether it can be opened, whether it may do harm.

Only the bytes count, never a file's name. Nothing of it is written to the disk: a check for viruses gets the bytes on
its standard input.
"""

import io
import shlex
import subprocess
import warnings
from collections.abc import Iterator
from typing import Any

from PIL import Image, ImageOps, UnidentifiedImageError

from casework.domain.errors import CaseworkError
from casework.pdf.pages import page_count
from casework.storage.instance import current_instance

PDF = "application/pdf"
# MPO is what some phones call a JPEG that carries a second picture.
PICTURES = {"JPEG": "image/jpeg", "MPO": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
OPENED = ("JPEG", "PNG", "WEBP")
WRONG_TYPE = (
    "This is neither a PDF nor a picture that we can open. Send a PDF, or a photo (JPEG, PNG or WebP)."
)
LOCKED = "This PDF is locked with a password. Open it, save or print it without one, and send that; or send a photo."
HARMFUL = "The check for viruses on this machine refused this file, and it was not kept. Tell whoever looks after it."
NO_CHECK = (
    "The check for viruses on this machine did not work, so nothing is kept. Tell whoever looks after it."
)
CHECK_SECONDS = 60
# A photo of a page is far below this; a picture that swells beyond it in memory is no paper.
MOST_PIXELS = 100_000_000
# A paper has far fewer things in it; what has more is not looked through to its end, and that is told.
MOST_THINGS = 200_000
NOT_ALL = "so many things that not all of them were looked at"
ACTIONS = {
    "/JavaScript": "a program",
    "/Launch": "an order to start another program",
    "/ImportData": "an order to read other files",
    "/SubmitForm": "an order to send what is typed into it to somebody",
    "/GoToR": "an order to open another file",
    "/GoToE": "an order to open another file",
}


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
    if _is_locked(content):
        raise CaseworkError(LOCKED, field=field)
    media_type = media_type_of(content)
    if media_type is None:
        raise CaseworkError(WRONG_TYPE, field=field)
    return media_type


def media_type_of(content: bytes) -> str | None:
    """What these bytes are, whatever anybody says of them: a PDF or a picture of ours, or None for anything else."""
    return PDF if _is_pdf(content) else picture_type(content)


def carried(content: bytes, media_type: str) -> list[str]:
    """What a PDF carries besides its pages that could do something by itself, in words; nothing for a picture."""
    if media_type != PDF:
        return []
    import pikepdf

    found: set[str] = set()
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            for number, thing in enumerate(_dictionaries(pdf)):
                if number >= MOST_THINGS:
                    found.add(NOT_ALL)
                    break
                found |= _orders_in(thing)
    except pikepdf.PdfError:
        found.add(NOT_ALL)
    return sorted(found)


def without_traces(content: bytes) -> bytes:
    """The picture without what a camera wrote into it: where and when it was taken, by what, and a small copy.

    It stands upright as before. What is no picture comes back as it is.
    """
    media_type = picture_type(content)
    if media_type is None:
        return content
    try:
        with Image.open(io.BytesIO(content), formats=OPENED) as opened:
            kind = "JPEG" if opened.format == "MPO" else opened.format
            picture: Image.Image = ImageOps.exif_transpose(opened)
            if picture.mode == "P":
                picture = picture.convert("RGBA")
            picture.info.clear()
            out = io.BytesIO()
            picture.save(out, kind, **({} if kind == "PNG" else {"quality": 92}))
            return out.getvalue()
    except (OSError, ValueError, SyntaxError):
        return content


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


def _is_locked(content: bytes) -> bool:
    if not content.startswith(b"%PDF-") or b"/Encrypt" not in content:
        return False
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(content)):
            return False
    except pikepdf.PasswordError:
        return True
    except pikepdf.PdfError:
        return False


def _is_pdf(content: bytes) -> bool:
    if not content.startswith(b"%PDF-"):
        return False
    try:
        return page_count(content) > 0
    except Exception:  # whatever the PDF library stumbles over, it is no PDF that we could show
        return False


def _dictionaries(pdf: Any) -> Iterator[Any]:
    """Every dictionary in a PDF, those inside others too."""
    import pikepdf

    for top in pdf.objects:
        waiting = [top]
        while waiting:
            thing = waiting.pop()
            if isinstance(thing, pikepdf.Array):
                inner = list(thing)
            elif isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
                yield thing
                inner = [thing[key] for key in thing.keys()]  # noqa: SIM118 - no dict
            else:
                continue
            # What stands on its own comes by itself.
            waiting += [one for one in inner if isinstance(one, pikepdf.Object) and not one.is_indirect]


def _orders_in(thing: Any) -> set[str]:
    found = set()
    if (order := ACTIONS.get(str(thing.get("/S", "")))) is not None:
        found.add(order)
    if "/JS" in thing:
        found.add(ACTIONS["/JavaScript"])
    if "/EF" in thing or str(thing.get("/Type", "")) == "/EmbeddedFile":
        found.add("another file inside it")
    if "/XFA" in thing:
        found.add("a form that is a program of its own")
    return found
