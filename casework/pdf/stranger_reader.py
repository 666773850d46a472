"""Reads one PDF or photo that a stranger made, in a process of its own: its bytes come in, a short answer goes out.

It is a program by itself, which `casework.apart` starts for `strangers`, and knows nothing of Casework.
"""

import io
import json
import sys
from collections.abc import Iterator
from typing import Any

# A page may call itself as large as a house; a picture of it would fill the memory.
LONGEST = 4000
# A paper has far fewer things in it; what has more is not looked through to its end, and that is told.
MOST_THINGS = 200_000
NOT_ALL = "/NotAll"
# What an order can be to do more than go to another page, by its name in the PDF.
ORDERS = {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/GoToR", "/GoToE"}


def pages(content: bytes) -> int:
    """How many pages there are; none where it is no PDF that can be shown, -1 where it is locked with a password."""
    if b"/Encrypt" in content and _is_locked(content):
        return -1
    import pypdfium2

    try:
        return len(pypdfium2.PdfDocument(content))
    except MemoryError:
        raise
    except Exception:  # whatever the library stumbles over, it is no PDF that we could show
        return 0


def picture(content: bytes, number: int, scale: float) -> bytes:
    """One page as a PNG; nothing where there is no such page."""
    import pypdfium2

    document = pypdfium2.PdfDocument(content)
    if not 1 <= number <= len(document):
        return b""
    page = document[number - 1]
    most = LONGEST / max(*page.get_size(), 1)
    png = io.BytesIO()
    page.render(scale=min(scale, most)).to_pil().save(png, format="PNG", compress_level=1)
    return png.getvalue()


def carried(content: bytes) -> list[str]:
    """What it carries besides its pages that could do something by itself, by the names for it in a PDF."""
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


def photo(content: bytes, kinds: str, longest: int) -> bytes:
    """A photo as a PNG that is no longer than this on a side, and stands upright."""
    from PIL import Image, ImageOps

    with Image.open(io.BytesIO(content), formats=kinds.split()) as opened:
        # Two colours alone would tear what is made smaller.
        small: Image.Image = opened.convert("RGB") if opened.mode in ("1", "P") else opened
        # Before all else, so that the whole of it is there once and not three times.
        small.thumbnail((longest, longest))
        png = io.BytesIO()
        ImageOps.exif_transpose(small).convert("RGB").save(png, "PNG", compress_level=1)
        return png.getvalue()


def without_traces(content: bytes, kinds: str) -> bytes:
    """The photo without what a camera wrote into it; nothing where it cannot be read."""
    from PIL import Image, ImageOps

    try:
        with Image.open(io.BytesIO(content), formats=kinds.split()) as opened:
            kind = "JPEG" if opened.format == "MPO" else opened.format
            upright: Image.Image = ImageOps.exif_transpose(opened)
            if upright.mode == "P":
                upright = upright.convert("RGBA")
            upright.info.clear()
            out = io.BytesIO()
            upright.save(out, kind, **({} if kind == "PNG" else {"quality": 92}))
            return out.getvalue()
    except (OSError, ValueError, SyntaxError):
        return b""


def _is_locked(content: bytes) -> bool:
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(content)):
            return False
    except pikepdf.PasswordError:
        return True
    except pikepdf.PdfError:
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
    found = {str(thing.get("/S", ""))} & ORDERS
    if "/JS" in thing:
        found.add("/JavaScript")
    if "/EF" in thing or str(thing.get("/Type", "")) == "/EmbeddedFile":
        found.add("/EmbeddedFile")
    if "/XFA" in thing:
        found.add("/XFA")
    return found


def _answer(question: str, *more: str) -> bytes:
    content = sys.stdin.buffer.read()
    if question == "picture":
        return picture(content, int(more[0]), float(more[1]))
    if question == "photo":
        return photo(content, more[0], int(more[1]))
    if question == "without traces":
        return without_traces(content, more[0])
    return json.dumps(pages(content) if question == "pages" else carried(content)).encode()


if __name__ == "__main__":
    sys.stdout.buffer.write(_answer(*sys.argv[1:]))
