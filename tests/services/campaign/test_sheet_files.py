"""Spreadsheets as volunteers send them, saved by LibreOffice and as Excel and Google write them, and hostile ones."""

import csv
import io
import struct
import zipfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.domain.campaign.sheet_columns import find_columns
from casework.domain.campaign.sheet_words import Field
from casework.domain.campaign.supporter_sheets import Checks, read_sheet
from casework.domain.cells import as_typed, harmless
from casework.domain.errors import CaseworkError
from casework.services.campaign.sheet_books import MOST_UNPACKED, check_unpacked
from casework.services.campaign.sheet_files import read_sheets
from casework.services.case.contact_details import read_email, read_phone
from casework.services.safe_csv import to_csv

DATA = Path(__file__).parents[2] / "data" / "sheets"
CHECKS = Checks(read_email, read_phone, date(2026, 4, 1))
MANIFEST = "application/vnd.oasis.opendocument.spreadsheet"
ODS_NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
)


def people(content: bytes):
    """What the program makes of a file, and what it says about it."""
    file = read_sheets(content)
    return read_sheet(file.table.rows, find_columns(file.table.rows), CHECKS), file


def refusal(content: bytes) -> str:
    with pytest.raises(CaseworkError) as caught:
        read_sheets(content)
    assert caught.value.field == "sheet"
    return caught.value.message


def zipped(**parts: str | bytes) -> bytes:
    """A zip of these parts; two underscores stand for a stroke and one for a dot."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        for name, part in parts.items():
            packed.writestr(name.replace("__", "/").replace("_", "."), part)
    return out.getvalue()


def with_part(name: str, part: str, inside: str) -> bytes:
    """A workbook saved by LibreOffice in which one part is another."""
    out = io.BytesIO()
    with zipfile.ZipFile(DATA / inside) as saved, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for one in saved.infolist():
            packed.writestr(one, part if one.filename == name else saved.read(one))
    return out.getvalue()


def workbook(rows: str) -> bytes:
    """An XLSX whose second sheet has these rows."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>'
    return with_part("xl/worksheets/sheet2.xml", sheet, inside="hall.xlsx")


def ods(rows: str, before: str = "") -> bytes:
    """An ODS whose one sheet has these rows."""
    sheet = f'<table:table table:name="People">{rows}</table:table>'
    body = f"<office:body><office:spreadsheet>{sheet}</office:spreadsheet></office:body>"
    content = f"{before}<office:document-content {ODS_NAMES}>{body}</office:document-content>"
    return with_part("content.xml", content, inside="hall.ods")


def text_cell(reference: str, text: str) -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'


# --- what programs save ---


@pytest.mark.parametrize("kind", ["xlsx", "ods", "xls"])
def test_a_list_saved_by_libreoffice_is_read_as_it_looks(kind):
    sheet, file = people((DATA / f"hall.{kind}").read_bytes())
    assert file.notes[0] == "There are 2 sheets. The one called “People” was read."
    assert [row.number for row in sheet.rows] == [4, 5, 6, 7, 8, 9, 10]  # as the sheet numbers them
    zoe, ahmed, _grace, john, maeve, tom, jon = (dict(row.values) for row in sheet.rows)
    assert zoe == {
        Field.TABLE: "1",
        Field.NAME: "Zoë O’Brien",
        Field.ADDRESS: "12 Cardigan Road, Leeds",
        Field.POSTCODE: "LS11 5TZ",
        Field.PHONE: "07700 900101",
        Field.EMAIL: "zoe@example.org",
        Field.NOTICE_GIVEN_ON: "2026-03-27",
        Field.WRITES: "yes",
    }
    assert (ahmed[Field.TABLE], ahmed[Field.POSTCODE], john[Field.TABLE]) == (
        "1",
        "LS6 1AN",
        "2",
    )  # merged downwards
    assert (maeve[Field.PHONE], maeve[Field.TABLE]) == ("+353 86 123 4567", "2")
    assert Field.TABLE not in tom  # not merged, so empty stays empty
    assert jon[Field.WRITES] == "yes"  # what the formula came to
    assert [row.number for row in sheet.rows if row.problems] == [9]


def test_the_csv_of_excel_and_that_with_a_mark_say_the_same():
    with_semicolons, file = people((DATA / "excel-semicolons.csv").read_bytes())
    with_mark, _ = people((DATA / "excel-utf8-bom.csv").read_bytes())
    assert with_semicolons == with_mark
    assert [row.values[Field.NAME] for row in with_mark.rows] == [
        "Zoë O’Brien",
        "Ahmed Yusuf",
        "Grace Adeyemi",
        "John “Jack” Smith",
    ]
    assert "Windows" in file.notes[0]  # somebody should look at the names


def test_the_answers_of_a_google_form_are_read_without_the_reasons():
    sheet, _ = people((DATA / "google-form.csv").read_bytes())
    assert [row.values[Field.NAME] for row in sheet.good] == ["Zoë O’Brien", "سميرة حسن", "Nguyễn Thị Lan"]
    assert "friend" not in repr(sheet)


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_letters_and_separators_of_every_program_are_found_out(coding, separator):
    text = "\r\n".join(separator.join(row) for row in (["Name", "Postcode"], ["Zoë O’Brien", "LS11 5TZ"]))
    sheet, _ = people(text.encode(coding))
    assert sheet.rows[0].values == {Field.NAME: "Zoë O’Brien", Field.POSTCODE: "LS11 5TZ"}


def test_commas_in_names_do_not_make_a_table_of_semicolons_one_of_commas():
    sheet, _ = people(b"sep=;\r\nName;Postcode\r\nO'Brien, Zoe;LS11 5TZ\r\nYusuf, Ahmed;LS6 1AN")
    assert [(row.number, row.values[Field.POSTCODE]) for row in sheet.rows] == [
        (3, "LS11 5TZ"),
        (4, "LS6 1AN"),
    ]


# --- what is no list, or wishes harm ---


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf\r\n \r\n", "empty"),
        (b"%PDF-1.7 ...", "This is a PDF"),
        (b"\x89PNG\r\n\x1a\n...", "a picture"),
        (b"\0\0\0\x18ftypheic....", "a picture or a film"),
        (b"<html><table>", "a web page"),
        (zipped(word__document_xml="<w/>"), "a text document"),
        (zipped(mimetype="application/vnd.oasis.opendocument.text"), "a text document"),
        (zipped(Index__Document_iwa="..."), "Apple Numbers"),
        (zipped(supporters_csv="Name,Postcode"), "Unpack it"),
        (b"PK\x03\x04 and no more", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and no more", "damaged"),
        (bytes(range(256)) * 40, "not a spreadsheet"),
        (b"x" * (10 * 1024 * 1024 + 1), "larger than 10 MB"),
        ((DATA / "locked.xlsx").read_bytes(), "protected by a password"),
        (zipped(mimetype=MANIFEST, **{"encrypted-package": "..."}), "protected by a password"),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_what_is_no_list_is_called_by_its_name(content, says):
    assert says in refusal(content)


def test_a_workbook_that_unpacks_without_end_is_refused_before_it_is_unpacked():
    bomb = zipped(xl__worksheets__sheet1_xml=b"\0" * (MOST_UNPACKED + 1))
    assert len(bomb) < 2_000_000
    assert "unpacks to far more" in refusal(bomb)


def test_a_zip_that_says_it_is_shorter_than_it_is_is_refused():
    honest = workbook(" " * 100_000)
    size = next(
        one.file_size for one in zipfile.ZipFile(io.BytesIO(honest)).infolist() if "sheet2" in one.filename
    )
    assert "damaged" in refusal(honest.replace(struct.pack("<L", size), struct.pack("<L", 40)))


@pytest.mark.parametrize("way", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA], ids=["bzip2", "lzma"])
def test_a_zip_packed_as_no_spreadsheet_program_packs_is_refused_before_it_is_unpacked(way):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", way) as packed:
        packed.writestr("xl/workbook.xml", b"\0" * 1000)
    with pytest.raises(CaseworkError, match="damaged"):
        check_unpacked(out.getvalue())
    broken = bytearray(out.getvalue())
    broken[45:55] = b"\xff" * 10  # where a library would say so in its own way
    assert "damaged" in refusal(bytes(broken))


def test_a_zip_of_thousands_of_parts_is_refused():
    assert "unpacks to far more" in refusal(zipped(**{f"xl__{number}": "" for number in range(2_001)}))


def ods_row(text: str, row: str = "", cell: str = "") -> str:
    typed = f'<table:table-cell office:value-type="string" {cell}><text:p>{text}</text:p></table:table-cell>'
    return f"<table:table-row {row}>{typed}</table:table-row>"


FAR_CORNER = text_cell("A1", "Name") + text_cell("XFD1048576", "x")
REPEATED = ods_row("x", 'table:number-rows-repeated="1000000"', 'table:number-columns-repeated="16000"')
STANDS_FOR_TEXT = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'


@pytest.mark.parametrize(
    ("harmless_one", "content"),
    [
        (workbook(f'<row r="1">{text_cell("A1", "Name")}</row>'), workbook(f'<row r="1">{FAR_CORNER}</row>')),
        (ods(ods_row("Name")), ods(REPEATED)),
        (ods(ods_row("Name")), ods(ods_row("Name"), before=STANDS_FOR_TEXT)),
    ],
    ids=["a cell at the far corner", "one cell repeated without end", "text that stands for text"],
)
def test_a_small_workbook_that_asks_for_all_the_memory_is_refused(harmless_one, content):
    assert read_sheets(harmless_one).table.rows == [["Name"]]
    message = refusal(content)
    assert "far more than a list" in message or "damaged" in message


def test_a_cell_far_below_the_list_is_not_lost_in_silence():
    rows = [("Name", "Postcode"), ("Zoe", "LS11 5TZ"), ("Ahmed", "LS6 1AN")]
    cells = "".join(
        f'<row r="{number}">{text_cell(f"A{number}", name)}{text_cell(f"B{number}", postcode)}</row>'
        for number, (name, postcode) in zip((1, 2, 30_000), rows, strict=True)
    )
    sheet, file = people(workbook(cells))
    assert [row.number for row in sheet.rows] == [2]
    assert "There are more than 20,000 rows. The first 20,000 were read: send the rest apart." in file.notes


def test_ten_megabytes_of_quotation_marks_are_refused_with_the_row():
    assert refusal(b"Name,Postcode\r\n" + b'"' * (10 * 1024 * 1024 - 100)).startswith("Row 2 does not end.")
    assert refusal(b"Name,Postcode\r\n" + b'"\n",' * 2_500_000).startswith("Row 2 does not end.")


def test_of_two_hundred_columns_and_too_many_rows_the_first_are_read_and_it_says_so():
    wide = ",".join(["Name", "Postcode", *map(str, range(198))]) + "\nZoe,LS11 5TZ" + ",x" * 198
    sheet, file = people(wide.encode())
    assert file.notes == ("There are 200 columns. The first 100 were read.",)
    assert sheet.rows[0].values[Field.NAME] == "Zoe"
    assert read_sheets(b"Name,Postcode\n" + b"Zoe,LS11 5TZ\n" * 20_000).notes == (
        "There are more than 20,000 rows. The first 20,000 were read: send the rest apart.",
    )


def test_ten_megabytes_of_empty_rows_are_no_work_and_what_stands_below_them_is_not_lost_in_silence():
    listed = b"Name,Postcode\r\nZoe,LS11 5TZ\r\n"
    sheet, file = people(listed + b",\r\n" * 2_500_000)
    assert (len(sheet.rows), file.notes) == (1, ())
    sheet, file = people(listed + b",\r\n" * 2_500_000 + b"Ida,LS11 0ES")
    assert len(sheet.rows) == 1
    assert "The first 20,000 were read" in file.notes[0]


def test_empty_bytes_in_a_list_are_left_out_and_it_says_so():
    sheet, file = people(b"Name,Postcode\r\nZo\0e,LS11 5TZ\r\n")
    assert sheet.rows[0].values[Field.NAME] == "Zoe"
    assert "empty bytes" in file.notes[0]


def test_a_formula_is_text_and_stays_text():
    sheet, _ = people(b'Name,Postcode,Can help with\r\nZoe,LS11 5TZ,"=HYPERLINK(""http://x"")"\r\n')
    assert sheet.rows[0].values[Field.OFFERS] == '=HYPERLINK("http://x")'


# --- what goes out comes back ---

typed = st.characters(exclude_categories=["Cs", "Cc"], include_characters="\t\r\n")
words = st.text(typed, max_size=30)


@given(st.text())
def test_no_cell_that_goes_out_can_run_and_each_comes_back(text):
    written = harmless(text)
    assert not written.lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))
    assert not written.startswith(("\t", "\r", "\n"))
    assert as_typed(written) == text


@given(words, words, st.sampled_from("=+-@＝"))
def test_no_cell_can_run_where_a_spreadsheet_splits_at_semicolons(before, after, sign):
    for parted in (";", "\n", "\t", "; '", ";\n", ';"'):
        content = to_csv(("Name", "How"), [("Zoe", f"{before}{parted}{sign}{after}")]).decode("utf-8-sig")
        for delimiter in (";", "\t"):
            rows = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter)
            cells = [cell for row in rows for cell in row]
            assert [cell for cell in cells if cell.lstrip().startswith(sign)] == []


@settings(max_examples=50)
@given(
    st.lists(st.tuples(words, st.sampled_from(["LS11 5TZ", "m1 1ae", "LS6", ""]), words, words), max_size=8)
)
def test_any_people_that_go_out_as_csv_come_back_the_same(rows):
    table = [["Name", "Postcode", "How they know the person", "Table"], *map(list, rows)]
    before = read_sheet(table, find_columns(table), CHECKS)
    after, _ = people(to_csv(table[0], table[1:]))
    assert after == before
