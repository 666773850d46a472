"""Scripts whose copied text is poor: the picture on paper is the one that another program draws with the same font."""

import subprocess
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont, ImageOps

from casework.pdf import make_pdf
from casework.pdf.catalogues import known_languages, open_catalogue
from casework.pdf.fonts import font_for
from casework.pdf.pages import page_image

LETTERS = Path(__file__).parents[2] / "letters"
FOLDERS = [LETTERS / "languages"]
SCRIPTS = {one.code: one.script for one in known_languages(FOLDERS)}
POINTS, DOTS = 40, 2  # points of a letter, and dots of the picture for a point
LINES = ("What may go wrong?", "speak to my lawyer")


def on_paper(text: str, code: str) -> Image.Image:
    """The line as the papers draw it."""
    css = (LETTERS / "letter.css").read_text("utf-8")
    css += f"@page {{ size: A4 landscape }} bdi:lang({code}) {{ font-size: {POINTS}pt }}"
    css += "@page { @bottom-right { content: none } }"
    line = f'<p><bdi lang="{code}">{text}</bdi></p>'
    page = f'<html lang="en"><head><title>A line</title></head><body>{line}</body></html>'
    with Image.open(BytesIO(page_image(make_pdf(page, css), 1, scale=DOTS))) as picture:
        return ink(picture)


def elsewhere(text: str, code: str, engine: ImageFont.Layout) -> Image.Image:
    """The line as Pillow draws it with the same font: with HarfBuzz (RAQM), or letter by letter (BASIC)."""
    family = font_for(SCRIPTS[code], code).family
    # As fontconfig finds it for the papers. Debian’s bold Nastaliq says that it is regular, and either may come.
    asked = ["fc-match", "--format", "%{file}", f"{family}:weight=80"]
    file = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    font = ImageFont.truetype(file, POINTS * DOTS, layout_engine=engine)
    picture = Image.new("L", (2400, 600), 255)
    said = {"language": code} if engine is ImageFont.Layout.RAQM else {}
    ImageDraw.Draw(picture).text((200, 200), text, font=font, fill=0, **said)
    return ink(picture)


def ink(picture: Image.Image) -> Image.Image:
    """What is drawn, dark as light, without the white round it."""
    turned = ImageOps.invert(picture.convert("L"))
    return turned.crop(turned.point(lambda dot: 255 if dot > 60 else 0).getbbox())


def likeness(one: Image.Image, other: Image.Image) -> float:
    """1 for the same picture, 0 for two that have nothing to do with each other."""
    soft = (
        np.asarray(picture.resize(one.size).filter(ImageFilter.GaussianBlur(2)), dtype=float).ravel()
        for picture in (one, other)
    )
    return float(np.corrcoef(*soft)[0, 1])


@pytest.mark.parametrize("english", LINES)
@pytest.mark.parametrize("code", ["ur", "bn", "ta"])
def test_a_line_is_drawn_as_another_program_draws_it_with_the_font_of_its_language(code, english):
    text = open_catalogue(code, FOLDERS).text(english).said
    assert text
    paper, other = on_paper(text, code), elsewhere(text, code, ImageFont.Layout.RAQM)
    assert paper.size == pytest.approx(other.size, rel=0.02, abs=3)
    assert likeness(paper, other) > 0.97
    unjoined = elsewhere(text, code, ImageFont.Layout.BASIC)  # so would it look without joins and reordering
    assert likeness(paper, unjoined) < 0.8
