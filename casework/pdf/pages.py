"""Pictures of a PDF's pages, and how many there are."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

# A page may call itself as large as a house; a picture of it would fill the memory.
LONGEST = 4000

_one_at_a_time = threading.Lock()  # PDFium may not be entered by two threads at once


@contextmanager
def _opened(pdf: bytes) -> Iterator[Any]:
    import pypdfium2

    with _one_at_a_time:
        document = pypdfium2.PdfDocument(pdf)
        try:
            yield document
        finally:
            document.close()


def page_count(pdf: bytes) -> int:
    """How many pages the PDF has."""
    with _opened(pdf) as document:
        return len(document)


def page_image(pdf: bytes, number: int, scale: float = 1.5) -> bytes:
    """One page as a PNG; page 1 is the first, scale 1 is 72 dots to the inch. Raises IndexError for no page."""
    with _opened(pdf) as document:
        if not 1 <= number <= len(document):
            raise IndexError(f"there is no page {number}")
        return _picture(document, number - 1, scale)


def _most(width: float, height: float) -> float:
    """The largest scale at which a page of this size, in points, is no more than `LONGEST` dots on a side."""
    return LONGEST / max(width, height, 1)


def _picture(document: Any, index: int, scale: float) -> bytes:
    page = document[index]
    try:
        bitmap = page.render(scale=min(scale, _most(*page.get_size())))
        try:
            png = BytesIO()
            bitmap.to_pil().save(png, format="PNG", compress_level=1)  # harder packing takes twice as long
            return png.getvalue()
        finally:
            bitmap.close()
    finally:
        page.close()
