"""Forms to fill in on a screen: what is ticked or typed is seen, in programs that draw the fields by themselves."""

import re
from io import BytesIO

import pikepdf
import pypdfium2
import pytest
from pikepdf import Name, String

from casework.pdf.gate import faults
from tests.pdf.printed import sample_pdf

FORMS = [("form-of-authority", ""), ("form-of-authority", "ur"), ("campaign-consent", "ti")]


def form(key: str, code: str) -> bytes:
    return sample_pdf(key, code, fillable=True)


def fields(opened: pikepdf.Pdf) -> list:
    return [one for page in opened.pages for one in page.obj.get("/Annots", [])]


def filled_in(pdf: bytes) -> bytes:
    """The form with every box ticked and something typed into every empty field."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        for one in fields(opened):
            if one["/FT"] == "/Btn":
                one["/V"] = one["/AS"] = Name("/on")
            elif not str(one["/V"]):
                one["/V"] = String("a good deal more than fits here in letters as large as those of the form")
        written = BytesIO()
        opened.save(written)
    return written.getvalue()


def darkness(pdf: bytes) -> list[tuple[str, float]]:
    """How much of each field is dark, from 0 to 1, as Chromium draws it; a box is measured inside its border."""
    document = pypdfium2.PdfDocument(pdf)
    document.init_forms()
    found = []
    with pikepdf.open(BytesIO(pdf)) as opened:
        for number, page in enumerate(opened.pages):
            picture = document[number].render(scale=4, may_draw_forms=True).to_pil().convert("L")
            for one in page.obj.get("/Annots", []):
                x1, y1, x2, y2 = (float(side) for side in one["/Rect"])
                bottom, top = sorted((y1, y2))
                high = float(page.mediabox[3])
                sides = (x1 + 2, high - top + 2, x2 - 2, high - bottom - 2)
                inside = picture.crop([round(4 * side) for side in sides])
                dark = sum(inside.histogram()[:128]) / (inside.width * inside.height)
                found.append((str(one["/FT"]), dark))
    document.close()
    return found


@pytest.mark.parametrize(("key", "code"), FORMS)
def test_a_tick_is_dark_and_an_empty_box_is_not(key, code):
    pdf = form(key, code)
    assert faults(pdf, archive=False) == []
    assert {dark for kind, dark in darkness(pdf) if kind == "/Btn"} == {0}
    ticked = [dark for kind, dark in darkness(filled_in(pdf)) if kind == "/Btn"]
    assert len(ticked) > 10
    assert min(ticked) > 0.1


@pytest.mark.parametrize(("key", "code"), FORMS)
def test_a_program_that_draws_ticks_by_itself_finds_the_letter_for_it_in_the_form(key, code):
    with pikepdf.open(BytesIO(form(key, code))) as opened:
        known = opened.Root.AcroForm.DR.Font
        for one in fields(opened):
            name = re.search(r"(/\S+) 0 Tf", str(one["/DA"])).group(1)
            assert name in known
            if one["/FT"] == "/Btn":
                assert str(one["/MK"]["/CA"]) == "4"
                assert 0x34 in list(known[name].Encoding.Differences)
                assert len(known[name].CharProcs) == 1


def test_words_shrink_till_they_fit_and_long_ones_have_the_room_to_wrap():
    with pikepdf.open(BytesIO(form("form-of-authority", "ur"))) as opened:
        typed = [one for one in fields(opened) if one["/FT"] == "/Tx"]
        long = [one for one in typed if len(str(one["/V"])) > 30]
        assert long
        for one in long:
            assert int(one["/Ff"]) & 1 << 12, "it wraps"
            assert abs(float(one["/Rect"][3] - one["/Rect"][1])) > 26, "two lines of it can be read"
        assert all(" 0 Tf" in str(one["/DA"]) for one in typed), "no size is fixed, so what is typed shrinks"


def test_something_else_is_asked_once_on_a_form_to_fill_in():
    with pikepdf.open(BytesIO(form("form-of-authority", ""))) as opened:
        assert [str(one["/TU"]) for one in fields(opened)].count("something else:") == 1
