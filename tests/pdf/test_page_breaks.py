"""Where a page of a paper ends: nothing that belongs together is torn apart."""

import pypdfium2
import pytest

from tests.pdf.printed import LETTERS, sample_pdf


def pages(key: str, code: str = "", size: int | None = None) -> list[str]:
    """The text of each page, its lines joined."""
    document = pypdfium2.PdfDocument(sample_pdf(key, code, size=size))
    found = [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]
    document.close()
    return found


@pytest.mark.parametrize("code", ["fa", "am", "ta"])
def test_a_heading_and_its_hint_stand_on_the_page_of_the_table_that_they_head(code):
    (page,) = (one for one in pages("campaign-consent", code) if "3. What may be told to supporters" in one)
    assert "the country I come from" in page


@pytest.mark.parametrize("code", ["fr", "am", "ta"])
def test_who_signs_stands_on_the_page_of_who_interpreted(code):
    (page,) = (one for one in pages("campaign-consent", code) if "My signature or mark" in one)
    assert "second thoughts" in page


@pytest.mark.parametrize("code", ["fr", "am", "ta"])
def test_no_box_to_tick_is_left_alone_on_a_page(code):
    (page,) = (one for one in pages("form-of-authority", code) if "3. What my MP may do" in one)
    assert "speak and write for me" in page


@pytest.mark.parametrize("key", [key for key, one in LETTERS.templates.items() if "enclosures" in one.blocks])
def test_in_the_largest_print_what_is_enclosed_is_never_all_that_the_last_page_holds(key):
    assert not pages(key, size=20)[-1].startswith("Enclosed")
