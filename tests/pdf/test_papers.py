"""Every paper of the house, in every size and with anything typed into it: it passes the gate and reads as written."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO

import html5lib
import pikepdf
import pypdfium2
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from PIL import ImageOps

from casework.domain.errors import CaseworkError
from casework.domain.letters.letter_values import LetterValues
from casework.pdf import make_pdf
from casework.pdf.gate import faults
from casework.pdf.letters import LARGE_PRINT
from casework.pdf.pages import page_count
from tests.aloud import read_aloud
from tests.examples import examples
from tests.pdf.printed import ALL, LETTERS, one_of_each_layout, sample_pdf
from tests.pdf.reading import verapdf_faults

WHITE = {"left": 24, "top": 17, "right": 21, "bottom": 8}  # millimetres that no printer cuts off
DOTS = 4  # of a picture, for a millimetre
BLOCKS = {"p", "h1", "h2", "h3", "li", "th", "td", "address"}
# A line or more in each script that the letters name a font for, and what people paste without knowing.
TYPED = [
    *("Żółć, Ñandú, ọ̀rọ̀ ẹ́", "Олена Коваль", "Νίκος", "میرا نام سمیرا ہے", "اسمي سميرة، ٣ مارس", "שלום עולם"),
    *("ስሜ ተስፋይ እዩ።", "আমার নাম সামিরা", "என் பெயர் சமீரா", "ਮੇਰਾ ਨਾਮ ਸਮੀਰਾ ਹੈ", "मेरा नाम समीरा है", "我的名字是李雷"),
    *("ひらがな", "제 이름", "ฉันชื่อสมีรา", "ខ្ញុំឈ្មោះ", "ကျွန်မနာမည်", "გამარჯობა", "Բարեւ"),
    *(
        "<b>{{ person }}</b> {% raw %}",
        "</style><script>x</script>",
        "\u202eturned\u202c",
        "a\u00a0b\u2011c\u00add",
    ),
    *(
        "\x07bell\ttab",
        "ﬁ ½ Ω K Å e\u0301\u0323",
        "e\u0301",
        "x" * 400,
        "**strong** & *",
        "[a gap]",
        "—“”…€™",
    ),
]


def squeezed(text: str) -> str:
    """The text without spaces and unseen signs, which a line's end swallows, and with accents written in one way.

    Without the hyphen too that stands at the end of a line which breaks at an unseen one.
    """
    seen = re.sub(r"[\s\u00ad\u200b-\u2010\u202a-\u202e\u2060-\u2069]+", "", text)
    return unicodedata.normalize("NFC", seen)


def written(html: str) -> list[str]:
    """The text of each paragraph, heading, item and cell of the page, in its order; those that are empty left out."""
    body = html5lib.parse(html, namespaceHTMLElements=False).find("body")

    def walk(element) -> Iterator[str]:
        inside = [text for child in element for text in walk(child)]
        if element.tag in BLOCKS and not any(
            one.tag in BLOCKS for one in element.iter() if one is not element
        ):
            yield squeezed("".join(element.itertext()))
        else:
            yield from inside

    return [text for text in walk(body) if text]


def read(pdf: bytes) -> list[str]:
    return [text for text in map(squeezed, read_aloud(pdf)) if text and text != "•"]


@pytest.mark.parametrize("size", [None, LARGE_PRINT[-1]])
@pytest.mark.parametrize("key", ALL)
def test_each_paper_passes_the_gate_and_reads_paragraph_by_paragraph_as_it_was_written(key, size):
    values, pdf = LETTERS.sample(key), sample_pdf(key, size=size)
    blocks = LETTERS.prefill(key, values)
    assert faults(pdf) + verapdf_faults(pdf) == []
    assert read(pdf) == written(LETTERS.render_html(key, blocks, values))


def filled(typed: list[str]) -> LetterValues:
    """A letter in which every name, place and number is something else than anybody expects."""
    values, (a, b, c, d, e, f) = LETTERS.sample("covering-letter"), typed
    return replace(
        values,
        person=replace(values.person, name=a, official_name=b, other_names=c, nationality=d),
        references=tuple(replace(one, label=e, value=f) for one in values.references),
        sender=replace(values.sender, name=b, lines=(c, d), email=e, phone=f),
        member=replace(values.member, name=c, address_as=d),
        group=replace(values.group, name=e),
        visit=replace(values.visit, at=f, where=a),
        recall=replace(values.recall, name=d, lines=(a,)),
        home=replace(values.home, lines=(b,), area=c),
        representative=replace(values.representative, name=d, firm=e),
        supporters=tuple(replace(one, name=f, email=a) for one in values.supporters),
    )


@given(
    st.sampled_from(ALL),
    st.lists(st.sampled_from(TYPED), min_size=6, max_size=6),
    st.sampled_from([None, 20]),
)
@example("home-mp-first-contact", ["x" * 400, "a\u00a0b\u2011c\u00add", *["Żółć"] * 4], None)
@examples(20)
def test_whatever_is_typed_is_read_aloud_as_it_was_typed_and_passes_the_gate(key, typed, size):
    values = filled(typed)
    blocks = {
        name: f"{text}\n\n{typed[0]} {typed[1]}\n{typed[2]}"
        for name, text in LETTERS.prefill(key, values).items()
    }
    pdf = LETTERS.pdf(key, blocks, values, size=size)
    assume(not LETTERS.template(key).one_page or page_count(pdf) == 1)  # otherwise it is not issued
    assert faults(pdf) == []
    assert read(pdf) == written(LETTERS.render_html(key, blocks, values))


@pytest.mark.parametrize("typed", TYPED)
def test_each_script_reads_back_as_it_was_typed(typed):
    values = replace(
        LETTERS.sample("covering-letter"), group=replace(LETTERS.sample("covering-letter").group, name="")
    )
    pdf = LETTERS.pdf("covering-letter", {"ask": typed, "worth": f"And {typed} again"}, values)
    assert squeezed(re.sub(r"\*\*|[\x00-\x1f]", "", typed)) in "".join(read(pdf))


def test_large_print_comes_in_two_sizes_and_no_other():
    values = LETTERS.sample("covering-letter")
    with pytest.raises(CaseworkError, match="16 and 20 point"):
        LETTERS.pdf("covering-letter", {}, values, size=18)


def font_sizes(pdf: bytes) -> set[float]:
    """Every size of letters in the PDF, in points."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        drawn = [page.obj["/Contents"].read_bytes() for page in opened.pages]
    return {float(size) * 0.75 for one in drawn for size in re.findall(rb"/\w+ ([\d.]+) Tf", one)}


def edges(pdf: bytes) -> Iterator[dict[str, float]]:
    """How many millimetres of each page stay white at each edge, looked at in its picture."""
    document = pypdfium2.PdfDocument(pdf)
    for page in document:
        picture = page.render(scale=DOTS * 25.4 / 72, grayscale=True).to_pil()
        left, top, right, bottom = ImageOps.invert(picture).getbbox()
        width, height = picture.size
        yield {
            "left": left / DOTS,
            "top": top / DOTS,
            "right": (width - right) / DOTS,
            "bottom": (height - bottom) / DOTS,
        }
    document.close()


def nothing_is_cut_off(pdf: bytes) -> None:
    for white in edges(pdf):
        assert all(white[edge] >= least for edge, least in WHITE.items()), white


# What is small or cut off in the smaller of the two sizes is so by its layout; in the larger it may be by its words.
SMALLER = [(key, LARGE_PRINT[0]) for key in one_of_each_layout(ALL)]


@pytest.mark.parametrize(("key", "size"), SMALLER + [(key, LARGE_PRINT[-1]) for key in ALL])
def test_in_large_print_nothing_is_small_but_the_window_and_nothing_is_cut_off(key, size):
    group = "Wolverhampton and Example Welcome Group"
    values = filled(
        ["Wolverhampton-on-the-Example", "x" * 90, "سمیرا احمدی", "11 March 2026", group, "A1/" * 30]
    )
    pdf = LETTERS.pdf(key, LETTERS.prefill(key, values), values, size=size)
    window = set() if LETTERS.template(key).sheet else {10.5}
    assert {round(one, 1) for one in font_sizes(pdf) if one < size - 0.1} == window
    nothing_is_cut_off(pdf)


def test_a_paragraph_and_a_list_that_run_over_the_page_are_read_as_one():
    items = "".join(f"<li>{number}</li>" for number in range(90))
    page = f'<html lang="en"><head><title>x</title></head><p>{"word " * 2000}</p><ul>{items}</ul></html>'
    pdf = make_pdf(page)
    assert faults(pdf) == []
    assert read(pdf) == ["word" * 2000, *map(str, range(90))]


def test_verapdf_is_asked_where_it_is_there(tmp_path, monkeypatch):
    program = tmp_path / "verapdf"
    program.write_text('#!/bin/sh\necho "FAIL $5 $3"\nexit 1\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert [sentence.split()[0] for sentence in verapdf_faults(b"%PDF")] == ["FAIL", "FAIL"]
