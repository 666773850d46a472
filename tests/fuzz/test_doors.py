"""Every door answers every bytes with a value or with a refusal in words, within bounds of memory."""

import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from io import BytesIO
from itertools import repeat
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework.app import create_app
from casework.domain.errors import CaseworkError
from casework.services.campaign.sheet_files import read_sheets
from casework.services.letters import scan_checks
from casework.storage.database import db
from tests.conftest import Visitor, settings_for
from tests.fuzz.doors import DOORS, seeds

# How many times each door is knocked at with something that hypothesis thought up: those that draw or look up less.
TIMES = {
    "postcode": 150,
    "letter_folder": 6,
    "sheet": 25,
    "scan": 30,
    "lookup": 10,
    "language_folder": 8,
    "wording": 60,
    "parliament": 25,
    "directory_update": 15,
}
MOST_MEMORY = 150  # megabytes more than before, for anything that is refused

JINJA = (
    "{{", "}}", "{%", "%}", "{#", "#}", "if", "for x in", "endif", "endfor", "else", "person.name",
    "enclosures", "name()",
    "range(10**9)", "'a' * 10**9", "().__class__.__mro__[-1].__subclasses__()", "person.__init__.__globals__",
    "include '/etc/passwd'", "import 'os' as os", "extends 'base.html'", "macro f() %}{{ f()", "call f()",
    "set x = 1",
    "raw", "endraw", "|attr('__class__')", "|map(attribute='__class__')|join", "|format", "cycler.__init__",
    "self.ask()",
    "lipsum.__globals__", "loop.__class__", "today.strftime('%' * 1000)", "x[0]", "x is defined", "not " * 50,
    "(" * 300, "~" * 40,
    "9" * 5000, "1e999", "\0", "\ud800", "'\\x00'", " ", "\n", "recursive", "{% for x in enclosures %}" * 20,
    "{% if 1 %}" * 40,
)  # fmt: skip
TOML = (
    "[letters.x]", "[rules.ftt_appeal_in_uk]", "[[holidays]]", "[[not_holidays]]", "group_name", "https",
    "length", "date",
    "session_hours", "examples", "variants", "divisions", " = ", "\n", "[", "]", "{", "}", '"', "'", '"""',
    "#", ".", ",",
    "9" * 5000, "-1", "1e999", "nan", "true", "2026-02-30", "0001-01-01", "9999-12-31", "2026-01-01T25:61:00Z",
    "12:00:00",
    "[" * 2000, "a." * 2000, "{a=" * 500, "\\ud800", "\\U0010ffff", "\\x00", "\0", "\r", "سميرة", "unit",
    "unit = 'months'",
    "length = 120", "length = 9223372036854775807", "in_force_from = 9999-12-31", "like = 'home-mp-urgent'",
    "tells = ['x', 1]",
    "path = '~nobody/x'", "key_file = '\\u0000'", "base_url = 'https://[::1'",
)  # fmt: skip
PO = (
    "msgid", "msgstr", "msgctxt", "msgid_plural", "msgstr[0]", "#,", "#:", "#.", "#~", "#|", "fuzzy", '"',
    "\\", "\n", '""',
    '"Language: fr\\n"', "checked by ", " on 2026-02-30", "# checked by x on 0000-00-00", "\ufeff", "\0", "\r",
    "\u2028", "\x85",
    "\x1c", "\\x", '"a\\', "English,Translation", "Checked by,Checked on", ",", "'=1", "\t", "سميرة",
)  # fmt: skip
SHEET = (
    ",", ";", "\t", "|", '"', "\n", "\r", "sep=,", "Name", "Postcode", "LS11 0ES", "Email", "a@b", "Phone",
    "+44", "\0", "\ufeff",
    "=1+1", "9" * 400, "Date told", "31/02/2026", "\u202e", "Ж", '"' * 500, "," * 300, "\n" * 300,
    "PK\x03\x04", "\x1b",
)  # fmt: skip
JSON = (
    '{"value": ', '{"items": [', "[", "]", "{", "}", ",", ":", '"value"', '"id"', '"name"', '"governmentPosts"', "null",
    "true", "-1", "1e999", "NaN", "9" * 5000, "10" * 9, '"2026-02-30"', '"9999-12-31T"', '"\\ud800"', '"\\u0000"',
    '"' + "x" * 400 + '"', "[" * 3000, '{"a":' * 500, '"focus"', '"candidates"', '"events"', "\ufeff",
)  # fmt: skip
WORDS = (
    "ftt_appeal_in_uk", "2026-03-20", "9999-12-31", "0001-01-01", "--list", "--json", "--on", "--sent",
    "--received", "--posted",
    "--how", "post", "--variant", "--region", "scotland", "\n", "\n\n", "today", "-1", "--", "x" * 3000,
    "--on=2026-02-30", "\ud800",
)  # fmt: skip
VCARD = (
    "BEGIN:VCARD", "END:VCARD", "\r\n", "\n ", "\r", "FN:", "ADR:;;", "N:", ";", ",", "\\", "\\n", ":",
    'TEL;TYPE="a:b":', "REV:", "item1.", "\x0b", "\u2028", "é" * 90,
)  # fmt: skip
PIECES = {
    "contacts": VCARD,
    "wording": JINJA, "letter_folder": JINJA + TOML, "settings_file": TOML, "environment": TOML, "rule_changes": TOML,
    "language_file": PO, "language_folder": PO, "sheet": SHEET, "deadline": WORDS,
    "parliament": JSON, "directory_update": JSON,
}  # fmt: skip


@pytest.fixture(scope="module")
def standing(empty_instance: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application on an empty instance, for all knocks."""
    import shutil

    folder = tmp_path_factory.mktemp("doors") / "instance"
    shutil.copytree(empty_instance, folder)
    app = create_app(settings_for(folder))
    app.test_client_class = Visitor
    with app.app_context(), pytest.MonkeyPatch.context() as patch:
        patch.setenv("CASEWORK_INSTANCE", str(folder / "none"))
        yield app
        db.session.remove()
        db.engine.dispose()


def hostile(name: str) -> st.SearchStrategy[bytes]:
    """Pieces of the door's own language in any order, any bytes, and what it is meant for with a few bytes changed."""
    pieces = st.lists(st.sampled_from(PIECES.get(name, ("\0",))), max_size=12)
    written = pieces.map(lambda words: "".join(words).encode("utf-8", "surrogatepass"))
    change = st.tuples(st.floats(0, 1), st.integers(0, 40), st.binary(max_size=6) | written)
    changed = st.tuples(st.sampled_from(seeds(name)), st.lists(change, min_size=1, max_size=3)).map(_changed)
    return written | changed | changed | st.binary(max_size=60)


def _changed(given: tuple[bytes, list[tuple[float, int, bytes]]]) -> bytes:
    content, changes = given
    for place, length, new in changes:
        at = int(place * len(content))
        content = content[:at] + new + content[at + length :]
    return content


@pytest.mark.parametrize("name", DOORS)
def test_a_door_takes_what_it_is_meant_for_and_what_once_broke_it(standing: Flask, name: str) -> None:
    for content in seeds(name):
        DOORS[name](content)


@pytest.mark.parametrize("name", DOORS)
def test_a_door_answers_whatever_is_sent_to_it(standing: Flask, name: str) -> None:
    quiet = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]

    @settings(max_examples=TIMES.get(name, 40), suppress_health_check=quiet, database=None)
    @given(hostile(name))
    def knock(content: bytes) -> None:
        DOORS[name](content)

    knock()


# --- what is small and swells ---


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(width: int, height: int, *chunks: bytes) -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n"
        + header
        + b"".join(chunks)
        + chunk(b"IDAT", zlib.compress(b"\0" * 99))
        + chunk(b"IEND", b"")
    )


def swells(megabytes: int) -> Iterator[bytes]:
    """Zeros, a piece at a time, so that the test itself never holds them all."""
    return repeat(bytes(1_000_000), megabytes)


def squeezed(megabytes: int) -> bytes:
    """As many zeros as said, in a few hundred kilobytes."""
    squeeze = zlib.compressobj(1)
    return b"".join([*map(squeeze.compress, swells(megabytes)), squeeze.flush()])


def workbook(megabytes: int) -> bytes:
    """A workbook whose sheet is as long as said."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:
        book.writestr("xl/workbook.xml", "<workbook/>")
        with book.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.writelines(swells(megabytes))
    return out.getvalue()


def as_scan(content: bytes) -> str:
    """Look at it as at a scan."""
    return scan_checks.check(content, "scan")


# Each is made when its turn comes: squeezing takes seconds, and every process that runs tests reads this file.
BOMBS: dict[str, tuple[Callable[[bytes], object], Callable[[], bytes]]] = {
    "a picture of a billion dots": (as_scan, lambda: png(40_000, 40_000)),
    "a picture with a text of hundreds of megabytes": (
        as_scan,
        lambda: png(8, 8, chunk(b"zTXt", b"k\0\0" + squeezed(400))),
    ),
    "a picture with colours of hundreds of megabytes": (
        as_scan,
        lambda: png(8, 8, chunk(b"iCCP", b"k\0\0" + squeezed(400))),
    ),
    "a workbook of hundreds of megabytes": (read_sheets, lambda: workbook(220)),
}


def most_memory(*, forget: bool = False) -> int:
    """The most memory that this process held, in kilobytes; with `forget`, the most from now on."""
    if forget:
        Path("/proc/self/clear_refs").write_text("5")
    return int(re.findall(r"VmHWM:\s*(\d+) kB", Path("/proc/self/status").read_text())[0])


@pytest.mark.parametrize("bomb", BOMBS)
def test_what_is_small_and_swells_never_fills_the_memory(standing: Flask, bomb: str) -> None:
    read, made = BOMBS[bomb]
    content = made()
    before = most_memory(forget=True)
    # Once letters were printed, Pillow leaves out of a picture what swells, and takes the rest.
    with suppress(CaseworkError):
        read(content)
    assert (most_memory() - before) / 1024 < MOST_MEMORY
