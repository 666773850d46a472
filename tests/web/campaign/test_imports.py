"""The rooms through which a list of supporters comes in, as a volunteer goes through them."""

import re
from io import BytesIO
from pathlib import Path

import pytest

from casework.services.campaign import import_outcome, supporters
from casework.storage.models import Case, User
from tests.factories import home, make_case
from tests.pages import Browser, day

SHEETS = Path(__file__).parents[2] / "data" / "sheets"
HOSTILE = "<script>alert(1)</script>"
LIST = f"""Name\tPost code\tE-mail\tParty\tNotes
Zoë O’Brien\tLS11 5TZ\tzoe@example.org\tGreen\t{HOSTILE}
Ahmed Yusuf\tLS6 1\tahmed@example.org\t\t
{HOSTILE}\t\tx@example.org\t\t
John Smith\tBD7 1DP\tjack@example.org\t\t
JOHN SMITH\tBD7 1DP\t\t\t
"""


@pytest.fixture
def case(organiser: User) -> Case:
    return make_case(organiser, home())


def room(case: Case) -> str:
    return f"/cases/{case.reference}/supporters/import"


def read(browser: Browser, case: Case, text: str = LIST, **fields: str) -> str:
    """The address of a list whose rows wait."""
    browser.post(room(case), pasted=text)
    columns = browser.location
    page = browser.get(columns)
    chosen = dict.fromkeys(re.findall(r'<select id="(column-\d+)"', page), "")
    for name, options in re.findall(r'<select id="(column-\d+)".*?>(.*?)</select>', page, re.S):
        if found := re.search(r'value="(\w+)" selected', options):
            chosen[name] = found[1]
    browser.post(columns, sheet="0", **{**chosen, **fields})
    return browser.location


def names(case: Case) -> list[str]:
    return [one.supporter.name for one in supporters.list_sign_ups(case)]


def test_a_file_is_read_and_nobody_is_added_before_the_button(browser: Browser, case: Case) -> None:
    content = (SHEETS / "hall.xlsx").read_bytes()
    browser.post(room(case), sheet=(BytesIO(content), "hall of Zoë.xlsx"))
    columns = browser.location
    page = browser.get(columns)
    assert "Zoë" in page
    assert "selected>Postcode" in page
    assert names(case) == []
    assert "hall of Zoë" not in browser.get(room(case))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Choose the file"),
        (b"%PDF-1.7", "This is a PDF, not a spreadsheet."),
        ((SHEETS / "locked.xlsx").read_bytes(), "protected by a password"),
    ],
)
def test_what_is_no_list_is_said_beside_the_field(
    browser: Browser, case: Case, content: bytes, words: str
) -> None:
    page = browser.post(room(case), 200, sheet=(BytesIO(content), "list.csv" if content else ""))
    assert words in page.split('id="sheet-error"')[1][:200]


def test_a_pasted_box_keeps_what_was_pasted_when_it_cannot_be_read(browser: Browser, case: Case) -> None:
    page = browser.post(room(case), 200, pasted="%PDF-1.7 Ada")
    assert "This is a PDF" in page.split('id="pasted-error"')[1][:200]
    assert "%PDF-1.7 Ada</textarea>" in page


def test_columns_are_named_with_the_reason_and_one_error_is_said_at_a_time(
    browser: Browser, case: Case
) -> None:
    browser.post(room(case), pasted=LIST.replace("Post code", "Where they live now"))
    columns = browser.location
    page = browser.get(columns)
    assert "how a person votes is their own" in page
    assert "There is no column for the postcode." in page
    assert "we do not know what it holds" in page
    page = browser.post(columns, 200, sheet="0", **{"column-0": "postcode", "column-1": "postcode"})
    assert "Two columns cannot both be “Postcode”." in page
    assert 'value="postcode" selected' in page.split('id="column-1"')[1][:2500]
    browser.post(columns, sheet="0", **{"column-0": "name", "column-1": "postcode", "column-2": "email"})
    assert "need you" in browser.get(browser.location)


def test_rows_are_mended_on_the_page_and_the_rest_is_added(browser: Browser, case: Case) -> None:
    address = read(browser, case, **day("told_on", "27 3 2026"))
    page = browser.get(address)
    assert "2 ready, 2 need you, 1 may be there twice." in page
    assert HOSTILE not in page
    assert "alert(1)" in page
    ids = re.findall(r'id="(cell-(\d+)-postcode)"', page)
    fields = {ids[0][0]: "ls6 1an", ids[1][0]: "not a postcode"}
    browser.post(f"{address}/rows", page=address, **fields)
    page = browser.get(browser.location.split("#")[0])
    assert "1 row is ready now. 1 row on this page still needs you." in page
    assert 'value="not a postcode"' in page
    browser.post(f"{address}/rows", page=address, **{f"out-{ids[1][1]}": "y"})
    page = browser.get(address)
    assert "1 left out by you" in page
    assert "Add 3 supporters" in page
    browser.post(f"{address}/add", page=address, **day("told_on", "27 3 2026"))
    page = browser.get(address)
    assert "3 supporters of this list are on the list" in page
    assert "3 with their constituency." in page
    assert names(case) == ["Ahmed Yusuf", "John Smith", "Zoë O’Brien"]


def test_an_old_page_does_not_add_the_list_a_second_time(
    browser: Browser, case: Case, organiser: User
) -> None:
    address = read(browser, case)
    version = re.search(r'name="version"[^>]*value="(\d+)"', browser.get(address))
    assert version
    browser.post(f"{address}/add", page=address, version=version[1])
    page = browser.post(f"{address}/add", 200, page=address, version=version[1])
    assert "Somebody else has changed this list meanwhile." in page
    assert len(names(case)) == 2
    assert import_outcome.list_with_words(case)[0][0].counts["added"] == 2


def test_who_may_be_there_twice_is_shown_side_by_side_and_both_can_be_kept(
    browser: Browser, case: Case
) -> None:
    address = read(browser, case)
    page = browser.get(f"{address}/twice")
    assert "the same name and postcode" in page
    assert "jack@example.org" in page
    row = re.search(r'name="(twice-\d+)"', page)
    assert row
    browser.post(f"{address}/twice", **{row[1]: "two"})
    assert "Add 3 supporters" in browser.get(address)
    browser.post(f"{address}/twice", all="same")
    assert "Add 2 supporters" in browser.get(address)


def test_the_rows_to_mend_go_out_as_a_file_and_a_mended_one_comes_in(browser: Browser, case: Case) -> None:
    address = read(browser, case)
    table = browser.get(f"{address}/to-mend.csv")
    assert browser.last is not None
    assert "rows-to-mend" in browser.last.headers["Content-Disposition"]
    assert "Type the whole postcode" in table
    page = browser.post(f"{address}/mended", 200, page=address, pasted="Name,Colour\nAda,red\n")
    assert "There is no column for the postcode." in page.split('id="pasted-error"')[1][:200]
    mended = table.replace('"LS6 1"', '"LS6 1AN"')
    browser.post(f"{address}/mended", page=address, sheet=(BytesIO(mended.encode()), "m.csv"))
    assert "1 row is mended, 1 still to mend, 0 new" in browser.get(address)


def test_a_list_is_taken_back_after_the_number_is_typed_where_many_go(browser: Browser, case: Case) -> None:
    many = "Name,Postcode\n" + "".join(f"Person {chr(65 + n % 26)}{n},LS11 0ES\n" for n in range(40))
    address = read(browser, case, many)
    browser.post(f"{address}/twice", all="two")
    browser.post(f"{address}/add", page=address)
    assert len(names(case)) == 40
    page = browser.post(f"{address}/take-back", 200, number="4")
    assert "Type 40, so that we know you mean it." in page
    browser.post(f"{address}/take-back", number="40")
    assert names(case) == []
    assert "taken back: 40 went" in browser.get(room(case))
    assert "Taken back: 40 went" in browser.get(address)


def test_what_was_typed_into_the_rows_is_there_again_after_a_sign_in(browser: Browser, case: Case) -> None:
    address = read(browser, case)
    name = re.findall(r'id="(cell-\d+-postcode)"', browser.get(address))[0]
    page = browser.post(f"{address}/rows", 200, page=address, given_back="1", **{name: "LS6 1AN"})
    assert f'name="{name}" value="LS6 1AN"' in page
    assert "You were signed out while you typed." in page


def said(case: Case) -> dict[str, tuple[bool, bool]]:
    """Of everybody on the list, whether they will write, and whether they may be counted."""
    return {one.supporter.name: (one.writes, one.counted) for one in supporters.list_sign_ups(case)}


def test_nobody_of_a_list_agreed_to_write_or_to_be_counted_unless_somebody_says_so(
    browser: Browser, case: Case
) -> None:
    address = read(browser, case)
    page = browser.get(address)
    assert not re.search(r'name="(writes|counted)"[^>]* checked', page)
    browser.post(f"{address}/add", page=address)
    assert said(case) == {"John Smith": (False, False), "Zoë O’Brien": (False, False)}
    assert "2 of whom nobody said that they will write to their MP" in browser.get(address)
    assert "has not said that they will write" in browser.get(f"/cases/{case.reference}/supporters")
    empty = browser.get(f"/cases/{case.reference}/batches/new")
    assert "Nobody on the list has said that they will write to their MP." in empty


def test_what_a_whole_list_said_is_asked_once_and_a_row_that_says_no_is_believed(
    browser: Browser, case: Case
) -> None:
    text = "Name,Postcode,Will write\nIda,LS11 0ES,no\nUna,LS6 1AN,\nOmar,LS6 1,\n"
    address = read(browser, case, text, writes="y")
    page = browser.get(address)
    assert re.search(r'name="writes"[^>]* checked', page)
    assert not re.search(r'name="counted"[^>]* checked', page)
    browser.post(f"{address}/add", page=address, writes="y", counted="y")
    assert said(case) == {"Ida": (False, True), "Una": (True, True)}
    # What was answered is there again for the row that is mended later, to be left or changed.
    page = browser.get(address)
    cell = re.findall(r'id="(cell-\d+-postcode)"', page)[0]
    browser.post(f"{address}/rows", page=address, **{cell: "LS6 1AN"})
    page = browser.get(address)
    assert re.search(r'name="counted"[^>]* checked', page)
    browser.post(f"{address}/add", page=address, writes="y")
    assert said(case)["Omar"] == (True, False)


def test_how_many_may_be_there_twice_is_one_number_and_says_what_becomes_of_each(
    browser: Browser, case: Case
) -> None:
    text = "Name,Postcode,Email\nJohn Smith,BD7 1DP,\nJOHN SMITH,BD7 1DP,\nAnn Ford,LS11 0ES,a@example.org\n"
    text += "Anne Ford,LS11 0ES,\nGrace Hall,LS6 1AN,\n"
    address = read(browser, case, text)
    page = browser.get(address)
    assert "3 ready, 2 may be there twice." in page
    assert ">2 may be there twice</h2>" in page
    words = "1 is taken for the same person"
    assert words in page
    assert "1 is kept as two people" in page
    page = browser.get(f"{address}/twice")
    assert "each is taken for the same person" not in page
    assert words in page
    assert "1 is kept as two people" in page
    assert page.count('value="two" checked') == 1
