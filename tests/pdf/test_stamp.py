"""Letters that are stamped are the same page that WeasyPrint makes, in one PDF each and in one file to print."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from casework.pdf import lay_out
from casework.pdf.gate import faults
from casework.pdf.letters import Letters, open_letters
from casework.pdf.stamp import Press, Printed, PrintFile, Shape, open_shape, pdf_of
from casework.settings import resource_dir
from tests.pdf.supporters import KEY, pages, supporters

COUNT = 24

# Each of these breaks or is shaped by rules of its own somewhere.
HOSTILE = (
    "See https://example.org/a/very/long/path?with=questions&and=more-of-them/and/until/the/line/ends.",
    "and/or 24/7 a/b I/O 5°C ½ No.10 v1.2-beta3 ../.. x,y 1.5 -5 5- - ( ) [sic] {x} 100% $5 £1,200.50 €3 1–2 — … A–Z",
    "The 10 000 pounds of Mr Smith\u00a0and\u00a0Sons\u00a0who\u00a0never\u00a0part\u00a0from\u00a0all",
    "Do\u00adnau\u00adschiff\u00adfahrts\u00adge\u00adsell\u00adschaft and re\u00adtry once more until it is full",
    "office fluffy affix fjord AVATAR To. Te, W.A. Yes, Ty, LTAV “Vo” ‘Wa’ P. T, r. f” f’ ffi ffl Th",
    "LlanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogochLlanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch",
    "😀 مرحبا بالعالم e\u0301 ﬁ a\u200bb שלום 中文",
    "**Bold to the end of a line of words that goes on** and **on**, (**and** again) **on 3 May 2026, too** LS11 7DD.",
    "On 07700 900123 or 07700 900456, from Monday 4 May 2026 to Tuesday 5 May 2026. LS11 7DD (LS11 7DE) SW1A 0AA",
    "co-operation mother-in-law well-known O’Brien’s Featherstonehaugh-Okonkwo-Vaughan-Williams-Ellery-Fforde",
    "<b>&amp;</b> & < > \" ' &lt; 1 < 2 > 0 && \\ (x\\) ) ( %d %s {{ x }} {% y %}",
    "Tabs\tand  two   spaces\u2003em\u2009thin \u2028 and one more",
)  # fmt: skip


@cache
def letters() -> Letters:
    return open_letters(resource_dir("letters"))


def page_saying(words: str, *, snug: bool = False) -> str:
    values = replace(next(supporters(letters(), 1)), own_words=words)
    return letters().page(KEY, letters().prefill(KEY, values), values, snug=snug)


def whole(html: str) -> bytes:
    return lay_out(html, letters().css).written()


def content(pdf: bytes) -> bytes:
    with pikepdf.open(BytesIO(pdf)) as opened:
        return opened.pages[0].Contents.read_bytes()


def text(pdf: bytes, page: int = 0) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return str(document[page].get_textpage().get_text_bounded())
    finally:
        document.close()


@pytest.fixture(scope="module")
def batch() -> Iterator[tuple[list[str], list[Printed], dict[str, Shape]]]:
    """Some letters, printed."""
    htmls = list(pages(letters(), COUNT))
    press = Press(letters().css, share=0)
    printed = [press.print(html) for html in htmls]
    return htmls, printed, press.shapes


def test_a_stamped_letter_is_the_page_that_weasyprint_makes(
    batch: tuple[list[str], list[Printed], dict[str, Shape]],
) -> None:
    htmls, printed, shapes = batch
    assert sum(one.stamped for one in printed) == COUNT
    for html, one in list(zip(htmls, printed, strict=True))[::8]:
        ours, theirs = pdf_of(one.piece, shapes.get(one.shape)), whole(html)
        assert content(ours) == content(theirs)
        with pikepdf.open(BytesIO(ours)) as our, pikepdf.open(BytesIO(theirs)) as their:
            assert our.Root.Metadata.read_bytes() == their.Root.Metadata.read_bytes()
            assert str(our.trailer.Info.Title) == str(their.trailer.Info.Title)
            assert our.Root.Lang == their.Root.Lang
            assert tags(our.Root.StructTreeRoot.K[0]) == tags(their.Root.StructTreeRoot.K[0])
            assert str(our.Root.Outlines.First.Title) == str(their.Root.Outlines.First.Title)


def tags(element: pikepdf.Object) -> object:
    """The tags under one, by their names, with the marks that they hold."""
    kids = element.get("/K", [])
    return str(element.S), [int(kid) if isinstance(kid, int) else tags(kid) for kid in kids]


def all_tags(pdf: bytes) -> object:
    with pikepdf.open(BytesIO(pdf)) as opened:
        return tags(opened.Root.StructTreeRoot.K[0])


def test_stamped_letters_pass_the_gate_and_read_as_weasyprints_do(
    batch: tuple[list[str], list[Printed], dict[str, Shape]],
) -> None:
    htmls, printed, shapes = batch
    wholes = [pdf_of(one.piece, shapes.get(one.shape)) for one in printed]
    assert [faults(one) for one in wholes[:3]] == [[]] * 3
    for html, one in list(zip(htmls, wholes, strict=True))[1::17]:
        theirs = whole(html)
        assert text(one) == text(theirs)
        assert picture(one) == picture(theirs)


def picture(pdf: bytes) -> bytes:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return bytes(document[0].render(scale=1.5).to_pil().tobytes())
    finally:
        document.close()


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_are_the_same_or_take_the_slow_path(words: str, hostile_press: Press) -> None:
    html = page_saying(f"{words} {words}")
    printed = hostile_press.print(html)
    if printed.stamped:
        ours, theirs = pdf_of(printed.piece, hostile_press.shapes[printed.shape]), whole(html)
        assert content(ours) == content(theirs)
        assert all_tags(ours) == all_tags(theirs)
    else:
        assert printed.why
        assert printed.piece == whole(html)


@pytest.fixture(scope="module")
def hostile_press() -> Press:
    return Press(letters().css, share=0)


def test_no_letter_holds_words_of_another(batch: tuple[list[str], list[Printed], dict[str, Shape]]) -> None:
    values = list(supporters(letters(), COUNT))
    _, printed, shapes = batch
    own = [
        {one.sender.email, f"{one.sender.name}\r\n", *one.sender.lines[-2:-1]} - {"", "\r\n"}
        for one in values
    ]
    texts = [text(pdf_of(one.piece, shapes.get(one.shape))) for one in printed]
    for number, shown in enumerate(texts):
        assert all(word.strip() in shown.replace("\r\n", " ") for word in own[number])
        foreign = {one.sender.email for one in values} - {values[number].sender.email, ""}
        assert not [word for word in foreign if word in shown]
    for shape in shapes.values():
        assert not text(shape.exemplar).strip()
        with pikepdf.open(BytesIO(shape.exemplar)) as pdf:
            everything = b"".join(
                one.read_bytes() if isinstance(one, pikepdf.Stream) else one.unparse(resolved=True)
                for one in pdf.objects
            ).decode("latin-1")
        assert "Samira" not in everything
        assert values[0].sender.email not in everything


def test_the_print_file_has_a_part_for_each_letter_in_order_and_its_fonts_once(
    batch: tuple[list[str], list[Printed], dict[str, Shape]],
) -> None:
    _, printed, shapes = batch
    sheet = whole(
        '<html lang="en-GB"><head><title>Next</title></head><body><h1>North</h1><table><tr><th'
        '  scope="col">Letters</th><th scope="col">Sheets</th></tr><tr><td>2</td><td>2</td></tr></table></body></html>'
    )
    out = BytesIO()
    file = PrintFile(out, "Letters to print")
    for one in printed[:12]:
        file.add(one.piece, shapes.get(one.shape))
    file.add_pdf(sheet)
    for one in printed[12:]:
        file.add(one.piece, shapes.get(one.shape))
    file.add_pdf(sheet)
    file.finish()
    assert faults(out.getvalue()) == []
    assert text(out.getvalue(), 7) == text(pdf_of(printed[7].piece, shapes.get(printed[7].shape)))
    with pikepdf.open(BytesIO(out.getvalue())) as pdf:
        assert len(pdf.pages) == COUNT + 2
        (document,) = pdf.Root.StructTreeRoot.K
        assert [str(part.S) for part in document.K] == ["/Part"] * (COUNT + 2)
        assert [first_page(part) for part in document.K] == [page.obj.objgen for page in pdf.pages]
        parents = pikepdf.NumberTree(pdf.Root.StructTreeRoot.ParentTree)
        for page in pdf.pages:
            marks = parents[int(page.obj.StructParents)]
            for mark, element in enumerate(marks):
                assert element is None or list(element.K) == [mark] or mark in list(element.K)
                assert element is None or element.Pg.objgen == page.obj.objgen
        fonts = {font.objgen for page in pdf.pages[:12] for font in page.obj.Resources.Font.values()}
        assert len(fonts) == 2


def first_page(element: pikepdf.Object) -> tuple[int, int]:
    while "/Pg" not in element:
        element = element.K[0]
    return tuple(element.Pg.objgen)


def test_letters_without_a_shape_go_into_the_print_file_whole() -> None:
    press = Press(letters().css)
    printed = press.print(page_saying("مرحبا"))
    out = BytesIO()
    file = PrintFile(out, "One")
    file.add(printed.piece, None)
    file.finish()
    assert not printed.stamped
    assert faults(out.getvalue()) == []
    assert "Samira" in text(out.getvalue())


def test_another_process_makes_the_same_pdf_of_a_kept_piece(
    batch: tuple[list[str], list[Printed], dict[str, Shape]], tmp_path: Path
) -> None:
    _, printed, shapes = batch
    one = printed[3]
    (tmp_path / "piece").write_bytes(one.piece)
    (tmp_path / "shape").write_bytes(shapes[one.shape].exemplar)
    program = (
        "import sys, pathlib\nfrom casework.pdf.stamp import open_shape, pdf_of\nfolder = pathlib.Path(sys.argv[1])\n"
        "shape = open_shape((folder / 'shape').read_bytes())\n"
        "(folder / 'pdf').write_bytes(pdf_of((folder / 'piece').read_bytes(), shape))\n"
        "assert 'weasyprint' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=True, cwd=Path(__file__).parents[2])
    assert (tmp_path / "pdf").read_bytes() == pdf_of(one.piece, shapes[one.shape])


def test_a_shape_is_the_same_bytes_whichever_letter_it_was_made_from(
    batch: tuple[list[str], list[Printed], dict[str, Shape]],
) -> None:
    htmls, printed, shapes = batch
    key = printed[0].shape
    other = next(at for at in range(COUNT - 1, 0, -1) if printed[at].shape == key)
    press = Press(letters().css, share=0)
    again = press.print(htmls[other])
    assert again.piece == printed[other].piece
    assert press.shapes == {key: open_shape(shapes[key].exemplar)}


def test_a_letter_that_compares_badly_sends_its_shape_down_the_slow_path() -> None:
    # A rule that makes the look of a block hang on the words in it is nothing that a shape knows of.
    css, page = (
        "p:has(.loud) { color: red }",
        '<html lang="en"><head><title>T</title></head><body><p>{}</p></body></html>',
    )
    press = Press(css, share=0)
    plain, loud = page.format("One and two"), page.format('One and <span class="loud">two</span>')
    first, second, third = press.print(plain), press.print(loud), press.print(plain)
    assert first.stamped
    assert not second.stamped
    assert "compared with WeasyPrint" in second.why
    assert list(press.refused) == [first.shape]
    assert not third.stamped
    assert second.piece == lay_out(loud, css).written()


def test_the_lot_falls_on_as_many_letters_as_were_asked_for() -> None:
    page = '<html lang="en"><head><title>T</title></head><body><p>Letter {}</p></body></html>'
    presses = [Press("", share=share, seed=1) for share in (0, 0.5, 1)]
    for press in presses:
        assert all(press.print(page.format(number)).stamped for number in range(21))
    none, half, every = (press.compared for press in presses)
    assert (none, every) == (0, 20)
    assert 4 < half < 16


def test_a_letter_that_is_a_little_too_long_is_set_closer_as_letters_pdf_does() -> None:
    press = Press(letters().css, share=0)
    for times in (1, 9, 11, 14):
        words = "She was the first to say good morning to us when we moved in. " * times
        printed = press.print(page_saying(words), page_saying(words, snug=True))
        values = replace(next(supporters(letters(), 1)), own_words=words)
        theirs = letters().pdf(KEY, letters().prefill(KEY, values), values)
        assert content(pdf_of(printed.piece, press.shapes.get(printed.shape))) == content(theirs), times


def test_a_page_of_any_other_make_is_printed_whole() -> None:
    press = Press("p:first-child { color: red } strong:first-child { color: blue }")
    printed = press.print('<html lang="en"><head><title>T</title></head><body><p>Some text</p></body></html>')
    assert not printed.stamped
    assert "by their place" in printed.why
    assert not Press("").print("<p>No title").stamped
