"""The gate: a good paper passes, and each thing that can be wrong with one trips it and nothing else."""

from collections.abc import Callable
from datetime import date
from io import BytesIO

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, Stream

from casework.pdf import Attached, finish_pdf, lay_out, load_weasyprint, make_pdf
from casework.pdf.gate import faults
from tests.aloud import read_aloud

DOT = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
PAGE = f"""<!doctype html><html lang="en-GB"><head><title>A paper</title><style>
@page {{ @bottom-center {{ content: "Page " counter(page) }} }}
body, bdi {{ font-family: "Noto Serif", "Noto Naskh Arabic" }}</style></head><body>
<h1>A heading</h1><p>For <bdi lang="fa">سمیرا</bdi>, with love</p><h2>Below it</h2><ul><li>one</li><li>two</li></ul>
<table><tr><th>day</th><th>what</th></tr><tr><td>Monday</td><td>soup</td></tr></table>
<p><img alt="a dot" src="{DOT}"></p></body></html>"""
FORM = """<!doctype html><html lang="en-GB"><head><title>A form</title></head><body><h1>A form</h1>
<p><label>Your name <input name="a" title="Your name"></label></p>
<p><label><input type="checkbox" name="b" title="Yes"> yes</label></p></body></html>"""
LINK = (
    '<html lang="en"><head><title>x</title></head><p><a href="https://example.org/a">our page</a></p></html>'
)
Break = Callable[[Pdf], object]


@pytest.fixture(scope="module")
def good() -> bytes:
    """A paper with nothing wrong."""
    return make_pdf(PAGE)


@pytest.fixture(scope="module")
def fillable() -> bytes:
    """A form with nothing wrong, to fill in on a screen."""
    return make_pdf(FORM, fillable=True)


@pytest.fixture(scope="module")
def linked() -> bytes:
    """A paper that leads out of itself."""
    return make_pdf(LINK)


def broken(pdf: bytes, change: Break, **saving) -> bytes:
    with pikepdf.open(BytesIO(pdf)) as opened:
        change(opened)
        written = BytesIO()
        opened.save(written, **saving)
    return written.getvalue()


def tags(pdf: Pdf, kind: str) -> list:
    """The tags of one kind, in reading order."""
    found = []

    def walk(one):
        if isinstance(one, Dictionary) and "/S" in one:
            if one["/S"] == kind:
                found.append(one)
            kids = one.get("/K", [])
            for kid in kids if isinstance(kids, Array) else [kids]:
                walk(kid)

    for top in pdf.Root.StructTreeRoot.K:
        walk(top)
    return found


def setting(where: Callable[[Pdf], object], key: str, value: object) -> Break:
    def change(pdf: Pdf) -> None:
        where(pdf)[key] = value

    return change


def without(where: Callable[[Pdf], object], key: str) -> Break:
    def change(pdf: Pdf) -> None:
        del where(pdf)[key]

    return change


def root(pdf: Pdf):
    return pdf.Root


def page(pdf: Pdf):
    return pdf.pages[0].obj


def first(kind: str) -> Callable[[Pdf], object]:
    return lambda pdf: tags(pdf, kind)[0]


def font(pdf: Pdf):
    fonts = pdf.pages[0].obj["/Resources"]["/Font"]
    return next(one for _, one in fonts.items() if "Arabic" not in str(one["/BaseFont"]))


def picture(pdf: Pdf):
    return next(one for _, one in pdf.pages[0].obj["/Resources"]["/XObject"].items())


def drawing(change: Callable[[bytes], bytes]) -> Break:
    def apply(pdf: Pdf) -> None:
        contents = pdf.pages[0].obj["/Contents"]
        contents.write(change(contents.read_bytes()))

    return apply


def record(old: bytes, new: bytes) -> Break:
    def apply(pdf: Pdf) -> None:
        written = pdf.Root.Metadata.read_bytes()
        assert old in written
        pdf.Root.Metadata.write(written.replace(old, new))

    return apply


def note(kind: str, holder: str, **more) -> Break:
    """A link or field in the first paragraph, tagged as it should be."""

    def apply(pdf: Pdf) -> None:
        made = Dictionary(Type=Name.Annot, Subtype=Name(kind), Rect=Array([0, 0, 9, 9]), F=4, **more)
        made = pdf.make_indirect(made)
        page(pdf)["/Annots"] = Array([made])
        inside = Array([Dictionary(Type=Name.OBJR, Obj=made)])
        tag = Dictionary(Type=Name.StructElem, S=Name(holder), K=inside, P=tags(pdf, "/P")[0])
        tags(pdf, "/P")[0]["/K"].append(pdf.make_indirect(tag))

    return apply


def link_to(**action) -> Break:
    return note("/Link", "/Link", Contents="words", A=Dictionary(**action))


def all_of(*changes: Break) -> Break:
    def apply(pdf: Pdf) -> None:
        for change in changes:
            change(pdf)

    return apply


def each(kind: str, change: Callable[[object], object]) -> Break:
    return lambda pdf: [change(one) for one in tags(pdf, kind)]


def on_this_page(pdf: Pdf) -> None:
    link_to(S=Name.GoTo, D=Array([page(pdf), Name.Fit]))(pdf)


def annotation(pdf: Pdf):
    return page(pdf)["/Annots"][0]


def letters(old: bytes, new: bytes) -> Break:
    """Change what the glyphs of the font are said to stand for."""

    def apply(pdf: Pdf) -> None:
        said = font(pdf)["/ToUnicode"]
        assert old in said.read_bytes()
        said.write(said.read_bytes().replace(old, new))

    return apply


def test_a_good_paper_a_form_and_a_link_where_we_want_one_pass(good, fillable, linked):
    assert faults(good) == []
    assert faults(fillable, archive=False) == []
    assert faults(linked, links=("https://example.org/",)) == []


def test_what_is_read_aloud_is_what_was_written_in_its_order_and_the_footer_is_not(good):
    assert [text.strip() for text in read_aloud(good)] == [
        *("A heading", "For سمیرا, with love", "Below it", "•", "one", "•", "two"),
        *("day", "what", "Monday", "soup", ""),
    ]


BROKEN: dict[str, Break] = {
    # the paper as a whole
    "It has no tags, so a screen reader has to guess what is what.": without(root, "/MarkInfo"),
    "It does not say in which language it is.": setting(root, "/Lang", "plain English"),
    "It shows the name of its file where its title should stand.": without(root, "/ViewerPreferences"),
    "It has no record about itself.": without(root, "/Metadata"),
    "Its record does not say that it is PDF/UA-1.": record(b'pdfuaid:part="1"', b'pdfuaid:part="7"'),
    "On page 1 the tab key does not follow the order of reading.": without(page, "/Tabs"),
    # what runs or leads away
    "It leads out of the paper, to https://example.org.": link_to(S=Name.URI, URI="https://example.org"),
    "It leads to another file.": link_to(S=Name.GoToR, F="other.pdf"),
    "It carries a program or an order that would run by itself.": setting(
        root, "/OpenAction", Dictionary(S=Name.JavaScript, JS="app.alert(1)")
    ),
    "It is a form of a kind (XFA) that only few programs open.": setting(
        root, "/AcroForm", Dictionary(Fields=Array(), XFA="x")
    ),
    # the tags
    "It uses a tag that no reader knows, “Shout”.": setting(first("/H2"), "/S", Name.Shout),
    "A tag stands in the wrong place: P in LI.": setting(first("/LBody"), "/S", Name.P),
    "A tag stands in the wrong place: LI in Document.": setting(first("/L"), "/S", Name.Document),
    "The heading “Below it” skips a level.": setting(first("/H2"), "/S", Name.H3),
    "A heading is empty.": setting(first("/H2"), "/ActualText", " "),
    "A picture says nothing to somebody who cannot see it.": without(first("/Figure"), "/Alt"),
    "The table “daywhatMondaysoup” has no headers.": each("/TH", lambda one: one.update({"/S": Name.TD})),
    "The cell “soup” belongs to no header of its table.": without(
        lambda pdf: tags(pdf, "/TD")[1]["/A"], "/Headers"
    ),
    "The rows of the table “daywhatMondaysoup” have different lengths.": lambda pdf: tags(pdf, "/TR")[1][
        "/K"
    ].append(pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.TD, K=Array()))),
    "The headers of a table are not listed, so that its cells cannot name them.": without(
        lambda pdf: pdf.Root.StructTreeRoot, "/IDTree"
    ),
    "A link on page 1 stands outside the order of reading.": all_of(
        on_this_page, setting(first("/Link"), "/K", Array())
    ),
    "A link on page 1 has no words.": all_of(on_this_page, without(annotation, "/Contents")),
    # the text
    "Some tags stand for nothing on any page.": lambda pdf: tags(pdf, "/H2")[0]["/K"].append(999),
    "A text on page 1 stands in no tag: “one”.": setting(first("/LBody"), "/K", Array()),
    "Something on page 1 is neither tagged nor marked as decoration: “f”.": drawing(
        lambda written: written + b"\n0 0 9 9 re f"
    ),
    "Decoration stands inside of text on page 1: “A heading”.": drawing(
        lambda written: written.replace(b"BDC", b"BDC /Artifact BMC EMC", 1)
    ),
    "“سمیرا” is not marked as another language than en-GB.": each(
        "/Span", lambda one: one.update({"/Lang": "en-GB"})
    ),
    "The font Noto-Serif does not travel with the paper.": without(
        lambda pdf: font(pdf)["/DescendantFonts"][0]["/FontDescriptor"], "/FontFile2"
    ),
    "The font Noto-Serif does not say which letters its glyphs stand for.": without(font, "/ToUnicode"),
    "Glyphs on page 1 stand for no letter: “or”.": letters(b"> <0046>", b"> <0000>"),
    # the archive
    "It does not say what its colours mean.": without(root, "/OutputIntents"),
    "Its record does not say that it is PDF/A-2a or PDF/A-3a.": record(
        b'conformance="A"', b'conformance="B"'
    ),
    "Its record uses a word that PDF/A does not know, and does not explain it.": record(
        b"pdfa/ns/schema#", b"other#"
    ),
    "Its record and its older list of properties do not agree (Producer).": setting(
        lambda pdf: pdf.docinfo, "/Producer", "a typewriter"
    ),
    "A picture in it may be smoothed by the program that shows it.": setting(picture, "/Interpolate", True),
    "A link or field on page 1 would not be printed.": all_of(on_this_page, setting(annotation, "/F", 2)),
    "How a field on page 1 looks is left to the program that shows it.": all_of(
        note("/Widget", "/Form", TU="Your name"),
        lambda pdf: setting(root, "/AcroForm", Dictionary(Fields=Array([annotation(pdf)])))(pdf),
    ),
    "How its fields look is left to the program that shows them.": setting(
        root, "/AcroForm", Dictionary(Fields=Array(), NeedAppearances=True)
    ),
}


@pytest.mark.parametrize("sentence", BROKEN)
def test_each_thing_that_is_wrong_is_named_and_nothing_else(sentence, good):
    assert faults(broken(good, BROKEN[sentence])) == [sentence]


def test_a_form_field_without_a_label_is_named(fillable):
    unlabelled = broken(fillable, lambda pdf: page(pdf)["/Annots"][0].update({"/TU": ""}))
    assert faults(unlabelled, archive=False) == ["A form field on page 1 has no label."]


def test_a_form_to_fill_in_is_not_taken_for_the_archive(fillable):
    assert "Its record does not say that it is PDF/A-2a or PDF/A-3a." in faults(fillable)


def test_a_link_is_taken_only_to_where_it_may_lead(linked):
    sentence = "It leads out of the paper, to https://example.org/a."
    assert faults(linked) == faults(linked, links=("https://example.com/",)) == [sentence]


def test_a_paper_without_a_title_is_named():
    assert faults(make_pdf('<html lang="en"><p>Hello</p></html>')) == ["Its record names no title."]


def test_a_letter_that_no_font_has_is_named():
    boxed = make_pdf('<html lang="en"><head><title>x</title></head><p>a \U0010fffd b</p></html>')
    assert any(sentence.startswith("Page 1 shows a box where the font") for sentence in faults(boxed))


def test_a_paper_that_is_encrypted_locked_or_no_pdf_at_all_is_named(good):
    encrypted = broken(good, lambda pdf: None, encryption=pikepdf.Encryption(owner="o", user=""))
    locked = broken(good, lambda pdf: None, encryption=pikepdf.Encryption(owner="o", user="u"))
    assert faults(encrypted) == ["It is encrypted, which shuts out some screen readers."]
    assert faults(locked) == ["It is locked with a password."]
    assert faults(b"Dear Sir") == ["It cannot be read: it is no whole PDF."]


def test_a_paper_without_a_number_of_its_own_is_no_pdf_a():
    paper = load_weasyprint().HTML(string=PAGE)
    options = {"pdf_variant": "pdf/a-2a", "output_intent": "ours", "pdf_identifier": False}
    assert faults(paper.write_pdf(finisher=finish_pdf, **options)) == ["It has no number of its own."]


def test_packing_that_an_archive_does_not_take_is_named(good):
    def packed(pdf: Pdf) -> None:
        pdf.Root.Extra = pdf.make_indirect(Stream(pdf, b"\x80\x0b\x60\x50\x22\x0c\x0c\x85\x01"))
        pdf.Root.Extra.Filter = Name.LZWDecode

    as_it_is = {"stream_decode_level": pikepdf.StreamDecodeLevel.none, "compress_streams": False}
    kept = broken(good, packed, **as_it_is)
    assert faults(kept) == ["It is packed in a way that an archive does not take."]


def test_files_travel_along_in_pdf_a_3_alone_and_say_what_they_are():
    carried = [Attached("a.txt", b"as it came", "What the office wrote", date(2026, 3, 26))]
    paper = lay_out(PAGE, attached=carried).written()
    assert faults(paper) == []
    as_older = broken(paper, record(b'pdfaid:part="3"', b'pdfaid:part="2"'))
    assert faults(as_older) == ["It carries other files, which only PDF/A-3 may."]
    unsaid = broken(paper, without(lambda pdf: pdf.Root.AF[0], "/AFRelationship"))
    assert faults(unsaid) == ["The file a.txt is carried without saying what it is."]
