"""Packs: papers bound together stay tagged, read in order, and are found by bookmark, link and number."""

from datetime import date
from io import BytesIO

import pikepdf
import pypdfium2
import pytest

from casework.domain.errors import CaseworkError
from casework.pdf import Attached, make_pdf
from casework.pdf.gate import faults
from casework.pdf.pack import Paper, make_pack
from tests.aloud import read_aloud
from tests.pdf.reading import verapdf_faults


def paper(title: str, language: str = "en-GB", pages: int = 1) -> Paper:
    """A paper of so many pages, with a heading, a table and a word on each."""
    table = "<table><tr><th scope=row>when</th><td>soon</td></tr></table>"
    more = "".join(f'<p style="break-before: page">page {number}</p>' for number in range(2, pages + 1))
    html = f'<html lang="{language}"><head><title>{title}</title></head><h1>{title}</h1>{table}{more}</html>'
    return Paper(title, make_pdf(html))


BRIEF, LETTER = paper("The brief"), paper("The letter", pages=2)
SCAN = Attached("scan.txt", b"as it came", "The refusal, as it came", date(2026, 3, 12))


def opened(pdf: bytes) -> pikepdf.Pdf:
    return pikepdf.open(BytesIO(pdf))


def test_a_pack_passes_the_gate_and_reads_its_contents_and_then_each_paper():
    pack = make_pack("For Samira", [BRIEF, LETTER, BRIEF])
    assert faults(pack) + verapdf_faults(pack) == []
    assert read_aloud(pack) == [
        *("For Samira", "What is in it", "Paper", "Pages"),
        *("1. The brief", "1-1", "2. The letter", "2-1 to 2-2", "3. The brief", "3-1"),
        *("The brief", "when", "soon", "The letter", "when", "soon", "page 2", "The brief", "when", "soon"),
    ]


def test_bookmarks_links_and_numbers_lead_to_the_first_page_of_each_paper():
    with opened(make_pack("For Samira", [BRIEF, LETTER])) as pack:
        assert [page.label for page in pack.pages] == ["i", "1-1", "2-1", "2-2"]
        links = pack.pages[0].obj["/Annots"]
        assert [pikepdf.Page(link.Dest[0]).index for link in links] == [1, 2]
        assert [str(link.Contents) for link in links] == ["The brief", "The letter"]
        assert not any("/A" in link for link in links)
    document = pypdfium2.PdfDocument(make_pack("For Samira", [BRIEF, LETTER]))
    marks = [(mark.get_title(), mark.get_dest().get_index()) for mark in document.get_toc()]
    document.close()
    assert marks == [("For Samira", 0), ("The brief", 1), ("The letter", 2)]


def test_a_paper_in_another_language_keeps_it():
    with opened(make_pack("For Samira", [paper("Llythyr", "cy")])) as pack:
        assert str(pack.Root.Lang) == "en-GB"
        assert str(pack.Root.StructTreeRoot.K[0].K[-1].Lang) == "cy"


def test_contents_of_many_papers_take_the_pages_they_need():
    with opened(make_pack("For Samira", [BRIEF] * 60)) as pack:
        assert [page.label for page in pack.pages][:3] == ["i", "ii", "1-1"]
        assert len(pack.pages) == 62


def test_files_are_attached_whole_with_their_numbers_on_the_page():
    pack = make_pack(
        "Evidence", [BRIEF], files=[SCAN, Attached("a.txt", b"other", "other", date(2026, 3, 1))]
    )
    assert faults(pack) == []
    with opened(pack) as read:
        assert list(read.attachments) == ["01 scan.txt", "02 a.txt"]
        assert read.attachments["01 scan.txt"].get_file().read_bytes() == b"as it came"
        assert str(read.Root.AF[0].AFRelationship) == "/Source"
        assert read.open_metadata()["pdfaid:part"] == "3"
    assert "f07c4429cfa777dc0dfa21e8be6dd2ecaab3db015a4da4870684c10214c13222" in "".join(read_aloud(pack))


def test_the_same_papers_make_the_same_bytes():
    assert make_pack("For Samira", [BRIEF, LETTER], files=[SCAN]) == make_pack(
        "For Samira", [BRIEF, LETTER], files=[SCAN]
    )


def test_a_pack_of_files_alone_is_a_list_of_them():
    assert faults(make_pack("Evidence", [], files=[SCAN])) == []


def test_titles_are_printed_as_they_are_written():
    pack = make_pack("<b>{title}</b> & سمیرا", [Paper("</td>{rows}<i>", BRIEF.pdf)])
    assert faults(pack) == []
    assert read_aloud(pack)[0] == "<b>{title}</b> & سمیرا"
    assert "1. </td>{rows}<i>" in read_aloud(pack)


def test_what_cannot_be_bound_in_is_named():
    untagged = BytesIO()
    with pikepdf.new() as empty:
        empty.add_blank_page()
        empty.save(untagged)
    form = make_pdf('<html lang="en"><head><title>x</title></head><input title="name"></html>', fillable=True)
    for pdf in (untagged.getvalue(), form, b"no PDF"):
        with pytest.raises(CaseworkError, match=r"“A scan”.* Attach it instead"):
            make_pack("For Samira", [BRIEF, Paper("A scan", pdf)])
