"""Reads letters back: the text in its order, and where on the page a word stands."""

import shutil
import subprocess
import tempfile
from functools import lru_cache

import pypdfium2

MM = 72 / 25.4


@lru_cache(maxsize=64)
def text_of(pdf: bytes) -> str:
    """The text of all pages, its spaces and line ends made single spaces."""
    document = pypdfium2.PdfDocument(pdf)
    found = [page.get_textpage().get_text_bounded() for page in document]
    document.close()
    return " ".join(" ".join(found).split())


def in_order(pdf: bytes, *pieces: str) -> bool:
    """Whether the pieces stand in the PDF one after another."""
    return in_order_in(text_of(pdf), *pieces)


def in_order_in(text: str, *pieces: str) -> bool:
    """Whether the pieces stand in the text one after another."""
    at = 0
    for piece in pieces:
        at = text.find(piece, at)
        if at < 0:
            return False
        at += len(piece)
    return True


def place_of(pdf: bytes, word: str) -> tuple[float, float]:
    """Millimetres from the left and from the top of page 1 to the upper left corner of the word."""
    document = pypdfium2.PdfDocument(pdf)
    page = document[0]
    text = page.get_textpage()
    search = text.search(word)
    index, _count = search.get_next()
    left, _bottom, _right, top = text.get_charbox(index)
    height = page.get_height()
    for one in (search, text, page, document):
        one.close()
    return left / MM, (height - top) / MM


def verapdf_faults(pdf: bytes) -> list[str]:
    """What veraPDF finds wrong, where it is installed; without it nothing. It judges PDF/UA-1 and PDF/A-2a."""
    program = shutil.which("verapdf")
    if program is None:
        return []
    found = []
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(pdf)
        file.flush()
        for flavour in ("ua1", "2a"):
            command = [program, "-f", flavour, "--format", "text", "-v", file.name]
            answer = subprocess.run(command, capture_output=True, text=True)
            if not answer.stdout.startswith("PASS"):
                found.append(f"{answer.stdout}{answer.stderr}")
    return found
