import io
import struct
import zlib

import pytest
from PIL import Image
from pypdf import PdfWriter

from casework.domain.errors import CaseworkError
from casework.services.letters.scans import keep_scan, read_scan
from casework.storage.instance import current_instance
from tests.factories import make_case


@pytest.fixture
def case(app, organiser):
    return make_case(organiser)


def picture(kind):
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, kind)
    return out.getvalue()


def png_that_claims(width, height):
    """A small file whose header promises a huge picture."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    body = zlib.compress(b"\0" * 100)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def pdf():
    out = io.BytesIO()
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (pdf(), "application/pdf"),
        (picture("JPEG"), "image/jpeg"),
        (picture("PNG"), "image/png"),
        (picture("WEBP"), "image/webp"),
    ],
    ids=["pdf", "jpeg", "png", "webp"],
)
def test_a_scan_comes_back_as_it_was_sent_and_lies_encrypted(case, content, media_type):
    name, found = keep_scan(case, content)
    assert found == media_type
    assert read_scan(case, name) == content
    kept = [path.read_bytes() for path in current_instance().archive.folder.glob("*/*")]
    assert len(kept) == 1
    assert content not in kept[0]
    assert kept[0][:8] != content[:8]


@pytest.mark.parametrize(
    "content",
    [
        b"hello",
        b"%PDF-1.7 but no more",
        b"<html></html>",
        picture("GIF"),
        picture("PNG")[:-20],
        b"\x00" * 5000,
    ],
    ids=["text", "half a pdf", "a page", "gif", "half a picture", "zeros"],
)
def test_what_is_no_whole_paper_is_refused_in_words_and_not_kept(case, content):
    with pytest.raises(CaseworkError, match="neither a PDF nor a picture") as error:
        keep_scan(case, content, "scan")
    assert error.value.field == "scan"
    assert current_instance().archive.names() == set()


def test_an_empty_file_and_one_that_is_too_large_say_so(case):
    with pytest.raises(CaseworkError, match="empty"):
        keep_scan(case, b"")
    most = current_instance().settings.upload_limit_mb
    with pytest.raises(CaseworkError, match=f"larger than {most} MB"):
        keep_scan(case, b"%PDF-" + b"0" * most * 1024 * 1024)


def test_a_picture_that_swells_in_memory_is_refused(case):
    assert keep_scan(case, png_that_claims(20, 10))[1] == "image/png"
    for width in (10_000, 20_000):
        with pytest.raises(CaseworkError, match="more dots than we can open"):
            keep_scan(case, png_that_claims(width, 10_000))


@pytest.mark.parametrize("kind", [b"heic", b"mif1", b"avif"])
def test_a_photo_of_a_kind_that_phones_make_is_told_apart_from_rubbish(case, kind):
    with pytest.raises(CaseworkError, match=r"HEIC or AVIF.*Most Compatible"):
        keep_scan(case, b"\0\0\0\x18ftyp" + kind + bytes(2000))
