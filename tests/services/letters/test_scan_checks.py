"""What a scan is looked at for before it is kept, and what is left out of a photo."""

import io
import zlib

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageDraw

from casework.domain.errors import CaseworkError
from casework.pdf import stranger_reader, strangers
from casework.services.campaign import sheet_books
from casework.services.letters import scan_checks
from casework.services.letters.scans import keep_scan, picture_of
from casework.storage.instance import current_instance
from tests.factories import make_case
from tests.services.letters.test_scans import pdf

WHEN, GPS, UPRIGHT = 0x9003, 0x8825, 0x0112


def a_pdf(change=lambda pdf: None, **options) -> bytes:
    """A PDF of one page in which something was changed."""
    with pikepdf.new() as made:
        made.add_blank_page(page_size=(200, 200))
        change(made)
        out = io.BytesIO()
        made.save(out, **options)
        return out.getvalue()


def opens_with_a_program(made):
    made.Root.OpenAction = Dictionary(S=Name.JavaScript, JS="app.alert(1)")


def starts_something(made):
    made.pages[0].Annots = Array(
        [Dictionary(Type=Name.Annot, Subtype=Name.Link, A=Dictionary(S=Name.Launch))]
    )


def has_a_file_inside(made):
    made.attachments["invented.exe"] = b"MZ"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (opens_with_a_program, "a program"),
        (starts_something, "an order to start another program"),
        (has_a_file_inside, "another file inside it"),
    ],
)
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "in object streams"])
def test_what_a_pdf_carries_besides_its_pages_is_noticed(app, change, words, packed):
    mode = pikepdf.ObjectStreamMode.generate if packed else pikepdf.ObjectStreamMode.disable
    content = a_pdf(change, object_stream_mode=mode)
    assert scan_checks.check(content, "scan") == "application/pdf"
    assert words in scan_checks.carried(content, "application/pdf")


def test_a_plain_pdf_carries_nothing(app):
    assert scan_checks.carried(pdf(), "application/pdf") == []


def test_a_pdf_that_is_locked_says_how_to_unlock_it(app, organiser):
    case = make_case(organiser)
    locked = a_pdf(encryption=pikepdf.Encryption(owner="x", user="x"))
    with pytest.raises(CaseworkError, match="locked with a password"):
        keep_scan(case, locked)
    only_printing_is_forbidden = a_pdf(encryption=pikepdf.Encryption(owner="x", user=""))
    assert keep_scan(case, only_printing_is_forbidden)[1] == "application/pdf"


def a_photo(kind: str = "JPEG") -> bytes:
    """A photo taken lying on its side: what was above is red; it says where and when."""
    picture = Image.new("RGB", (40, 20), "white")
    ImageDraw.Draw(picture).rectangle((0, 0, 9, 19), fill="red")
    exif = picture.getexif()
    exif[UPRIGHT] = 6
    exif.get_ifd(0x8769)[WHEN] = "2026:03:02 09:00:00"
    exif.get_ifd(GPS)[1] = "N"
    out = io.BytesIO()
    picture.save(out, kind, exif=exif)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_loses_where_and_when_and_still_stands_upright(app, kind):
    photo = a_photo(kind)
    assert b"2026:03:02" in photo
    cleaned = scan_checks.without_traces(photo)
    with Image.open(io.BytesIO(cleaned)) as picture:
        assert picture.format == kind
        assert not picture.getexif()
        assert picture.size == (20, 40)
        red, green, _ = picture.convert("RGB").getpixel((10, 3))
        assert red > 200 > 60 > green
    assert b"2026:03:02" not in cleaned


def test_what_is_no_picture_is_left_as_it_is():
    assert scan_checks.without_traces(b"%PDF-1.7 no picture") == b"%PDF-1.7 no picture"


def test_a_page_as_large_as_a_house_makes_no_picture_that_fills_the_memory(app):
    huge = a_pdf(lambda made: setattr(made.pages[0], "MediaBox", Array([0, 0, 14400, 14400])))
    with Image.open(io.BytesIO(picture_of(huge, "application/pdf", 1))) as picture:
        assert max(picture.size) <= 4000


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("grep -q invented-virus --invert-match", None),
        ("sh -c 'exit 1'", "check for viruses on this machine refused"),
        ("/no/such/program", "did not work"),
    ],
)
def test_the_groups_own_check_for_viruses_gets_the_bytes_and_decides(app, organiser, command, words):
    case = make_case(organiser)
    object.__setattr__(current_instance().settings, "scan_command", command)
    if words is None:
        keep_scan(case, pdf())
        return
    with pytest.raises(CaseworkError, match=words) as error:
        keep_scan(case, pdf())
    assert error.value.field == "scan"
    assert current_instance().archive.names() == set()


def layers_in_layers(deep: int, often: int) -> bytes:
    """A PDF of 2 kilobytes whose one page draws a thing that draws another, and so on: a thousand million in all."""

    def draw(made):
        form, step = None, b"0 0 200 200 re f "
        for _ in range(deep):
            about = Dictionary(Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 200, 200]))
            if form is not None:
                about.Resources = Dictionary(XObject=Dictionary(F=form))
            form, step = made.make_indirect(pikepdf.Stream(made, step * often, about)), b"/F Do "
        made.pages[0].Resources = Dictionary(XObject=Dictionary(F=form))
        made.pages[0].Contents = pikepdf.Stream(made, step)

    return a_pdf(draw)


def page_that_swells(megabytes: int) -> bytes:
    """A PDF of 2 kilobytes whose one page is packed twice."""
    packer = zlib.compressobj(1)
    packed = b"".join(packer.compress(b" " * (1 << 20)) for _ in range(megabytes)) + packer.flush()

    def swell(made):
        twice = Array([Name.FlateDecode, Name.FlateDecode])
        made.pages[0].Contents = made.make_stream(b"")
        made.pages[0].Contents.write(zlib.compress(packed, 9), filter=twice, type_check=False)

    return a_pdf(swell, compress_streams=False)


@pytest.mark.parametrize(
    "make", [lambda: layers_in_layers(9, 10), lambda: page_that_swells(200)], ids=["hours", "gigabytes"]
)
def test_a_pdf_that_asks_for_hours_or_gigabytes_is_given_up_and_the_next_one_is_shown(app, monkeypatch, make):
    monkeypatch.setattr(strangers, "_SECONDS", 1)
    monkeypatch.setattr(strangers, "_MEMORY_MB", 300)
    harmful = make()
    assert len(harmful) < 4000
    with pytest.raises(CaseworkError, match="far more memory or time"):
        picture_of(harmful, "application/pdf", 1)
    assert picture_of(pdf(), "application/pdf", 1).startswith(b"\x89PNG")


def test_a_photo_that_swells_fills_the_memory_of_no_more_than_its_own_reader(app, monkeypatch):
    monkeypatch.setattr(strangers, "_MEMORY_MB", 150)
    out = io.BytesIO()
    Image.new("1", (9_000, 9_000)).save(out, "PNG")
    harmful = out.getvalue()
    with pytest.raises(CaseworkError, match="far more memory or time"):
        picture_of(harmful, "image/png", 1)
    with pytest.raises(CaseworkError):
        scan_checks.without_traces(harmful)


def test_a_photo_that_breaks_off_is_not_kept_with_where_it_was_taken(app):
    photo = a_photo("JPEG")
    broken_off = photo[: photo.index(b"\xff\xda") + 14]
    assert b"2026:03:02" in broken_off
    assert scan_checks.picture_type(broken_off) == "image/jpeg"
    with pytest.raises(CaseworkError, match="Send it again") as error:
        scan_checks.without_traces(broken_off, "proof")
    assert error.value.field == "proof"


def test_who_takes_over_the_reader_of_a_pdf_or_a_workbook_finds_no_key_around_it(monkeypatch, tmp_path):
    taken_over = tmp_path / "taken_over.py"
    count = "sum(name.startswith('CASEWORK_') for name in os.environ)"
    monkeypatch.setenv("CASEWORK_INVENTED_KEY", "invented")
    monkeypatch.setattr(stranger_reader, "__file__", str(taken_over))
    monkeypatch.setattr(sheet_books, "_READER", taken_over)
    taken_over.write_text(f"import os; print({count})")
    assert strangers.pages(pdf()) == 0
    taken_over.write_text(f"""import os; print('{{"sheets": [' + {count} * '0' + ']}}')""")
    assert sheet_books.read_book(b"") == []
