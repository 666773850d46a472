"""HTML becomes PDF: tagged, the same every time, and sealed off from disk and network."""

import hashlib
import os
import subprocess
import sys
from datetime import date
from io import BytesIO
from pathlib import Path

import pypdf
import pytest
from PIL import Image

from casework.domain.errors import CaseworkError
from casework.pdf import Attached, make_pdf
from casework.pdf.glyphs import unprintable
from casework.pdf.pack import Paper, make_pack
from casework.pdf.pages import page_count, page_image
from tests.pdf.printed import ALL, sample_pdf

ROOT = Path(__file__).parents[2]
PAGE = '<html lang="cy"><head><title>Llythyr</title></head><body><h1>Annwyl Siân</h1></body></html>'


def test_a_pdf_carries_its_title_its_language_and_tags():
    catalogue = pypdf.PdfReader(BytesIO(make_pdf(PAGE)))
    assert catalogue.metadata.title == "Llythyr"
    assert catalogue.root_object["/Lang"] == "cy"
    assert catalogue.root_object["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in catalogue.root_object


def test_the_same_page_gives_the_same_bytes():
    assert make_pdf(PAGE) == make_pdf(PAGE)


MADE_ELSEWHERE = """
import datetime, hashlib, pathlib
from casework.pdf import Attached
from casework.pdf.letters import Letters
from casework.pdf.pack import Paper, make_pack
letters = Letters(pathlib.Path("letters"))
made = []
for key in letters.templates:
    values = letters.sample(key)
    made.append(letters.pdf(key, letters.prefill(key, values), values))
file = Attached("a.txt", b"as it came", "a letter", datetime.date(2026, 3, 26))
made.append(make_pack("All", [Paper("one", pdf) for pdf in made], files=[file]))
for pdf in made:
    print(hashlib.sha256(pdf).hexdigest())
"""


def made_elsewhere() -> list[str]:
    """The hashes of all letters and a pack, made by a process with a seed of its own and in another time zone."""
    zone = "America/Lima" if os.environ.get("TZ") == "Asia/Kabul" else "Asia/Kabul"
    seed = "1" if os.environ.get("PYTHONHASHSEED") == "2" else "2"
    command = [sys.executable, "-c", MADE_ELSEWHERE]
    given = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone}
    answer = subprocess.run(command, env=given, cwd=ROOT, capture_output=True, text=True, check=True)
    return answer.stdout.split()


def test_each_letter_and_a_pack_of_them_have_the_same_bytes_in_another_process():
    made = [sample_pdf(key) for key in ALL]
    file = Attached("a.txt", b"as it came", "a letter", date(2026, 3, 26))
    made.append(make_pack("All", [Paper("one", pdf) for pdf in made], files=[file]))
    hashes = [hashlib.sha256(pdf).hexdigest() for pdf in made]
    assert made_elsewhere() == hashes
    assert len(set(hashes)) == len(hashes) > 9


@pytest.mark.parametrize(
    "address", ["file:///etc/hostname", "http://example.org/a.png", "FTP://example.org/b"]
)
def test_a_page_that_asks_for_something_from_outside_is_refused(address):
    with pytest.raises(CaseworkError, match="may not fetch"):
        make_pdf(
            f'<html lang="en"><head><title>x</title></head><body><img alt="" src="{address}"></body></html>'
        )


def test_a_picture_that_the_page_itself_carries_is_printed():
    picture = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
    pdf = make_pdf(f'<html lang="en"><head><title>x</title></head><img alt="dot" src="{picture}"></html>')
    assert list(pypdf.PdfReader(BytesIO(pdf)).pages[0].images)


def test_each_page_is_shown_as_a_picture_of_a4_shape():
    pdf = make_pdf('<html lang="en"><title>x</title><p>one<p style="break-before: page">two</html>')
    first, second = page_image(pdf, 1, scale=1), page_image(pdf, 2, scale=1)
    assert page_count(pdf) == 2
    assert Image.open(BytesIO(first)).size == Image.open(BytesIO(second)).size == (596, 842)
    assert first != second


def test_there_is_no_picture_of_a_page_that_is_not_there():
    with pytest.raises(IndexError):
        page_image(make_pdf(PAGE), 2)


def test_characters_that_no_font_can_draw_are_named_and_letters_of_many_languages_are_not():
    assert unprintable("Łukasz, Siân, Олена and ‘quotes’ – \n\u200f\u00a0") == []
    assert unprintable("a\U0010fffcb\U0010fffdc\U0010fffc") == ["\U0010fffc", "\U0010fffd"]


def test_without_pango_the_mend_is_named(tmp_path):
    (tmp_path / "weasyprint.py").write_text("raise OSError('cannot load library libpango-1.0-0')")
    program = (
        "from casework.pdf import make_pdf\n"
        "from casework.domain.errors import SettingsError\n"
        "try: make_pdf('<p>x')\n"
        "except SettingsError as error: print(error)\n"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "apt-get install libpango-1.0-0" in answer.stdout
